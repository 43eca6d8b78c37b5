//! The figure card of a scenario: its views, measured values, verdict and folds as HTML.
//!
//! [`card`] takes the outcome's numbers once ([`facts`]), asks each view of `show` for its figure
//! and puts them between the title and the folds. A view is a file.

pub mod backlog;
pub mod concurrency;
pub mod cost;
pub mod decisions;
pub mod edge;
pub mod environments;
pub mod facts;
pub mod finding;
pub mod folds;
pub mod latency;
pub mod log;
pub mod phrase;
pub mod queue;
pub mod rds_events;
pub mod reason;
pub mod resources;
pub mod sequence;
pub mod statements;
pub mod story;
pub mod summary;
pub mod sweep;
pub mod table;
pub mod tasks;
pub mod topology;
pub mod trail;
pub mod values;
pub mod why;

use std::fmt::Write;

use crate::aws::catalogue::Catalogue;
use crate::escape;
use crate::quantity::Language;
use crate::scenario::Outcome;
use crate::scenario::outcome::View;
use facts::{Facts, Function, Variant};
use table::Table;

/// What a card needs to know of its page.
#[derive(Clone, Copy, Debug)]
pub struct CardContext<'a> {
    /// The language of labels, captions and numbers.
    pub language: Language,
    /// The block's YAML, already highlighted as HTML, for the fold.
    pub yaml_html: &'a str,
}

/// A view that was drawn.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// What it shows, in one sentence; empty for a table, which says it itself.
    pub finding: String,
    /// The SVG for each of [`crate::diagram::FORMATS`].
    pub drawings: Vec<String>,
    /// HTML beside or instead of drawings.
    pub body: String,
    /// What is left out or has to be known.
    pub notes: Vec<String>,
    /// The numbers behind it.
    pub table: Option<Table>,
}

/// The card: `<figure class="scenario" id="ID">…</figure>`. The same arguments give the same bytes.
pub fn card(outcome: &Outcome, context: CardContext<'_>) -> String {
    card_from(outcome, &Facts::of(outcome), Catalogue::builtin(), context)
}

/// The card with its numbers and its catalogue given.
pub fn card_from(
    outcome: &Outcome,
    facts: &Facts,
    catalogue: &Catalogue,
    context: CardContext<'_>,
) -> String {
    let language = context.language;
    let state = if outcome.holds() { "holds" } else { "fails" };
    let mut out = format!(
        "<figure class=\"scenario scenario-{state}\" id=\"{}\"><figcaption>{}</figcaption>",
        escape::attribute(&outcome.id),
        escape::text(&outcome.title),
    );
    folds::write_rejections(&mut out, facts, language);
    let mut notes: Vec<String> = Vec::new();
    let mut tables = String::new();
    let is_chart = |view: &View| matches!(view, View::Sweep(_));
    let ran = facts.ran().next().is_some();
    let last_chart = outcome.show.iter().rposition(is_chart);
    for (index, view) in outcome.show.iter().enumerate() {
        // A view that stands in `show` twice must not bring its ids twice. The points of a sweep
        // may have run although the block as it stands was refused.
        if outcome.show[..index].contains(view) || !(ran || is_chart(view)) {
            continue;
        }
        let shown = draw(*view, facts, language);
        write_view(&mut out, &shown, *view);
        notes.extend(
            shown.notes.into_iter().filter(|note| !notes.contains(note)).collect::<Vec<_>>(),
        );
        if let Some(table) = &shown.table {
            table.write(&mut tables, "scenario-table");
        }
        if let Some(sweep) = facts.sweep.as_ref().filter(|_| last_chart == Some(index)) {
            sweep::write_points(&mut out, sweep, &outcome.id, language);
        }
    }
    // The numbers of the block as it stands say nothing beside those of the sweep.
    if ran && (last_chart.is_none() || !outcome.show.iter().all(is_chart)) {
        values::write(&mut out, facts, language);
    }
    folds::write_verdict(&mut out, facts, language);
    let scenario = phrase::pick(language, "시나리오", "Scenario");
    folds::write_fold(&mut out, scenario, context.yaml_html);
    if !tables.is_empty() {
        folds::write_fold(&mut out, phrase::pick(language, "데이터 표", "Data tables"), &tables);
    }
    let assumptions = folds::assumptions(outcome, &notes, catalogue, language);
    folds::write_fold(&mut out, phrase::pick(language, "전제", "Assumptions"), &assumptions);
    out.push_str("</figure>");
    out
}

