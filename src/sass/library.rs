//! The files of one compilation: which file an import means, and its prepared text.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::engine::{Guard, IMPORT_STEPS, Stop};
use super::prepare::{self, Prepared};
use super::scan::{self, TooDeep};
use super::{Files, Sheet, Syntax, indented};
use crate::span::{Mapped, Place, Source};

/// The name of the sheet itself, which no file has.
const MAIN: &str = "~.scss";
const MAIN_INDENTED: &str = "~.sass";

/// A file that was read.
#[derive(Debug)]
pub(super) struct Text {
    /// The path relative to the site's folder.
    pub path: String,
    /// The author's text, of the sheet itself after Liquid.
    pub text: String,
    /// The file of an import; the sheet's own text knows its places itself.
    pub source: Option<Arc<Source>>,
    /// What the compiler sees.
    pub prepared: Prepared,
}

impl Text {
    /// The author's place of a range of this text.
    pub fn place(&self, main: &Mapped, range: std::ops::Range<usize>) -> Option<Place> {
        match &self.source {
            Some(source) => Some(Place::new(source, range)),
            None => main.locate(range),
        }
    }
}

/// The files that an import may name, as the compiler sees them.
pub(super) struct Library<'a> {
    files: &'a dyn Files,
    load_paths: Vec<String>,
    marks: bool,
    main: &'static str,
    guard: Guard,
    texts: Mutex<Vec<Text>>,
}

impl fmt::Debug for Library<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Library").finish_non_exhaustive()
    }
}

impl<'a> Library<'a> {
    /// A library with the sheet as its first file.
    pub fn new(
        sheet: &Sheet<'_>,
        files: &'a dyn Files,
        marks: bool,
        guard: Guard,
    ) -> Result<Self, TooDeep> {
        let text = sheet.text.text().to_owned();
        let prepared = prepare_as(sheet.syntax, &text, 0, marks)?;
        let mut load_paths: Vec<String> = sheet.load_paths.to_vec();
        load_paths.push(folder_of(sheet.path).to_owned());
        let path = sheet.path.to_owned();
        let main = if sheet.syntax == Syntax::Sass { MAIN_INDENTED } else { MAIN };
        let texts = Mutex::new(vec![Text { path, text, source: None, prepared }]);
        Ok(Self { files, load_paths, marks, main, guard, texts })
    }

