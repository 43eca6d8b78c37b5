//! HTML in pieces, for plugins that look into pages that are rendered already.

use crate::site::links::anchors::{RAW, after_raw, attribute};

/// A piece of HTML. All pieces one after the other are the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Piece<'h> {
    /// Text with its entities.
    Text(&'h str),
    /// An opening tag, without its name's case mattering.
    Open(Tag<'h>),
    /// A closing tag.
    Close(Tag<'h>),
    /// A comment, a declaration, or what a script or style holds.
    Other(&'h str),
}

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tag<'h> {
    /// Its element.
    pub(super) name: &'h str,
    /// All of it.
    pub(super) whole: &'h str,
}

impl<'h> Tag<'h> {
    /// Whether it is of the element.
    pub(super) fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// The value of an attribute as it is written.
    pub(super) fn attribute(&self, wanted: &str) -> Option<&'h str> {
        let mut inside = &self.whole[1 + self.name.len()..];
        while let Some((name, value, after)) = attribute(inside) {
            if name.eq_ignore_ascii_case(wanted) {
                return Some(value);
            }
            inside = after;
        }
        None
    }

    /// Whether it has the class.
    pub(super) fn has_class(&self, class: &str) -> bool {
        self.attribute("class").is_some_and(|all| all.split_ascii_whitespace().any(|c| c == class))
    }
}

/// The pieces of some HTML.
pub(super) fn pieces(html: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = html;
    while !rest.is_empty() {
        let (piece, length) = piece(rest);
        found.push(piece);
        rest = &rest[length..];
        if let Piece::Open(tag) = piece
            && RAW.iter().any(|raw| tag.is(raw))
        {
            let after = after_raw(rest, tag.name);
            let (inside, after) = rest.split_at(rest.len() - after.len());
            found.push(Piece::Other(inside));
            rest = after;
        }
    }
    found
}

fn piece(rest: &str) -> (Piece<'_>, usize) {
    let Some(inside) = rest.strip_prefix('<') else {
        let end = rest.find('<').unwrap_or(rest.len());
        return (Piece::Text(&rest[..end]), end);
    };
    if let Some(comment) = inside.strip_prefix("!--") {
        let end = comment.find("-->").map_or(rest.len(), |at| at + 7);
        return (Piece::Other(&rest[..end]), end);
    }
    let is_name = |text: &str| text.starts_with(|c: char| c.is_ascii_alphabetic());
    let closing = inside.strip_prefix('/').filter(|inside| is_name(inside));
    if let Some(name) = closing.or(is_name(inside).then_some(inside)) {
        let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '/' | '>');
        let name = &name[..name.find(ends).unwrap_or(name.len())];
        let start = rest.len() - inside.len() + usize::from(closing.is_some());
        let end = tag_end(rest, start + name.len());
        let tag = Tag { name, whole: &rest[..end] };
        let piece = if closing.is_some() { Piece::Close(tag) } else { Piece::Open(tag) };
        return (piece, end);
    }
    if inside.starts_with(['!', '?']) {
        let end = rest.find('>').map_or(rest.len(), |at| at + 1);
        return (Piece::Other(&rest[..end]), end);
    }
    // A bare `<` is text.
    let end = inside.find('<').map_or(rest.len(), |at| at + 1);
    (Piece::Text(&rest[..end]), end)
}

/// Where a tag ends whose attributes begin at an offset.
fn tag_end(rest: &str, from: usize) -> usize {
    let mut inside = &rest[from..];
    while let Some((_, _, after)) = attribute(inside) {
        inside = after;
    }
    inside.find('>').map_or(rest.len(), |at| rest.len() - inside.len() + at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_the_whole() {
        for html in [
            "",
            "가<b class=\"x > y\">나</b><!-- <i> --> 1 < 2 <",
            "<script>a < b</script><br/>끝",
            "<!DOCTYPE html><p",
            "</",
            "<a href='x",
            "<style>",
        ] {
            let whole: String = pieces(html)
                .iter()
                .map(|piece| match piece {
                    Piece::Text(text) | Piece::Other(text) => *text,
                    Piece::Open(tag) | Piece::Close(tag) => tag.whole,
                })
                .collect();
            assert_eq!(whole, html);
        }
        let Piece::Open(tag) = pieces("<H2 id=가 class='a b'>")[0] else { panic!() };
        assert!(tag.is("h2") && tag.has_class("b") && !tag.has_class("a b"));
        assert_eq!(tag.attribute("ID"), Some("가"));
    }
}
