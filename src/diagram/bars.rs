//! Horizontal bars: parts of a whole, or a range with its tail, each with its number.

use crate::diagram::axis::{self, Plot};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{self, Entry};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::ticks::Ticks;
use crate::diagram::{Format, Words, text};

/// A chart of bars.
#[derive(Clone, Debug, Default)]
pub struct Bars {
    /// The greatest value of the axis.
    pub max: f64,
    /// The marks of the axis; none where the numbers beside the bars say it all.
    pub ticks: Option<Ticks>,
    /// What the fills mean.
    pub legend: Vec<Entry>,
    /// The bars from top to bottom.
    pub rows: Vec<Bar>,
}

/// A bar.
#[derive(Clone, Debug, Default)]
pub struct Bar {
    /// What it is, above it.
    pub label: String,
    /// Its number, at its right.
    pub value: String,
    /// What stands there where the whole has no room; may be empty.
    pub short: String,
    /// The parts from left to right: the value at which each ends, and its fill.
    pub parts: Vec<(f64, Fill)>,
    /// How far a thin tail reaches. Beyond the axis it ends in an arrow.
    pub tail: Option<f64>,
    /// A value on the tail that a cap marks, where it lies on the axis.
    pub mark: Option<f64>,
}

const BAR: f64 = 14.0;

/// Draws the bars.
pub fn draw(bars: &Bars, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let mut y = legend::draw(&mut svg, &bars.legend, 0.0) + 2.0;
    let left = 0.5;
    let line = legend::line_height(format.label);
    let pitch = line + BAR + 12.0;
    let height = pitch * bars.rows.len() as f64;
    let plot = Plot { left, top: y, width: format.width - left - 14.0, height };
    if let Some(ticks) = &bars.ticks {
        axis::columns(&mut svg, plot, ticks, bars.max);
    }
    for bar in &bars.rows {
        let most = format.width * 0.75;
        let fits = bar.short.is_empty() || text::width(&bar.value, format.tick) <= most;
        let value = if fits { &bar.value } else { &bar.short };
        let value_width = text::width(value, format.tick);
        let value = text::fit(value, format.tick, most);
        let room = (format.width - value_width.min(most) - 12.0).max(0.0);
        let label = text::fit(&bar.label, format.label, room);
        let bold = Lettering::plain(format.label, Ink::Text).bold().rimmed();
        svg.text(0.0, y + format.label, Anchor::Start, bold, &label);
        let plain = Lettering::plain(format.tick, Ink::Text).rimmed();
        svg.text(plot.right(), y + format.label, Anchor::End, plain, &value);
        draw_bar(&mut svg, plot, bar, y + line, bars.max);
        y += pitch;
    }
    if let Some(ticks) = &bars.ticks {
        axis::horizontal(&mut svg, plot, ticks, bars.max);
        y += axis::footer(format.tick);
    }
    svg.finish(y, words)
}

fn draw_bar(svg: &mut Svg, plot: Plot, bar: &Bar, top: f64, max: f64) {
    let mut from = plot.left;
    for &(end, fill) in &bar.parts {
        let to = plot.x(end, max);
        if to - from < 0.3 {
            continue;
        }
        let mut path = Path::default();
        path.rectangle(from, top, to - from, BAR);
        svg.fill(&path, fill);
        if matches!(fill, Fill::Hatched(_) | Fill::Dotted(_)) {
            svg.fill(&path, Fill::Outlined(fill.ink()));
        }
        from = to;
    }
    if let Some(mark) = bar.mark.filter(|&mark| mark <= max) {
        let x = plot.x(mark, max);
        let mut path = Path::default();
        path.move_to(x, top + 1.0).line_to(x, top + BAR - 1.0);
        svg.stroke(&path, Fill::Solid(Ink::Text), 2.5);
    }
    let Some(tail) = bar.tail else { return };
    let (middle, to) = (top + BAR / 2.0, plot.x(tail, max));
    let mut path = Path::default();
    path.move_to(from, middle).line_to(to, middle);
    if tail > max {
        path.move_to(to - 5.0, middle - 4.0).line_to(to, middle).line_to(to - 5.0, middle + 4.0);
    } else {
        path.move_to(to, middle - 5.0).line_to(to, middle + 5.0);
    }
    svg.stroke(&path, Fill::Solid(Ink::Quiet), 1.5);
}
