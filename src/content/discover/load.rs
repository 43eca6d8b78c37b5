//! Reading what the walk found: texts as UTF-8, other files by size only.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use rayon::prelude::*;

use super::files::{Files, Stamp};
use super::walk::{Candidate, Plan};
use super::{MAX_TEXT, NOT_UTF8, TOO_LARGE, UNREADABLE};
use crate::content::{PlainFile, Role, TextFile, front_matter};
use crate::diagnostic::{Diagnostic, Staged};
use crate::span::{Place, Source};

/// Files of the site that take the place of the built-in theme's, and are copied besides like any
/// other file.
const THEME_FILES: [&str; 4] =
    ["assets/custom.css", "assets/icon.svg", "assets/scenario.css", "assets/site.css"];

/// How much of a file is looked at to see whether it has front matter.
const BEGINNING: u64 = 256;

#[derive(Clone, Debug)]
pub(super) enum Loaded {
    Text(TextFile),
    Both(TextFile, PlainFile),
    Plain(PlainFile),
    Nothing,
}

/// Reads the candidates, on all cores; the result is in the order of paths.
pub(super) fn load_all(
    candidates: Vec<Candidate>,
    known: Option<&Files>,
) -> Staged<(Vec<TextFile>, Vec<PlainFile>)> {
    let mut candidates = candidates;
    candidates.sort_by(|a, b| a.path.cmp(&b.path));
    // One file may be several things: a layout in a folder without underscore is a page, too.
    let mut seen = HashSet::new();
    candidates.retain(|candidate| seen.insert((candidate.path.clone(), candidate.plan.clone())));
    let loaded: Vec<Result<Loaded, Box<Diagnostic>>> = match known {
        None => candidates.into_par_iter().map(load).collect(),
        Some(known) => load_again(candidates, known),
    };
    let (mut texts, mut files, mut diagnostics) = (Vec::new(), Vec::new(), Vec::new());
    for loaded in loaded {
        match loaded {
            Ok(Loaded::Text(text)) => texts.push(text),
            Ok(Loaded::Both(text, file)) => {
                texts.push(text);
                files.push(file);
            }
            Ok(Loaded::Plain(file)) => {
                if THEME_FILES.contains(&file.path.as_str()) {
                    match read_text(&file.location, &file.path) {
                        Ok(source) => texts.push(TextFile { source, role: Role::Theme }),
                        Err(diagnostic) => diagnostics.push(*diagnostic),
                    }
                }
                files.push(file);
            }
            Ok(Loaded::Nothing) => {}
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    Staged::new((texts, files), diagnostics)
}

/// Reads only what isn't known.
fn load_again(candidates: Vec<Candidate>, known: &Files) -> Vec<Result<Loaded, Box<Diagnostic>>> {
    let load = |candidate: Candidate| {
        let key = (candidate.location.clone(), candidate.plan.clone());
        let Ok(metadata) = fs::metadata(&candidate.location) else {
            return (None, load(candidate));
        };
        let stamp = Stamp::of(&metadata);
        let loaded = known.get(&candidate, &stamp).map_or_else(|| load(candidate), Ok);
        let entry = loaded.as_ref().ok().map(|loaded| (key, (stamp, loaded.clone())));
        (entry, loaded)
    };
    let loaded: Vec<_> = candidates.into_par_iter().map(load).collect();
    let (entries, loaded): (Vec<_>, Vec<_>) = loaded.into_iter().unzip();
    known.keep(entries.into_iter().flatten().collect());
    loaded
}

fn load(candidate: Candidate) -> Result<Loaded, Box<Diagnostic>> {
    let has_header = || {
        begins_front_matter(&candidate.location)
            .map_err(|error| Box::new(unreadable(&candidate.path, &error)))
    };
    let role = match &candidate.plan {
        Plan::Text(role) => Some(role.clone()),
        Plan::PageOrPlain => has_header()?.then_some(Role::Page),
        Plan::Loose { .. } => Some(Role::Page),
        Plan::CollectionFile(label) => has_header()?.then(|| Role::Collection(label.clone())),
        Plan::PageOrTemplate if has_header()? => Some(Role::Page),
        Plan::PageOrTemplate => Some(Role::Theme),
    };
    if let Some(role) = role {
        let source = match read_text(&candidate.location, &candidate.path) {
            // Folders of the theme may hold pictures; only what is named like a text must be one.
            Err(_) if role == Role::Theme && !is_text_name(&candidate.path) => {
                return Ok(Loaded::Nothing);
            }
            source => source?,
        };
        let text = TextFile { source, role };
        if candidate.plan == (Plan::Loose { copied: true }) && !has_header()? {
            return Ok(Loaded::Both(text, plain(candidate)?));
        }
        return Ok(Loaded::Text(text));
    }
    plain(candidate).map(Loaded::Plain)
}

fn plain(candidate: Candidate) -> Result<PlainFile, Box<Diagnostic>> {
    let collection = match candidate.plan {
        Plan::CollectionFile(label) => Some(label),
        _ => None,
    };
    let metadata = fs::metadata(&candidate.location)
        .map_err(|error| Box::new(unreadable(&candidate.path, &error)))?;
    Ok(PlainFile {
        path: candidate.path,
        location: candidate.location,
        size: metadata.len(),
        modified: modified(&metadata),
        collection,
    })
}

/// When a file was last changed; the beginning of 1970 where the system doesn't say.
fn modified(metadata: &fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_secs()).ok()).unwrap_or_default()
}

