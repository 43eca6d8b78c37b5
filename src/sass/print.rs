//! CSS in the four styles, laid out as LibSass does it, with a mapping for what is known.

use super::Style;
use super::engine::Ran;
use super::prepare::Mark;
use super::source_map::Segment;
use super::spell::{self, Spellings};
use super::tree::Node;

/// The CSS and its mappings.
pub(super) struct Printed {
    pub css: String,
    pub segments: Vec<Segment>,
}

struct Printer<'a> {
    out: String,
    line: usize,
    /// The column in units of UTF-16.
    column: usize,
    segments: Vec<Segment>,
    style: Style,
    ran: &'a Ran,
    spellings: &'a Spellings,
}

/// Prints the nodes of a sheet.
pub(super) fn print(nodes: &[Node], style: Style, ran: &Ran, spellings: &Spellings) -> Printed {
    let mut printer = Printer {
        out: String::new(),
        line: 0,
        column: 0,
        segments: Vec::new(),
        style,
        ran,
        spellings,
    };
    // The sign of encoding that LibSass puts before compressed CSS is taken away by Jekyll.
    if style != Style::Compressed && nodes.iter().any(|node| !is_ascii(node, &printer)) {
        printer.put("@charset \"UTF-8\";\n");
    }
    match style {
        Style::Compressed => printer.compressed(nodes),
        Style::Compact => printer.compact(nodes),
        Style::Expanded | Style::Nested => printer.lines(nodes, 0),
    }
    if !printer.out.is_empty() {
        printer.put("\n");
    }
    Printed { css: printer.out, segments: printer.segments }
}

fn is_ascii(node: &Node, printer: &Printer<'_>) -> bool {
    match node {
        Node::Comment { text, .. } | Node::Statement(text) => text.is_ascii(),
        Node::Declaration { name, value, mark } => {
            name.is_ascii() && printer.value(name, value, *mark).0.is_ascii()
        }
        Node::Block { prelude, body, .. } => {
            prelude.is_ascii() && body.iter().all(|node| is_ascii(node, printer))
        }
        Node::ImportPlace => true,
    }
}

/// Whether a node is left when comments are taken out, all but those with an exclamation mark.
fn survives(node: &Node) -> bool {
    match node {
        Node::Comment { text, .. } => text.starts_with("/*!"),
        Node::Block { body, .. } => body.is_empty() || body.iter().any(survives),
        _ => true,
    }
}

/// What stands between a node and the next one at the top.
fn gap(node: &Node) -> &'static str {
    if node.is_block() { "\n\n" } else { "\n" }
}

