//! The text of a lock: YAML in one layout only, sorted, so that the same lock is the same bytes and
//! two branches that touch different scenarios touch different lines.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::{Entry, FORMAT, Lock, Row};
use crate::quantity::Quantity;

/// The first lines, for whoever finds the file in a diff.
const HEAD: &str = "\
# What the scenarios of this site measured when they were last accepted. `bogi check` compares,
# `bogi bless` writes this file. Commit it; measures that are 0 or none are not listed.
";

/// The whole text.
pub fn write(lock: &Lock) -> String {
    let mut out = String::from(HEAD);
    let _ = writeln!(out, "format: {FORMAT}");
    out.push_str("facts:\n");
    facts(&lock.facts, 2, &mut out);
    out.push_str("scenarios:\n");
    for (id, entry) in &lock.scenarios {
        let _ = writeln!(out, "  {}:", name(id));
        write_entry(entry, &lock.facts, &mut out);
    }
    out
}

fn facts(facts: &BTreeMap<String, Quantity>, indent: usize, out: &mut String) {
    for (fact, value) in facts {
        let _ = writeln!(out, "{}{}: {}", " ".repeat(indent), name(fact), value.exact());
    }
}

fn write_entry(entry: &Entry, shared: &BTreeMap<String, Quantity>, out: &mut String) {
    let _ = writeln!(out, "    key: {}", entry.key);
    let _ = writeln!(out, "    digest: {}", entry.digest);
    let _ = writeln!(out, "    engine: {}", entry.engine);
    let _ = writeln!(out, "    catalogue: {}", entry.catalogue);
    let _ = writeln!(out, "    facts: [{}]", list(entry.facts.keys()));
    // The values stand once, above. A scenario that was accepted by itself may know others.
    let own = entry.facts.iter().filter(|&(name, value)| shared.get(name) != Some(value));
    let own: BTreeMap<String, Quantity> = own.map(|(name, value)| (name.clone(), *value)).collect();
    if !own.is_empty() {
        out.push_str("    other facts:\n");
        facts(&own, 6, out);
    }
    if !entry.variants.is_empty() {
        let _ = writeln!(out, "    variants: [{}]", list(entry.variants.iter()));
    }
    out.push_str("    measures:\n");
    for (path, row) in &entry.measures {
        let text = match row {
            Row::Same(value) => value.clone(),
            Row::Each(values) => {
                let named = entry.variants.iter().zip(values);
                let named = named.map(|(variant, value)| format!("{}: {value}", name(variant)));
                format!("{{ {} }}", named.collect::<Vec<_>>().join(", "))
            }
        };
        let _ = writeln!(out, "      {}: {text}", key(path));
    }
    if entry.points > 0 {
        let _ = writeln!(out, "    points: {}", entry.points);
        out.push_str("    sweep:\n");
        for (path, row) in &entry.sweep {
            let text = match row {
                Row::Same(value) => value.clone(),
                Row::Each(values) => format!("[{}]", values.join(", ")),
            };
            let _ = writeln!(out, "      {}: {text}", key(path));
        }
    }
    if entry.unlisted > 0 {
        let _ = writeln!(out, "    unlisted: {}", entry.unlisted);
    }
}

fn list<'a>(names: impl Iterator<Item = &'a String>) -> String {
    names.map(|text| name(text)).collect::<Vec<_>>().join(", ")
}

/// A name as YAML has it anywhere: bare where nothing in it means anything.
fn name(text: &str) -> String {
    let is_bare = |c: char| c.is_alphanumeric() || "_-./ ".contains(c);
    if is_usual(text) && text.chars().all(is_bare) { text.to_owned() } else { quoted(text) }
}

/// A path before a value, which may have brackets besides.
fn key(path: &str) -> String {
    let is_bare = |c: char| c.is_alphanumeric() || "_-./ []".contains(c);
    if is_usual(path) && path.chars().all(is_bare) { path.to_owned() } else { quoted(path) }
}

fn is_usual(text: &str) -> bool {
    text.starts_with(char::is_alphanumeric) && !text.ends_with(' ')
}

/// A text in quotes, as both JSON and YAML read it, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                out.push('\\');
                out.push(c);
            }
            '\n' => out.push_str("\\n"),
            // What ends a line for somebody, or can't stand in YAML at all.
            c if c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c) || c == '\u{feff}' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
