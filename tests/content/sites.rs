//! Small sites in temporary folders.

use std::fs;
use std::path::Path;

use bogi::content::{self, Content, Document, Options};
use bogi::date::{Moment, Zone};
use bogi::diagnostic::{Diagnostic, Staged};

/// A site that is read, with its folder, which goes when it is dropped.
pub struct Site {
    pub folder: tempfile::TempDir,
}

impl Site {
    /// A site with these files.
    pub fn new(files: &[(&str, &str)]) -> Self {
        let site = Self { folder: tempfile::tempdir().unwrap() };
        for (path, text) in files {
            site.write(path, text.as_bytes());
        }
        site
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// The options for this site, with the destination within it.
    pub fn options(&self) -> Options {
        Options {
            source: self.path().to_owned(),
            destination: Some(self.path().join("_site")),
            ..Options::default()
        }
    }

    pub fn read(&self) -> Staged<Content> {
        self.read_with(&self.options())
    }

    /// Reads the site as of 2026-06-01 00:00 UTC.
    pub fn read_with(&self, options: &Options) -> Staged<Content> {
        let now = Moment::parse("2026-06-01", &Zone::utc()).unwrap();
        let sources = content::discover::discover(options).unwrap();
        let mut diagnostics = sources.diagnostics;
        let content = content::read(sources.value, &now).collect_into(&mut diagnostics);
        Staged::new(content, diagnostics)
    }

    /// Reads a site that has nothing to complain about.
    pub fn content(&self) -> Content {
        let staged = self.read();
        assert_eq!(staged.diagnostics, []);
        staged.value
    }
}

/// The document of a file.
pub fn document<'c>(content: &'c Content, path: &str) -> &'c Document {
    content.documents.iter().find(|document| document.path() == path).unwrap()
}

/// Code, line and column, text at the place and message.
pub fn shown(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.place.as_ref().map_or_else(String::new, |place| {
        let (line, column) = place.line_column();
        format!("{}:{line}:{column} [{}]", place.source().path(), place.text())
    });
    format!("{} {place} {}", diagnostic.code.0, diagnostic.message)
}
