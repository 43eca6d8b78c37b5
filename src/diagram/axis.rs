//! Axes: hairlines and numbers at the ticks.

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::text;
use crate::diagram::ticks::Ticks;

/// The rectangle in which values are drawn, in pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plot {
    /// The left edge.
    pub left: f64,
    /// The upper edge.
    pub top: f64,
    /// The width.
    pub width: f64,
    /// The height.
    pub height: f64,
}

impl Plot {
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.left + self.width
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.top + self.height
    }

    /// Where a value between 0 and `max` lies from left to right.
    pub fn x(&self, value: f64, max: f64) -> f64 {
        self.left + self.width * share(value, max)
    }

    /// Where a value between 0 and `max` lies from bottom to top.
    pub fn y(&self, value: f64, max: f64) -> f64 {
        self.bottom() - self.height * share(value, max)
    }
}

fn share(value: f64, max: f64) -> f64 {
    if max > 0.0 && value.is_finite() { (value / max).clamp(0.0, 1.0) } else { 0.0 }
}

/// The room that the numbers of a vertical axis need to its left.
pub fn gutter(ticks: &Ticks, size: f64) -> f64 {
    ticks.labels.iter().map(|label| text::width(label, size)).fold(0.0, f64::max) + 6.0
}

/// The height of the numbers under a horizontal axis.
pub fn footer(size: f64) -> f64 {
    size * 1.6
}

/// Horizontal hairlines at the ticks of a vertical axis, numbers to their left if wanted.
pub fn vertical(svg: &mut Svg, plot: Plot, ticks: &Ticks, max: f64, numbers: bool) {
    let size = svg.format().tick;
    let mut path = Path::default();
    for (&value, label) in ticks.values.iter().zip(&ticks.labels) {
        let y = plot.y(value, max);
        path.move_to(plot.left, y).line_to(plot.right(), y);
        if numbers {
            let lettering = Lettering::plain(size, Ink::Quiet);
            svg.text(plot.left - 6.0, y + size * 0.35, Anchor::End, lettering, label);
        }
    }
    svg.stroke(&path, Fill::Solid(Ink::Rule), 1.0);
}

/// The line and numbers of a horizontal axis under the plot. Numbers that would touch are left
/// out; the last one, which carries the unit, stays.
pub fn horizontal(svg: &mut Svg, plot: Plot, ticks: &Ticks, max: f64) {
    let size = svg.format().tick;
    let mut path = Path::default();
    path.move_to(plot.left, plot.bottom()).line_to(plot.right(), plot.bottom());
    // A little beyond the plot, but not into the next one.
    let room = svg.format().width.min(plot.right() + 10.0);
    let mut free_until = f64::INFINITY;
    for (&value, label) in ticks.values.iter().zip(&ticks.labels).rev() {
        let x = plot.x(value, max);
        path.move_to(x, plot.bottom()).line_to(x, plot.bottom() + 4.0);
        let half = text::width(label, size) / 2.0;
        let middle = x.min(room - half).max(half);
        if middle + half > free_until {
            continue;
        }
        free_until = middle - half - 6.0;
        let lettering = Lettering::plain(size, Ink::Quiet);
        svg.text(middle, plot.bottom() + 4.0 + size, Anchor::Middle, lettering, label);
    }
    svg.stroke(&path, Fill::Solid(Ink::Quiet), 1.0);
}

/// Vertical hairlines at the ticks of a horizontal axis, without the one at zero.
pub fn columns(svg: &mut Svg, plot: Plot, ticks: &Ticks, max: f64) {
    let mut path = Path::default();
    for &value in ticks.values.iter().skip(1) {
        let x = plot.x(value, max);
        path.move_to(x, plot.top).line_to(x, plot.bottom());
    }
    svg.stroke(&path, Fill::Solid(Ink::Rule), 1.0);
}
