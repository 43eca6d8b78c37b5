//! The view `decisions`: who asked for what, what IAM decided, and by which statement.

use crate::aws::architecture::ResourceKind;
use crate::aws::iam::arn::Arn;
use crate::aws::iam::decision::{Decision, StatementName, Verdict};
use crate::aws::iam::policy::{Mismatch, PolicyType};
use crate::aws::iam::service::AccessMetrics;
use crate::quantity::Language;
use crate::scenario::view::facts::{Facts, Variant};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::resources::{Amount, Entry, Resource};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// The most rows of a table on the page; the data table has them all.
const MOST_ROWS: usize = 40;

/// Writes the view.
pub fn shown(facts: &Facts, language: Language) -> Shown {
    let variants: Vec<&Variant> = facts.ran().filter(|v| !v.decisions.is_empty()).collect();
    let Some(first) = variants.first() else {
        let none = pick(language, "IAM에 한 요청이 없음", "nothing was asked of IAM");
        return Shown { finding: none.to_owned(), ..Shown::default() };
    };
    let named = variants.iter().any(|variant| variant.name.is_some());
    let mut table =
        if named { compared(&variants, language) } else { detailed(&variants, language) };
    let rows = first.decisions.len();
    let mut notes = Vec::new();
    if rows > MOST_ROWS {
        table.rows.truncate(MOST_ROWS);
        notes.push(match language {
            Language::Korean => format!("요청 {rows}건 중 {MOST_ROWS}건만 보임"),
            Language::English => format!("{MOST_ROWS} of {rows} requests are shown"),
        });
    }
    let mut body = String::new();
    table.write(&mut body, "scenario-table scenario-permissions");
    Shown {
        finding: finding(&variants, language),
        body,
        notes,
        table: Some(stages(&variants, language)),
        ..Shown::default()
    }
}

/// How many were allowed and denied.
fn finding(variants: &[&Variant], language: Language) -> String {
    let tally = |variant: &Variant| {
        let decisions = &variant.decisions;
        let each = [
            (Verdict::Allowed, "허용", "allowed"),
            (Verdict::ExplicitDeny, "명시적 거부", "denied explicitly"),
            (Verdict::ImplicitDeny, "암시적 거부", "denied implicitly"),
        ];
        let parts = each.iter().filter_map(|(verdict, korean, english)| {
            let number = decisions.iter().filter(|d| d.decision.verdict == *verdict).count();
            let counted = count(number as u64);
            (number > 0).then(|| match language {
                Language::Korean => format!("{korean} {counted}건"),
                Language::English => format!("{counted} {english}"),
            })
        });
        parts.collect::<Vec<_>>().join(", ")
    };
    let each = variants.iter().map(|variant| match &variant.name {
        Some(name) => format!("‘{name}’ {}", tally(variant)),
        None => tally(variant),
    });
    let texts: Vec<String> = each.collect();
    match texts.first() {
        // What is the same everywhere is said once.
        Some(_) if variants.len() > 1 => {
            let tallies: Vec<String> = variants.iter().map(|variant| tally(variant)).collect();
            match tallies.first().filter(|first| tallies.iter().all(|tally| tally == *first)) {
                Some(same) => same.clone(),
                None => texts.join(" → "),
            }
        }
        _ => texts.concat(),
    }
}

/// What a decision is called.
pub fn verdict(verdict: Verdict, language: Language) -> &'static str {
    match verdict {
        Verdict::Allowed => pick(language, "✓ 허용", "✓ allowed"),
        Verdict::ExplicitDeny => pick(language, "✕ 명시적 거부", "✕ explicit deny"),
        Verdict::ImplicitDeny => pick(language, "✕ 암시적 거부", "✕ implicit deny"),
    }
}

/// The class of a cell that says whether something was allowed.
pub fn class(allowed: bool) -> &'static str {
    if allowed { "words allowed" } else { "words denied" }
}

/// What a type of policies is called.
pub fn policy_type(policy_type: PolicyType, language: Language) -> &'static str {
    let (korean, english) = match policy_type {
        PolicyType::ServiceControl => ("서비스 제어 정책(SCP)", "service control policy"),
        PolicyType::Resource => ("리소스 기반 정책", "resource-based policy"),
        PolicyType::Trust => ("신뢰 정책", "trust policy"),
        PolicyType::Identity => ("자격 증명 기반 정책", "identity-based policy"),
        PolicyType::Boundary => ("권한 경계", "permissions boundary"),
        PolicyType::Session => ("세션 정책", "session policy"),
    };
    pick(language, korean, english)
}

