//! A measure at some numbers that are set: points joined by lines, in panels that share their axes.

use crate::diagram::axis::{self, Plot};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{self, Entry};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::ticks::Ticks;
use crate::diagram::{Format, Words, text};

/// The most panels that are drawn; a caller says so when it has more.
pub const MOST_PANELS: usize = 12;

/// A chart of one or more panels.
#[derive(Clone, Debug)]
pub struct Chart {
    /// What the marks mean, above the panels.
    pub legend: Vec<Entry>,
    /// The values of the setting from left to right: where each lies, as a share of the width, and
    /// what it is called.
    pub x: Ticks,
    /// What is set, under the axis.
    pub x_title: String,
    /// The marks of the measure.
    pub y: Ticks,
    /// The greatest value that the panels show.
    pub max: f64,
    /// The panels, in reading order.
    pub panels: Vec<Panel>,
}

/// One panel.
#[derive(Clone, Debug, Default)]
pub struct Panel {
    /// What is particular about it; may be empty.
    pub title: String,
    /// A point for each value of the setting.
    pub points: Vec<Point>,
    /// The number of the point at which the curve bends, and the words for it.
    pub knee: Option<(usize, String)>,
}

/// A point.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// The measure; `None` leaves a gap.
    pub value: Option<f64>,
    /// The measure in words, beside the point where there is room.
    pub words: String,
    /// Whether there is no measure because it was refused.
    pub refused: bool,
}

const GAP: f64 = 24.0;
const DOT: f64 = 3.6;
/// How far apart points must be for each to have its words.
const WORDS_APART: f64 = 24.0;

/// The measures that all panels share.
struct Layout {
    columns: usize,
    gutter: f64,
    panel_width: f64,
    plot_height: f64,
    titles: f64,
    knees: f64,
    max: f64,
}

impl Layout {
    fn new(chart: &Chart, format: Format) -> Self {
        let count = chart.panels.len().clamp(1, MOST_PANELS);
        let wide = format.width > 400.0;
        let columns = match count {
            1 => 1,
            2..=4 if !wide => 1,
            2 | 4 => 2,
            _ if !wide => 2,
            _ => 3,
        };
        let plot_height = match columns {
            1 if count == 1 => 190.0,
            1 => 120.0,
            2 => 150.0,
            _ => 110.0,
        };
        let gutter = axis::gutter(&chart.y, format.tick);
        let across = columns as f64;
        let panel_width = (format.width - gutter - 12.0 - GAP * (across - 1.0)) / across;
        let lines = |panel: &Panel| text::lines(&panel.title, format.label, panel_width, 2).len();
        let titles = chart.panels.iter().map(lines).max().unwrap_or(0);
        let knees = chart.panels.iter().any(|panel| panel.knee.is_some());
        // Words stand above the topmost point.
        let headroom = 1.0 + (format.tick * 1.2 + DOT * 2.0) / plot_height;
        Self {
            columns,
            gutter,
            panel_width,
            plot_height,
            titles: titles as f64 * legend::line_height(format.label),
            knees: if knees { legend::line_height(format.tick) } else { 4.0 },
            max: chart.y.last().max(chart.max * headroom),
        }
    }

    fn row_height(&self, format: Format) -> f64 {
        self.titles + self.knees + self.plot_height + axis::footer(format.tick) + 10.0
    }
}

/// Draws a chart; at most [`MOST_PANELS`] of its panels.
pub fn draw(chart: &Chart, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let layout = Layout::new(chart, format);
    let top = legend::draw(&mut svg, &chart.legend, 0.0);
    let mut bottom = top;
    for (index, panel) in chart.panels.iter().take(MOST_PANELS).enumerate() {
        let (row, column) = (index / layout.columns, index % layout.columns);
        let left = layout.gutter + column as f64 * (layout.panel_width + GAP);
        let y = top + row as f64 * layout.row_height(format);
        draw_panel(&mut svg, chart, panel, &layout, (left, y));
        bottom = y + layout.row_height(format);
    }
    let title = text::fit(&chart.x_title, format.tick, format.width - 12.0);
    let lettering = Lettering::plain(format.tick, Ink::Quiet);
    svg.text(format.width - 12.0, bottom + format.tick - 4.0, Anchor::End, lettering, &title);
    svg.finish(bottom + format.tick + 2.0, words)
}

