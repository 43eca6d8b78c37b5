//! Prints blocks.

use std::borrow::Cow;

use super::{HeadingNode, Inside, Node, Object, Printer, TableNode};
use crate::escape;
use crate::markdown::ids;
use crate::markdown::inline::{Kind as SpanKind, Span, bare_text, plain_text};
use crate::markdown::options::Input;
use crate::markdown::skeleton::GUARD;
use crate::markdown::tag;
use crate::markdown::text::Text;
use crate::markdown::tree::{Attributes, Block, Document, Group, Kind, Piece, Table};

const HEADINGS: [&str; 6] = ["h1", "h2", "h3", "h4", "h5", "h6"];

/// The spaces that kramdown writes before a block for each level.
const INDENT: usize = 2;

fn spaces(count: usize) -> Cow<'static, str> {
    const SPACES: &str = "                                                                ";
    SPACES.get(..count).map_or_else(|| " ".repeat(count).into(), Cow::Borrowed)
}

impl Printer<'_> {
    /// An opening tag with spaces before it.
    fn indented_tag(&mut self, name: &str, attributes: &Attributes, indent: usize) -> String {
        let mut out = String::with_capacity(indent + name.len() + 2);
        out.push_str(&spaces(indent));
        self.push_tag(&mut out, name, attributes);
        out
    }

    /// Prints blocks that stand beside each other, indented in the HTML.
    pub(super) fn blocks(&mut self, blocks: &[Block], indent: usize) {
        // Lists that follow each other must not become one.
        let mut other_marker = false;
        // The node of the last block, until an empty line was left after it.
        let mut last = None;
        for block in blocks {
            let start = self.out.nodes.len();
            match &block.kind {
                Kind::Blank(_) => {
                    let node = last.take().and_then(|last: usize| self.out.nodes.get_mut(last));
                    if let Some(node) = node {
                        blank_after(node);
                    }
                }
                Kind::Boundary(_) => {}
                Kind::Paragraph { transparent } => {
                    self.paragraph(block, *transparent, indent);
                }
                Kind::Text => self.paragraph(block, true, indent),
                Kind::Heading(level) => self.heading(block, *level, indent),
                Kind::Quote => self.quote(block, indent),
                Kind::Code { language, code, .. } => self.code(block, language, code, indent),
                Kind::Rule => {
                    let attributes = self.attributes(&block.attributes, block.list.as_ref());
                    let open = self.open_tag("hr", &attributes);
                    let open = open.trim_end_matches('>');
                    self.raw(format!("{}{open} />\n", spaces(indent)));
                }
                Kind::List(numbered) => {
                    self.list(block, *numbered, other_marker, indent);
                    other_marker = !other_marker;
                }
                Kind::Definitions => self.definitions(block, indent),
                Kind::Table(table) => self.table(block, table, indent),
                Kind::Html(pieces) => self.html(block, pieces, indent),
                Kind::Math(formula) => self.formula(block, formula, indent),
                Kind::Item | Kind::Term | Kind::Definition => self.blocks(&block.children, indent),
            }
            let end = self.out.nodes.len();
            if end > start {
                let several = matches!(block.kind, Kind::Definitions | Kind::Html(_));
                last = Some(if several { end - 1 } else { start });
            }
        }
    }

    /// Prints a block's text as a paragraph between two pieces of HTML.
    fn wrapped_block(
        &mut self,
        block: &Block,
        spans: Option<&[Span]>,
        open: String,
        close: Cow<'static, str>,
    ) {
        self.out.nodes.push(Node::Wrap(open, close));
        self.begin_line();
        self.out.text.push(GUARD);
        match spans {
            Some(spans) => self.spans(spans),
            None => self.text(block.text.as_str()),
        }
        self.backlinks_in(block);
        self.out.text.push(GUARD);
        self.end_block();
    }

    /// Prints a footnote's links back if this is the block that holds them.
    fn backlinks_in(&mut self, block: &Block) {
        if let Some((place, index)) = self.backlinks
            && std::ptr::eq(place, block)
        {
            self.backlinks = None;
            self.object(Object::Backlinks(index, true));
        }
    }

    /// Prints text as a paragraph between two pieces of HTML.
    fn wrapped(&mut self, spans: &[Span], open: String, close: Cow<'static, str>) {
        self.out.nodes.push(Node::Wrap(open, close));
        self.begin_line();
        self.out.text.push(GUARD);
        self.spans(spans);
        self.out.text.push(GUARD);
        self.end_block();
    }

    /// Prints a paragraph; a transparent one without its element.
    fn paragraph(&mut self, block: &Block, transparent: bool, indent: usize) {
        let spans = if self.is_bare(&block.text) { None } else { Some(self.parse(&block.text)) };
        let spans = spans.as_deref();
        if transparent {
            self.wrapped_block(block, spans, String::new(), Cow::Borrowed(""));
            return;
        }
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        if let Some([image @ Span { kind: SpanKind::Image(_), references, .. }]) = spans
            && references.iter().any(|name| name == "standalone")
        {
            self.figure(attributes, image, indent);
            return;
        }
        let open = self.indented_tag("p", &attributes, indent);
        self.wrapped_block(block, spans, open, Cow::Borrowed("</p>\n"));
    }

    /// An image on its own that asks for a figure.
    fn figure(&mut self, mut attributes: Attributes, image: &Span, indent: usize) {
        let mut inner = image.attributes.clone();
        for name in ["class", "id"] {
            if attributes.get(name).is_none()
                && let Some(value) = inner.remove(name)
            {
                attributes.set(name, value);
            }
        }
        let caption = inner.get("alt").unwrap_or_default().to_owned();
        let image = Span { attributes: inner, ..image.clone() };
        let open = self.open_tag("figure", &attributes);
        let (pad, pad_in) = (spaces(indent), spaces(indent + INDENT));
        let caption = escape::text(&caption);
        let close = format!("\n{pad_in}<figcaption>{caption}</figcaption>\n{pad}</figure>\n");
        self.wrapped(&[image], format!("{pad}{open}\n{pad_in}"), close.into());
    }

    fn heading(&mut self, block: &Block, level: u8, indent: usize) {
        let spans = self.parse(&block.text);
        let mut attributes = self.attributes(&block.attributes, block.list.as_ref());
        if self.options.auto_ids && attributes.get("id").is_none() {
            let gfm = self.options.input == Input::Gfm;
            let mut text = String::new();
            match gfm {
                true => plain_text(&spans, &mut text),
                false if self.options.auto_id_stripping => bare_text(&spans, &mut text),
                false => text.push_str(block.text.as_str()),
            }
            let mut id = match self.inside {
                Inside::Text if gfm => self.ids.github(&text),
                _ => self.ids.basic(&text),
            };
            id.insert_str(0, &self.options.auto_id_prefix);
            attributes.set("id", id);
        }
        let id = attributes.get("id").map(str::to_owned);
        let classes = attributes.get("class").unwrap_or_default();
        let no_toc = classes.split_whitespace().any(|class| class == "no_toc");
        let in_levels = self.options.toc_levels.contains(&level);
        let listed = id.is_some() && !no_toc && in_levels;
        let shown = i64::from(level).saturating_add(self.options.header_offset).clamp(1, 6);
        let name = HEADINGS.get(usize::try_from(shown - 1).unwrap_or(5)).unwrap_or(&"h6");
        let mut open = String::with_capacity(indent + 64);
        open.push_str(&spaces(indent));
        open.push('<');
        open.push_str(name);
        tag::write_attributes(&mut open, &attributes);
        open.push('>');
        let id = id.unwrap_or_default();
        self.out.nodes.push(Node::Heading(HeadingNode {
            level,
            close: ["</", name, ">\n"].concat(),
            open,
            id,
            no_toc,
            listed,
            blank: false,
        }));
        self.begin_line();
        for _ in 0..level {
            self.out.text.push('#');
        }
        self.out.text.push(' ');
        self.out.text.push(GUARD);
        self.spans(&spans);
        self.backlinks_in(block);
        self.out.text.push(GUARD);
        self.end_block();
    }

    /// Prints a container whose first line begins with `marker`, later ones with `rest`. A list's
    /// `only` item gets a second block, as CommonMark takes its paragraph for one only then.
    fn contained(
        &mut self,
        (marker, rest): (&str, &str),
        blocks: &[Block],
        only: bool,
        indent: usize,
    ) {
        let outer = self.prefix.len();
        let mut lead = self.lead.take().unwrap_or_else(|| self.prefix.clone());
        lead.push_str(marker);
        self.lead = Some(lead);
        self.prefix.push_str(rest);
        let before = self.out.nodes.len();
        self.blocks(blocks, indent);
        if only || self.out.nodes.len() == before {
            // A container with nothing in it could be read as something else.
            self.raw(String::new());
        }
        self.prefix.truncate(outer);
        self.out.text.push_str(&self.prefix);
        self.out.text.push('\n');
    }

    fn quote(&mut self, block: &Block, indent: usize) {
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        let mut open = self.indented_tag("blockquote", &attributes, indent);
        open.push('\n');
        let close = [&spaces(indent), "</blockquote>\n"].concat();
        self.out.nodes.push(Node::Wrap(open, close.into()));
        self.contained(("> ", "> "), &block.children, false, indent + INDENT);
    }

    fn list(&mut self, block: &Block, numbered: bool, other_marker: bool, indent: usize) {
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        let name = if numbered { "ol" } else { "ul" };
        if !self.has_contents && Document::is_contents(block.list.as_ref()) {
            self.has_contents = true;
            self.placeholder(Node::Contents(name, attributes, false));
            return;
        }
        if block.list.as_ref().is_some_and(|list| list.names("footnotes")) {
            self.placeholder(Node::NotesPlace);
            return;
        }
        let mut open = self.indented_tag(name, &attributes, indent);
        open.push('\n');
        let close = [&spaces(indent), "</", name, ">\n"].concat();
        self.out.nodes.push(Node::Wrap(open, close.into()));
        let (marker, rest) = match (numbered, other_marker) {
            (true, false) => ("1. ", "   "),
            (true, true) => ("1) ", "   "),
            (false, false) => ("- ", "  "),
            (false, true) => ("* ", "  "),
        };
        let only = block.children.len() == 1;
        for item in &block.children {
            let (open, close) = self.item_tags("li", item, indent + INDENT);
            self.out.nodes.push(Node::Wrap(open, close));
            self.contained((marker, rest), &item.children, only, indent + INDENT * 2);
        }
    }

    /// The tags of an item or definition; the closing one is indented if a block is inside.
    fn item_tags(
        &mut self,
        name: &str,
        item: &Block,
        indent: usize,
    ) -> (String, Cow<'static, str>) {
        let attributes = self.attributes(&item.attributes, item.list.as_ref());
        let mut open = self.indented_tag(name, &attributes, indent);
        let first = item.children.first();
        let inline = first.is_none_or(Block::is_transparent);
        let only_text = inline && item.children.len() <= 1;
        open.push_str(if inline { "" } else { "\n" });
        let close = match (only_text, name) {
            (true, "li") => Cow::Borrowed("</li>\n"),
            (true, _) => ["</", name, ">\n"].concat().into(),
            (false, _) => [&spaces(indent), "</", name, ">\n"].concat().into(),
        };
        (open, close)
    }

    fn definitions(&mut self, block: &Block, indent: usize) {
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        let open = self.open_tag("dl", &attributes);
        let pad = spaces(indent);
        self.raw(format!("{pad}{open}\n"));
        for child in &block.children {
            if matches!(child.kind, Kind::Term) {
                let mut attributes = self.attributes(&child.attributes, child.list.as_ref());
                let spans = self.parse(&child.text);
                let named = block.list.iter().flat_map(|list| &list.references);
                let mut named = named.filter_map(|name| name.strip_prefix("auto_ids"));
                if let Some(prefix) = named.next_back().filter(|_| attributes.get("id").is_none()) {
                    let mut text = String::new();
                    plain_text(&spans, &mut text);
                    let prefix = prefix.trim_start_matches('-');
                    attributes.set("id", format!("{prefix}{}", ids::ascii(&text)));
                }
                let open = self.indented_tag("dt", &attributes, indent + INDENT);
                self.wrapped(&spans, open, Cow::Borrowed("</dt>\n"));
            } else {
                let (open, close) = self.item_tags("dd", child, indent + INDENT);
                self.raw(open);
                self.blocks(&child.children, indent + INDENT * 2);
                self.raw(close.into_owned());
            }
        }
        self.raw(format!("{pad}</dl>\n"));
    }

    fn table(&mut self, block: &Block, table: &Table, indent: usize) {
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        let open = self.open_tag("table", &attributes);
        let groups: Vec<(Group, usize)> =
            table.groups.iter().map(|(group, rows)| (*group, rows.len())).collect();
        let alignment = table.alignment.clone();
        let columns = alignment.len();
        self.out.nodes.push(Node::Table(TableNode {
            open,
            indent,
            groups,
            alignment,
            blank: false,
        }));
        // The head that GFM asks for stays empty: kramdown's may have several rows, or none.
        self.begin_line();
        for _ in 0..columns {
            self.out.text.extend(['|', GUARD]);
        }
        self.out.text.push_str("|\n");
        self.out.text.push_str(&self.prefix);
        self.out.text.push_str(&"|-".repeat(columns));
        self.out.text.push('|');
        for row in table.groups.iter().flat_map(|(_, rows)| rows) {
            self.out.text.push('\n');
            self.out.text.push_str(&self.prefix);
            self.row(row);
        }
        self.end_block();
    }

    fn row(&mut self, row: &[Text]) {
        for cell in row {
            self.out.text.extend(['|', GUARD]);
            if self.is_bare(cell) {
                self.text(cell.as_str());
            } else {
                let spans = self.parse(cell);
                self.spans(&spans);
            }
            self.out.text.push(GUARD);
        }
        self.out.text.push('|');
    }

    fn html(&mut self, block: &Block, pieces: &[Piece], indent: usize) {
        let outer = self.inside;
        self.inside = if outer == Inside::Text { Inside::Html } else { outer };
        let mut html = spaces(indent).into_owned();
        for piece in pieces {
            match piece {
                Piece::Open(name, attributes) => {
                    let attributes = self.attributes(attributes, block.list.as_ref());
                    html.push('<');
                    html.push_str(name);
                    tag::write_attributes(&mut html, &attributes);
                }
                Piece::Html(piece) => html.push_str(piece),
                Piece::Blocks(blocks) => {
                    self.raw(std::mem::take(&mut html));
                    self.blocks(blocks, indent + INDENT);
                }
                Piece::Spans(text) => {
                    let spans = self.parse(text);
                    self.wrapped(&spans, std::mem::take(&mut html), Cow::Borrowed(""));
                }
            }
        }
        self.raw(html);
        self.inside = outer;
    }

    fn formula(&mut self, block: &Block, formula: &str, indent: usize) {
        let attributes = self.attributes(&block.attributes, block.list.as_ref());
        let formula = escape::text(formula);
        if !self.options.mathjax {
            let mut attributes = attributes;
            attributes.add_class("kdmath");
            let open = self.open_tag("div", &attributes);
            self.raw(format!("{}{open}$$\n{formula}\n$$</div>\n", spaces(indent)));
            return;
        }
        let mut html = format!("\\[{formula}\\]\n");
        if !attributes.is_empty() {
            let open = self.open_tag("div", &attributes);
            html = format!("{}{open}{html}</div>\n", spaces(indent));
        }
        self.raw(html);
    }

    /// Prints the footnotes that were referred to, in a list at the end.
    pub(super) fn notes(&mut self) {
        if self.out.notes.is_empty() {
            return;
        }
        self.inside = Inside::Note;
        let start = self.options.footnote_nr;
        let start = if start == 1 { String::new() } else { format!(" start=\"{start}\"") };
        let open = format!("<div class=\"footnotes\" role=\"doc-endnotes\">\n  <ol{start}>\n");
        self.placeholder(Node::Notes(open));
        let definitions = &self.document.definitions.footnotes;
        let prefix = &self.options.footnote_prefix;
        let mut index = 0;
        while let Some(note) = self.out.notes.get(index) {
            let name = note.name.clone();
            self.out.anchors.push(format!("fn:{name}"));
            self.raw(format!("    <li id=\"fn:{name}\" role=\"doc-endnote\">\n"));
            let own = name.strip_prefix(prefix.as_str()).unwrap_or(&name);
            if let Some(blocks) = definitions.get(own) {
                self.note(blocks, index);
            }
            self.raw("    </li>\n".to_owned());
            index += 1;
        }
        self.raw("  </ol>\n</div>\n".to_owned());
    }

    /// Prints a footnote; its last paragraph ends with the links back.
    fn note(&mut self, blocks: &[Block], index: usize) {
        let indent = INDENT * 3;
        let inline = self.options.footnote_backlink_inline;
        let is_block = |block: &&Block| !block.is_boundary();
        let place = last_paragraph(blocks.iter().rfind(is_block), inline);
        self.backlinks = place.map(|block| (std::ptr::from_ref(block), index));
        self.blocks(blocks, indent);
        if self.backlinks.take().is_some() || place.is_none() {
            let open = format!("{}<p>", spaces(indent));
            self.out.nodes.push(Node::Wrap(open, Cow::Borrowed("</p>\n")));
            self.begin_line();
            self.out.text.push(GUARD);
            self.object(Object::Backlinks(index, false));
            self.out.text.push(GUARD);
            self.end_block();
        }
    }
}

/// The paragraph or heading at the end of a block, however deep if `inline`, that can hold more
/// text.
fn last_paragraph(block: Option<&Block>, inline: bool) -> Option<&Block> {
    let mut block = block?;
    loop {
        match block.kind {
            Kind::Paragraph { .. } => return Some(block),
            Kind::Heading(_) if inline => return Some(block),
            _ if inline => block = block.children.last()?,
            _ => return None,
        }
    }
}

/// Leaves an empty line after a block, as kramdown does for blank lines.
fn blank_after(node: &mut Node) {
    match node {
        Node::Wrap(_, close) => {
            *close = match close.as_ref() {
                "</p>\n" => Cow::Borrowed("</p>\n\n"),
                close => format!("{close}\n").into(),
            };
        }
        Node::Raw(html) => html.push('\n'),
        Node::Heading(heading) => heading.blank = true,
        Node::Table(table) => table.blank = true,
        Node::Contents(_, _, blank) => *blank = true,
        _ => {}
    }
}
