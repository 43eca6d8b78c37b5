//! A sheet with insertions, and the way back from it to the author's text.

use std::ops::Range;

/// The character that marks and counting statements begin with; of a private plane, so that no
/// author's text has it by accident, and harmless where one has it.
pub(super) const SIGN: char = '\u{F0001}';

/// What a mark stands before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MarkKind {
    /// A declaration.
    Declaration,
    /// The first thing inside a rule.
    Rule,
    /// An at-rule with a block.
    AtRule,
    /// Where an import of plain CSS stands.
    Import,
    /// A comment, which the compiler indents anew.
    Comment,
}

/// A statement of the author's: the file by number, and the statement's number in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub file: usize,
    pub statement: usize,
}

/// The text of a mark.
fn mark_text(kind: MarkKind, mark: Mark) -> String {
    let letter = match kind {
        MarkKind::Declaration => 'd',
        MarkKind::Rule => 'r',
        MarkKind::AtRule => 'a',
        MarkKind::Import => 'i',
        MarkKind::Comment => 'c',
    };
    format!("/*{SIGN}{letter}{}:{}*/", mark.file, mark.statement)
}

/// The mark that a comment is, if it is one.
pub(super) fn read_mark(comment: &str) -> Option<(MarkKind, Mark)> {
    let inner = comment.strip_prefix("/*")?.strip_suffix("*/")?.trim().strip_prefix(SIGN)?;
    let kind = match inner.chars().next()? {
        'd' => MarkKind::Declaration,
        'r' => MarkKind::Rule,
        'a' => MarkKind::AtRule,
        'i' => MarkKind::Import,
        'c' => MarkKind::Comment,
        _ => return None,
    };
    let (file, statement) = inner.get(1..)?.split_once(':')?;
    let mark = Mark { file: file.parse().ok()?, statement: statement.parse().ok()? };
    Some((kind, mark))
}

/// What the compiler is given for a file.
#[derive(Debug, Default)]
pub(super) struct Prepared {
    /// The text with insertions.
    pub text: String,
    /// The author's statements that marks stand for, as ranges of the author's text.
    pub statements: Vec<Range<usize>>,
    /// Where in the author's text how many bytes were inserted, in order.
    insertions: Vec<(usize, usize)>,
}

impl Prepared {
    /// A text without insertions.
    pub fn untouched(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// The offset in the author's text of an offset in the prepared one.
    pub fn original(&self, offset: usize) -> usize {
        let mut inserted = 0;
        for &(at, length) in &self.insertions {
            if at + inserted >= offset {
                break;
            }
            if offset < at + inserted + length {
                return at;
            }
            inserted += length;
        }
        offset - inserted
    }
}

/// A prepared text in the making.
pub(super) struct Draft<'a> {
    original: &'a str,
    file: usize,
    marks: bool,
    statements: Vec<Range<usize>>,
    insertions: Vec<(usize, String)>,
}

impl<'a> Draft<'a> {
    pub fn new(original: &'a str, file: usize, marks: bool) -> Self {
        Self { original, file, marks, statements: Vec::new(), insertions: Vec::new() }
    }

    pub fn insert(&mut self, at: usize, text: impl Into<String>) {
        let text = text.into();
        if !text.is_empty() {
            self.insertions.push((at, text));
        }
    }

    /// The mark of a statement, if marks are wanted.
    pub fn mark(&mut self, kind: MarkKind, statement: Range<usize>) -> String {
        if !self.marks {
            return String::new();
        }
        let mark = Mark { file: self.file, statement: self.statements.len() };
        self.statements.push(statement);
        mark_text(kind, mark)
    }

    /// Gives the import in `range` (without quotes) the importing file's number, so that it comes
    /// to the library and not to the compiler's own search.
    pub fn import(&mut self, range: Range<usize>) {
        self.insert(range.start, format!("/~{}~/", self.file));
        self.insert(range.end, ".scss");
    }

    pub fn finish(mut self) -> Prepared {
        self.insertions.sort_by_key(|&(at, _)| at);
        let mut text = String::with_capacity(self.original.len() + 24 * self.insertions.len());
        let mut copied = 0;
        let mut lengths = Vec::with_capacity(self.insertions.len());
        for (at, inserted) in &self.insertions {
            text.push_str(&self.original[copied..*at]);
            text.push_str(inserted);
            copied = *at;
            lengths.push((*at, inserted.len()));
        }
        text.push_str(&self.original[copied..]);
        Prepared { text, statements: self.statements, insertions: lengths }
    }
}

/// The path of an import that [`Draft::import`] made: the importing file, and what it asks for.
pub(super) fn read_import(path: &str) -> Option<(usize, &str)> {
    let (file, asked) = path.strip_prefix("/~")?.split_once("~/")?;
    Some((file.parse().ok()?, asked.strip_suffix(".scss")?))
}

/// Whether an import with this text is one of plain CSS, which stays in the sheet as it is.
pub(super) fn is_plain_import(url: &str) -> bool {
    ["http://", "https://", "//", "sass:"].iter().any(|start| url.starts_with(start))
        || url.ends_with(".css")
        || url.is_empty()
}

/// A statement that tells the logger one step was made.
pub(super) fn step() -> String {
    format!("@debug\"{SIGN}\";")
}

/// A statement that also tells how many selectors the rule around it has.
pub(super) fn step_in_rule() -> String {
    format!("@debug\"{SIGN}#{{length(&)}}\";")
}
