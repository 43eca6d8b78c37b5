//! kramdown's block structure of a text.

use std::cell::Cell;
use std::ops::Range;

use indexmap::IndexMap;

use crate::diagnostic::Diagnostic;
use crate::markdown::text::Text;
use crate::markdown::{Fence, LinkUse, Options};

/// The most attributes of an element; each is looked for among those before it.
const MAX_ATTRIBUTES: usize = 1000;

/// Attributes of an element in the order in which they were set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Sets an attribute; one that is there keeps its place. Of the attributes of an element only
    /// the first thousand are kept.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        let full = self.0.len() >= MAX_ATTRIBUTES;
        match self.0.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value.into(),
            None if full => {}
            None => self.0.push((name.to_owned(), value.into())),
        }
    }

    /// Takes an attribute out.
    pub fn remove(&mut self, name: &str) -> Option<String> {
        let at = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(at).1)
    }

    /// Adds a class to the classes that are there.
    pub fn add_class(&mut self, class: &str) {
        match self.0.iter_mut().find(|(key, _)| key == "class") {
            Some((_, old)) if !old.is_empty() => {
                old.push(' ');
                old.push_str(class);
            }
            _ => self.set("class", class),
        }
    }

    /// Sets the attributes of another list; its classes are added.
    pub fn merge(&mut self, other: &Attributes) {
        for (name, value) in &other.0 {
            if name == "class" { self.add_class(value) } else { self.set(name, value.as_str()) }
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The bytes of names and values.
    fn weight(&self) -> usize {
        self.0.iter().map(|(name, value)| name.len() + value.len()).sum()
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// An inline attribute list: attributes, and the names of attribute lists defined elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AttributeList {
    /// The attributes written in it.
    pub attributes: Attributes,
    /// The names it refers to.
    pub references: Vec<String>,
}

impl AttributeList {
    /// The bytes of its attributes.
    pub fn weight(&self) -> usize {
        self.attributes.weight()
    }

    /// Whether it names a reference, such as `toc`.
    pub fn names(&self, reference: &str) -> bool {
        self.references.iter().any(|name| name == reference)
    }
}

/// What ended a block without being one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Boundary {
    /// `^` on a line of its own.
    Marker,
    /// An attribute list, or a definition of one.
    Attributes,
    /// An extension such as `{::options}`.
    Extension,
    /// The definition of a link, by its normalised name.
    Link(String),
    /// The definition of an abbreviation.
    Abbreviation(String),
    /// The definition of a footnote.
    Footnote,
}

/// A row group of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// `thead`
    Head,
    /// `tbody`
    Body,
    /// `tfoot`
    Foot,
}

/// How a table's column is aligned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alignment {
    /// Not at all.
    None,
    /// `:--`
    Left,
    /// `--:`
    Right,
    /// `:-:`
    Center,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// One for each column.
    pub alignment: Vec<Alignment>,
    /// The groups with their rows of cells, all of the same length.
    pub groups: Vec<(Group, Vec<Vec<Text>>)>,
}

/// A part of a raw HTML block.
#[derive(Clone, Debug, PartialEq)]
pub enum Piece {
    /// The beginning of the block's own opening tag: name and attributes. The HTML after it ends
    /// the tag.
    Open(String, Attributes),
    /// HTML as it is to be written.
    Html(String),
    /// Blocks inside an element with `markdown="1"` or `"block"`.
    Blocks(Vec<Block>),
    /// Text inside an element with `markdown="span"`.
    Spans(Text),
}

/// The kind of a block.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Blank lines; whether they are exactly one line break.
    Blank(bool),
    /// Something that ends a block.
    Boundary(Boundary),
    /// A paragraph. A transparent one is written without its element.
    Paragraph {
        /// Whether the element is left out.
        transparent: bool,
    },
    /// Text on its own: lines that kramdown takes for nothing else.
    Text,
    /// A heading, 1 to 6.
    Heading(u8),
    /// `blockquote`
    Quote,
    /// A code block: its whole info word, and its code.
    Code {
        /// The info word, empty when there is none.
        language: String,
        /// The code, with its last line break.
        code: String,
        /// The bytes of the input.
        range: Range<usize>,
    },
    /// A horizontal rule.
    Rule,
    /// A list; whether it is numbered.
    List(bool),
    /// An item of a list.
    Item,
    /// A definition list.
    Definitions,
    /// Its term.
    Term,
    /// Its definition.
    Definition,
    /// A table.
    Table(Table),
    /// A block of raw HTML.
    Html(Vec<Piece>),
    /// A formula on its own.
    Math(String),
}

