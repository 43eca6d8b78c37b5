//! The compiler's CSS read back into a tree, its marks taken as positions.

use super::prepare::{Mark, MarkKind, read_mark};

/// How deep the CSS may be nested, in at-rules that come from a recursion: reading and printing it
/// go as deep.
pub(super) const MAX_BLOCKS: usize = 256;

/// A piece of CSS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Node {
    /// A comment with its signs.
    Comment { text: String, mark: Option<Mark> },
    /// An at-rule without a block, without the semicolon.
    Statement(String),
    /// A property and its value.
    Declaration { name: String, value: String, mark: Option<Mark> },
    /// A rule or an at-rule with a block.
    Block { prelude: String, body: Vec<Node>, mark: Option<Mark>, apart: bool },
    /// Where an import of plain CSS stood that the compiler put to the beginning.
    ImportPlace,
}

impl Node {
    /// Whether this is an at-rule with a block.
    pub fn is_at_block(&self) -> bool {
        matches!(self, Self::Block { prelude, .. } if prelude.starts_with('@'))
    }

    /// Whether this is a rule or an at-rule with a block.
    pub fn is_block(&self) -> bool {
        matches!(self, Self::Block { .. })
    }

    fn is_import(&self) -> bool {
        matches!(self, Self::Statement(text) if text.starts_with("@import"))
    }
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

/// Reads the compiler's CSS, imports where LibSass has them: behind the comments before them, and
/// before everything else.
///
/// `None` where blocks lie more than [`MAX_BLOCKS`] deep inside each other.
pub(super) fn read(css: &str) -> Option<Vec<Node>> {
    let mut reader = Reader { text: css, bytes: css.as_bytes(), at: 0 };
    let mut nodes = Vec::new();
    while reader.at < css.len() {
        nodes.append(&mut reader.body(0)?.0);
        // A brace that nothing opened can't come from the compiler; pass over it all the same.
        reader.at += 1;
    }
    Some(place_imports(nodes))
}

fn place_imports(nodes: Vec<Node>) -> Vec<Node> {
    let unplaced = !nodes.contains(&Node::ImportPlace);
    let (imports, others): (Vec<Node>, Vec<Node>) = nodes.into_iter().partition(Node::is_import);
    let mut imports = imports.into_iter();
    let mut placed = Vec::with_capacity(others.len());
    if unplaced {
        placed.extend(imports.by_ref());
    }
    let mut head = None;
    for node in others {
        match node {
            Node::ImportPlace if head.is_none() => placed.extend(imports.next()),
            Node::ImportPlace => {}
            Node::Comment { .. } => placed.push(node),
            node => {
                head.get_or_insert(placed.len());
                placed.push(node);
            }
        }
    }
    let head = head.unwrap_or(placed.len());
    placed.splice(head..head, imports);
    placed
}

/// Whether a block without content is no more than what marks made of nothing.
fn is_nothing(prelude: &str, body: &[Node]) -> bool {
    let at_rule = prelude.starts_with('@');
    let group = prelude.starts_with("@media") || prelude.starts_with("@supports");
    body.is_empty() && (!at_rule || group)
}

impl Reader<'_> {
    /// What stands up to the brace that closes, and the mark of the rule around it.
    fn body(&mut self, depth: usize) -> Option<(Vec<Node>, Option<Mark>)> {
        if depth > MAX_BLOCKS {
            return None;
        }
        let mut nodes = Vec::new();
        let mut own = None;
        let mut declaration = None;
        let mut at_rule = None;
        let mut comment = None;
        let mut apart = false;
        loop {
            let rest = &self.text[self.at..];
            let blank = rest.len() - rest.trim_start().len();
            apart |= rest[..blank].matches('\n').count() > 1;
            self.at += blank;
            let rest = &self.text[self.at..];
            if rest.is_empty() || rest.starts_with('}') {
                return Some((nodes, own));
            }
            if let Some(inside) = rest.strip_prefix("/*") {
                let end = inside.find("*/").map_or(rest.len(), |length| length + 4);
                self.at += end;
                match read_mark(&rest[..end]) {
                    None => {
                        let text = rest[..end].to_owned();
                        nodes.push(Node::Comment { text, mark: comment.take() });
                    }
                    Some((MarkKind::Declaration, mark)) => declaration = Some(mark),
                    Some((MarkKind::AtRule, mark)) => at_rule = Some(mark),
                    Some((MarkKind::Rule, mark)) => own = own.or(Some(mark)),
                    Some((MarkKind::Comment, mark)) => comment = Some(mark),
                    Some((MarkKind::Import, _)) => nodes.push(Node::ImportPlace),
                }
                continue;
            }
            let end = self.end_of_prelude();
            let text = self.text[self.at..end].trim();
            self.at = end;
            if self.bytes.get(end) == Some(&b'{') {
                self.at += 1;
                let (body, inner) = self.body(depth + 1)?;
                self.at = (self.at + 1).min(self.bytes.len());
                let mark = if text.starts_with('@') { at_rule.take() } else { inner };
                if !is_nothing(text, &body) {
                    nodes.push(Node::Block { prelude: text.to_owned(), body, mark, apart });
                }
            } else {
                self.at += usize::from(self.bytes.get(end) == Some(&b';'));
                nodes.extend(line(text, &mut declaration));
            }
            apart = false;
        }
    }

    /// Where the text ends that stands before a block, or a declaration.
    fn end_of_prelude(&self) -> usize {
        let custom = self.text[self.at..].starts_with("--");
        let mut at = self.at;
        let (mut groups, mut braces, mut quote) = (0_usize, 0_usize, None);
        while let Some(&byte) = self.bytes.get(at) {
            match (byte, quote) {
                (b'\\', _) => at += 1,
                (byte, Some(open)) if byte == open || byte == b'\n' => quote = None,
                (_, Some(_)) => {}
                (b'"' | b'\'', None) => quote = Some(byte),
                (b'(' | b'[', None) => groups += 1,
                (b')' | b']', None) => groups = groups.saturating_sub(1),
                (b'{', None) if custom => braces += 1,
                (b'}', None) if braces > 0 => braces -= 1,
                (b'{' | b';', None) if groups == 0 && braces == 0 => return at,
                (b'}', None) if groups == 0 => return at,
                _ => {}
            }
            at += 1;
        }
        self.bytes.len()
    }
}

/// The node for a text that ends with a semicolon.
fn line(text: &str, mark: &mut Option<Mark>) -> Option<Node> {
    if text.is_empty() {
        return None;
    }
    let Some((name, value)) = text.split_once(':').filter(|_| !text.starts_with('@')) else {
        return Some(Node::Statement(text.to_owned()));
    };
    let value = if name.starts_with("--") { value } else { value.trim() };
    let (name, value) = (name.trim().to_owned(), value.to_owned());
    Some(Node::Declaration { name, value, mark: mark.take() })
}