fn is_text_name(path: &str) -> bool {
    const TEXTS: [&str; 18] = [
        "html", "htm", "xhtml", "xml", "md", "markdown", "txt", "css", "scss", "sass", "js", "mjs",
        "json", "svg", "yml", "yaml", "liquid", "tera",
    ];
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    TEXTS.iter().any(|text| text.eq_ignore_ascii_case(extension))
}

fn begins_front_matter(location: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    File::open(location)?.take(BEGINNING).read_to_end(&mut beginning)?;
    // The line of dashes is ASCII; what follows may be cut inside a character.
    let end = beginning.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
    let line = beginning.get(..end).unwrap_or_default();
    Ok(std::str::from_utf8(line).is_ok_and(front_matter::opens))
}

/// Reads a text file.
///
/// # Errors
/// A diagnostic for a file that can't be read, is too large, or isn't UTF-8.
pub(super) fn read_text(location: &Path, path: &str) -> Result<Arc<Source>, Box<Diagnostic>> {
    let read = || -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        File::open(location)?.take(MAX_TEXT + 1).read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|error| Box::new(unreadable(path, &error)))?;
    if bytes.len() as u64 > MAX_TEXT {
        let most = MAX_TEXT >> 20;
        return Err(Box::new(
            Diagnostic::new(TOO_LARGE, format!("`{path}` has more than {most} MB of text"))
                .at(Place::start_of(&Source::new(path, "")))
                .hint("split it, or `exclude` it in `_config.yml`"),
        ));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(path, text)),
        Err(error) => Err(Box::new(not_utf8(path, &error))),
    }
}

fn not_utf8(path: &str, error: &std::string::FromUtf8Error) -> Diagnostic {
    let at = error.utf8_error().valid_up_to();
    let bytes = error.as_bytes();
    let source = Source::new(path, String::from_utf8_lossy(bytes));
    let diagnostic = Diagnostic::new(NOT_UTF8, format!("`{path}` isn't UTF-8"))
        .at(Place::new(&source, at..at + '\u{fffd}'.len_utf8()))
        .label("the first bytes that are no character");
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return diagnostic.hint("the file is in UTF-16: save it as UTF-8");
    }
    // Two bytes from 0xb0 on are a syllable in EUC-KR, the usual reason in Korean files.
    match bytes.get(at..at + 2) {
        Some([0xb0..=0xc8, 0xa1..=0xfe]) => {
            diagnostic.hint("the file seems to be in EUC-KR (CP949): save it as UTF-8")
        }
        _ => diagnostic.hint("save the file as UTF-8"),
    }
}

/// The diagnostic for a file that the system doesn't let us read.
pub(super) fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    let reason = match error.kind() {
        io::ErrorKind::PermissionDenied => "permission is denied".to_owned(),
        io::ErrorKind::NotFound => "it went away while the site was read".to_owned(),
        kind => kind.to_string(),
    };
    Diagnostic::new(UNREADABLE, format!("`{path}` can't be read: {reason}"))
        .at(Place::start_of(&Source::new(path, "")))
}