/// A block.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its kind.
    pub kind: Kind,
    /// The attribute list beside it.
    pub list: Option<AttributeList>,
    /// Attributes that its syntax gives it.
    pub attributes: Attributes,
    /// The blocks inside.
    pub children: Vec<Block>,
    /// The text inside, if it is a leaf.
    pub text: Text,
}

impl Block {
    /// A block of a kind with nothing in it.
    pub fn new(kind: Kind) -> Self {
        Self {
            kind,
            list: None,
            attributes: Attributes::default(),
            children: Vec::new(),
            text: Text::default(),
        }
    }

    /// A leaf with text.
    pub fn leaf(kind: Kind, text: Text) -> Self {
        Self { text, ..Self::new(kind) }
    }

    /// Whether it is a paragraph.
    pub fn is_paragraph(&self) -> bool {
        matches!(self.kind, Kind::Paragraph { .. })
    }

    /// Whether it is blank lines.
    pub fn is_blank(&self) -> bool {
        matches!(self.kind, Kind::Blank(_))
    }

    /// Whether it only ends the block before it.
    pub fn is_boundary(&self) -> bool {
        matches!(self.kind, Kind::Boundary(_))
    }

    /// Whether it is a paragraph written without its element.
    pub fn is_transparent(&self) -> bool {
        matches!(self.kind, Kind::Paragraph { transparent: true })
    }
}

/// The definition of a reference link.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LinkDefinition {
    /// Where it leads.
    pub destination: String,
    /// Its title.
    pub title: Option<String>,
    /// The attribute list after it.
    pub list: Option<AttributeList>,
    /// The bytes of the destination in the input.
    pub range: Range<usize>,
}

/// What a text defines for use elsewhere in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Definitions {
    /// Attribute lists by name.
    pub lists: IndexMap<String, AttributeList>,
    /// Links by normalised name.
    pub links: IndexMap<String, LinkDefinition>,
    /// Footnotes' content by name.
    pub footnotes: IndexMap<String, Vec<Block>>,
    /// Abbreviations: their full text and attribute list.
    pub abbreviations: IndexMap<String, (String, Option<AttributeList>)>,
    /// The bytes that uses of definitions put into the page so far.
    expanded: Cell<usize>,
}

impl Definitions {
    /// Sets the attributes of an attribute list, those of the lists it refers to first.
    pub fn apply(&self, list: &AttributeList, to: &mut Attributes) {
        self.apply_within(list, to, REFERENCE_DEPTH);
    }

    fn apply_within(&self, list: &AttributeList, to: &mut Attributes, depth: usize) {
        if depth > 0 {
            for name in list.references.iter().take(MAX_REFERENCES) {
                if let Some(referred) = self.lists.get(name)
                    && self.expand(REFERENCE_WEIGHT + referred.attributes.weight())
                {
                    self.apply_within(referred, to, depth - 1);
                }
            }
        }
        to.merge(&list.attributes);
    }

    /// Counts the bytes that a use of a definition puts into the page; `false` when the page has
    /// too much of that already, so that a short text can't become a page without end.
    pub fn expand(&self, bytes: usize) -> bool {
        let expanded = self.expanded.get().saturating_add(bytes);
        self.expanded.set(expanded);
        expanded <= MAX_EXPANSION
    }
}

/// How many bytes the uses of a text's definitions may put into its page; a real one needs a few
/// thousand.
const MAX_EXPANSION: usize = 1 << 24;
/// What a reference to an attribute list counts as at least, in bytes.
const REFERENCE_WEIGHT: usize = 16;

/// How many lists deep an attribute list may refer; lists that refer to each other end here.
const REFERENCE_DEPTH: usize = 3;
/// How many references of one attribute list count.
const MAX_REFERENCES: usize = 16;

/// A whole text.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// The bytes of the text.
    pub length: usize,
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Its definitions.
    pub definitions: Definitions,
    /// The options as they are at its end.
    pub options: Options,
    /// Destinations in blocks of raw HTML.
    pub links: Vec<LinkUse>,
    /// Ids in blocks of raw HTML.
    pub anchors: Vec<String>,
    /// Its fenced code blocks.
    pub fences: Vec<Fence>,
    /// What its author may not have meant.
    pub remarks: Vec<(Range<usize>, Diagnostic)>,
}
