//! Sequences: who sends what to whom, from top to bottom, with times. Fed by steps, so that any
//! story can be told: a request through caches, the retries of an event, a failover.

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::line_height;
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Lettering, Svg};
use crate::diagram::{Format, Words, text};

/// One or more stories, one below the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The stories.
    pub parts: Vec<Part>,
}

/// A story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// What it is; may be empty.
    pub title: String,
    /// The names of those that take part, from left to right.
    pub lifelines: Vec<String>,
    /// What happens, in order.
    pub steps: Vec<Step>,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// When, as text; may be empty.
    pub time: String,
    /// What, in a few words; may be empty.
    pub label: String,
    /// Between whom.
    pub action: Action,
    /// How it looks.
    pub look: Look,
}

/// Between whom something happens: indices of [`Part::lifelines`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Something goes from one to another.
    Message {
        /// Who sends it.
        from: usize,
        /// Who gets it.
        to: usize,
    },
    /// Something happens at one of them.
    Mark {
        /// At which.
        at: usize,
    },
}

/// How a step looks: always told by shape as well as by colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// A message on its way, or work: a line, a filled square.
    #[default]
    Plain,
    /// An answer, or something that is only looked at: a dashed line, an open square.
    Answer,
    /// Something that waits: a dashed line, a hatched square.
    Waiting,
    /// Something that failed or was refused: a line with a cross, a cross.
    Failed,
}

impl Look {
    fn ink(self) -> Ink {
        match self {
            Self::Plain => Ink::Run,
            Self::Answer => Ink::Done,
            Self::Waiting => Ink::Wait,
            Self::Failed => Ink::Refused,
        }
    }
}

/// Half the size of a mark.
const MARK: f64 = 5.0;
/// The length of an arrow's head.
const HEAD: f64 = 7.0;
/// The space between a mark and its words.
const GAP: f64 = 5.0;

/// Where the lifelines of a part stand.
struct Columns {
    left: f64,
    pitch: f64,
    count: usize,
}

impl Columns {
    fn x(&self, index: usize) -> f64 {
        let index = index.min(self.count.saturating_sub(1));
        self.left + self.pitch * (index as f64 + 0.5)
    }
}

/// Draws a sequence.
pub fn draw(sequence: &Sequence, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let mut y = 0.0;
    for part in &sequence.parts {
        y = draw_part(&mut svg, part, y) + 10.0;
    }
    svg.finish(y, words)
}

fn draw_part(svg: &mut Svg, part: &Part, mut y: f64) -> f64 {
    let format = svg.format();
    for line in text::lines(&part.title, format.label, format.width, 2) {
        let lettering = Lettering::plain(format.label, Ink::Text).bold();
        svg.text(0.0, y + format.label, Anchor::Start, lettering, &line);
        y += line_height(format.label);
    }
    let times = part.steps.iter().map(|step| text::width(&step.time, format.tick));
    let gutter = (times.fold(0.0, f64::max) + 4.0).min(format.width / 4.0);
    let count = part.lifelines.len().max(1);
    let columns = Columns { left: gutter, pitch: (format.width - gutter) / count as f64, count };
    y += 4.0;
    y = heads(svg, part, &columns, y);
    let top = y;
    let mut marks = Marks::default();
    let mut labels = Vec::new();
    for step in &part.steps {
        y = place(step, &columns, format, y, &mut marks, &mut labels);
    }
    y += 4.0;
    let mut lines = Path::default();
    for index in 0..part.lifelines.len() {
        lines.move_to(columns.x(index), top).line_to(columns.x(index), y);
    }
    svg.stroke(&lines, Fill::Solid(Ink::Rule), 1.5);
    marks.draw(svg);
    for label in labels {
        svg.text(label.x, label.y, label.anchor, label.lettering, &label.text);
    }
    y
}

/// The names above the lifelines.
fn heads(svg: &mut Svg, part: &Part, columns: &Columns, y: f64) -> f64 {
    let size = svg.format().tick;
    let lines: Vec<Vec<String>> =
        part.lifelines.iter().map(|name| text::lines(name, size, columns.pitch - 6.0, 2)).collect();
    let most = lines.iter().map(Vec::len).max().unwrap_or(0);
    for (index, name) in lines.iter().enumerate() {
        for (line, words) in name.iter().enumerate() {
            let down = (most - name.len() + line) as f64 * line_height(size);
            let lettering = Lettering::plain(size, Ink::Text).bold();
            svg.text(columns.x(index), y + size + down, Anchor::Middle, lettering, words);
        }
    }
    y + most as f64 * line_height(size) + 4.0
}

/// A text with its place, drawn above everything else.
struct Label {
    x: f64,
    y: f64,
    anchor: Anchor,
    lettering: Lettering,
    text: String,
}

