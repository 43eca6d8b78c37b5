//! What the preview says in the terminal.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::command::report::human::{counted, frames};
use crate::command::serve::rebuild::Rebuilt;
use crate::command::serve::snapshot::{Snapshot, is_page};
use crate::command::shell::Shell;
use crate::command::site::Changes;
use crate::diagnostic::{Diagnostic, Severity};

/// Where the preview speaks.
#[derive(Debug)]
pub struct Report {
    shell: Shell,
    profile: bool,
}

impl Report {
    /// A report on a shell.
    pub fn new(shell: Shell, profile: bool) -> Self {
        Self { shell, profile }
    }

    /// Frames.
    pub fn diagnostics(&self, found: &[Diagnostic]) {
        let quiet = self.shell.is_quiet();
        let shown = found.iter().filter(|found| !quiet || found.severity() == Severity::Error);
        let shown: Vec<Diagnostic> = shown.cloned().collect();
        self.shell.error_text(&frames(&shown, self.shell.style()));
    }

    /// The first word: what is wrong, and where the site is.
    pub fn started(&self, first: &Rebuilt, url: &str, (asked, port): (u16, u16)) {
        self.diagnostics(&first.snapshot.problems.found);
        self.times(first);
        if port != asked && asked != 0 {
            self.shell.status("Note", &format!("port {asked} is taken, {port} is not"));
        }
        let site = match first.counts {
            Some(counts) => format!(
                "{}, {} ({} from cache) in {:.2}s",
                counted(counts.pages, "page"),
                counted(counts.scenarios, "scenario"),
                counts.cached,
                first.seconds,
            ),
            None => "no site yet".to_owned(),
        };
        self.shell.status("Serving", &format!("{url} with {site} (Ctrl C ends it)"));
    }

    fn times(&self, rebuilt: &Rebuilt) {
        if self.profile {
            crate::command::site::profile(&self.shell, &rebuilt.times, None);
        }
    }

    /// One line for a rebuild, frames for what is newly wrong, and a word when all is well again.
    pub fn rebuilt(&self, changes: &Changes, rebuilt: &Rebuilt, root: Option<&Path>) {
        let site = &rebuilt.snapshot;
        let found = &site.problems.found;
        let before = rebuilt.last.as_deref().map_or(&[][..], |last| &last.problems.found);
        let errors = site.problems.counts().0;
        let said: BTreeSet<_> = before.iter().map(mistake).collect();
        // What was said is said again only as an error in a file that was just saved.
        let again =
            |found: &Diagnostic| found.severity() == Severity::Error && concerns(changes, found);
        let new = found.iter().filter(|found| !said.contains(&mistake(found)) || again(found));
        self.diagnostics(&new.cloned().collect::<Vec<_>>());
        self.times(rebuilt);
        let what = named(changes, root);
        let outcome = if site.problems.without_site {
            "no site, the last one stays".to_owned()
        } else {
            let pages = rebuilt.last.as_deref().map_or(0, |last| changed_pages(site, last));
            format!("{} changed", counted(pages, "page"))
        };
        let errors_left =
            if errors > 0 { format!(", {}", counted(errors, "error")) } else { String::new() };
        let time = milliseconds(rebuilt.seconds);
        self.shell.status("Rebuilt", &format!("{what} in {time}, {outcome}{errors_left}"));
        if errors == 0 && before.iter().any(|found| found.severity() == Severity::Error) {
            self.shell.status("Mended", "no errors are left");
        }
    }

    /// A word about a mistake of bogi's own, after which the preview goes on.
    pub fn bug(&self) {
        self.shell.error_text(
            "\nerror: this is a bug in bogi, not in your site; the last site stays\n\nhint: report \
             it with the message above and the file that causes it\n\n",
        );
    }
}

/// What a mistake is, wherever in its file it has moved to.
fn mistake(found: &Diagnostic) -> (&str, &str, &str, &str) {
    let place = found.place.as_ref().map(|place| (place.source().path(), place.text()));
    let (path, text) = place.unwrap_or_default();
    (found.code.0, &found.message, path, text)
}

/// Whether a mistake stands in one of the files that changed.
fn concerns(changes: &Changes, found: &Diagnostic) -> bool {
    let Changes::Files(paths) = changes else { return true };
    let path = found.place.as_ref().map(|place| Path::new(place.source().path()));
    path.is_none_or(|own| paths.iter().any(|path| path.ends_with(own)))
}

fn milliseconds(seconds: f64) -> String {
    if seconds < 1.0 { format!("{:.0}ms", seconds * 1000.0) } else { format!("{seconds:.2}s") }
}

/// The name of one changed file, or how many there are.
fn named(changes: &Changes, root: Option<&Path>) -> String {
    let shown = |path: &PathBuf| {
        let inside = root.and_then(|root| path.strip_prefix(root).ok()).unwrap_or(path);
        inside.display().to_string()
    };
    match changes {
        Changes::Everything => "everything".to_owned(),
        Changes::Files(paths) => {
            // What a save wrote under another name first is gone by now.
            let mut here: Vec<&PathBuf> = paths.iter().filter(|path| path.exists()).collect();
            if here.is_empty() {
                here.extend(paths);
            }
            match here.as_slice() {
                [path] => shown(path),
                paths => counted(paths.len(), "file"),
            }
        }
    }
}

/// How many pages came, went or changed.
fn changed_pages(site: &Snapshot, last: &Snapshot) -> usize {
    let difference = site.difference(last);
    let all = difference.changed.iter().chain(&difference.added).chain(&difference.removed);
    all.filter(|path| is_page(path)).count()
}