impl Printer<'_> {
    fn put(&mut self, text: &str) {
        self.out.push_str(text);
        match text.rsplit_once('\n') {
            Some((before, last)) => {
                self.line += before.matches('\n').count() + 1;
                self.column = last.encode_utf16().count();
            }
            None => self.column += text.encode_utf16().count(),
        }
    }

    fn indent(&mut self, depth: usize) {
        self.put(&"  ".repeat(depth));
    }

    fn map(&mut self, mark: Option<Mark>, inside: usize) {
        let (line, column) = (self.line, self.column);
        self.segments.extend(mark.map(|mark| Segment { line, column, mark, inside }));
    }

    /// The author's text of a statement.
    fn statement(&self, mark: Option<Mark>) -> Option<&str> {
        let Mark { file, statement } = mark?;
        let text = self.ran.texts.get(file)?;
        text.text.get(text.prepared.statements.get(statement)?.clone())
    }

    fn value(&self, name: &str, computed: &str, mark: Option<Mark>) -> (String, bool) {
        spell::value(name, self.statement(mark), computed)
    }

    /// A declaration without its semicolon.
    fn declaration(&mut self, name: &str, computed: &str, mark: Option<Mark>) {
        let (value, plain) = self.value(name, computed, mark);
        let custom = name.starts_with("--");
        let compressed = self.style == Style::Compressed;
        self.map(mark, 0);
        self.put(name);
        let glued = custom || compressed;
        self.put(if glued { ":" } else { ": " });
        let inside = self.statement(mark).and_then(|statement| {
            let start = spell::value_start(statement)?;
            let rest = &statement[start..];
            Some(start + rest.len() - rest.trim_start().len())
        });
        if let Some(inside) = inside {
            self.map(mark, inside);
        }
        let value = if compressed && !plain { spell::compressed(&value) } else { value };
        self.put(&value);
    }

    /// What stands before a block's brace.
    fn prelude(&mut self, prelude: &str, mark: Option<Mark>) {
        self.map(mark, 0);
        let mut text = if prelude.starts_with('@') {
            lower_modifiers(prelude)
        } else {
            self.spellings.selector(prelude, self.statement(mark))
        };
        if matches!(self.style, Style::Compact) {
            text = text.replace('\n', " ");
        } else if self.style == Style::Compressed {
            text = squeezed(&text.replace('\n', " "), prelude.starts_with('@'));
        }
        self.put(&text);
    }

    /// A statement, comment or declaration with what ends it.
    fn leaf(&mut self, node: &Node) {
        match node {
            Node::Comment { text, mark } => {
                let written = self.statement(*mark).filter(|written| !written.contains("#{"));
                let text = written.unwrap_or(text);
                let compact = self.style == Style::Compact;
                let text = if compact { one_line(text) } else { text.to_owned() };
                self.put(&text);
            }
            Node::Statement(text) => {
                self.put(&import_address(text));
                self.put(";");
            }
            Node::Declaration { name, value, mark } => {
                self.declaration(name, value, *mark);
                self.put(";");
            }
            Node::Block { .. } | Node::ImportPlace => {}
        }
    }

    /// The children of a block, a line each.
    fn block_lines(&mut self, node: &Node, depth: usize) {
        let Node::Block { prelude, body, mark, .. } = node else { return self.leaf(node) };
        self.prelude(prelude, *mark);
        self.put(" {");
        if body.is_empty() {
            return self.put(" }");
        }
        self.put("\n");
        self.lines(body, depth + 1);
        if self.style == Style::Nested {
            self.put(" }");
        } else {
            self.put("\n");
            self.indent(depth);
            self.put("}");
        }
    }

    /// Nodes of the expanded and the nested style. In the nested one, a rule is indented below the
    /// rule before it that its selector begins with.
    fn lines(&mut self, nodes: &[Node], depth: usize) {
        let nested = self.style == Style::Nested;
        let mut outer: Vec<&str> = Vec::new();
        for (index, node) in nodes.iter().enumerate() {
            let mut apart = depth == 0;
            let mut extra = 0;
            if let (true, Node::Block { prelude, apart: spaced, .. }) = (nested, node) {
                if *spaced {
                    outer.clear();
                }
                apart = *spaced || outer.is_empty();
                if prelude.starts_with("@media") || prelude.starts_with("@supports") {
                    extra = outer.len().min(1);
                } else if prelude.starts_with('@') {
                    outer.clear();
                } else {
                    while outer.last().is_some_and(|outer| !is_below(prelude, outer)) {
                        outer.pop();
                    }
                    extra = outer.len();
                    apart |= extra == 0;
                    outer.push(prelude);
                }
            } else if nested && matches!(node, Node::Statement(_) | Node::Comment { .. }) {
                outer.clear();
            }
            if let Some(before) = index.checked_sub(1).and_then(|before| nodes.get(before)) {
                self.put(if depth == 0 && apart { gap(before) } else { "\n" });
            }
            self.indent(depth + extra);
            self.block_lines(node, depth + extra);
        }
    }

    fn compact(&mut self, nodes: &[Node]) {
        for (index, node) in nodes.iter().enumerate() {
            if let Some(before) = index.checked_sub(1).and_then(|before| nodes.get(before)) {
                self.put(gap(before));
            }
            self.compact_node(node, 0);
        }
    }

    fn compact_node(&mut self, node: &Node, depth: usize) {
        let Node::Block { prelude, body, mark, .. } = node else { return self.leaf(node) };
        self.prelude(prelude, *mark);
        self.put(" {");
        let frames = prelude.starts_with('@') && prelude.contains("keyframes");
        for (index, child) in body.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| body.get(before));
            let broken =
                before.is_some_and(|before| frames || child.is_at_block() || before.is_at_block());
            if broken {
                self.put("\n");
                self.indent(depth + 1);
            } else {
                self.put(" ");
            }
            if frames { self.frame(child, depth + 1) } else { self.compact_node(child, depth + 1) }
        }
        self.put(" }");
    }

    /// A frame of an animation, whose declarations LibSass puts on lines of their own.
    fn frame(&mut self, node: &Node, depth: usize) {
        let Node::Block { prelude, body, mark, .. } = node else { return self.leaf(node) };
        self.prelude(prelude, *mark);
        self.put(" { ");
        for (index, child) in body.iter().enumerate() {
            if index > 0 {
                self.put("\n");
                self.indent(depth + 1);
            }
            self.leaf(child);
        }
        self.put(" }");
    }

    fn compressed(&mut self, nodes: &[Node]) {
        for node in nodes.iter().filter(|node| survives(node)) {
            match node {
                Node::Block { prelude, body, mark, .. } => {
                    self.prelude(prelude, *mark);
                    self.put("{");
                    self.compressed_body(body);
                    self.put("}");
                }
                node => self.leaf(node),
            }
        }
    }

    fn compressed_body(&mut self, nodes: &[Node]) {
        let mut left = nodes.iter().filter(|node| survives(node)).peekable();
        while let Some(node) = left.next() {
            match node {
                Node::Declaration { name, value, mark } => {
                    self.declaration(name, value, *mark);
                    if left.peek().is_some() {
                        self.put(";");
                    }
                }
                node => self.compressed(std::slice::from_ref(node)),
            }
        }
    }
}