fn draw_panel(
    svg: &mut Svg,
    chart: &Chart,
    panel: &Panel,
    layout: &Layout,
    (left, top): (f64, f64),
) {
    let format = svg.format();
    let line = legend::line_height(format.label);
    // With one column words begin where the numbers do, to the left of the plot.
    let title_left = if layout.columns == 1 { 0.0 } else { left };
    let title = text::lines(&panel.title, format.label, layout.panel_width, 2);
    for (index, words) in title.iter().enumerate() {
        let base = top + format.label + index as f64 * line;
        let lettering = Lettering::plain(format.label, Ink::Text).bold();
        svg.text(title_left, base, Anchor::Start, lettering, words);
    }
    let plot = Plot {
        left,
        top: top + layout.titles + layout.knees,
        width: layout.panel_width,
        height: layout.plot_height,
    };
    axis::vertical(svg, plot, &chart.y, layout.max, left == layout.gutter);
    axis::horizontal(svg, plot, &chart.x, 1.0);
    let spots = spots(chart, panel, plot, layout.max);
    if let Some((index, words)) = &panel.knee
        && let Some(Some((x, y))) = spots.get(*index).copied()
    {
        draw_knee(svg, plot, (x, y), words);
    }
    draw_points(svg, &spots);
    draw_refused(svg, chart, panel, plot);
    draw_words(svg, panel, plot, &spots);
}

/// Where the points lie, in pixels.
fn spots(chart: &Chart, panel: &Panel, plot: Plot, max: f64) -> Vec<Option<(f64, f64)>> {
    let spot = |(point, &share): (&Point, &f64)| {
        point.value.map(|value| (plot.x(share, 1.0), plot.y(value, max)))
    };
    panel.points.iter().zip(&chart.x.values).map(spot).collect()
}

/// The line of a knee with its name above, and a ring around its point.
fn draw_knee(svg: &mut Svg, plot: Plot, (x, y): (f64, f64), words: &str) {
    let size = svg.format().tick;
    let mut path = Path::default();
    path.move_to(x, plot.top).line_to(x, plot.bottom());
    svg.dashes(&path, Ink::Text, 1.5, "5 3");
    let mut ring = Path::default();
    ring.circle(x, y, DOT + 4.0);
    svg.stroke(&ring, Fill::Solid(Ink::Text), 1.5);
    let words = text::fit(words, size, plot.width);
    let half = text::width(&words, size) / 2.0;
    let middle = x.clamp(plot.left + half, (plot.right() - half).max(plot.left + half));
    let lettering = Lettering::plain(size, Ink::Text).bold();
    svg.text(middle, plot.top - 4.0, Anchor::Middle, lettering, &words);
}

/// The points, joined by straight lines. A gap is never bridged.
fn draw_points(svg: &mut Svg, spots: &[Option<(f64, f64)>]) {
    let (mut line, mut dots) = (Path::default(), Path::default());
    let mut follows = false;
    for spot in spots {
        let Some((x, y)) = *spot else {
            follows = false;
            continue;
        };
        if follows {
            line.line_to(x, y);
        } else {
            line.move_to(x, y);
        }
        follows = true;
        dots.circle(x, y, DOT);
    }
    svg.stroke(&line, Fill::Solid(Ink::Run), 1.8);
    svg.fill(&dots, Fill::Solid(Ink::Run));
}

fn draw_refused(svg: &mut Svg, chart: &Chart, panel: &Panel, plot: Plot) {
    let mut path = Path::default();
    let refused = panel.points.iter().zip(&chart.x.values).filter(|(point, _)| point.refused);
    for (_, &share) in refused {
        path.cross(plot.x(share, 1.0), plot.bottom() - 8.0, 4.0);
    }
    svg.stroke(&path, Fill::Solid(Ink::Refused), 2.0);
}

/// A rectangle in pixels: left, top, right, bottom.
type Rectangle = (f64, f64, f64, f64);

/// The words of the points as far as there is room: first those at the knee and at the ends, then
/// from left to right. Words that would lie on the line give way to the side where it isn't.
fn draw_words(svg: &mut Svg, panel: &Panel, plot: Plot, spots: &[Option<(f64, f64)>]) {
    let size = svg.format().tick;
    let lettering = Lettering::plain(size, Ink::Text).rimmed();
    let knee = panel.knee.as_ref().map(|(index, _)| *index);
    let mut order: Vec<usize> = knee.into_iter().collect();
    order.extend(spots.iter().rposition(Option::is_some));
    order.extend(spots.iter().position(Option::is_some));
    // Of very many points only some, at even distances, are named.
    let most = (plot.width / WORDS_APART).max(1.0);
    let stride = (spots.len() as f64 / most).ceil().max(1.0) as usize;
    order.extend((0..spots.len()).step_by(stride));
    let mut obstacles = Obstacles::of(plot, spots, knee);
    let mut done: Vec<usize> = Vec::new();
    for index in order {
        let (Some(Some(spot)), Some(point)) = (spots.get(index).copied(), panel.points.get(index))
        else {
            continue;
        };
        let repeats = Some(index) != knee && repeats(&panel.points, index);
        if done.contains(&index) || point.words.is_empty() || repeats {
            continue;
        }
        done.push(index);
        let width = text::width(&point.words, size);
        let places = places(spot, width, size, plot, knee == Some(index));
        let free = |place: &&Rectangle| obstacles.leave(**place);
        let clear = |place: &&Rectangle| obstacles.leave(**place) && !obstacles.cross(**place);
        let found = places.iter().find(clear).or_else(|| places.iter().take(2).find(free));
        if let Some(&(left, top, right, bottom)) = found {
            let base = bottom - size * 0.12;
            svg.text((left + right) / 2.0, base, Anchor::Middle, lettering, &point.words);
            obstacles.taken.push((left, top, right, bottom));
        }
    }
}

