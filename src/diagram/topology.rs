//! Topologies: things in nested boxes, one below the other, and numbered connections between them
//! in lanes at the right. What a connection is about stands below under its number, because no
//! line of a drawing that fits a phone has room for a sentence.

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::path::Path;
use crate::diagram::svg::{Anchor, Attributes, Lettering, Svg};
use crate::diagram::{Format, Words, text};

/// The most connections that a panel draws.
pub const MOST_EDGES: usize = 12;
/// The most lines of one connection's explanation.
const MOST_LINES: usize = 5;

/// Several topologies, one below the other.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// The panels.
    pub panels: Vec<Panel>,
}

/// A topology.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Panel {
    /// What it is; nothing when it stands alone.
    pub title: String,
    /// The outer boxes, from top to bottom.
    pub blocks: Vec<Block>,
    /// The connections.
    pub edges: Vec<Edge>,
}

/// An outer box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Its name; nothing for what stands outside of all boxes.
    pub title: String,
    /// What stands on its edge.
    pub doors: Vec<String>,
    /// What is in it, from top to bottom.
    pub groups: Vec<Group>,
}

/// An inner box.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Its name; nothing for what has no box of its own.
    pub title: String,
    /// The things in it.
    pub nodes: Vec<Node>,
}

/// A thing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// What connections know it by.
    pub key: usize,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: String,
}

/// A connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// The key of where it begins.
    pub from: usize,
    /// The key of where it leads.
    pub to: usize,
    /// Whether it comes about.
    pub state: State,
    /// What it is.
    pub name: String,
    /// By which way, or why not.
    pub explanation: String,
}

/// Whether a connection comes about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Always: a solid line with an arrow.
    Works,
    /// In some cases: a dashed line with an arrow.
    Sometimes,
    /// Never: a dashed line with a cross.
    Fails,
}

impl State {
    fn ink(self) -> Ink {
        match self {
            Self::Works => Ink::Run,
            Self::Sometimes | Self::Fails => Ink::Refused,
        }
    }
}

/// The measures of a drawing in pixels.
#[derive(Clone, Copy)]
struct Measures {
    format: Format,
    row: f64,
    lane: f64,
    line: f64,
}

const PADDING: f64 = 8.0;

impl Measures {
    fn of(format: Format) -> Self {
        let lane = if format.width < 400.0 { 13.0 } else { 20.0 };
        Self { format, row: format.label + 16.0, lane, line: format.label * 1.45 }
    }
}

/// A node that has its place.
struct Placed {
    key: usize,
    right: f64,
    middle: f64,
}

/// Draws all panels.
pub fn draw(chart: &Chart, prefix: &str, format: Format, words: &Words) -> String {
    let mut svg = Svg::new(prefix, format);
    let measures = Measures::of(format);
    let mut y = 1.0;
    for panel in &chart.panels {
        y = draw_panel(&mut svg, panel, measures, y) + 14.0;
    }
    svg.finish((y - 10.0).max(1.0), words)
}

fn draw_panel(svg: &mut Svg, panel: &Panel, measures: Measures, mut y: f64) -> f64 {
    let format = measures.format;
    if !panel.title.is_empty() {
        y += format.label;
        let lettering = Lettering::plain(format.label, Ink::Text).bold();
        let title = text::fit(&panel.title, format.label, format.width);
        svg.text(0.0, y, Anchor::Start, lettering, &title);
        y += 10.0;
    }
    let edges = panel.edges.get(..MOST_EDGES).unwrap_or(&panel.edges);
    let order: Vec<usize> = panel
        .blocks
        .iter()
        .flat_map(|block| &block.groups)
        .flat_map(|group| &group.nodes)
        .map(|node| node.key)
        .collect();
    let lanes = lanes(edges, &order);
    let count = lanes.iter().flatten().map(|lane| lane + 1).max().unwrap_or(0);
    let right = format.width - count as f64 * measures.lane - 12.0;
    let mut placed = Vec::new();
    for block in &panel.blocks {
        y = draw_block(svg, block, measures, right, y, &mut placed) + 10.0;
    }
    let mut ends = Ends::default();
    for ((number, edge), lane) in (1..).zip(edges).zip(&lanes) {
        if let Some(lane) = lane {
            draw_edge(svg, edge, number, measures, right, *lane, &placed, &mut ends);
        }
    }
    for (number, edge) in (1..).zip(edges) {
        y = explain(svg, edge, number, measures, y);
    }
    y
}

