//! The view `queue`: what waits in queues, in streams and in Lambda's queues of events over time,
//! and how old the oldest of it is, under the ages at which something happens.

mod words;

use std::fmt::Write;

use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::steps::{self, Area, Chart, Height, Limit, MOST_PANELS, Panel};
use crate::diagram::{FORMATS, Words, ticks};
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::backlog::{Backlog, Kind};
use crate::scenario::view::facts::{Facts, Level, Levels, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most queues that are drawn; those in which most waits go first.
const MOST_SUBJECTS: usize = 4;
/// How many steps all panels of a chart share, which bounds the bytes of a figure.
const STEPS: usize = 900;
/// An age at which something happens is drawn to scale when it is at most this many times the
/// greatest age that there was.
const BOUND_IN_SIGHT: f64 = 2.2;

/// Something in which messages wait, in each variant that has it.
struct Subject<'a> {
    /// A backlog of any variant.
    any: &'a Backlog,
    /// A variant and what waited in it.
    runs: Vec<(&'a Variant, &'a Backlog)>,
}

impl Subject<'_> {
    /// The most that ever waited.
    fn most(&self) -> u64 {
        self.runs.iter().map(|(_, backlog)| backlog.waiting.max).max().unwrap_or(0)
    }

    /// The greatest age.
    fn oldest(&self) -> u64 {
        self.runs.iter().map(|(_, backlog)| backlog.age.max).max().unwrap_or(0)
    }

    /// Whether there is anything to draw.
    fn waited(&self) -> bool {
        let more = |levels: &Levels| levels.max > 0;
        self.runs.iter().any(|(_, one)| {
            more(&one.waiting) || more(&one.hidden) || more(&one.delayed) || more(&one.age)
        })
    }
}

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let all = subjects(facts);
    let (drawn, quiet): (Vec<&Subject<'_>>, Vec<&Subject<'_>>) =
        all.iter().partition(|subject| subject.waited());
    let mut shown = Shown { finding: finding(&all, language), ..Shown::default() };
    let several = drawn.len() > 1;
    for (index, subject) in drawn.iter().take(MOST_SUBJECTS).enumerate() {
        let sentence = words::of_subject(subject, language);
        if several && sentence != shown.finding {
            let sentence = escape::text(&sentence);
            let _ = write!(shown.body, "<p class=\"scenario-subject\">{sentence}</p>");
        }
        shown.body.push_str("<div class=\"scenario-drawing\">");
        for (chart, part) in [
            (backlog_chart(facts, subject, language), "backlog"),
            (age_chart(facts, subject, language), "age"),
        ] {
            let prefix = format!("{prefix}-{index}-{part}");
            let words = Words {
                title: sentence.clone(),
                description: words::description(part == "age", language).to_owned(),
            };
            for format in FORMATS {
                shown.body.push_str(&steps::draw(&chart, &prefix, format, &words));
            }
        }
        shown.body.push_str("</div>");
    }
    shown.notes = words::notes(drawn.len(), MOST_SUBJECTS, &quiet, language);
    if facts.variants.len() > MOST_PANELS {
        let (all, most) = (facts.variants.len(), MOST_PANELS);
        shown.notes.push(match language {
            Language::Korean => format!("변형 {all}개 중 처음 {most}개만 그림"),
            Language::English => format!("the first {most} of {all} variants are drawn"),
        });
    }
    if !drawn.is_empty() {
        shown.table = Some(table(facts, &drawn, language));
    }
    shown
}

/// The subjects of all variants, those in which most waits first.
fn subjects(facts: &Facts) -> Vec<Subject<'_>> {
    let mut subjects: Vec<Subject<'_>> = Vec::new();
    for variant in facts.ran() {
        for backlog in &variant.backlogs {
            let same = |known: &&mut Subject<'_>| {
                known.any.key() == backlog.key() && known.any.kind == backlog.kind
            };
            match subjects.iter_mut().find(same) {
                Some(subject) => subject.runs.push((variant, backlog)),
                None => subjects.push(Subject { any: backlog, runs: vec![(variant, backlog)] }),
            }
        }
    }
    subjects.sort_by_key(|subject| std::cmp::Reverse(subject.most()));
    subjects
}

