//! `bogi bless`: what scenarios measure now is what they are held to from now on.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::table::table;
use super::{load, save, site};
use crate::command::arguments::BlessArguments;
use crate::command::exit::Exit;
use crate::command::report::human::{counted, frames};
use crate::command::shell::Shell;
use crate::diagnostic::closest;
use crate::pipeline::Built;
use crate::scenario::lock::FILE;
use crate::scenario::lock::accept::{Accepted, Change, accept};
use crate::scenario::lock::compare::{Comparison, FactChange};

/// How many movements of a scenario, new scenarios and facts are shown without `--all`.
const SHOWN_MAX: usize = 20;

/// Shows what changed, asks, and writes the lock.
pub fn bless(arguments: &BlessArguments) -> Exit {
    let shell = crate::command::site::shell(&arguments.site);
    let run = match crate::command::site::run(&shell, &arguments.site, None) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let built = &run.built;
    if let Some(exit) = unknown(&shell, &arguments.ids, built) {
        return exit;
    }
    let old = match load(&arguments.site.source) {
        Ok(old) => old.map(|read| read.lock),
        Err(diagnostic) => {
            shell.error_text(&frames(&[*diagnostic], shell.style()));
            return Exit::Unable;
        }
    };
    let ids: BTreeSet<String> = arguments.ids.iter().cloned().collect();
    let accepted = accept(old.as_ref(), &site(built, |_| true), &ids);
    shell.data(&changes(&accepted, arguments.site.all));
    let refused = refuse(&shell, &accepted, &ids, built);
    let ending = if refused { Exit::Broken } else { Exit::Success };
    let summary = summary(&accepted);
    if accepted.is_empty() {
        shell.status("Blessed", if refused { "nothing else" } else { "nothing: all is as it was" });
        return ending;
    }
    if arguments.dry_run {
        shell.status("Unchanged", &format!("{summary} (`--dry-run` writes nothing)"));
        return ending;
    }
    match arguments.yes.then_some(true).or_else(|| shell.ask(&format!("write `{FILE}`?"))) {
        None => {
            shell.error_text(
                "error: nobody can be asked, because this is no terminal\n\nhint: `--yes` writes \
                 without asking, `--dry-run` only shows\n",
            );
            return Exit::Unable;
        }
        Some(false) => {
            shell.status("Unchanged", &format!("`{FILE}` is as it was"));
            return ending;
        }
        Some(true) => {}
    }
    if let Err(diagnostic) = save(&arguments.site.source, &accepted.lock) {
        shell.error_text(&frames(&[*diagnostic], shell.style()));
        return Exit::Unable;
    }
    shell.status("Blessed", &format!("{summary} → {FILE}"));
    ending
}

/// Says which of the ids no scenario has.
fn unknown(shell: &Shell, ids: &[String], built: &Built) -> Option<Exit> {
    let known = || built.outcomes.keys().chain(built.failed.keys()).map(String::as_str);
    let strange: Vec<&String> =
        ids.iter().filter(|id| !known().any(|known| known == id.as_str())).collect();
    for id in &strange {
        shell.error_text(&format!("error: there is no scenario `{id}`\n"));
        match closest(id, known()) {
            Some(near) => shell.error_text(&format!("\nhint: did you mean `{near}`?\n")),
            None => shell.error_text(
                "\nhint: `bogi bless` without ids accepts all, and drops those that are gone\n",
            ),
        }
    }
    (!strange.is_empty()).then_some(Exit::Unable)
}

/// Names the scenarios whose claims don't hold, and those that have errors; whether there are any.
fn refuse(shell: &Shell, accepted: &Accepted, ids: &BTreeSet<String>, built: &Built) -> bool {
    let asked = |id: &&String| ids.is_empty() || ids.contains(*id);
    for id in &accepted.refused {
        shell.error_text(&format!(
            "error: `{id}` is not blessed, because an expectation of it does not hold\n"
        ));
    }
    let failed: Vec<&String> = built.failed.keys().filter(asked).collect();
    for id in &failed {
        shell.error_text(&format!("error: `{id}` is not blessed, because its block has errors\n"));
    }
    let any = !(accepted.refused.is_empty() && failed.is_empty());
    if any {
        shell.error_text("\nhint: `bogi check` shows them at their places\n\n");
    }
    any
}

/// Everything that changes, for people.
fn changes(accepted: &Accepted, all: bool) -> String {
    let most = if all { usize::MAX } else { SHOWN_MAX };
    let mut out = String::new();
    let mut new = Vec::new();
    for (id, change) in &accepted.changes {
        match change {
            Change::New => new.push(vec![id.clone(), "new".to_owned()]),
            Change::Gone => {
                let _ = writeln!(out, "{id}  gone");
            }
            Change::Other(comparison) => {
                let _ = writeln!(out, "{id}");
                out.push_str(&moved(comparison, most));
            }
        }
    }
    cut(&mut out, new, 0, most);
    let facts = accepted.facts.iter();
    let known: Vec<&FactChange> =
        facts.filter(|fact| fact.before.is_some() && fact.after.is_some()).collect();
    if !known.is_empty() {
        out.push_str("facts\n");
        let row = |fact: &&FactChange| {
            let (before, after) = fact.shown();
            vec![fact.name.clone(), format!("{before} → {after}")]
        };
        cut(&mut out, known.iter().map(row).collect(), 2, most);
    }
    out
}

fn cut(out: &mut String, mut rows: Vec<Vec<String>>, indent: usize, most: usize) {
    let hidden = rows.len().saturating_sub(most);
    rows.truncate(most);
    out.push_str(&table(&rows, indent));
    if hidden > 0 {
        let _ = writeln!(out, "{}and {hidden} more (`--all` shows them)", " ".repeat(indent));
    }
}

fn moved(comparison: &Comparison, most: usize) -> String {
    let mut out = String::new();
    let row = |movement: &crate::scenario::lock::compare::Movement| {
        let (before, after) = movement.shown();
        let change = movement.change().unwrap_or_default();
        vec![movement.name(), format!("{before} → {after}"), change]
    };
    cut(&mut out, comparison.telling().into_iter().map(row).collect(), 2, most);
    if comparison.movements.is_empty() {
        out.push_str(match comparison.other_measures {
            true => "  measures moved that the lock doesn't list\n",
            false => "  measures the same\n",
        });
    }
    for reason in comparison.reasons() {
        let _ = writeln!(out, "  why: {reason}");
    }
    out
}

/// `2 changed, 1 new, 1 gone`.
fn summary(accepted: &Accepted) -> String {
    let count = |wanted: fn(&Change) -> bool| {
        accepted.changes.values().filter(|change| wanted(change)).count()
    };
    let parts = [
        (count(|change| matches!(change, Change::Other(_))), "changed"),
        (count(|change| matches!(change, Change::New)), "new"),
        (count(|change| matches!(change, Change::Gone)), "gone"),
    ];
    let parts = parts.iter().filter(|(count, _)| *count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    let facts = counted(accepted.facts.len(), "fact");
    match (parts.is_empty(), accepted.facts.is_empty()) {
        (true, true) => "no scenario".to_owned(),
        (true, false) => facts,
        (false, _) => {
            let scenarios = counted(accepted.changes.len(), "scenario");
            let facts =
                if accepted.facts.is_empty() { String::new() } else { format!(", {facts}") };
            format!("{scenarios} ({}){facts}", parts.join(", "))
        }
    }
}
