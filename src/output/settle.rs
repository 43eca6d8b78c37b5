//! Settling an output on disk. The one writer: it touches only what changed, writes every file
//! under a temporary name and renames it, and removes what no longer belongs to the site.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Code, Diagnostic};
use crate::output::{Content, Entry, Output};

/// A file or folder of the destination could not be written, read or removed.
pub const CANNOT_WRITE: Code = Code("E0701");
/// The destination holds files that bogi didn't make, so nothing is removed from it.
pub const NOT_OURS: Code = Code("W0703");

/// The beginning of the temporary names; what a killed build left is removed by the next one.
const TEMPORARY_PREFIX: &str = ".~bogi-";
/// How many temporary names of a file are tried.
const ATTEMPTS: usize = 64;
/// The file by which bogi knows a folder as one that it made: only there it removes what no longer
/// belongs to the site.
pub const MARKER: &str = ".bogi-site";
/// What the marker says to people.
const MARKER_TEXT: &str =
    "bogi made this folder, and removes from it what isn't part of the site.\n";
/// A folder of this name is known to hold a site, Jekyll's or bogi's, without a marker.
const SITE_FOLDER: &str = "_site";
/// How deep below the destination orphans are looked for.
const DEPTH_MAX: usize = 64;

/// What settling did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Files that were written, new or changed.
    pub written: usize,
    /// Files that stood there with the same bytes.
    pub unchanged: usize,
    /// Files that were removed because they no longer belong to the site.
    pub removed: usize,
    /// Whether the destination held files of somebody else, so that nothing was removed.
    pub foreign: bool,
}

/// Brings the destination to the state of the output. Files that hold the right bytes aren't
/// touched. Files whose path in the destination begins with one of `keep_files` are never removed.
///
/// # Errors
/// A diagnostic for each file that couldn't be written or removed; all others are settled.
pub fn settle(
    output: &Output,
    destination: &Path,
    keep_files: &[String],
) -> Result<Settled, Vec<Diagnostic>> {
    let mut failures = Vec::new();
    let foreign = is_foreign(destination);
    let mut settled = Settled { foreign, ..Settled::default() };
    if let Err(error) = fs::create_dir_all(destination) {
        return Err(vec![cannot(destination, &error)]);
    }
    make_folders(output, destination, &mut failures);
    let good: Vec<(&String, &Entry)> =
        output.entries.iter().filter(|(_, entry)| !entry.broken).collect();
    let results: Vec<Result<bool, Box<Diagnostic>>> = good
        .par_iter()
        .map(|(path, entry)| {
            let target = destination.join(path);
            write_entry(&target, &entry.content).map_err(|error| Box::new(cannot(&target, &error)))
        })
        .collect();
    for result in results {
        match result {
            Ok(true) => settled.written += 1,
            Ok(false) => settled.unchanged += 1,
            Err(failure) => failures.push(*failure),
        }
    }
    if !foreign && let Err(failure) = mark(destination) {
        failures.push(*failure);
    }
    if !output.incomplete && !foreign {
        let sweep = Sweep { output, keep_files, root: destination };
        sweep.folder(destination, "", 0, &mut settled.removed, &mut failures);
    }
    if failures.is_empty() { Ok(settled) } else { Err(failures) }
}

fn cannot(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(CANNOT_WRITE, format!("cannot write `{}`: {error}", path.display()))
        .hint("see whether the disk is full and whether you may write there")
}

/// Makes all folders before any file, on one thread; a file or link that stands where a folder must
/// be makes way, so that nothing is ever written through a link out of the destination.
fn make_folders(output: &Output, destination: &Path, failures: &mut Vec<Diagnostic>) {
    let mut folders = BTreeSet::new();
    for (path, entry) in &output.entries {
        if entry.broken {
            continue;
        }
        for (at, _) in path.match_indices('/') {
            folders.insert(&path[..at]);
        }
    }
    for folder in folders {
        let target = destination.join(folder);
        let made = match fs::symlink_metadata(&target) {
            Ok(metadata) if metadata.is_dir() => Ok(()),
            Ok(_) => fs::remove_file(&target).and_then(|()| fs::create_dir(&target)),
            Err(_) => fs::create_dir(&target),
        };
        if let Err(error) = made {
            failures.push(cannot(&target, &error));
        }
    }
}

