//! kramdown's Markdown (GFM input, as Jekyll sets it) on `pulldown-cmark`: a normaliser prints
//! kramdown's block structure as canonical CommonMark, pulldown-cmark parses it, an event
//! transform and our own writer give kramdown's HTML.

mod block;
mod blocks;
mod codespan;
pub mod commonmark;
pub mod highlight;
mod ids;
mod inline;
pub mod mark;
pub mod options;
mod print;
mod skeleton;
mod tag;
mod text;
mod tree;
mod uses;
mod write;

use std::ops::Range;

use crate::diagnostic::Diagnostic;
pub use blocks::block_end;
pub use options::Options;

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
pub fn render(text: &str, options: &Options, host: &dyn Host) -> Rendered {
    if let Some(options) = &options.commonmark {
        return commonmark::render(text, options, host);
    }
    let text = text::Text::document(text);
    let document = block::parse(&text, options);
    let printed = print::print(&document, host);
    let mut rendered = write::write(&printed, host);
    // What kramdown makes of the blank lines at the beginning.
    let blank = document.blocks.iter().take_while(|block| block.is_blank() || block.is_boundary());
    let blank = blank.filter(|block| block.is_blank()).count();
    rendered.html.insert_str(0, &"\n".repeat(blank));
    rendered.remarks = document.remarks;
    rendered
}

/// A text with typographic quotes, dashes and dots and nothing else of Markdown.
pub fn smartify(text: &str) -> String {
    inline::smart::smartify(text)
}

/// The id that a heading gets from its text, where it is the first of that text on its page.
pub fn heading_id(text: &str) -> String {
    ids::Ids::default().github(text)
}

/// Everything that a piece of HTML links to or embeds, for pages that aren't Markdown.
pub fn html_links(html: &str) -> Vec<LinkUse> {
    uses::of_html(html).0
}

/// A fenced code block found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// The first word of its info string.
    pub language: String,
    /// The bytes of the lines between the opening and the closing fence. Where the block stands in
    /// a list or quote the lines begin with indentation and quote marks.
    pub body: Range<usize>,
    /// For each line of the body: the bytes of its code, without indentation and quote marks, with
    /// its line break.
    pub lines: Vec<Range<usize>>,
    /// The info string's bytes.
    pub info: Range<usize>,
}

/// Finds the fenced code blocks of a text wherever they stand: in lists, quotes, longer fences
/// (whose content is not searched), raw HTML.
pub fn fences(text: &str) -> Vec<Fence> {
    let text = text::Text::document(text);
    block::parse(&text, &Options::default()).fences
}