/// Whether a rule with this selector was likely nested in the other.
fn is_below(selector: &str, outer: &str) -> bool {
    let first = |text: &'_ str| text.split([',', '\n']).next().unwrap_or("").to_owned();
    let (selector, outer) = (first(selector), first(outer));
    selector.len() > outer.len() && selector.starts_with(&outer)
}

/// A comment of several lines on one, if a line is indented and no blank line follows it; otherwise
/// it stays as it is.
fn one_line(comment: &str) -> String {
    let mut out = String::with_capacity(comment.len());
    let (mut indented, mut skipping, mut before) = (false, false, ' ');
    for c in comment.chars() {
        match c {
            '\n' => (skipping, indented) = (true, indented && !skipping),
            ' ' | '\t' if skipping => indented = true,
            '*' if skipping => {}
            c => {
                if skipping {
                    out.push_str(if before == '*' && c == '/' { " *" } else { " " });
                }
                skipping = false;
                out.push(c);
            }
        }
        before = c;
    }
    if indented { out } else { comment.to_owned() }
}

/// A media query's `ONLY`, `NOT` and `AND` in lower case.
fn lower_modifiers(prelude: &str) -> String {
    if !prelude.starts_with("@media") {
        return prelude.to_owned();
    }
    let words = prelude.split(' ').map(|word| {
        let known = ["only", "not", "and"].iter().any(|known| word.eq_ignore_ascii_case(known));
        if known { word.to_ascii_lowercase() } else { word.to_owned() }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// `@import 'file.css'` as LibSass writes it: an address, unless it leads to another server.
fn import_address(statement: &str) -> String {
    let quoted = statement.strip_prefix("@import ").map(str::trim).filter(|rest| {
        let quotes = rest.starts_with('"') && rest.ends_with('"')
            || rest.starts_with('\'') && rest.ends_with('\'');
        quotes && rest.len() > 2
    });
    match quoted.map(|quoted| &quoted[1..quoted.len() - 1]) {
        Some(url) if !url.contains("//") && !url.contains(['"', '\'']) => {
            format!("@import url({url})")
        }
        Some(url) if !url.contains('"') => format!("@import \"{url}\""),
        _ => statement.to_owned(),
    }
}

/// A selector or at-rule without the blanks that it can do without.
fn squeezed(text: &str, at_rule: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut depth, mut quote) = (0_usize, None);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, quote) {
            (c, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('(' | '[', None) => depth += 1,
            (')' | ']', None) => depth = depth.saturating_sub(1),
            (' ', None) => {
                let next = characters.peek().copied().unwrap_or(' ');
                let after_comma = out.ends_with(',') && (!at_rule || depth == 0);
                let combinator = |c: char| depth == 0 && !at_rule && ">+~".contains(c);
                if after_comma
                    || combinator(next)
                    || out.chars().next_back().is_some_and(combinator)
                {
                    continue;
                }
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
