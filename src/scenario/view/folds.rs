//! The parts of a card that say what holds, and the folds: the scenario, the numbers, and what the
//! result rests on.

use std::fmt::Write;

use crate::aws::catalogue::Catalogue;
use crate::escape;
use crate::quantity::{Dimension, Language, Quantity};
use crate::scenario::outcome::{MeasureDimension, Outcome, QuotaUsed, Verdict};
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::name_of;
use crate::scenario::view::phrase::pick;
use crate::scenario::view::table::{Cell, Table};

/// Appends why deployments were refused, in AWS's words.
pub fn write_rejections(out: &mut String, facts: &Facts, language: Language) {
    for variant in &facts.variants {
        let Some(rejection) = &variant.rejected else { continue };
        let mut lead = pick(language, "AWS가 배포를 거부함", "AWS refuses to deploy").to_owned();
        if variant.name.is_some() {
            lead = format!("{}: {lead}", name_of(variant));
        }
        if let Some(resource) = &rejection.resource {
            let _ = write!(lead, " ({resource})");
        }
        let _ = write!(
            out,
            "<div class=\"scenario-rejected\"><p><strong>{}</strong></p>\
             <p lang=\"en\"><code>{}</code>: {}</p></div>",
            escape::text(&lead),
            escape::text(&rejection.error),
            escape::text(&rejection.reason),
        );
    }
}

/// Appends the verdict in a line, and each expectation that doesn't hold with what was measured.
pub fn write_verdict(out: &mut String, facts: &Facts, language: Language) {
    let verdicts = || {
        let variants = facts.variants.iter();
        variants.flat_map(|variant| variant.verdicts.iter().map(move |verdict| (variant, verdict)))
    };
    let (all, held) = (verdicts().count(), verdicts().filter(|(_, v)| v.holds).count());
    if all == 0 {
        return;
    }
    let (class, mark) = if held == all { ("holds", "✓") } else { ("fails", "✕") };
    let line = match (language, held == all) {
        (Language::Korean, true) => format!("기대 {all}개 중 {held}개 성립"),
        (Language::Korean, false) => {
            format!("기대 {all}개 중 {}개가 성립하지 않음", all - held)
        }
        (Language::English, true) => format!("{held} of {all} expectations hold"),
        (Language::English, false) => format!("{} of {all} expectations do not hold", all - held),
    };
    let _ = write!(
        out,
        "<p class=\"scenario-verdict {class}\"><span aria-hidden=\"true\">{mark}</span> {line}</p>"
    );
    if held == all {
        return;
    }
    out.push_str("<ul class=\"scenario-failures\">");
    for (variant, verdict) in verdicts().filter(|(_, verdict)| !verdict.holds) {
        write_failure(out, variant, verdict, language);
    }
    out.push_str("</ul>");
}

fn write_failure(out: &mut String, variant: &Variant, verdict: &Verdict, language: Language) {
    let _ = write!(out, "<li><code>{}</code>", escape::text(&verdict.expression));
    if variant.name.is_some() {
        let _ = write!(out, " ({})", escape::text(&name_of(variant)));
    }
    // A constant's value is itself; saying it again tells nothing.
    let values = verdict.values.iter().filter(|(part, value)| part != value);
    let values: Vec<String> = values
        .map(|(part, value)| {
            format!("<code>{}</code> = {}", escape::text(part), escape::text(value))
        })
        .collect();
    if !values.is_empty() {
        let measured = pick(language, "측정", "measured");
        let _ = write!(out, ": {measured} {}", values.join(", "));
    }
    out.push_str("</li>");
}

/// Appends a fold.
pub fn write_fold(out: &mut String, name: &str, content: &str) {
    let name = escape::text(name);
    let _ = write!(
        out,
        "<details class=\"scenario-fold\"><summary>{name}</summary>{content}</details>"
    );
}

/// The content of the fold about what the result rests on.
pub fn assumptions(
    outcome: &Outcome,
    notes: &[String],
    catalogue: &Catalogue,
    language: Language,
) -> String {
    let mut out = String::new();
    let engine = concat!("bogi ", env!("CARGO_PKG_VERSION"));
    let mut facts = vec![
        (pick(language, "시나리오", "scenario").to_owned(), outcome.id.clone()),
        (pick(language, "시드", "seed").to_owned(), outcome.seed.to_string()),
        (pick(language, "엔진", "engine").to_owned(), engine.to_owned()),
    ];
    let named = outcome.assumptions.iter();
    facts.extend(named.map(|assumption| (assumption.name.clone(), assumption.value.clone())));
    out.push_str("<dl class=\"scenario-assumptions\">");
    for (name, value) in facts {
        let _ = write!(
            out,
            "<div><dt>{}</dt><dd>{}</dd></div>",
            escape::text(&name),
            escape::text(&value)
        );
    }
    out.push_str("</dl>");
    if !notes.is_empty() {
        out.push_str("<ul class=\"scenario-notes\">");
        for note in notes {
            let _ = write!(out, "<li>{}</li>", escape::text(note));
        }
        out.push_str("</ul>");
    }
    if !outcome.quotas.is_empty() {
        quotas(&outcome.quotas, catalogue, language)
            .write(&mut out, "scenario-table scenario-quotas");
    }
    out
}

/// The catalogue facts that a run read, with their dates and sources.
fn quotas(used: &[QuotaUsed], catalogue: &Catalogue, language: Language) -> Table {
    let columns = [
        pick(language, "할당량·가격", "quota or price"),
        pick(language, "값", "value"),
        pick(language, "기준일", "as of"),
        pick(language, "출처", "source"),
    ];
    let caption = pick(language, "이 결과가 읽은 카탈로그", "Catalogue facts behind this result");
    let mut table = Table::new(caption, &columns);
    for quota in used {
        let dimension = dimension(quota.dimension);
        let mut value = Quantity::new(quota.value, dimension).display(language);
        let entry = catalogue.get(&quota.name);
        if quota.overridden {
            let from = entry.map(|entry| entry.value.display(language)).unwrap_or_default();
            value = match language {
                Language::Korean => format!("{value} (시나리오가 정함, 카탈로그 {from})"),
                Language::English => format!("{value} (set here; catalogue {from})"),
            };
        } else if let Some(entry) = entry.filter(|entry| shows_unit(dimension, &entry.unit)) {
            value = format!("{value} {}", entry.unit);
        }
        table.rows.push(vec![
            Cell::head(&quota.name),
            Cell::value(value),
            Cell::value(entry.map_or("–", |entry| entry.as_of.as_str())),
            Cell::value(entry.map_or("–", |entry| entry.source.as_str())).class("words"),
        ]);
    }
    table
}

/// Whether the source's unit says more than the value's own: `USD/GB-s` does, `ms` doesn't.
fn shows_unit(dimension: Dimension, unit: &str) -> bool {
    let per = unit.contains('/') && dimension != Dimension::Rate;
    per || (dimension == Dimension::Number && !unit.is_empty())
}

fn dimension(stored: MeasureDimension) -> Dimension {
    match stored {
        MeasureDimension::Number => Dimension::Number,
        MeasureDimension::Duration => Dimension::Duration,
        MeasureDimension::Rate => Dimension::Rate,
        MeasureDimension::DataSize => Dimension::DataSize,
        MeasureDimension::Percent => Dimension::Percent,
        MeasureDimension::Money => Dimension::Money,
    }
}