    /// The name under which the compiler asks for the sheet itself.
    pub fn main(&self) -> &'static str {
        self.main
    }

    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    fn texts(&self) -> MutexGuard<'_, Vec<Text>> {
        // The thread that compiles may have been stopped while it held the lock; the list is
        // whole then all the same.
        self.texts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The files in the order of first use.
    pub fn into_texts(self) -> Vec<Text> {
        self.texts.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of the file that the compiler knows under this name.
    pub fn number_of(&self, name: &str) -> Option<usize> {
        if name == self.main {
            return Some(0);
        }
        let texts = self.texts();
        let found = texts.iter().skip(1).position(|text| compiler_name(&text.path) == name);
        found.map(|position| position + 1)
    }

    /// Looks at the file with this number.
    pub fn with_text<T>(&self, number: usize, look: impl FnOnce(&Text) -> Option<T>) -> Option<T> {
        self.texts().get(number).and_then(look)
    }

    /// The names of all variables that the files write, for a "did you mean".
    pub fn variables(&self) -> Vec<String> {
        let mut names = Vec::new();
        for text in self.texts().iter() {
            for (at, _) in text.text.match_indices('$') {
                let rest = &text.text[at + 1..];
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '-' && c != '_');
                let (name, after) = rest.split_at(end.unwrap_or(rest.len()));
                if after.trim_start().starts_with(':') && !name.is_empty() {
                    names.push(format!("${name}"));
                }
            }
        }
        names
    }

    /// Finds what `asked` means in the file with this number, reads it, and gives its name for the
    /// compiler.
    fn resolve(&self, importing: usize, asked: &str) -> Option<String> {
        let folder = {
            let texts = self.texts();
            let importing = texts.get(importing)?;
            if importing.source.is_some() {
                folder_of(&importing.path).to_owned()
            } else {
                String::new()
            }
        };
        let mut folders = vec![folder.as_str()];
        folders.extend(self.load_paths.iter().map(String::as_str));
        let path = folders.into_iter().find_map(|folder| self.find(folder, asked))?;
        self.load(&path).then(|| compiler_name(&path))
    }

    /// The file of this folder that an import means: partials first, then plain names, then the
    /// index of a folder, as LibSass looks for them.
    fn find(&self, folder: &str, asked: &str) -> Option<String> {
        let path = joined(folder, asked)?;
        let (parent, name) = path.rsplit_once('/').map_or(("", &*path), |(p, n)| (p, n));
        let slash = if parent.is_empty() { "" } else { "/" };
        let mut candidates = Vec::new();
        if Syntax::of_path(name).is_some() {
            candidates.push(path.clone());
            candidates.push(format!("{parent}{slash}_{name}"));
        }
        const EXTENSIONS: [&str; 3] = ["scss", "sass", "css"];
        for extension in EXTENSIONS {
            candidates.push(format!("{parent}{slash}_{name}.{extension}"));
        }
        for extension in EXTENSIONS {
            candidates.push(format!("{parent}{slash}{name}.{extension}"));
        }
        for extension in EXTENSIONS {
            candidates.push(format!("{path}/_index.{extension}"));
        }
        for extension in EXTENSIONS {
            candidates.push(format!("{path}/index.{extension}"));
        }
        candidates.into_iter().find(|candidate| self.files.source(candidate).is_some())
    }

    /// Reads and prepares a file, once.
    fn load(&self, path: &str) -> bool {
        let mut texts = self.texts();
        if texts.iter().skip(1).any(|text| text.path == path) {
            return true;
        }
        let Some(source) = self.files.source(path) else { return false };
        let number = texts.len();
        let syntax = Syntax::of_path(path).unwrap_or(Syntax::Scss);
        let text = without_order_mark(source.text());
        let prepared = match prepare_as(syntax, &text, number, self.marks) {
            Ok(prepared) => prepared,
            Err(deep) => {
                let prepared = Prepared::untouched(&text);
                let path = path.to_owned();
                texts.push(Text { path, text, source: Some(source), prepared });
                drop(texts);
                self.guard.stop(Stop::TooDeep(number, deep))
            }
        };
        texts.push(Text { path: path.to_owned(), text, source: Some(source), prepared });
        true
    }
}

impl grass::Fs for Library<'_> {
    fn is_dir(&self, _path: &Path) -> bool {
        false
    }

    fn is_file(&self, path: &Path) -> bool {
        self.guard.step(IMPORT_STEPS);
        let Some(path) = slashed(path) else { return false };
        prepare::read_import(&path).is_some_and(|(file, asked)| self.resolve(file, asked).is_some())
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let missing = || io::Error::from(io::ErrorKind::NotFound);
        let path = slashed(path).ok_or_else(missing)?;
        let number = self.number_of(&path).ok_or_else(missing)?;
        let texts = self.texts();
        let text = texts.get(number).ok_or_else(missing)?;
        Ok(text.prepared.text.clone().into_bytes())
    }

    fn canonicalize(&self, path: &Path) -> io::Result<PathBuf> {
        let resolved = slashed(path).and_then(|path| {
            let (file, asked) = prepare::read_import(&path)?;
            self.resolve(file, asked)
        });
        Ok(resolved.map_or_else(|| path.to_owned(), PathBuf::from))
    }
}

fn prepare_as(syntax: Syntax, text: &str, number: usize, marks: bool) -> Result<Prepared, TooDeep> {
    match syntax {
        Syntax::Scss => scan::prepare(text, number, marks),
        Syntax::Sass => indented::prepare(text, number, marks),
    }
}

/// Blanks out a byte order mark, byte for byte.
fn without_order_mark(text: &str) -> String {
    text.strip_prefix('\u{FEFF}').map_or_else(|| text.to_owned(), |rest| format!("   {rest}"))
}

fn slashed(path: &Path) -> Option<String> {
    path.to_str().map(|path| path.replace('\\', "/"))
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The name that tells the compiler how a file is written: LibSass reads CSS as SCSS.
fn compiler_name(path: &str) -> String {
    if Syntax::of_path(path).is_some() { path.to_owned() } else { format!("{path}.scss") }
}

/// A path in a folder, with `.` and `..` resolved; `None` above the site's folder.
fn joined(folder: &str, asked: &str) -> Option<String> {
    let folder = if asked.starts_with('/') { "" } else { folder };
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(asked.split('/')) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