/// A lane for each connection whose ends are drawn, so that no two that share rows share a lane.
fn lanes(edges: &[Edge], order: &[usize]) -> Vec<Option<usize>> {
    let row = |key: usize| order.iter().position(|known| *known == key);
    let mut taken: Vec<Vec<(usize, usize)>> = Vec::new();
    let lane = |edge: &Edge| {
        let (from, to) = (row(edge.from)?, row(edge.to)?);
        let (top, bottom) = (from.min(to), from.max(to));
        let free = |spans: &Vec<(usize, usize)>| {
            spans.iter().all(|&(first, last)| bottom < first || last < top)
        };
        let lane = taken.iter().position(free).unwrap_or_else(|| {
            taken.push(Vec::new());
            taken.len() - 1
        });
        taken.get_mut(lane)?.push((top, bottom));
        Some(lane)
    };
    edges.iter().map(lane).collect()
}

fn rectangle(svg: &mut Svg, x: f64, y: f64, width: f64, height: f64, ink: Ink) {
    let attributes = Attributes::new()
        .at("x", x)
        .at("y", y)
        .at("width", width.max(0.0))
        .at("height", height.max(0.0))
        .at("rx", 4.0)
        .set("fill", "none")
        .set("stroke", ink.css());
    svg.element("rect", attributes);
}

fn draw_block(
    svg: &mut Svg,
    block: &Block,
    measures: Measures,
    right: f64,
    top: f64,
    placed: &mut Vec<Placed>,
) -> f64 {
    let Measures { format, line, .. } = measures;
    let framed = !block.title.is_empty();
    let inset = if framed { PADDING } else { 0.0 };
    let mut y = top;
    if framed {
        y += line;
        let lettering = Lettering::plain(format.label, Ink::Text).bold();
        let room = right - 2.0 * PADDING;
        let title = text::fit(&block.title, format.label, room);
        svg.text(PADDING, y, Anchor::Start, lettering, &title);
        y += 6.0;
        for door in &block.doors {
            y += line - 2.0;
            let door = format!("⇄ {door}");
            let door = text::fit(&door, format.tick, room).into_owned();
            svg.text(PADDING, y, Anchor::Start, Lettering::plain(format.tick, Ink::Quiet), &door);
        }
        if !block.doors.is_empty() {
            y += 6.0;
        }
    }
    for group in &block.groups {
        y = draw_group(svg, group, measures, (inset, right - inset), y, placed) + 6.0;
    }
    if framed {
        rectangle(svg, 0.5, top + 0.5, right - 1.0, y - top, Ink::Quiet);
        y += 1.0;
    }
    y
}

fn draw_group(
    svg: &mut Svg,
    group: &Group,
    measures: Measures,
    (left, right): (f64, f64),
    top: f64,
    placed: &mut Vec<Placed>,
) -> f64 {
    let Measures { format, row, line, .. } = measures;
    let framed = !group.title.is_empty();
    let inset = if framed { PADDING } else { 0.0 };
    let mut y = top;
    if framed {
        let room = right - left - 2.0 * PADDING;
        for title in text::lines(&group.title, format.tick, room, 2) {
            y += line - 1.0;
            let lettering = Lettering::plain(format.tick, Ink::Quiet);
            svg.text(left + PADDING, y, Anchor::Start, lettering, &title);
        }
        y += 7.0;
    }
    for node in &group.nodes {
        let (from, to) = (left + inset, right - inset);
        rectangle(svg, from, y, to - from, row - 4.0, Ink::Text);
        let baseline = y + (row - 4.0) / 2.0 + format.label * 0.35;
        let kind_width = text::width(&node.kind, format.tick);
        let room = (to - from - kind_width - 22.0).max(40.0);
        let name = text::fit(&node.name, format.label, room);
        let lettering = Lettering::plain(format.label, Ink::Text);
        svg.text(from + PADDING, baseline, Anchor::Start, lettering, &name);
        let kind =
            text::fit(&node.kind, format.tick, to - from - text::width(&name, format.label) - 22.0);
        let lettering = Lettering::plain(format.tick, Ink::Quiet);
        svg.text(to - PADDING, baseline, Anchor::End, lettering, &kind);
        placed.push(Placed { key: node.key, right: to, middle: y + (row - 4.0) / 2.0 });
        y += row;
    }
    if framed {
        rectangle(svg, left + 0.5, top + 0.5, right - left - 1.0, y - top, Ink::Rule);
        y += 1.0;
    }
    y
}

/// How many connections end at each node so far.
#[derive(Default)]
struct Ends(Vec<(usize, u32)>);

impl Ends {
    /// Where the next one ends, from the middle of its node: up and down in turn.
    fn offset(&mut self, key: usize) -> f64 {
        let at = self.0.iter().position(|(known, _)| *known == key).unwrap_or_else(|| {
            self.0.push((key, 0));
            self.0.len() - 1
        });
        let Some((_, count)) = self.0.get_mut(at) else { return 0.0 };
        let number = f64::from(*count);
        *count += 1;
        let step = ((number + 1.0) / 2.0).floor() * 5.0;
        (if *count % 2 == 0 { -step } else { step }).clamp(-10.0, 10.0)
    }
}