fn statement(name: &StatementName) -> String {
    format!("{} · {}", name.policy, name.statement)
}

/// Who decided: the policy and statement, or the type of policies that had to allow.
fn decided_by(decision: &Decision, language: Language) -> String {
    match (&decision.statement, decision.decided_by) {
        (Some(name), Some(by)) => format!("{} ({})", statement(name), policy_type(by, language)),
        (None, Some(by)) => policy_type(by, language).to_owned(),
        _ => pick(language, "루트 사용자", "the root user").to_owned(),
    }
}

/// Why, as far as the decision doesn't say it itself: the nearest miss of an implicit deny.
pub fn why(decision: &Decision, language: Language) -> String {
    if decision.verdict != Verdict::ImplicitDeny {
        return String::new();
    }
    let Some(nearest) = decision.near_misses.first() else {
        return pick(language, "허용하는 문이 없음", "no statement allows it").to_owned();
    };
    let name = statement(&nearest.name);
    let mismatch = mismatch(&nearest.mismatch, language);
    match language {
        Language::Korean => format!("가장 가까운 문 {name}: {mismatch}"),
        Language::English => format!("nearest statement {name}: {mismatch}"),
    }
}

/// What of a statement doesn't match.
fn mismatch(mismatch: &Mismatch, language: Language) -> String {
    match mismatch {
        Mismatch::Action => pick(language, "작업(Action)이 다름", "for other actions").to_owned(),
        Mismatch::Principal => {
            pick(language, "주체(Principal)가 다름", "for other principals").to_owned()
        }
        Mismatch::Resource(written) => {
            let written = written.join(", ");
            match language {
                Language::Korean => format!("작업은 맞지만 리소스가 다름 ({written})"),
                Language::English => format!("the action fits, the resource doesn't ({written})"),
            }
        }
        Mismatch::Variable(name) => match language {
            Language::Korean => format!("정책 변수에 값이 없음 (${{{name}}})"),
            Language::English => format!("the variable ${{{name}}} has no value"),
        },
        Mismatch::Condition { key, found, .. } if found.is_empty() => match language {
            Language::Korean => format!("조건 키가 요청에 없음 ({key})"),
            Language::English => format!("the request has no condition key {key}"),
        },
        Mismatch::Condition { operator, key, found, wanted } => {
            let (found, wanted) = (found.join(", "), wanted.join(", "));
            match language {
                Language::Korean => {
                    format!("조건 {operator} {key} 불일치: 요청은 {found}, 정책은 {wanted}")
                }
                Language::English => {
                    format!("condition {operator} on {key}: the request has {found}, not {wanted}")
                }
            }
        }
    }
}

/// A text about a resource with the last field of its ARN in the ARN's place.
pub fn short(text: &str, resource: &str) -> String {
    let last = Arn::parse(resource).map_or(resource, |arn| arn.resource);
    text.replace(resource, last)
}

fn request(access: &AccessMetrics) -> String {
    match access.resource.as_str() {
        "*" => access.action.clone(),
        resource => format!("{} {resource}", access.action),
    }
}

/// A table of one run with everything.
fn detailed(variants: &[&Variant], language: Language) -> Table {
    let columns = [
        pick(language, "누가", "who"),
        pick(language, "무엇을", "what"),
        pick(language, "결정", "decision"),
        pick(language, "결정한 정책 · 문", "decided by"),
        pick(language, "까닭", "why"),
    ];
    let mut table = Table::new(pick(language, "요청과 결정", "Requests and decisions"), &columns);
    for access in variants.iter().flat_map(|variant| &variant.decisions) {
        let decision = &access.decision;
        table.rows.push(vec![
            Cell::head(&access.principal),
            Cell::value(request(access)).class("words"),
            Cell::value(verdict(decision.verdict, language)).class(class(decision.allowed())),
            Cell::value(decided_by(decision, language)).class("words"),
            Cell::value(why(decision, language)).class("words"),
        ]);
    }
    table
}