/// What becomes of the subject that says most: the one where most waits.
fn finding(subjects: &[Subject<'_>], language: Language) -> String {
    let first = subjects.iter().find(|subject| subject.waited());
    match (first, subjects.first()) {
        (Some(subject), _) => words::of_subject(subject, language),
        (None, Some(_)) => pick(
            language,
            "기다린 것이 없음: 오는 대로 처리됨",
            "nothing ever waited: all was handled as it came",
        )
        .to_owned(),
        (None, None) => pick(language, "들어온 것이 없음", "nothing came").to_owned(),
    }
}

/// The columns of a chart's panels.
fn columns(facts: &Facts) -> usize {
    (STEPS / facts.variants.len().clamp(1, MOST_PANELS)).clamp(40, 180)
}

/// The greatest value of each column.
fn tops(levels: &Levels, end: u64, columns: usize) -> Vec<f64> {
    levels.in_columns(end, columns).iter().map(|level| level.max).collect()
}

/// A panel for each variant: the one of the subject, or a message in place of it.
fn panels(
    facts: &Facts,
    subject: &Subject<'_>,
    language: Language,
    panel: impl Fn(&Backlog) -> Panel,
) -> Vec<Panel> {
    let one = |variant: &Variant| {
        let found = subject.runs.iter().find(|(of, _)| of.name == variant.name);
        let mut drawn = found.map(|(_, backlog)| panel(backlog)).unwrap_or_default();
        drawn.title = name_of(variant);
        if variant.rejected.is_some() {
            drawn.message = Some(pick(language, "배포가 거부됨", "deployment refused").to_owned());
        } else if found.is_none() {
            drawn.message = Some(pick(language, "들어온 것이 없음", "nothing came").to_owned());
        }
        drawn
    };
    facts.variants.iter().take(MOST_PANELS).map(one).collect()
}

fn chart(facts: &Facts, height: Height, max: f64, language: Language) -> Chart {
    Chart {
        end: facts.end().max(1) as f64,
        max,
        height,
        legend: Vec::new(),
        panels: Vec::new(),
        language,
    }
}

/// What waits, as an area, and what is worked on, as a line over it. The two are not stacked: a
/// message that goes from one to the other within a column would be drawn twice.
fn backlog_chart(facts: &Facts, subject: &Subject<'_>, language: Language) -> Chart {
    let (end, columns) = (facts.end(), columns(facts));
    let most = |levels: fn(&Backlog) -> &Levels| {
        subject.runs.iter().map(|(_, backlog)| levels(backlog).max).max().unwrap_or(0)
    };
    let (waiting, hidden, delayed) =
        (subject.most(), most(|backlog| &backlog.hidden), most(|backlog| &backlog.delayed));
    // Batches of a stream are no records: they don't belong on the same axis.
    let hidden = if is_stream(subject.any.kind) { 0 } else { hidden };
    let max = waiting.max(hidden).max(delayed).max(1);
    let mut chart = chart(facts, Height::Count, max as f64, language);
    let [title, waits, works, later] = words::layers(subject.any, language);
    chart.legend = vec![Entry::new(Swatch::None, title)];
    chart.legend.push(Entry::new(Swatch::Area(Fill::Hatched(Ink::Wait)), waits));
    if hidden > 0 {
        chart.legend.push(Entry::new(Swatch::Thin(Fill::Solid(Ink::Run)), works));
    }
    if delayed > 0 {
        chart.legend.push(Entry::new(Swatch::Thin(Fill::Solid(Ink::Lost)), later));
    }
    chart.panels = panels(facts, subject, language, |backlog| {
        let waits = tops(&backlog.waiting, end, columns);
        let mut panel = Panel::default();
        panel.areas.push(Area { fill: Fill::Hatched(Ink::Wait), values: waits.clone() });
        panel.lines.push(Area { fill: Fill::Solid(Ink::Wait), values: waits });
        for (levels, ink, any) in
            [(&backlog.hidden, Ink::Run, hidden > 0), (&backlog.delayed, Ink::Lost, delayed > 0)]
        {
            if any && levels.max > 0 {
                let values = tops(levels, end, columns);
                panel.lines.push(Area { fill: Fill::Solid(ink), values });
            }
        }
        panel
    });
    chart
}

fn is_stream(kind: Kind) -> bool {
    matches!(kind, Kind::Stream | Kind::Table)
}

/// How old the oldest one is, with the ages at which something happens.
fn age_chart(facts: &Facts, subject: &Subject<'_>, language: Language) -> Chart {
    let (end, columns) = (facts.end(), columns(facts));
    let oldest = subject.oldest().max(1);
    let in_sight = |bound: u64| bound as f64 <= oldest as f64 * BOUND_IN_SIGHT;
    let bounds = || subject.runs.iter().flat_map(|(_, backlog)| &backlog.bounds);
    let seen = bounds().map(|&(_, age)| age).filter(|&age| in_sight(age)).max();
    let at_work = subject.runs.iter().filter_map(|(_, backlog)| backlog.age_at_work).max();
    let max = oldest.max(seen.unwrap_or(0)).max(at_work.unwrap_or(0));
    let mut chart = chart(facts, Height::Time, max as f64, language);
    // Hatched, so that names of lines can be read on it.
    let fill = Fill::Hatched(Ink::Series(0));
    chart.legend = vec![Entry::new(Swatch::Area(fill), words::age(subject.any.kind, language))];
    let mut far: Vec<String> = Vec::new();
    for &(bound, age) in bounds().filter(|(_, age)| !in_sight(*age)) {
        let name = format!(
            "{}: {}",
            words::bound(bound, age, language),
            pick(language, "그림 밖", "off the scale")
        );
        if !far.contains(&name) && far.len() < 3 {
            far.push(name);
        }
    }
    chart.legend.extend(far.into_iter().map(|name| Entry::new(Swatch::None, name)));
    chart.panels = panels(facts, subject, language, |backlog| {
        let mut panel = Panel::default();
        let values = tops(&backlog.age, end, columns);
        panel.areas.push(Area { fill, values: values.clone() });
        panel.lines.push(Area { fill: Fill::Solid(fill.ink()), values });
        let limit = |value: u64, name| Limit { value: value as f64, name, dashed: true };
        let seen = backlog.bounds.iter().filter(|(_, age)| in_sight(*age));
        panel
            .limits
            .extend(seen.map(|&(bound, age)| limit(age, words::bound(bound, age, language))));
        if let Some(age) = backlog.age_at_work.filter(|&age| age > 0) {
            panel.limits.push(limit(age, words::age_at_work(backlog.kind, age, language)));
        }
        panel
    });
    chart
}

/// What waits and how old it is, in the steps of the time axis.
fn table(facts: &Facts, subjects: &[&Subject<'_>], language: Language) -> Table {
    let ticks = ticks::time(facts.end().max(1) as f64, 6, language);
    let step = ticks.values.get(1).map_or(facts.end(), |&step| step as u64).max(1);
    let rows = facts.end().div_ceil(step).clamp(1, 2 * ticks.values.len() as u64);
    let (end, rows) = (step.saturating_mul(rows), rows as usize);
    let every = ticks::duration(step, language);
    let caption = match language {
        Language::Korean => format!("대기열 ({every} 구간마다 최대)"),
        Language::English => format!("Queues (greatest of every {every})"),
    };
    let columns = [
        pick(language, "시각부터", "from"),
        pick(language, "대기", "waiting"),
        pick(language, "처리 중", "in flight"),
        pick(language, "가장 오래된 것", "oldest"),
    ];
    let mut table = Table::new(caption, &columns);
    for subject in subjects.iter().take(MOST_SUBJECTS) {
        for (variant, backlog) in subject.runs.iter().take(MOST_PANELS) {
            let name = words::name(backlog, language);
            let name = match name_of(variant).as_str() {
                "" => name,
                variant => format!("{variant} · {name}"),
            };
            let head = Cell { span: columns.len(), ..Cell::head(name).class("group") };
            table.rows.push(vec![head]);
            let levels =
                [&backlog.waiting, &backlog.hidden, &backlog.age].map(|l| l.in_columns(end, rows));
            for row in 0..rows {
                let at =
                    |levels: &Vec<Level>| levels.get(row).map_or(0.0, |level| level.max) as u64;
                let [waiting, hidden, age] = levels.each_ref().map(at);
                table.rows.push(vec![
                    Cell::head(ticks::duration(step.saturating_mul(row as u64), language)),
                    Cell::value(count(waiting)),
                    Cell::value(count(hidden)),
                    Cell::value(ticks::duration(age, language)),
                ]);
            }
        }
    }
    table
}
