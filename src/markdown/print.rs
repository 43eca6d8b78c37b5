//! Prints the block structure as canonical CommonMark, with side tables for what CommonMark can't
//! say.

mod blocks;
mod code;
mod spans;

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::markdown::ids::Ids;
use crate::markdown::inline::{self, Abbreviations};
use crate::markdown::options::CodeOptions;
use crate::markdown::tree::{Alignment, AttributeList, Attributes, Block, Document, Group};
use crate::markdown::{Host, LinkUse, Options, tag};

/// What a block of the skeleton is on the page. They stand in the order of the blocks.
#[derive(Debug)]
pub enum Node {
    /// HTML before and after what is inside.
    Wrap(String, Cow<'static, str>),
    /// A heading.
    Heading(HeadingNode),
    /// A table.
    Table(TableNode),
    /// HTML in the place of the block.
    Raw(String),
    /// The place of the table of contents: `ul` or `ol`, its attributes, and whether an empty line
    /// follows.
    Contents(&'static str, Attributes, bool),
    /// The place of the footnotes, if it isn't the end.
    NotesPlace,
    /// The beginning of the footnotes.
    Notes(String),
}

/// A heading's side of the table.
#[derive(Debug)]
pub struct HeadingNode {
    /// 1 to 6.
    pub level: u8,
    /// Its opening tag.
    pub open: String,
    /// Its closing tag, of another level with `header_offset`.
    pub close: String,
    /// Its id; empty without one.
    pub id: String,
    /// Whether it carries the class `no_toc`.
    pub no_toc: bool,
    /// Whether the table of contents lists it.
    pub listed: bool,
    /// Whether an empty line follows.
    pub blank: bool,
}

/// A table's side of the table.
#[derive(Debug)]
pub struct TableNode {
    /// Its opening tag.
    pub open: String,
    /// The spaces before it.
    pub indent: usize,
    /// Groups with their numbers of rows.
    pub groups: Vec<(Group, usize)>,
    /// Its columns.
    pub alignment: Vec<Alignment>,
    /// Whether an empty line follows.
    pub blank: bool,
}

/// Something in text that CommonMark has no words for.
#[derive(Debug)]
pub enum Object {
    /// HTML.
    Raw(String),
    /// A reference to a footnote, which headings leave out in tables of contents.
    Footnote(String),
    /// The links back from the footnote of an index.
    Backlinks(usize, bool),
}

/// A footnote that the text refers to.
#[derive(Debug)]
pub struct Note {
    /// Its name.
    pub name: String,
    /// How often the text refers to it after the first time.
    pub repeats: usize,
}

/// A text printed for pulldown-cmark, with everything that isn't in it.
#[derive(Debug, Default)]
pub struct Printed {
    /// The CommonMark.
    pub text: String,
    /// Its blocks in order.
    pub nodes: Vec<Node>,
    /// Its objects.
    pub objects: Vec<Object>,
    /// HTML of links' opening tags, of images and of code spans, by the number in the text.
    pub pieces: Vec<String>,
    /// Its footnotes in the order of first use.
    pub notes: Vec<Note>,
    /// Everything it refers to.
    pub links: Vec<LinkUse>,
    /// Its ids, but those of headings.
    pub anchors: Vec<String>,
    /// The text of the links back from footnotes as HTML.
    pub backlink: String,
    /// A no-break space as HTML.
    pub no_break_space: String,
}

/// Prints a document.
pub fn print(document: &Document, host: &dyn Host) -> Printed {
    let options = &document.options;
    let mut printer = Printer {
        document,
        options,
        host,
        abbreviations: Abbreviations::new(&document.definitions),
        out: Printed { text: String::with_capacity(document.length * 5 / 4), ..Printed::default() },
        prefix: String::new(),
        lead: None,
        ids: Ids::default(),
        notes_by_name: BTreeMap::new(),
        has_contents: false,
        inside: Inside::Text,
        backlinks: None,
        usual_text: document.definitions.abbreviations.is_empty()
            && !options.hard_wrap
            && !options.remove_line_breaks_for_cjk,
        usual_code: options.highlighter && options.code_span == CodeOptions::span(),
    };
    tag::write_text(&mut printer.out.backlink, &options.footnote_backlink);
    printer.out.no_break_space = inline::no_break_space(options);
    printer.blocks(&document.blocks, 0);
    printer.notes();
    let mut out = printer.out;
    out.links.extend(document.links.iter().cloned());
    out.links.sort_by_key(|link| link.range.start);
    out.anchors.extend(document.anchors.iter().cloned());
    out
}

/// Where blocks stand, as far as ids and breaks depend on it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Text,
    Html,
    Note,
}

struct Printer<'d> {
    document: &'d Document,
    options: &'d Options,
    host: &'d dyn Host,
    abbreviations: Abbreviations,
    out: Printed,
    /// What begins the lines of the containers around.
    prefix: String,
    /// What begins the next line instead: the marker of an item.
    lead: Option<String>,
    ids: Ids,
    notes_by_name: BTreeMap<String, usize>,
    has_contents: bool,
    inside: Inside,
    /// The block at whose end the links back from a footnote go, and the footnote's index.
    backlinks: Option<(*const Block, usize)>,
    /// Whether text without spans is written as it is: no abbreviations, no breaks.
    usual_text: bool,
    /// Whether code in text is written as it is by default.
    usual_code: bool,
}

impl Printer<'_> {
    /// Begins a block's line.
    fn begin_line(&mut self) {
        match self.lead.take() {
            Some(lead) => self.out.text.push_str(&lead),
            None => self.out.text.push_str(&self.prefix),
        }
    }

    /// Ends a block's last line; the blank line after it is what CommonMark needs.
    fn end_block(&mut self) {
        self.out.text.push('\n');
        self.out.text.push_str(&self.prefix);
        self.out.text.push('\n');
    }

    /// Prints a block that is HTML only.
    fn raw(&mut self, html: String) {
        self.placeholder(Node::Raw(html));
    }

    /// Prints a comment in the place of a block that CommonMark doesn't have.
    fn placeholder(&mut self, node: Node) {
        self.out.nodes.push(node);
        self.begin_line();
        self.out.text.push_str("<!---->");
        self.end_block();
    }

    /// Attributes with those of an attribute list.
    fn attributes(&self, own: &Attributes, list: Option<&AttributeList>) -> Attributes {
        let mut attributes = own.clone();
        if let Some(list) = list {
            self.document.definitions.apply(list, &mut attributes);
        }
        attributes
    }

    /// An opening tag; its id can be referred to.
    fn open_tag(&mut self, name: &str, attributes: &Attributes) -> String {
        let mut out = String::new();
        self.push_tag(&mut out, name, attributes);
        out
    }

    /// Writes an opening tag; its id can be referred to.
    fn push_tag(&mut self, out: &mut String, name: &str, attributes: &Attributes) {
        if let Some(id) = attributes.get("id").filter(|id| !id.trim().is_empty()) {
            self.out.anchors.push(id.to_owned());
        }
        out.push('<');
        out.push_str(name);
        tag::write_attributes(out, attributes);
        out.push('>');
    }
}