/// Whether a point lies in the middle of a level stretch, so that its words are said beside it.
fn repeats(points: &[Point], index: usize) -> bool {
    let words = |at: Option<usize>| at.and_then(|at| points.get(at)).map(|point| &point.words);
    let here = words(Some(index));
    here == words(index.checked_sub(1)) && here == words(index.checked_add(1))
}

/// Where the words of a point may stand, the best place first: above, below, and beside it.
fn places((x, y): (f64, f64), width: f64, size: f64, plot: Plot, ring: bool) -> Vec<Rectangle> {
    let reach = if ring { DOT + 4.0 } else { DOT };
    let most = plot.right() + 10.0 - width;
    let above = y - reach - 3.0;
    let below = y + reach + 2.0 + size;
    let (right, left) = (x + reach + 2.0, x - reach - 2.0 - width);
    let middle = (x - width / 2.0).clamp(plot.left.min(most), most);
    let at = |left: f64, bottom: f64| (left, bottom - size * 0.92, left + width, bottom);
    let beside = [(right, y + 1.0), (left, y + 1.0), (right, y + size), (left, y + size)];
    let mut places = vec![at(middle, above), at(middle, below)];
    places.extend(beside.map(|(left, bottom)| at(left, bottom)));
    let inside = |place: &Rectangle| {
        let across = place.0 >= plot.left - 1.0 && place.2 <= plot.right() + 11.0;
        across && place.1 >= plot.top - 2.0 && place.3 <= plot.bottom() - 1.0
    };
    places.retain(inside);
    places
}

/// What words must not touch, and lines that they had better not cross.
struct Obstacles {
    taken: Vec<Rectangle>,
    lines: Vec<((f64, f64), (f64, f64))>,
}

impl Obstacles {
    fn of(plot: Plot, spots: &[Option<(f64, f64)>], knee: Option<usize>) -> Self {
        let around = |(x, y): (f64, f64), reach: f64| (x - reach, y - reach, x + reach, y + reach);
        let mut taken: Vec<Rectangle> =
            spots.iter().flatten().map(|&spot| around(spot, DOT)).collect();
        let pairs = spots.windows(2);
        let mut lines: Vec<_> = pairs.filter_map(|pair| Some((pair[0]?, pair[1]?))).collect();
        if let Some(Some((x, y))) = knee.and_then(|knee| spots.get(knee).copied()) {
            taken.push(around((x, y), DOT + 4.0));
            lines.push(((x, plot.top), (x, plot.bottom())));
        }
        Self { taken, lines }
    }

    fn leave(&self, place: Rectangle) -> bool {
        self.taken.iter().all(|&other| apart(place, other))
    }

    fn cross(&self, place: Rectangle) -> bool {
        self.lines.iter().any(|&(from, to)| crosses(place, from, to))
    }
}

/// Whether a line runs through a rectangle.
fn crosses(place: Rectangle, from: (f64, f64), to: (f64, f64)) -> bool {
    // The stretch of the line that lies between two parallel edges, as shares of its length.
    let within = |from: f64, to: f64, least: f64, most: f64| {
        let length = to - from;
        if length.abs() < 1e-9 {
            return if from < least || from > most { (1.0, 0.0) } else { (0.0, 1.0) };
        }
        let (a, b) = ((least - from) / length, (most - from) / length);
        (a.min(b), a.max(b))
    };
    let across = within(from.0, to.0, place.0, place.2);
    let down = within(from.1, to.1, place.1, place.3);
    across.0.max(down.0).max(0.0) <= across.1.min(down.1).min(1.0)
}

fn apart(a: Rectangle, b: Rectangle) -> bool {
    a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_crosses_what_it_runs_through() {
        let place = (10.0, 10.0, 20.0, 20.0);
        assert!(crosses(place, (0.0, 0.0), (30.0, 30.0)));
        assert!(crosses(place, (15.0, 0.0), (15.0, 12.0)));
        assert!(!crosses(place, (0.0, 0.0), (9.0, 9.0)));
        assert!(!crosses(place, (0.0, 20.0), (20.0, 40.0)));
        assert!(!crosses(place, (5.0, 0.0), (5.0, 30.0)));
    }
}
