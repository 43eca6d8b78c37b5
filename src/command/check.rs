//! `bogi check`: does everything that the site claims still hold? It writes no site.

use crate::command::arguments::CheckArguments;
use crate::command::exit::Exit;
use crate::command::report::human::{counted, frames};
use crate::command::{lock, site};
use crate::diagnostic::Severity;

/// Checks the site.
pub fn check(arguments: &CheckArguments) -> Exit {
    let shell = site::shell(&arguments.site);
    let run = match site::run_check(&shell, &arguments.site) {
        Ok(run) => run,
        Err(exit) => return exit,
    };
    let built = &run.built;
    if arguments.drift {
        return lock::drift::drift(&shell, &arguments.site.source, built);
    }
    let locked = lock::check(&arguments.site.source, built, |_| true);
    let found = lock::among(&built.diagnostics, locked.diagnostics);
    let mut shown = found.clone();
    if shell.is_quiet() && !arguments.strict {
        shown.retain(|found| found.severity() == Severity::Error);
    }
    shell.error_text(&frames(&shown, shell.style()));
    if arguments.site.profile {
        site::profile(&shell, &run.times, None);
    }
    let count = |severity| found.iter().filter(|found| found.severity() == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    let counts = built.counts;
    let held = counts.scenarios - counts.broken;
    shell.status(
        "Checked",
        &format!(
            "{}: {held} of {} {}, {} and {} in {:.2}s",
            counted(counts.pages, "page"),
            counted(counts.scenarios, "scenario"),
            if counts.scenarios == 1 { "holds" } else { "hold" },
            counted(errors, "error"),
            counted(warnings, "warning"),
            run.seconds,
        ),
    );
    if errors > 0 || (arguments.strict && warnings > 0) { Exit::Broken } else { Exit::Success }
}
