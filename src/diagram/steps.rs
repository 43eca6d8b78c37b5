//! Counts over time as stacked steps, with limits as lines and marks above, in panels that share
//! their axes.

use crate::diagram::axis::{self, Plot};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{self, Entry};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::ticks::{self, Ticks};
use crate::diagram::{Format, Words, text};
use crate::quantity::Language;

/// The most panels that are drawn; a caller says so when it has more.
pub const MOST_PANELS: usize = 12;

/// A chart of one or more panels.
#[derive(Clone, Debug)]
pub struct Chart {
    /// The end of the time axis in nanoseconds.
    pub end: f64,
    /// The greatest value that the panels show.
    pub max: f64,
    /// What the height is.
    pub height: Height,
    /// What the colours mean, above the panels.
    pub legend: Vec<Entry>,
    /// The panels, in reading order.
    pub panels: Vec<Panel>,
    /// The language of the numbers.
    pub language: Language,
}

/// What the height of a chart is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Height {
    /// A count.
    #[default]
    Count,
    /// A time in nanoseconds.
    Time,
}

/// One panel.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// What is particular about it; may be empty.
    pub title: String,
    /// What is said in place of data.
    pub message: Option<String>,
    /// Areas from zero up to a step line, painted one over the other: the tallest one first.
    pub areas: Vec<Area>,
    /// Step lines without an area.
    pub lines: Vec<Area>,
    /// Limits.
    pub limits: Vec<Limit>,
    /// How often something was refused, in columns of equal width.
    pub refused: Vec<u64>,
    /// The words for that.
    pub refused_label: String,
}

/// A named height.
#[derive(Clone, Debug)]
pub struct Limit {
    /// Where it lies.
    pub value: f64,
    /// Its name, with its number.
    pub name: String,
    /// Whether it is drawn as a dashed line; one of [`Panel::lines`] may already show it.
    pub dashed: bool,
}

/// A step line in columns of equal width, and its paint.
#[derive(Clone, Debug)]
pub struct Area {
    /// The paint.
    pub fill: Fill,
    /// A value per column.
    pub values: Vec<f64>,
}

const GAP: f64 = 24.0;
const STRIP: f64 = 12.0;

/// The measures that all panels share.
struct Layout {
    columns: usize,
    panel_width: f64,
    gutter: f64,
    titles: f64,
    marks: f64,
    plot_height: f64,
    y: Ticks,
    x: Ticks,
    max: f64,
}

impl Layout {
    fn new(chart: &Chart, format: Format) -> Self {
        let count = chart.panels.len().clamp(1, MOST_PANELS);
        let wide = format.width > 400.0;
        let columns = match count {
            1 => 1,
            2..=3 if !wide => 1,
            2 | 4 => 2,
            _ if !wide => 2,
            _ => 3,
        };
        let plot_height = match (columns, count) {
            (1, 1) => 190.0,
            (1, _) => 130.0,
            (2, 2) => 160.0,
            _ => 110.0,
        };
        // A limit's name stands on its line, so there must be room above the topmost, for all that
        // lie close together.
        let near_top = |panel: &Panel| {
            let near = panel.limits.iter().filter(|limit| limit.value >= chart.max * 0.9);
            near.count().max(usize::from(!panel.limits.is_empty()))
        };
        let headroom = match chart.panels.iter().map(near_top).max().unwrap_or(0) {
            0 => 1.05,
            names => 1.0 + (names.min(3) as f64 * name_height(format.tick) + 3.0) / plot_height,
        };
        let y = match chart.height {
            Height::Count => ticks::counts(chart.max, 4, chart.language),
            Height::Time => ticks::time(chart.max, 4, chart.language),
        };
        let max = (chart.max * headroom).max(y.last());
        let gutter = axis::gutter(&y, format.tick);
        let across = columns as f64;
        let panel_width = (format.width - gutter - 12.0 - GAP * (across - 1.0)) / across;
        let wanted = ((panel_width / 46.0) as usize).clamp(2, 6);
        let titles = chart
            .panels
            .iter()
            .map(|panel| text::lines(&panel.title, format.label, panel_width, 2).len())
            .max()
            .unwrap_or(0);
        let marked = chart.panels.iter().any(|panel| !panel.refused_label.is_empty());
        Self {
            columns,
            panel_width,
            gutter,
            titles: titles as f64 * legend::line_height(format.label),
            marks: if marked { legend::line_height(format.tick) + STRIP + 4.0 } else { 6.0 },
            plot_height,
            y,
            x: ticks::time(chart.end, wanted, chart.language),
            max,
        }
    }

