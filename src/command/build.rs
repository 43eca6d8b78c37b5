//! `bogi build`: the site on disk.

use std::collections::BTreeSet;
use std::time::Instant;

use serde_json::json;

use crate::command::arguments::BuildArguments;
use crate::command::exit::Exit;
use crate::command::report::human::{counted, frames, from_here};
use crate::command::report::json;
use crate::command::{selecting, site};
use crate::diagnostic::{Diagnostic, Severity};
use crate::output::settle::{self, Settled, settle};
use crate::pipeline::{self, Built};

/// Builds the site and writes what changed.
pub fn build(arguments: &BuildArguments) -> Exit {
    let shell = site::shell(&arguments.site);
    let run = match site::run(&shell, &arguments.site, arguments.destination.clone()) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let built = &run.built;
    let begin = Instant::now();
    let settled = settle(&built.output, &built.destination, &built.keep_files);
    let settle_seconds = begin.elapsed().as_secs_f64();
    let diagnostics: Vec<Diagnostic> = built.diagnostics.iter().cloned().map(demote).collect();
    let shown: Vec<Diagnostic> = diagnostics
        .iter()
        .filter(|found| !shell.is_quiet() || found.severity() == Severity::Error)
        .cloned()
        .collect();
    let here = from_here(&shown, &arguments.site.source, shell.style());
    shell.error_text(&frames(&here, shell.style()));
    if arguments.site.profile {
        site::profile(&shell, &run.times, Some(settle_seconds));
    }
    let failed = settled.is_err();
    let settled = settled.unwrap_or_else(|failures| {
        site::impossible(&shell, &failures);
        Settled::default()
    });
    if settled.foreign {
        site::impossible(&shell, &[settle::not_ours(&built.destination)]);
    }
    let withheld = pipeline::withheld(&built.output).count();
    if withheld > 0 {
        let pages = counted(withheld, "page");
        shell.status("Withheld", &format!("{pages} with errors; what stood there stays"));
    }
    let written = format!(
        "{} written, {} unchanged, {} removed",
        settled.written, settled.unchanged, settled.removed
    );
    shell.detail("Settled", &written);
    let counts = built.counts;
    shell.status(
        if failed { "Unfinished" } else { "Built" },
        &format!(
            "{}, {} ({} from cache) in {:.2}s → {}",
            counted(counts.pages, "page"),
            counted(counts.scenarios, "scenario"),
            counts.cached,
            run.seconds + settle_seconds,
            built.destination.display(),
        ),
    );
    let exit = if failed {
        Exit::Unable
    } else if shown.iter().any(|found| found.severity() == Severity::Error) {
        Exit::Broken
    } else {
        Exit::Success
    };
    if arguments.json {
        let seconds = run.seconds + settle_seconds;
        shell.data(&json(arguments, built, &settled, &diagnostics, (exit, seconds)));
    }
    exit
}

/// What was built, for programs; described in `docs/check-json.md`.
fn json(
    arguments: &BuildArguments,
    built: &Built,
    settled: &Settled,
    diagnostics: &[Diagnostic],
    (exit, seconds): (Exit, f64),
) -> String {
    let base = selecting::base(&arguments.site.source, BTreeSet::new());
    let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
    let errors = diagnostics.iter().filter(is_error).count();
    let diagnostics = diagnostics.iter().map(|found| json::diagnostic(&base, found));
    let diagnostics: Vec<_> = diagnostics.collect();
    let root = json!({
        "version": json::VERSION,
        "tool": json::tool(),
        "exit_code": exit.code(),
        "destination": built.destination,
        "counts": {
            "pages": built.counts.pages,
            "errors": errors,
            "warnings": diagnostics.len() - errors,
            "scenarios": built.counts.scenarios,
            "cached": built.counts.cached,
        },
        "files": {
            "written": settled.written,
            "unchanged": settled.unchanged,
            "removed": settled.removed,
            "withheld": pipeline::withheld(&built.output).collect::<Vec<_>>(),
        },
        "diagnostics": diagnostics,
        "seconds": json::rounded(seconds),
    });
    format!("{root:#}\n")
}

/// Links that lead nowhere and front matter that can't be read don't keep a site from being built,
/// in Jekyll as here; to fail for them is the business of `bogi check`.
pub fn demote(mut found: Diagnostic) -> Diagnostic {
    if pipeline::mistakes::is_let_pass(&found) {
        found.demoted = true;
    }
    found
}
