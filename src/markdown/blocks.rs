//! Blocks of HTML as the converter writes it, found again.

/// Elements without an end.
const VOID: [&str; 13] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track",
    "wbr",
];

/// The end of the outermost element around a byte of a converted text, or the text's end where an
/// element isn't closed. A byte between elements is the end itself.
pub fn block_end(html: &str, offset: usize) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(found) = html.get(at..).and_then(|rest| rest.find('<')) {
        let start = at + found;
        if start >= offset && depth == 0 {
            return offset;
        }
        let rest = html.get(start..).unwrap_or_default();
        let is_comment = rest.starts_with("<!--");
        let close = if is_comment { "-->" } else { ">" };
        let Some(length) = rest.find(close) else { return html.len() };
        at = start + length + close.len();
        let tag = rest.get(1..length).unwrap_or_default();
        let is_name = |c: char| c.is_ascii_alphanumeric();
        let name = tag.trim_start_matches('/').split(|c| !is_name(c)).next().unwrap_or_default();
        if is_comment || name.is_empty() || VOID.contains(&name) || tag.ends_with('/') {
            continue;
        }
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
            if depth == 0 && at >= offset {
                return at;
            }
        } else {
            depth += 1;
        }
    }
    if depth == 0 { offset } else { html.len() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_around_a_byte_ends_with_its_element() {
        let html = "<p>a<br />b <em>c</em></p>\n\n<!-- <p> --><ul><li>d</li></ul>\n";
        for (word, end) in [("a", "</p>"), ("c", "</p>"), ("d", "</ul>")] {
            let at = html.find(&format!("{word}<")).unwrap_or_default();
            assert_eq!(block_end(html, at), html.find(end).unwrap() + end.len(), "{word}");
        }
        assert_eq!(block_end(html, 0), 0);
        assert_eq!(block_end(html, html.len()), html.len());
        assert_eq!(block_end("<div><p>x</p>", 8), 13);
        assert_eq!(block_end("a < b", 2), 2);
    }
}
