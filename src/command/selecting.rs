//! What `bogi check` is asked to look at, as the pipeline understands it: paths as the user stands
//! become paths in the site, a revision becomes the files that differ from it.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::process::Command;

use crate::command::arguments::CheckArguments;
use crate::command::report::Base;
use crate::command::site::BAD_ARGUMENT;
use crate::diagnostic::Diagnostic;
use crate::pipeline::selection::{Notes, Selection};

/// A selection, and the files that are known to have changed.
pub struct Selected {
    /// What is judged.
    pub selection: Selection,
    /// The changed files, relative to the site's folder; empty where nobody asked.
    pub changed: BTreeSet<String>,
}

/// What the arguments select.
///
/// # Errors
/// A path outside of the site, a revision that git doesn't know.
pub fn selected(arguments: &CheckArguments) -> Result<Selected, Box<Diagnostic>> {
    let source = &arguments.site.source;
    let mut changed = BTreeSet::new();
    let notes = match &arguments.changed {
        Some(revision) => {
            let since = changes(source, revision)?;
            changed.extend(since.paths.iter().cloned());
            if since.removed { Notes::All } else { Notes::Changed(since.paths) }
        }
        None if arguments.paths.is_empty() => Notes::All,
        None => {
            let paths = arguments.paths.iter().map(|path| in_site(source, path));
            Notes::Named(paths.collect::<Result<_, _>>()?)
        }
    };
    let selection = Selection {
        notes,
        scenarios: arguments.scenarios.clone(),
        shard: arguments.shard,
        fail_fast: arguments.fail_fast,
    };
    Ok(Selected { selection, changed })
}

/// A path as the user stands as a path in the site, with `/` between its parts.
fn in_site(source: &Path, path: &Path) -> Result<String, Box<Diagnostic>> {
    let inside = relative(&absolute(source), &absolute(path)).or_else(|| {
        let (source, path) = (source.canonicalize().ok()?, path.canonicalize().ok()?);
        relative(&source, &path)
    });
    inside.ok_or_else(|| {
        let message = format!("`{}` is not in the site's folder", path.display());
        Box::new(
            Diagnostic::new(BAD_ARGUMENT, message)
                .note(format!("the site's folder is `{}`", source.display()))
                .hint(
                    "name the site's folder with `--source`, and the note as you see it from here",
                ),
        )
    })
}

/// The path from a folder to something in it; empty for the folder itself.
fn relative(folder: &Path, path: &Path) -> Option<String> {
    let inside = path.strip_prefix(folder).ok()?;
    let parts: Vec<_> =
        inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(parts.join("/"))
}

/// A path from the root, without `.` and `..`.
fn absolute(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            part => out.push(part),
        }
    }
    out
}

/// What differs from a revision.
struct Changes {
    /// The files of the site that are new or differ, relative to its folder.
    paths: Vec<String>,
    /// Whether a file is gone, to which any page may have linked.
    removed: bool,
}

/// What of the site differs from a revision of git, files that git doesn't know yet among it.
fn changes(source: &Path, revision: &str) -> Result<Changes, Box<Diagnostic>> {
    if revision.starts_with('-') || revision.is_empty() {
        return Err(Box::new(no_revision(revision, &[])));
    }
    let difference =
        ["diff", "--name-status", "--no-renames", "--relative", "-z", revision, "--", "."];
    let difference = git(source, &difference).map_err(|said| no_revision(revision, &said))?;
    let untracked = ["ls-files", "--others", "--exclude-standard", "-z", "--", "."];
    let untracked = git(source, &untracked).map_err(|said| no_revision(revision, &said))?;
    let mut changes = Changes { paths: Vec::new(), removed: false };
    let mut fields = difference.split('\0').filter(|field| !field.is_empty());
    while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
        // What lies hidden belongs to no site; the files that Jekyll reads begin otherwise.
        let is_removed = status == "D" && !path.starts_with('.');
        changes.removed |= is_removed;
        changes.paths.push(path.to_owned());
    }
    let untracked = untracked.split('\0').filter(|path| !path.is_empty());
    changes.paths.extend(untracked.map(str::to_owned));
    Ok(changes)
}

/// What git prints.
///
/// # Errors
/// What it complains of, a line each.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, Vec<String>> {
    let output = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args(arguments)
        .output()
        .map_err(|error| vec![format!("git can't be run: {error}")])?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(said.lines().take(1).map(|line| format!("git: {line}")).collect())
}

fn no_revision(revision: &str, said: &[String]) -> Diagnostic {
    let mut diagnostic =
        Diagnostic::new(BAD_ARGUMENT, format!("the changes since `{revision}` can't be told"));
    diagnostic.notes = said.to_vec();
    diagnostic.hint(
        "`--changed` takes a revision that this clone has, for instance `--changed HEAD`; \
         a shallow clone lacks most",
    )
}

/// Where the site lies in its repository, and where GitHub shows its files.
pub fn base(source: &Path, changed: BTreeSet<String>) -> Base {
    let source = source.canonicalize().unwrap_or_else(|_| absolute(source));
    let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let workspace = workspace.and_then(|folder| folder.canonicalize().ok());
    let of_workspace = workspace.and_then(|folder| relative(&folder, &source));
    let inside = of_workspace.or_else(|| {
        let root = source.ancestors().find(|folder| folder.join(".git").exists())?;
        relative(root, &source)
    });
    let prefix = match inside {
        Some(inside) if !inside.is_empty() => format!("{inside}/"),
        _ => String::new(),
    };
    let variable = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let link = (|| {
        let server = variable("GITHUB_SERVER_URL")?;
        let (repository, revision) = (variable("GITHUB_REPOSITORY")?, variable("GITHUB_SHA")?);
        Some(format!("{server}/{repository}/blob/{revision}/"))
    })();
    Base { prefix, link, changed }
}