/// Puts a step below `y`; gives where it ends.
fn place(
    step: &Step,
    columns: &Columns,
    format: Format,
    y: f64,
    marks: &mut Marks,
    labels: &mut Vec<Label>,
) -> f64 {
    let size = format.tick;
    let line = line_height(size);
    let rimmed = |ink| Lettering::plain(size, ink).rimmed();
    let ink = if step.look == Look::Failed { Ink::Refused } else { Ink::Text };
    let mut add = |x: f64, y: f64, anchor, lettering, text: &str| {
        labels.push(Label { x, y, anchor, lettering, text: text.to_owned() });
    };
    let middle = match step.action {
        Action::Message { from, to } => {
            let (from, to) = (columns.x(from), columns.x(to));
            let mut middle = y + 9.0;
            if !step.label.is_empty() {
                let room = format.width - columns.left;
                let words = text::fit(&step.label, size, room);
                let half = text::width(&words, size) / 2.0;
                let least = columns.left + half;
                let x = ((from + to) / 2.0).min(format.width - half).max(least);
                add(x, y + size, Anchor::Middle, rimmed(ink), &words);
                middle = y + line + 2.0;
            }
            marks.message(from, to, middle, step.look);
            middle
        }
        Action::Mark { at } => {
            let x = columns.x(at);
            let right = format.width - x - MARK - GAP;
            let left = x - MARK - GAP - columns.left;
            let wide = text::width(&step.label, size);
            let mut middle = y + line / 2.0;
            let baseline = middle + size * 0.35;
            if wide <= right {
                add(x + MARK + GAP, baseline, Anchor::Start, rimmed(ink), &step.label);
            } else if wide <= left {
                add(x - MARK - GAP, baseline, Anchor::End, rimmed(ink), &step.label);
            } else {
                // No room beside the mark: the words stand above it.
                let words = text::fit(&step.label, size, format.width - columns.left);
                let half = text::width(&words, size) / 2.0;
                let centre = x.min(format.width - half).max(columns.left + half);
                add(centre, y + size, Anchor::Middle, rimmed(ink), &words);
                middle += line;
            }
            marks.mark(x, middle, step.look);
            middle
        }
    };
    let quiet = Lettering::plain(size, Ink::Quiet);
    let time = text::fit(&step.time, size, columns.left);
    add(0.0, middle + size * 0.35, Anchor::Start, quiet, &time);
    middle.max(y + line / 2.0) + line / 2.0 + 1.0
}

/// The marks of a part, in one path for each look.
#[derive(Default)]
struct Marks {
    lines: [Path; 4],
    heads: [Path; 4],
    squares: [Path; 4],
    crosses: Path,
}

impl Marks {
    fn message(&mut self, from: f64, to: f64, y: f64, look: Look) {
        let forward = if to >= from { 1.0 } else { -1.0 };
        let tip = to - forward * 1.5;
        let line = &mut self.lines[look as usize];
        if look == Look::Failed {
            // A message that fails gets no further than its cross.
            let stop = from + (to - from) * 0.75;
            line.move_to(from, y).line_to(stop, y);
            self.crosses.cross(stop + forward * MARK, y, MARK);
            return;
        }
        line.move_to(from, y).line_to(tip - forward * HEAD / 2.0, y);
        let head = &mut self.heads[look as usize];
        head.move_to(tip, y)
            .line_to(tip - forward * HEAD, y - 4.0)
            .line_to(tip - forward * HEAD, y + 4.0)
            .line_to(tip, y);
    }

    fn mark(&mut self, x: f64, y: f64, look: Look) {
        match look {
            Look::Failed => {
                self.crosses.cross(x, y, MARK);
            }
            look => {
                let square = &mut self.squares[look as usize];
                square.rectangle(x - MARK, y - MARK, MARK * 2.0, MARK * 2.0);
            }
        }
    }

    fn draw(&self, svg: &mut Svg) {
        let looks = [Look::Plain, Look::Answer, Look::Waiting, Look::Failed];
        for look in looks {
            let (at, ink) = (look as usize, look.ink());
            match look {
                Look::Answer | Look::Waiting => svg.dashes(&self.lines[at], ink, 1.5, "5 3"),
                _ => svg.stroke(&self.lines[at], Fill::Solid(ink), 1.5),
            }
            svg.fill(&self.heads[at], Fill::Solid(ink));
            let squares = &self.squares[at];
            svg.fill(squares, Fill::Solid(Ink::Ground));
            match look {
                Look::Plain => svg.fill(squares, Fill::Solid(ink)),
                Look::Answer => svg.stroke(squares, Fill::Solid(ink), 2.0),
                _ => {
                    svg.fill(squares, Fill::Hatched(ink));
                    svg.stroke(squares, Fill::Solid(ink), 1.5);
                }
            }
        }
        svg.stroke(&self.crosses, Fill::Solid(Ink::Refused), 2.5);
    }
}