    fn row_height(&self, format: Format) -> f64 {
        self.titles + self.marks + self.plot_height + axis::footer(format.tick) + 6.0
    }
}

/// Draws a chart; at most [`MOST_PANELS`] of its panels.
pub fn draw(chart: &Chart, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let layout = Layout::new(chart, format);
    let top = legend::draw(&mut svg, &chart.legend, 0.0);
    let mut rows: f64 = 0.0;
    for (index, panel) in chart.panels.iter().take(MOST_PANELS).enumerate() {
        let (row, column) = (index / layout.columns, index % layout.columns);
        rows = row as f64 + 1.0;
        let left = layout.gutter + column as f64 * (layout.panel_width + GAP);
        let top = top + row as f64 * (layout.row_height(format) + 4.0);
        draw_panel(&mut svg, chart, panel, &layout, (left, top), column == 0);
    }
    svg.finish(top + rows * (layout.row_height(format) + 4.0), words)
}

fn draw_panel(
    svg: &mut Svg,
    chart: &Chart,
    panel: &Panel,
    layout: &Layout,
    (left, top): (f64, f64),
    numbers: bool,
) {
    let format = svg.format();
    let line = legend::line_height(format.label);
    let lettering = Lettering::plain(format.label, Ink::Text).bold();
    // With one column words begin where the numbers do, to the left of the plot.
    let title_left = if layout.columns == 1 { 0.0 } else { left };
    for (index, text) in
        text::lines(&panel.title, format.label, layout.panel_width, 2).iter().enumerate()
    {
        let base = top + format.label + index as f64 * line;
        svg.text(title_left, base, Anchor::Start, lettering, text);
    }
    let plot = Plot {
        left,
        top: top + layout.titles + layout.marks,
        width: layout.panel_width,
        height: layout.plot_height,
    };
    axis::vertical(svg, plot, &layout.y, layout.max, numbers);
    for area in &panel.areas {
        draw_area(svg, plot, area, layout.max);
    }
    for line in &panel.lines {
        svg.stroke(&steps(plot, &line.values, layout.max, false), line.fill, 2.0);
    }
    axis::horizontal(svg, plot, &layout.x, chart.end);
    draw_limits(svg, plot, &panel.limits, layout.max);
    draw_refused(svg, plot, panel, (title_left, top + layout.titles));
    if let Some(message) = &panel.message {
        let lettering = Lettering::plain(format.label, Ink::Refused).bold().rimmed();
        let middle = (plot.left + plot.right()) / 2.0;
        let message = text::fit(message, format.label, plot.width);
        svg.text(middle, plot.top + plot.height / 2.0, Anchor::Middle, lettering, &message);
    }
}

/// An area with a rim of the ground along its edge, which parts it from the one behind.
fn draw_area(svg: &mut Svg, plot: Plot, area: &Area, max: f64) {
    if area.values.iter().all(|&value| value <= 0.0) {
        return;
    }
    let path = steps(plot, &area.values, max, true);
    svg.fill(&path, area.fill);
}

/// The steps of a line, or of the area under it.
fn steps(plot: Plot, values: &[f64], max: f64, closed: bool) -> Path {
    let mut path = Path::default();
    let width = plot.width / values.len().max(1) as f64;
    let mut height = plot.y(values.first().copied().unwrap_or(0.0), max);
    if closed {
        path.move_to(plot.left, plot.bottom()).line_to(plot.left, height);
    } else {
        path.move_to(plot.left, height);
    }
    for (index, &value) in values.iter().enumerate() {
        let next = plot.y(value, max);
        if (next - height).abs() >= 0.05 {
            let x = plot.left + index as f64 * width;
            path.line_to(x, height).line_to(x, next);
            height = next;
        }
    }
    path.line_to(plot.right(), height);
    if closed {
        path.line_to(plot.right(), plot.bottom()).close();
    }
    path
}