/// Whether the destination holds something and nothing says that it is a site of bogi's or
/// Jekyll's: an author who names the wrong folder must not lose what is in it.
fn is_foreign(destination: &Path) -> bool {
    let is_known = destination.file_name().is_some_and(|name| name == SITE_FOLDER)
        || destination.join(MARKER).is_file();
    let holds_something =
        fs::read_dir(destination).is_ok_and(|mut entries| entries.next().is_some());
    holds_something && !is_known
}

/// Marks the destination as a folder of bogi's.
fn mark(destination: &Path) -> Result<(), Box<Diagnostic>> {
    let marker = destination.join(MARKER);
    if marker.is_file() {
        return Ok(());
    }
    fs::write(&marker, MARKER_TEXT).map_err(|error| Box::new(cannot(&marker, &error)))
}

/// What to say of a destination from which nothing is removed.
pub fn not_ours(destination: &Path) -> Diagnostic {
    let place = destination.display();
    Diagnostic::new(NOT_OURS, format!("`{place}` holds files that bogi didn't make"))
        .note("the site was written, and nothing was removed")
        .hint(format!("if the folder is for the site alone, empty it once or add `{MARKER}` to it"))
}

/// Writes a file unless it stands there already; tells whether it wrote.
fn write_entry(target: &Path, content: &Content) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(target).ok();
    if metadata.as_ref().is_some_and(fs::Metadata::is_dir) {
        fs::remove_dir_all(target)?;
    }
    let old = metadata.filter(fs::Metadata::is_file);
    match content {
        Content::Bytes(bytes) => {
            let same_length = old.is_some_and(|old| old.len() == bytes.len() as u64);
            if same_length && holds(target, bytes)? {
                return Ok(false);
            }
            replace(target, |file| file.write_all(bytes))?;
        }
        Content::CopyOf(source) => {
            let from = fs::metadata(source)?;
            let modified = from.modified().ok();
            if old.is_some_and(|old| old.len() == from.len() && old.modified().ok() == modified) {
                return Ok(false);
            }
            replace(target, |file| {
                io::copy(&mut File::open(source)?, file)?;
                // The copy's time says next time that nothing changed, without reading it.
                modified.map_or(Ok(()), |modified| file.set_modified(modified))
            })?;
        }
    }
    Ok(true)
}

/// Whether a file of the right length holds these bytes.
fn holds(target: &Path, bytes: &[u8]) -> io::Result<bool> {
    let mut file = File::open(target)?;
    let mut buffer = [0; 16 * 1024];
    let mut rest = bytes;
    loop {
        let length = file.read(&mut buffer)?;
        if length == 0 {
            return Ok(rest.is_empty());
        }
        match rest.split_at_checked(length) {
            Some((expected, remaining)) if expected == &buffer[..length] => rest = remaining,
            _ => return Ok(false),
        }
    }
}

/// Writes under a temporary name in the same folder and renames, so that at any moment there is a
/// whole old file or a whole new one.
pub(crate) fn replace(
    target: &Path,
    write: impl FnOnce(&mut File) -> io::Result<()>,
) -> io::Result<()> {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    // File systems allow 255 bytes for a name; a hash keeps long Korean names within.
    let hash = blake3::hash(name.as_bytes()).to_hex();
    let (temporary, mut file) = create_temporary(target, &hash[..16])?;
    let result = write(&mut file).and_then(|()| fs::rename(&temporary, target));
    if result.is_err() {
        // The failure that is reported is the first one; a leftover is swept by the next build.
        let _ = fs::remove_file(&temporary);
    }
    result
}