/// A view of some numbers.
pub fn draw(view: View, facts: &Facts, language: Language) -> Shown {
    let prefix = format!("{}-{}", facts.id, name(view));
    match view {
        View::Summary => summary::shown(facts, language),
        View::Concurrency => concurrency::shown(facts, language, &prefix),
        View::Environments => environments::shown(facts, language, &prefix),
        View::Latency => latency::shown(facts, language, &prefix),
        View::Cost => cost::shown(facts, language, &prefix),
        View::Queue => queue::shown(facts, language, &prefix),
        View::Decisions => decisions::shown(facts, language),
        View::Tasks => tasks::shown(facts, language),
        View::Log => log::shown(facts, language),
        View::RdsEvents => rds_events::shown(facts, language),
        View::Sequence if tells_of_statements(facts) => statements::shown(facts, language, &prefix),
        View::Sequence => {
            // Requests to distributions are told one by one; without any, RDS's events are.
            let told = facts.ran().all(|variant| variant.exchanges.is_empty());
            let events = told.then(|| rds_events::sequence(facts, language, &prefix)).flatten();
            events.unwrap_or_else(|| sequence::shown(facts, language, &prefix))
        }
        View::Topology => topology::shown(facts, language, &prefix),
        View::Why(number) => why::shown(facts, number, language, &prefix),
        View::Sweep(number) => sweep::shown(facts, number, language, &prefix),
    }
}

/// Whether the sequence to be drawn is that of statements: nothing was asked of distributions.
fn tells_of_statements(facts: &Facts) -> bool {
    let has = |variant: &Variant| !variant.statements.is_empty();
    facts.ran().any(has) && facts.ran().all(|variant| variant.exchanges.is_empty())
}

/// The name of a view in the language.
fn name(view: View) -> &'static str {
    match view {
        View::Summary => "summary",
        View::Concurrency => "concurrency",
        View::Environments => "environments",
        View::Latency => "latency",
        View::Cost => "cost",
        View::Queue => "queue",
        View::Decisions => "decisions",
        View::Tasks => "tasks",
        View::RdsEvents => "rds_events",
        View::Log => "log",
        View::Sequence => "sequence",
        View::Topology => "topology",
        View::Why(_) => "why",
        View::Sweep(_) => "sweep",
    }
}

fn write_view(out: &mut String, shown: &Shown, view: View) {
    let _ = write!(out, "<div class=\"scenario-view scenario-{}\">", name(view));
    if !shown.finding.is_empty() {
        let _ = write!(out, "<p class=\"scenario-finding\">{}</p>", escape::text(&shown.finding));
    }
    if !shown.drawings.is_empty() {
        out.push_str("<div class=\"scenario-drawing\">");
        shown.drawings.iter().for_each(|drawing| out.push_str(drawing));
        out.push_str("</div>");
    }
    out.push_str(&shown.body);
    out.push_str("</div>");
}

/// A variant's name; empty for a scenario without variants.
fn name_of(variant: &Variant) -> String {
    variant.name.clone().unwrap_or_default()
}

/// What names a row of one function in one variant.
fn row_name(variant: &Variant, function: &Function) -> String {
    match &variant.name {
        None => function.name.clone(),
        Some(name) if variant.functions.len() == 1 => name.clone(),
        Some(name) => format!("{} · {name}", function.name),
    }
}

/// The note about rows that a figure leaves to its table.
fn left_out(rows: usize, most: usize, language: Language) -> Vec<String> {
    if rows <= most {
        return Vec::new();
    }
    vec![match language {
        Language::Korean => format!("막대 {rows}개 중 {most}개만 그림, 나머지는 표에 있음"),
        Language::English => format!("{most} of {rows} bars are drawn; the table has them all"),
    }]
}
