//! Lifelines: a row per thing that can be busy, time to the right.

use crate::diagram::axis::{self, Plot};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{self, Entry};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::ticks;
use crate::diagram::{Format, Words, steps, text};
use crate::quantity::Language;

/// The most bars that a row shows one by one; a row with more shows the share of time that is
/// taken, in columns.
pub const MOST_BARS: usize = 60;

/// A timeline of one or more groups of rows.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// The end of the time axis in nanoseconds.
    pub end: f64,
    /// What the marks mean.
    pub legend: Vec<Entry>,
    /// The groups, from top to bottom.
    pub groups: Vec<Group>,
    /// The language of the numbers.
    pub language: Language,
}

/// Rows with a title.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// What they are; may be empty.
    pub title: String,
    /// How often something was refused, in columns of equal width.
    pub refused: Vec<u64>,
    /// The words for that; without them there is no strip.
    pub refused_label: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// The life of one thing. Times are nanoseconds.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// What stands before the row.
    pub label: String,
    /// When it got ready, if that took time.
    pub waiting: Option<(f64, f64)>,
    /// From when to when it was there, idle or not.
    pub alive: (f64, f64),
    /// When it was taken, in order.
    pub busy: Vec<(f64, f64)>,
    /// Whether its end is known and shown.
    pub ends: bool,
}

const BAR: f64 = 10.0;

/// Draws a timeline.
pub fn draw(timeline: &Timeline, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let mut y = legend::draw(&mut svg, &timeline.legend, 0.0) + 2.0;
    let labels = timeline.groups.iter().flat_map(|group| &group.rows).map(|row| &row.label);
    let gutter = labels.map(|label| text::width(label, format.tick)).fold(0.0, f64::max) + 8.0;
    let gutter = gutter.min(format.width / 3.0);
    let width = format.width - gutter - 12.0;
    for group in &timeline.groups {
        y = draw_group(
            &mut svg,
            timeline,
            group,
            Plot { left: gutter, top: y, width, height: 0.0 },
        );
    }
    svg.finish(y, words)
}

/// Draws a group and returns where it ends. The plot comes without a height.
fn draw_group(svg: &mut Svg, timeline: &Timeline, group: &Group, mut plot: Plot) -> f64 {
    let format = svg.format();
    for line in text::lines(&group.title, format.label, format.width, 2) {
        let lettering = Lettering::plain(format.label, Ink::Text).bold();
        svg.text(0.0, plot.top + format.label, Anchor::Start, lettering, &line);
        plot.top += legend::line_height(format.label) + 2.0;
    }
    if group.rows.is_empty() && group.refused_label.is_empty() {
        return plot.top + 6.0;
    }
    if !group.refused_label.is_empty() {
        let line = legend::line_height(format.tick);
        let lettering = Lettering::plain(format.tick, Ink::Refused).bold();
        let label = text::fit(&group.refused_label, format.tick, plot.width);
        svg.text(0.0, plot.top + format.tick, Anchor::Start, lettering, &label);
        steps::refusals(svg, plot, &group.refused, plot.top + line);
        plot.top += line + 18.0;
    }
    let pitch = if group.rows.len() > 12 { 15.0 } else { 19.0 };
    plot.height = pitch * group.rows.len().max(1) as f64;
    let ticks = ticks::time(timeline.end, (plot.width / 70.0) as usize, timeline.language);
    axis::columns(svg, plot, &ticks, timeline.end);
    draw_rows(svg, plot, pitch, group, timeline.end);
    axis::horizontal(svg, plot, &ticks, timeline.end);
    plot.bottom() + axis::footer(format.tick) + 12.0
}

/// The rows' marks go into one path per kind, which keeps the number of elements small.
fn draw_rows(svg: &mut Svg, plot: Plot, pitch: f64, group: &Group, end: f64) {
    let size = svg.format().tick;
    let mut marks = Marks::default();
    for (index, row) in group.rows.iter().enumerate() {
        let middle = plot.top + pitch * (index as f64 + 0.5);
        let lettering = Lettering::plain(size, Ink::Quiet);
        let label = text::fit(&row.label, size, plot.left - 6.0);
        svg.text(plot.left - 6.0, middle + size * 0.35, Anchor::End, lettering, &label);
        marks.row(plot, middle, row, end);
    }
    svg.fill(&marks.idle, Fill::Solid(Ink::Wait));
    svg.fill(&marks.waiting, Fill::Hatched(Ink::Wait));
    svg.fill(&marks.waiting, Fill::Outlined(Ink::Wait));
    svg.fill(&marks.busy, Fill::Solid(Ink::Run));
    svg.stroke(&marks.caps, Fill::Solid(Ink::Done), 2.5);
}

#[derive(Default)]
struct Marks {
    idle: Path,
    waiting: Path,
    busy: Path,
    caps: Path,
}

impl Marks {
    fn row(&mut self, plot: Plot, middle: f64, row: &Row, end: f64) {
        let x = |time: f64| plot.x(time, end);
        let top = middle - BAR / 2.0;
        let (from, to) = (x(row.alive.0), x(row.alive.1));
        self.idle.rectangle(from, middle - 1.0, (to - from).max(0.5), 2.0);
        if let Some((from, to)) = row.waiting {
            let width = (x(to) - x(from)).max(2.0);
            self.waiting.rectangle(x(from), top + 0.5, width, BAR - 1.0);
        }
        if row.busy.len() > MOST_BARS {
            self.busy_share(plot, middle, row, end);
        } else {
            let mut drawn_until = f64::NEG_INFINITY;
            for &(from, to) in &row.busy {
                // A hair of ground between neighbours keeps two requests from looking like one.
                let left = x(from).max(drawn_until + 0.7);
                let right = x(to).max(left + 1.0);
                self.busy.rectangle(left, top, right - left, BAR);
                drawn_until = right;
            }
        }
        if row.ends {
            self.caps.move_to(to, top - 1.0).line_to(to, top + BAR + 1.0);
        }
    }

    /// The share of time that is taken, as the height of columns of about four pixels.
    fn busy_share(&mut self, plot: Plot, middle: f64, row: &Row, end: f64) {
        let columns = (plot.width / 4.0).max(1.0) as usize;
        let mut taken = vec![0.0; columns];
        for &(from, to) in &row.busy {
            let (from, to) = (from / end * columns as f64, to / end * columns as f64);
            let last = (to.max(0.0) as usize).min(columns - 1);
            let first = (from.max(0.0) as usize).min(last);
            for (index, share) in taken.iter_mut().enumerate().take(last + 1).skip(first) {
                let column = index as f64;
                *share += (to.min(column + 1.0) - from.max(column)).max(0.0);
            }
        }
        let width = plot.width / columns as f64;
        for (index, share) in taken.into_iter().enumerate().filter(|&(_, share)| share > 0.005) {
            let height = (BAR * f64::min(share, 1.0)).max(2.0);
            let left = plot.left + index as f64 * width;
            self.busy.rectangle(left, middle + BAR / 2.0 - height, width, height);
        }
    }
}