#[expect(clippy::too_many_arguments, reason = "a line needs to know where everything is")]
fn draw_edge(
    svg: &mut Svg,
    edge: &Edge,
    number: usize,
    measures: Measures,
    right: f64,
    lane: usize,
    placed: &[Placed],
    ends: &mut Ends,
) {
    let find = |key: usize| placed.iter().find(|placed| placed.key == key);
    let (Some(from), Some(to)) = (find(edge.from), find(edge.to)) else { return };
    let x = right + 12.0 + lane as f64 * measures.lane;
    let (y1, y2) = (from.middle + ends.offset(edge.from), to.middle + ends.offset(edge.to));
    let ink = edge.state.ink();
    let mut line = Path::default();
    line.move_to(from.right, y1).line_to(x, y1).line_to(x, y2).line_to(to.right + 2.0, y2);
    if edge.state == State::Works {
        svg.stroke(&line, Fill::Solid(ink), 1.6);
    } else {
        svg.dashes(&line, ink, 1.6, "5 3");
    }
    let mut end = Path::default();
    if edge.state == State::Fails {
        end.cross(to.right + 6.0, y2, 4.0);
        svg.stroke(&end, Fill::Solid(ink), 2.0);
    } else {
        let tip = to.right + 1.0;
        end.move_to(tip, y2).line_to(tip + 7.0, y2 - 4.0).line_to(tip + 7.0, y2 + 4.0).close();
        svg.fill(&end, Fill::Solid(ink));
    }
    mark(svg, x, (y1 + y2) / 2.0, number, ink, measures.format);
}

/// The number of a connection.
fn mark(svg: &mut Svg, x: f64, y: f64, number: usize, ink: Ink, format: Format) {
    let lettering = Lettering::plain(format.tick, ink).bold().rimmed();
    svg.text(x, y + format.tick * 0.35, Anchor::Middle, lettering, &number.to_string());
}

/// A connection in words.
fn explain(svg: &mut Svg, edge: &Edge, number: usize, measures: Measures, mut y: f64) -> f64 {
    let Measures { format, line, .. } = measures;
    let indent = 20.0;
    let sign = match edge.state {
        State::Works => "",
        State::Sometimes => "△ ",
        State::Fails => "✕ ",
    };
    y += line;
    let lettering = Lettering::plain(format.label, edge.state.ink()).bold();
    svg.text(0.0, y, Anchor::Start, lettering, &number.to_string());
    let name = format!("{sign}{}", edge.name);
    let name = text::fit(&name, format.label, format.width - indent).into_owned();
    svg.text(indent, y, Anchor::Start, Lettering::plain(format.label, Ink::Text).bold(), &name);
    let room = format.width - indent;
    for words in text::lines(&edge.explanation, format.label, room, MOST_LINES) {
        y += line;
        svg.text(indent, y, Anchor::Start, Lettering::plain(format.label, Ink::Text), &words);
    }
    y + 5.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagram::{NARROW, WIDE};

    fn edge(from: usize, to: usize, state: State) -> Edge {
        Edge { from, to, state, name: "a".to_owned(), explanation: "b".to_owned() }
    }

    #[test]
    fn connections_that_share_rows_have_lanes_of_their_own() {
        let edges = [
            edge(0, 2, State::Works),
            edge(1, 3, State::Works),
            edge(3, 4, State::Works),
            edge(9, 1, State::Fails),
        ];
        assert_eq!(lanes(&edges, &[0, 1, 2, 3, 4]), [Some(0), Some(1), Some(0), None]);
    }

    #[test]
    fn a_failing_connection_is_dashed_and_crossed_in_the_failure_s_colour() {
        let node = |key| Node { key, name: format!("n{key}"), kind: "Lambda".to_owned() };
        let group = Group { title: "private".to_owned(), nodes: vec![node(0), node(1)] };
        let block = Block { title: "VPC".to_owned(), doors: vec![], groups: vec![group] };
        let draws = |state, format| {
            let edges = vec![edge(0, 1, state)];
            let panel = Panel { title: String::new(), blocks: vec![block.clone()], edges };
            draw(&Chart { panels: vec![panel] }, "x", format, &Words::default())
        };
        for format in [WIDE, NARROW] {
            assert!(!draws(State::Works, format).contains("stroke-dasharray"));
            let fails = draws(State::Fails, format);
            assert!(fails.contains("stroke-dasharray") && fails.contains(Ink::Refused.css()));
            assert!(fails.contains("✕ a") && fails.contains(">b</text>"));
        }
    }

    #[test]
    fn nothing_draws_too() {
        let out = draw(&Chart::default(), "x", WIDE, &Words::default());
        assert!(out.starts_with("<svg"));
    }
}