/// Creates a temporary file that nobody else has: another bogi may be writing the same target, and
/// a killed one may have left its file.
fn create_temporary(target: &Path, hash: &str) -> io::Result<(PathBuf, File)> {
    let mut attempt = 0;
    loop {
        let path = target.with_file_name(format!("{TEMPORARY_PREFIX}{hash}-{attempt}"));
        match File::create_new(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => {
                attempt += 1;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The removal of what no longer belongs to the site.
struct Sweep<'a> {
    output: &'a Output,
    keep_files: &'a [String],
    root: &'a Path,
}

impl Sweep<'_> {
    /// Sweeps a folder; tells whether it is empty afterwards.
    fn folder(
        &self,
        folder: &Path,
        prefix: &str,
        depth: usize,
        removed: &mut usize,
        failures: &mut Vec<Diagnostic>,
    ) -> bool {
        let Ok(entries) = fs::read_dir(folder) else { return false };
        let mut empty = true;
        for entry in entries.flatten() {
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                empty = false;
                continue;
            };
            let path = if prefix.is_empty() { name.into() } else { format!("{prefix}/{name}") };
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let gone = if self.is_kept(&path) || depth > DEPTH_MAX {
                false
            } else if is_folder {
                self.folder(&entry.path(), &path, depth + 1, removed, failures)
            } else {
                self.file(&entry.path(), &path, removed, failures)
            };
            empty &= gone;
        }
        if empty && folder != self.root {
            return fs::remove_dir(folder).is_ok();
        }
        false
    }

    fn file(
        &self,
        file: &Path,
        path: &str,
        removed: &mut usize,
        failures: &mut Vec<Diagnostic>,
    ) -> bool {
        if self.output.entries.contains_key(path) {
            return false;
        }
        match fs::remove_file(file) {
            Ok(()) => {
                *removed += usize::from(!path.contains(TEMPORARY_PREFIX));
                true
            }
            Err(error) => {
                failures.push(cannot(file, &error));
                false
            }
        }
    }

    fn is_kept(&self, path: &str) -> bool {
        path == MARKER
            || self.keep_files.iter().any(|kept| {
                // As in Jekyll the beginning of a path is enough: `.git` keeps `.gitignore`.
                let kept = kept.trim_start_matches('/');
                !kept.is_empty() && path.starts_with(kept)
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &str)]) -> Output {
        let mut output = Output::default();
        for (path, text) in files {
            output.insert(*path, Content::Bytes(text.as_bytes().into()), false);
        }
        output
    }

    #[test]
    fn only_what_changed_is_written_and_what_left_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("_site");
        let keep = vec![".git".to_owned()];
        fs::create_dir_all(at.join(".git")).unwrap();
        fs::write(at.join(".git/HEAD"), "x").unwrap();
        let first = site(&[("a.html", "1"), ("b/index.html", "2"), ("c/d/e.html", "3")]);
        assert_eq!(settle(&first, &at, &keep).unwrap().written, 3);
        let second = site(&[("a.html", "1"), ("b/index.html", "zwei"), ("c", "now a file")]);
        let settled = settle(&second, &at, &keep).unwrap();
        assert_eq!(settled, Settled { written: 2, unchanged: 1, ..Settled::default() });
        assert_eq!(fs::read_to_string(at.join("c")).unwrap(), "now a file");
        let third = site(&[("a.html", "1"), ("c/d.html", "a folder again")]);
        assert_eq!(settle(&third, &at, &keep).unwrap().removed, 1);
        assert!(!at.join("b").exists() && at.join(".git/HEAD").exists());
    }

    #[test]
    fn from_a_folder_of_somebody_else_nothing_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("documents");
        fs::create_dir(&at).unwrap();
        fs::write(at.join("diary.txt"), "mine").unwrap();
        let settled = settle(&site(&[("a.html", "1")]), &at, &[]).unwrap();
        assert!(settled.foreign && at.join("diary.txt").exists() && at.join("a.html").exists());
        // A folder that bogi made itself is swept, whatever its name.
        let own = folder.path().join("public");
        settle(&site(&[("a.html", "1"), ("b.html", "2")]), &own, &[]).unwrap();
        assert_eq!(settle(&site(&[("a.html", "1")]), &own, &[]).unwrap().removed, 1);
    }

    #[test]
    fn a_broken_page_leaves_its_last_good_version() {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        settle(&site(&[("a.html", "good"), ("b.html", "1")]), at, &[]).unwrap();
        let mut output = site(&[("b.html", "2")]);
        output.insert("a.html", Content::Bytes(b"bad"[..].into()), true);
        settle(&output, at, &[]).unwrap();
        assert_eq!(fs::read_to_string(at.join("a.html")).unwrap(), "good");
        assert_eq!(fs::read_to_string(at.join("b.html")).unwrap(), "2");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_or_removed_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let precious = folder.path().join("precious");
        fs::create_dir(&precious).unwrap();
        fs::write(precious.join("a.html"), "mine").unwrap();
        let at = folder.path().join("_site");
        fs::create_dir(&at).unwrap();
        std::os::unix::fs::symlink(&precious, at.join("link")).unwrap();
        std::os::unix::fs::symlink(&precious, at.join("old")).unwrap();
        settle(&site(&[("link/a.html", "theirs")]), &at, &[]).unwrap();
        assert_eq!(fs::read_to_string(precious.join("a.html")).unwrap(), "mine");
        assert_eq!(fs::read_to_string(at.join("link/a.html")).unwrap(), "theirs");
        assert!(!at.join("old").exists());
    }
}
