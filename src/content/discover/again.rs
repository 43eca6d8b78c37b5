//! The walk again, where its caller knows which files were changed: if all of them are texts that
//! are what they were, the rest needn't be looked at.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use super::load;
use crate::content::{Known, Options, Sources, front_matter};
use crate::diagnostic::{Diagnostic, Staged};
use crate::span::Source;

/// The last walk, and what was changed since.
#[derive(Debug)]
pub struct Last {
    walk: Option<(Options, PathBuf, Staged<Sources>)>,
    /// The files that were changed, as their watcher names them.
    pub(in crate::content) changed: BTreeSet<PathBuf>,
    /// Whether nothing else was.
    pub(in crate::content) only: bool,
}

impl Default for Last {
    fn default() -> Self {
        Self { walk: None, changed: BTreeSet::new(), only: true }
    }
}

/// The sources of the last walk with the texts that were changed; `None` where it takes a walk to
/// know.
pub(super) fn sources(known: &Known, options: &Options) -> Option<Staged<Sources>> {
    let mut last = known.last.lock().unwrap_or_else(PoisonError::into_inner);
    let changed = std::mem::take(&mut last.changed);
    let is_told = std::mem::replace(&mut last.only, true) && !changed.is_empty();
    // Where this fails the walk is no longer the last one.
    let (of_options, real_root, mut staged) = last.walk.take().filter(|_| is_told)?;
    if of_options != *options {
        return None;
    }
    for path in &changed {
        refresh(&mut staged, &real_root, path)?;
    }
    staged.value.reader = staged.value.reader.afresh();
    last.walk = Some((of_options, real_root, staged.clone()));
    Some(staged)
}

/// Keeps a walk for the next time.
pub(super) fn keep(known: &Known, options: &Options, real_root: &Path, staged: &Staged<Sources>) {
    let mut last = known.last.lock().unwrap_or_else(PoisonError::into_inner);
    last.walk = Some((options.clone(), real_root.to_owned(), staged.clone()));
}

/// Reads one text again, if that is all that has to be done.
fn refresh(staged: &mut Staged<Sources>, real_root: &Path, changed: &Path) -> Option<()> {
    // A file that came and went again, as editors' temporary files do, was never part of the site.
    if changed.symlink_metadata().is_err() && !knows_name(staged, changed) {
        return Some(());
    }
    let real = changed.canonicalize().ok()?;
    let is_link = changed.symlink_metadata().ok()?.is_symlink();
    let path = real.strip_prefix(real_root).ok()?.to_str()?;
    let path = path.replace(std::path::MAIN_SEPARATOR, "/");
    let sources = &mut staged.value;
    let is_config = sources
        .config
        .files
        .iter()
        .any(|file| file.text.locate(0..0).is_none_or(|place| place.source().path() == path));
    let of_file = |found: &Diagnostic| {
        found.place.as_ref().is_some_and(|place| place.source().path() == path)
    };
    let is_copied = sources.files.iter().any(|file| file.path == path);
    if is_link || is_config || is_copied || staged.diagnostics.iter().any(of_file) {
        return None;
    }
    let start = sources.texts.partition_point(|text| text.source.path() < path.as_str());
    let texts = sources.texts.get_mut(start..)?;
    let count = texts.iter().take_while(|text| text.source.path() == path).count();
    let source = load::read_text(&real, &path).ok().filter(|_| count > 0)?;
    for text in texts.iter_mut().take(count) {
        if opens(&text.source) != opens(&source) {
            return None;
        }
        text.source = Arc::clone(&source);
    }
    Some(())
}

/// Whether a file or folder of the site has the name of a path, or one that decides what belongs
/// to the site.
fn knows_name(staged: &Staged<Sources>, path: &Path) -> bool {
    let sources = &staged.value;
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return true };
    if name == super::CACHE_TAG || name.ends_with(".rb") {
        return true;
    }
    let named = |known: &str| known.split('/').any(|part| part == name);
    let said = staged.diagnostics.iter().filter_map(|found| found.place.as_ref());
    if said.map(|place| place.source().path()).any(named) {
        return true;
    }
    sources.texts.iter().any(|text| named(text.source.path()))
        || sources.files.iter().any(|file| named(&file.path))
}

/// Whether a text begins with front matter, which decides what it is.
fn opens(source: &Source) -> bool {
    source.text().split_inclusive('\n').next().is_some_and(front_matter::opens)
}