/// A table of several variants: what was decided in each, and by whom.
fn compared(variants: &[&Variant], language: Language) -> Table {
    let names: Vec<String> = variants.iter().map(|variant| name_of(variant)).collect();
    let mut columns = vec![pick(language, "요청", "request")];
    columns.extend(names.iter().map(String::as_str));
    let mut table = Table::new(pick(language, "요청과 결정", "Requests and decisions"), &columns);
    let rows = variants.iter().map(|variant| variant.decisions.len()).max().unwrap_or(0);
    for row in 0..rows {
        let decided: Vec<Option<&AccessMetrics>> =
            variants.iter().map(|variant| variant.decisions.get(row)).collect();
        let asked: Vec<String> = decided
            .iter()
            .map(|access| {
                access.map_or_else(String::new, |access| {
                    let request = short(&request(access), &access.resource);
                    format!("{}: {request}", access.principal)
                })
            })
            .collect();
        let same = asked.iter().all(|text| Some(text) == asked.first());
        let mut cells = vec![Cell::head(asked.first().cloned().unwrap_or_default())];
        for (access, asked) in decided.iter().zip(&asked) {
            let Some(access) = access else {
                cells.push(Cell::value("–"));
                continue;
            };
            let decision = &access.decision;
            let said = verdict(decision.verdict, language);
            let mut text = format!("{said}: {}", decided_by(decision, language));
            let why = why(decision, language);
            if !why.is_empty() {
                text.push_str(&format!(". {why}"));
            }
            if !same {
                text = format!("{asked} — {text}");
            }
            cells.push(Cell::value(text).class(class(decision.allowed())));
        }
        table.rows.push(cells);
    }
    table
}

/// What each type of policies said of each request, for the fold.
fn stages(variants: &[&Variant], language: Language) -> Table {
    use crate::aws::iam::decision::Finding;
    let types = [
        PolicyType::ServiceControl,
        PolicyType::Resource,
        PolicyType::Identity,
        PolicyType::Boundary,
        PolicyType::Session,
    ];
    let mut columns = vec![pick(language, "요청", "request")];
    columns.extend(types.iter().map(|&known| policy_type(known, language)));
    columns.push(pick(language, "결정", "decision"));
    let caption = pick(language, "정책 종류마다 한 말", "What each type of policies said");
    let mut table = Table::new(caption, &columns);
    for variant in variants {
        for access in &variant.decisions {
            let mut asked = format!("{}: {}", access.principal, request(access));
            if variant.name.is_some() {
                asked = format!("{} · {asked}", name_of(variant));
            }
            let mut cells = vec![Cell::head(asked)];
            for known in types {
                let found = access.decision.stages.iter().find(|stage| {
                    let trust = (known, stage.policy_type);
                    stage.policy_type == known || trust == (PolicyType::Resource, PolicyType::Trust)
                });
                let text = found.map_or("–".to_owned(), |stage| {
                    let word = match stage.finding {
                        Finding::None => return "–".to_owned(),
                        Finding::Allows => pick(language, "허용", "allows"),
                        Finding::Denies => pick(language, "거부", "denies"),
                        Finding::Silent => return pick(language, "해당 없음", "silent").to_owned(),
                    };
                    match &stage.by {
                        Some(name) => format!("{word}: {}", statement(name)),
                        None => word.to_owned(),
                    }
                });
                cells.push(Cell::value(text).class("words"));
            }
            let decision = &access.decision;
            let said = verdict(decision.verdict, language);
            cells.push(Cell::value(said).class(class(decision.allowed())));
            table.rows.push(cells);
        }
    }
    table
}

/// Who asked, with how many requests were allowed and denied, for the summary.
pub fn resources(decisions: &[AccessMetrics]) -> Vec<Resource> {
    let mut all: Vec<Resource> = Vec::new();
    for access in decisions {
        if all.iter().any(|known| known.name == access.principal) {
            continue;
        }
        let own = || decisions.iter().filter(|known| known.principal == access.principal);
        let allowed = own().filter(|known| known.decision.allowed()).count() as u64;
        let denied = own().count() as u64 - allowed;
        all.push(Resource {
            name: access.principal.clone(),
            kind: ResourceKind::Source,
            entries: vec![
                Entry::new("허용된 요청", "Allowed requests", Amount::Count(allowed)).headline(),
                Entry::new("거부된 요청", "Denied requests", Amount::Count(denied)).headline(),
            ],
        });
    }
    all
}
