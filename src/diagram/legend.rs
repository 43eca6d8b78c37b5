//! Legends: swatches with names, flowing over lines.

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::text;

/// What stands before a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swatch {
    /// An area.
    Area(Fill),
    /// A bar that is thinner than its row.
    Thin(Fill),
    /// A dashed line.
    Dashes(Ink),
    /// A cross.
    Cross(Ink),
    /// An end cap.
    Cap(Ink),
    /// A disc.
    Disc(Ink),
    /// A diamond.
    Diamond(Ink),
    /// Nothing: the words stand alone.
    None,
}

/// An entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What stands before the name.
    pub swatch: Swatch,
    /// The name.
    pub name: String,
}

impl Entry {
    /// An entry.
    pub fn new(swatch: Swatch, name: impl Into<String>) -> Self {
        Self { swatch, name: name.into() }
    }
}

const SWATCH: f64 = 14.0;
const SPACE: f64 = 16.0;

/// The height of a line.
pub fn line_height(size: f64) -> f64 {
    (size * 1.5).round()
}

/// Draws the entries from `y` down and returns the height that they take.
pub fn draw(svg: &mut Svg, entries: &[Entry], y: f64) -> f64 {
    let format = svg.format();
    let size = format.tick;
    let line = line_height(size);
    let (mut x, mut lines) = (0.0, 1.0);
    for entry in entries {
        let lead = if entry.swatch == Swatch::None { 0.0 } else { SWATCH + 6.0 };
        let name = text::fit(&entry.name, size, format.width - lead);
        let width = lead + text::width(&name, size);
        if x > 0.0 && x + width > format.width {
            x = 0.0;
            lines += 1.0;
        }
        let base = y + (lines - 1.0) * line + size;
        swatch(svg, entry.swatch, x, base - size * 0.36);
        let lettering = Lettering::plain(size, Ink::Quiet);
        svg.text(x + lead, base, Anchor::Start, lettering, &name);
        x += width + SPACE;
    }
    if entries.is_empty() { 0.0 } else { lines * line + 4.0 }
}

fn swatch(svg: &mut Svg, swatch: Swatch, x: f64, middle: f64) {
    let mut path = Path::default();
    match swatch {
        Swatch::None => {}
        Swatch::Area(fill) => {
            path.rectangle(x, middle - 5.5, SWATCH, 11.0);
            svg.fill(&path, fill);
        }
        Swatch::Thin(fill) => {
            path.rectangle(x, middle - 1.0, SWATCH, 2.0);
            svg.fill(&path, fill);
        }
        Swatch::Dashes(ink) => {
            path.move_to(x, middle).line_to(x + SWATCH, middle);
            svg.dashes(&path, ink, 1.5, "4 2");
        }
        Swatch::Cross(ink) => {
            path.cross(x + SWATCH / 2.0, middle, 4.0);
            svg.stroke(&path, Fill::Solid(ink), 2.0);
        }
        Swatch::Disc(ink) => {
            path.circle(x + SWATCH / 2.0, middle, 5.0);
            svg.fill(&path, Fill::Solid(ink));
        }
        Swatch::Diamond(ink) => {
            diamond(&mut path, x + SWATCH / 2.0, middle);
            svg.fill(&path, Fill::Solid(ink));
        }
        Swatch::Cap(ink) => {
            path.move_to(x + SWATCH / 2.0, middle - 5.0).line_to(x + SWATCH / 2.0, middle + 5.0);
            svg.stroke(&path, Fill::Solid(ink), 2.5);
        }
    }
}

/// A diamond around a point, as it stands for what is lost.
pub fn diamond(path: &mut Path, x: f64, y: f64) -> &mut Path {
    const REACH: f64 = 6.0;
    path.move_to(x, y - REACH)
        .line_to(x + REACH, y)
        .line_to(x, y + REACH)
        .line_to(x - REACH, y)
        .line_to(x, y - REACH)
        .close()
}
