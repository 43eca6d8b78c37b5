//! Sass and SCSS made into CSS, written as LibSass writes it, with a source map.
//!
//! [`compile`] takes one sheet and the files that it may import, and touches nothing else: no
//! disk, no clock. The compiler is grass, which prints one style of CSS and no source map; what
//! it is given is therefore prepared first:
//!
//! 1. Preparing puts a mark (a comment that no author writes) before each rule and each
//!    declaration, a counting statement into each loop, mixin, function and nested rule, and a
//!    number of the importing file into each import. Insertions never add a line to SCSS, and a
//!    place in the prepared text is always led back to the author's.
//! 2. The engine compiles that on a thread of its own with a stack of known size. The counting
//!    statements are heard by the logger, which stops a sheet that runs too long or too deep.
//! 3. The CSS is read back into a tree; marks become positions, and what was written as plain
//!    text in the source is spelt as it was there. The printer writes the tree in one of the four
//!    styles and notes a mapping for each selector, property and value.
//!
//! If the compiler refuses the marked sheet, it is compiled once more without marks: then either
//! the mistake is the author's, or a mark stood where none may, and the source map has no mappings.

mod colour;
mod engine;
mod indented;
mod library;
mod prepare;
mod print;
mod problem;
mod scan;
mod settings;
mod source_map;
mod spell;
mod tree;

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::span::{Mapped, Source};

pub use engine::{MAX_SELECTORS, MAX_STEPS};
pub use problem::{ENDLESS, FAILED, LOOP, MISSING, UNDEFINED, WARNED, WRONG};
pub use scan::{MAX_DEPTH, MAX_OPERATORS};
pub use settings::{Settings, SourceMaps};

/// The two ways to write a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Syntax {
    /// CSS with braces and semicolons.
    Scss,
    /// Indentation instead of braces.
    Sass,
}

impl Syntax {
    /// The syntax of a file by its name; `None` for what is no sheet.
    pub fn of_path(path: &str) -> Option<Self> {
        let (_, extension) = path.rsplit_once('.')?;
        if extension.eq_ignore_ascii_case("scss") {
            Some(Self::Scss)
        } else if extension.eq_ignore_ascii_case("sass") {
            Some(Self::Sass)
        } else {
            None
        }
    }
}

/// How the CSS is laid out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// Rules are indented as they were nested.
    Nested,
    /// As most people write CSS.
    Expanded,
    /// One line for each rule; the default.
    #[default]
    Compact,
    /// As few characters as possible.
    Compressed,
}

impl Style {
    /// The style with this name, as `sass.style` gives it: with or without a colon before it.
    pub fn named(name: &str) -> Option<Self> {
        match name.strip_prefix(':').unwrap_or(name) {
            "nested" => Some(Self::Nested),
            "expanded" => Some(Self::Expanded),
            "compact" => Some(Self::Compact),
            "compressed" => Some(Self::Compressed),
            _ => None,
        }
    }
}

/// Where imported files come from.
pub trait Files: Sync {
    /// The file at a path relative to the site's folder (`/` as separator, no `.` or `..` in it).
    fn source(&self, path: &str) -> Option<Arc<Source>>;
}

/// A sheet to compile.
#[derive(Clone, Debug)]
pub struct Sheet<'a> {
    /// Its path relative to the site's folder: `assets/css/main.scss`.
    pub path: &'a str,
    /// Its text without front matter, Liquid done.
    pub text: &'a Mapped,
    /// How it is written; imported files say so themselves by their names.
    pub syntax: Syntax,
    /// How the CSS is laid out.
    pub style: Style,
    /// Folders relative to the site's folder that imports are looked for in, in this order, after
    /// the folder of the importing file. For the sheet itself that folder is the site's, as in
    /// Jekyll; its own folder comes last of all.
    pub load_paths: &'a [String],
    /// Whether a source map is wanted, and the comment in the CSS that names it.
    pub source_map: bool,
}

/// What a sheet became.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compiled {
    /// The CSS.
    pub css: String,
    /// The source map, where it is wanted: JSON of version 3.
    pub map: Option<String>,
    /// The paths of the files that were imported, in the order of first use.
    pub imported: Vec<String>,
    /// What the sheet itself says with `@warn`.
    pub warnings: Vec<Diagnostic>,
}

/// Compiles a sheet. The same sheet and files give the same bytes.
///
/// # Errors
/// One diagnostic: Sass stops at its first mistake. Its place is in the author's file, the sheet's
/// own or an imported one.
pub fn compile(sheet: &Sheet<'_>, files: &dyn Files) -> Result<Compiled, Box<Diagnostic>> {
    if sheet.text.text().is_empty() {
        let (css, map, imported) = (String::new(), None, Vec::new());
        return Ok(Compiled { css, map, imported, warnings: Vec::new() });
    }
    let ran = match engine::run(sheet, files, true) {
        Err(error) if error.code == ENDLESS => return Err(error),
        // A mark where none may stand is our mistake, never the author's.
        Err(_) => engine::run(sheet, files, false)?,
        Ok(ran) => ran,
    };
    let spellings = spell::Spellings::gather(ran.texts.iter().map(|text| text.text.as_str()));
    let nodes = tree::read(&ran.css).ok_or_else(|| problem::too_nested(sheet))?;
    let printed = print::print(&nodes, sheet.style, &ran, &spellings);
    let mut css = printed.css;
    let name = css_name(sheet.path);
    let map = sheet.source_map.then(|| source_map::write(&name, sheet, &ran, &printed.segments));
    if sheet.source_map {
        css.push_str("\n/*# sourceMappingURL=");
        css.push_str(&source_map::encoded_name(&name));
        css.push_str(".map */");
    }
    let imported = ran.texts.iter().skip(1).map(|text| text.path.clone()).collect();
    Ok(Compiled { css, map, imported, warnings: ran.warnings })
}

/// The name of the CSS file that a sheet becomes, without folders.
fn css_name(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    format!("{stem}.css")
}

#[cfg(test)]
mod tests;