fn draw_limits(svg: &mut Svg, plot: Plot, limits: &[Limit], max: f64) {
    let size = svg.format().tick;
    let heights: Vec<f64> = limits.iter().map(|limit| plot.y(limit.value, max)).collect();
    let wanted = above(&heights, name_height(size));
    let bases = text::spread(&wanted, name_height(size), plot.top + size, plot.bottom() - 4.0);
    let mut path = Path::default();
    for limit in limits.iter().filter(|limit| limit.dashed) {
        let y = plot.y(limit.value, max);
        path.move_to(plot.left, y).line_to(plot.right(), y);
    }
    svg.dashes(&path, Ink::Text, 1.5, "5 3");
    for (limit, base) in limits.iter().zip(bases) {
        let name = text::fit(&limit.name, size, plot.width - 4.0);
        let lettering = Lettering::plain(size, Ink::Text).rimmed();
        svg.text(plot.right() - 2.0, base, Anchor::End, lettering, &name);
    }
}

/// How much height the name of a limit takes.
fn name_height(size: f64) -> f64 {
    size * 1.3
}

/// Where names stand on their lines. Those of lines that lie close together are stacked above the
/// topmost of them, in the order of the lines, so that no line runs through a name.
fn above(lines: &[f64], height: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..lines.len()).collect();
    // From the lowest up. Of equal ones the later is the upper, as it is painted later.
    order.sort_by(|&a, &b| lines[b].total_cmp(&lines[a]).then(a.cmp(&b)));
    let mut bases = lines.to_vec();
    let mut group: Vec<usize> = Vec::new();
    for index in order {
        let reach = group.len() as f64 * height + 4.0;
        if group.last().is_some_and(|&top| lines[top] - lines[index] > reach) {
            group.clear();
        }
        group.push(index);
        for (below, &member) in group.iter().enumerate() {
            bases[member] = lines[index] - 4.0 - below as f64 * height;
        }
    }
    bases
}

/// The words and, under them, crosses; bars where crosses would touch.
fn draw_refused(svg: &mut Svg, plot: Plot, panel: &Panel, (left, top): (f64, f64)) {
    let size = svg.format().tick;
    let line = legend::line_height(size);
    let refused = panel.refused.iter().any(|&count| count > 0);
    let ink = if refused { Ink::Refused } else { Ink::Quiet };
    let mut lettering = Lettering::plain(size, ink);
    if refused {
        lettering = lettering.bold();
    }
    let label = text::fit(&panel.refused_label, size, plot.right() - left);
    svg.text(left, top + size, Anchor::Start, lettering, &label);
    refusals(svg, plot, &panel.refused, top + line);
}

/// The most crosses of a strip; beyond, bars show how often something was refused.
const MOST_CROSSES: usize = 12;

/// Refusals in columns of equal width over a plot, in a strip that begins at `top`.
pub fn refusals(svg: &mut Svg, plot: Plot, refused: &[u64], top: f64) {
    let merged = widened(refused, plot.width);
    let mut path = Path::default();
    if merged.iter().filter(|&&count| count > 0).count() <= MOST_CROSSES {
        let width = plot.width / merged.len().max(1) as f64;
        for (index, _) in merged.iter().enumerate().filter(|&(_, &count)| count > 0) {
            let x = plot.left + (index as f64 + 0.5) * width;
            path.cross(x, top + STRIP / 2.0, 3.2);
        }
        svg.stroke(&path, Fill::Solid(Ink::Refused), 1.8);
        return;
    }
    let width = plot.width / refused.len().max(1) as f64;
    let most = refused.iter().copied().max().unwrap_or(0).max(1);
    for (index, &count) in refused.iter().enumerate().filter(|&(_, &count)| count > 0) {
        let x = plot.left + index as f64 * width;
        let height = 3.0 + (STRIP - 3.0) * count as f64 / most as f64;
        path.rectangle(x, top + STRIP - height, (width - 0.6).max(0.8), height);
    }
    svg.fill(&path, Fill::Solid(Ink::Refused));
}

/// Neighbouring columns added up until a cross has room in each.
fn widened(counts: &[u64], width: f64) -> Vec<u64> {
    let narrow = width / counts.len().max(1) as f64;
    let together = (8.0 / narrow.max(0.1)).ceil().clamp(1.0, 1000.0) as usize;
    counts
        .chunks(together)
        .map(|some| some.iter().fold(0, |a: u64, &b| a.saturating_add(b)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_runs_through_a_name() {
        assert_eq!(above(&[100.0, 50.0], 14.0), [96.0, 46.0]);
        assert_eq!(above(&[100.0, 100.0], 14.0), [96.0, 82.0]);
        assert_eq!(above(&[100.0, 100.0, 75.0], 14.0), [71.0, 57.0, 43.0]);
        assert_eq!(above(&[75.0, 100.0], 14.0), [71.0, 96.0]);
        assert!(above(&[], 14.0).is_empty());
    }
}
