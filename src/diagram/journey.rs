//! The way of one thing through several places, from the top down: a lane for each place, a stop
//! for each thing that happened, with its time to the left and its words to the right.

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{self, Entry};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::{Format, Words, text};

/// The most lanes that are drawn; the places beyond share the last one.
pub const MOST_LANES: usize = 6;

/// A way through places.
#[derive(Clone, Debug, Default)]
pub struct Journey {
    /// What the marks mean.
    pub legend: Vec<Entry>,
    /// The stops, in the order of time.
    pub stops: Vec<Stop>,
}

/// Something that happened on the way.
#[derive(Clone, Debug, Default)]
pub struct Stop {
    /// The number of the place, from 0.
    pub lane: usize,
    /// When, in words.
    pub time: String,
    /// The place's name, where it is to be told; else empty.
    pub place: String,
    /// What happened.
    pub words: String,
    /// What stands on the lane.
    pub mark: Mark,
    /// What goes on from here to the next stop.
    pub link: Link,
    /// How long that takes, in words; empty for what is at once.
    pub takes: String,
}

/// What stands for a stop, by colour and by form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// It goes on: a dot.
    #[default]
    Pass,
    /// It is being worked on: a square.
    Work,
    /// It waits or is hidden: a hatched square.
    Wait,
    /// It is handled: a disc.
    Done,
    /// It was refused, or failed: a cross.
    Refused,
    /// It is lost, or among dead letters: a diamond.
    Lost,
}

/// What lies between two stops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// Nothing: the next follows at once.
    #[default]
    Plain,
    /// Work.
    Work,
    /// A wait.
    Wait,
}

const LANE: f64 = 17.0;
const MOST_LINES: usize = 3;

/// A stop with its place on the drawing.
struct Placed<'a> {
    stop: &'a Stop,
    x: f64,
    y: f64,
    lines: Vec<String>,
}

/// Where the columns of a journey begin.
struct Layout {
    lanes: f64,
    words: f64,
    line: f64,
}

/// Draws a journey.
pub fn draw(journey: &Journey, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let top = legend::draw(&mut svg, &journey.legend, 0.0) + 4.0;
    let size = format.tick;
    let times = journey.stops.iter().map(|stop| text::width(&stop.time, size));
    let lanes = times.fold(0.0, f64::max) + 16.0;
    let last = journey.stops.iter().map(|stop| stop.lane.min(MOST_LANES - 1)).max().unwrap_or(0);
    let layout =
        Layout { lanes, words: lanes + last as f64 * LANE + 16.0, line: legend::line_height(size) };
    let (placed, bottom) = place(journey, &layout, format, top);
    draw_links(&mut svg, &placed, &layout);
    draw_marks(&mut svg, &placed);
    for one in &placed {
        draw_words(&mut svg, one, &layout);
    }
    svg.finish(bottom, words)
}

/// Puts the stops one under the other; gives where the last one ends, too.
fn place<'a>(
    journey: &'a Journey,
    layout: &Layout,
    format: Format,
    top: f64,
) -> (Vec<Placed<'a>>, f64) {
    let room = format.width - layout.words - 4.0;
    let mut y = top + layout.line * 0.6;
    let mut placed = Vec::with_capacity(journey.stops.len());
    for stop in &journey.stops {
        let whole = match stop.place.as_str() {
            "" => stop.words.clone(),
            place => format!("{place}: {}", stop.words),
        };
        let lines = text::lines(&whole, format.tick, room, MOST_LINES);
        let height = lines.len().max(1) as f64 * layout.line + 3.0;
        let lane = stop.lane.min(MOST_LANES - 1) as f64;
        placed.push(Placed { stop, x: layout.lanes + lane * LANE, y, lines });
        let between = if stop.takes.is_empty() { 0.0 } else { layout.line };
        y += height + between;
    }
    (placed, y + 2.0)
}

/// The way itself: down its lane, then over to the next one just above the next stop.
fn draw_links(svg: &mut Svg, placed: &[Placed<'_>], layout: &Layout) {
    let [mut plain, mut work, mut wait] = [Path::default(), Path::default(), Path::default()];
    for pair in placed.windows(2) {
        let [from, to] = pair else { continue };
        let path = match from.stop.link {
            Link::Plain => &mut plain,
            Link::Work => &mut work,
            Link::Wait => &mut wait,
        };
        let turn = to.y - layout.line * 0.6;
        path.move_to(from.x, from.y).line_to(from.x, turn.max(from.y));
        if (from.x - to.x).abs() > 0.1 {
            path.line_to(to.x, to.y - layout.line * 0.25);
        }
        path.line_to(to.x, to.y);
    }
    svg.stroke(&plain, Fill::Solid(Ink::Quiet), 1.5);
    svg.stroke(&work, Fill::Solid(Ink::Run), 4.0);
    svg.dashes(&wait, Ink::Wait, 2.0, "3 4");
}

fn draw_marks(svg: &mut Svg, placed: &[Placed<'_>]) {
    for (mark, fill) in [
        (Mark::Pass, Fill::Solid(Ink::Text)),
        (Mark::Work, Fill::Solid(Ink::Run)),
        (Mark::Wait, Fill::Hatched(Ink::Wait)),
        (Mark::Done, Fill::Solid(Ink::Done)),
        (Mark::Refused, Fill::Solid(Ink::Refused)),
        (Mark::Lost, Fill::Solid(Ink::Lost)),
    ] {
        let (mut path, mut ground) = (Path::default(), Path::default());
        for one in placed.iter().filter(|one| one.stop.mark == mark) {
            ground.circle(one.x, one.y, 6.5);
            shape(&mut path, mark, one.x, one.y);
        }
        if path.is_empty() {
            continue;
        }
        if mark != Mark::Pass {
            svg.fill(&ground, Fill::Solid(Ink::Ground));
        }
        match mark {
            Mark::Refused => svg.stroke(&path, fill, 2.5),
            Mark::Wait => {
                svg.fill(&path, fill);
                svg.stroke(&path, Fill::Solid(Ink::Wait), 1.2);
            }
            _ => svg.fill(&path, fill),
        }
    }
}

fn shape(path: &mut Path, mark: Mark, x: f64, y: f64) {
    match mark {
        Mark::Pass => path.circle(x, y, 3.0),
        Mark::Work | Mark::Wait => path.rectangle(x - 5.0, y - 5.0, 10.0, 10.0),
        Mark::Done => path.circle(x, y, 5.0),
        Mark::Refused => path.cross(x, y, 4.0),
        Mark::Lost => legend::diamond(path, x, y),
    };
}

/// The time of a stop and its words, the place in bold before them, and how long it is to the next.
fn draw_words(svg: &mut Svg, one: &Placed<'_>, layout: &Layout) {
    let size = svg.format().tick;
    let base = one.y + size * 0.36;
    let quiet = Lettering::plain(size, Ink::Quiet);
    svg.text(layout.lanes - 12.0, base, Anchor::End, quiet, &one.stop.time);
    let ink = match one.stop.mark {
        Mark::Refused => Ink::Refused,
        Mark::Lost => Ink::Lost,
        Mark::Done => Ink::Done,
        _ => Ink::Text,
    };
    let plain = Lettering::plain(size, ink);
    for (index, line) in one.lines.iter().enumerate() {
        let base = base + index as f64 * layout.line;
        svg.text(layout.words, base, Anchor::Start, plain, line);
    }
    if !one.stop.takes.is_empty() {
        let below = base + one.lines.len().max(1) as f64 * layout.line;
        svg.text(layout.words, below, Anchor::Start, quiet, &one.stop.takes);
    }
}
