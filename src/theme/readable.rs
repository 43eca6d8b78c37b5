//! The last touch on a page's body, so that it can be read on any screen and with a keyboard:
//! tables scroll in a box of their own, code can be scrolled with the keys, pictures load when they
//! are needed, footnotes are announced as such, and the page keeps a single first-level heading.

use super::prose::tag_length;
use crate::escape;

/// A page's body with those touches. `table_label` and `code_label` say what the boxes are to
/// those who don't see them.
pub fn readable(html: &str, table_label: &str, code_label: &str) -> String {
    let mut body = Body {
        out: String::with_capacity(html.len() + html.len() / 16),
        lower_headings: has_tag(html, "h1"),
        table_label: escape::attribute(table_label).into_owned(),
        code_label: escape::attribute(code_label).into_owned(),
        boxes: Vec::new(),
        in_code: false,
        after_box: false,
        pictures: 0,
        note_reference: false,
        empty_header: false,
    };
    body.write(html);
    body.out
}

/// kramdown says of `<sup>` what ARIA says of the link in it.
const NOTE_REFERENCE: &str = " role=\"doc-noteref\"";

/// The state of one pass over a body.
struct Body {
    out: String,
    /// Whether the author used first-level headings; the title is one already, so all go down.
    lower_headings: bool,
    table_label: String,
    code_label: String,
    /// For each open table: whether a box was put around it.
    boxes: Vec<bool>,
    /// Whether the pass is inside `<pre>`, whose tables number lines.
    in_code: bool,
    /// Whether the last tag opened a box that scrolls already.
    after_box: bool,
    /// Pictures seen so far; the first one is likely on the first screen.
    pictures: usize,
    /// Whether the next link refers to a footnote.
    note_reference: bool,
    /// Whether a header cell without words is open, which is no header.
    empty_header: bool,
}

impl Body {
    fn write(&mut self, html: &str) {
        let mut rest = html;
        while let Some(open) = rest.find('<') {
            self.out.push_str(&rest[..open]);
            rest = &rest[open..];
            if rest.starts_with("<!--") {
                let end = rest.find("-->").map_or(rest.len(), |at| at + 3);
                self.out.push_str(&rest[..end]);
                rest = &rest[end..];
                continue;
            }
            if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "/!?".contains(c)) {
                self.out.push('<');
                rest = &rest[1..];
                continue;
            }
            let length = tag_length(rest);
            let (tag, after) = rest.split_at(length);
            if is_span(tag) {
                self.after_box = false;
                self.out.push_str(tag);
                rest = after;
                continue;
            }
            if is_open(tag, "th") && is_empty_cell(after) {
                self.empty_header = true;
                self.out.push_str("<td");
                self.out.push_str(&tag[3..]);
            } else {
                self.tag(tag);
            }
            rest = after;
            for (element, close) in [("script", "</script"), ("style", "</style")] {
                if is_open(tag, element) {
                    let end = rest.find(close).unwrap_or(rest.len());
                    self.out.push_str(&rest[..end]);
                    rest = &rest[end..];
                }
            }
        }
        self.out.push_str(rest);
    }

    fn tag(&mut self, tag: &str) {
        let boxed = self.after_box;
        self.after_box = is_open(tag, "div") && tag.contains("tabindex");
        if self.empty_header && is_close(tag, "th") {
            self.empty_header = false;
            self.out.push_str("</td>");
        } else if is_open(tag, "table") {
            self.open_table(tag, boxed);
        } else if is_close(tag, "table") {
            self.out.push_str(tag);
            if self.boxes.pop() == Some(true) {
                self.out.push_str("</div>");
            }
        } else if is_open(tag, "pre") {
            self.in_code = true;
            let label =
                format!(" tabindex=\"0\" role=\"group\" aria-label=\"{}\"", self.code_label);
            self.with_attributes(tag, "tabindex", &label);
        } else if is_open(tag, "img") {
            self.pictures += 1;
            let later = if self.pictures == 1 { "" } else { " loading=\"lazy\"" };
            self.with_attributes(tag, "loading", &format!("{later} decoding=\"async\""));
        } else if is_open(tag, "sup") && tag.contains(NOTE_REFERENCE) {
            self.note_reference = true;
            self.out.push_str(&tag.replacen(NOTE_REFERENCE, "", 1));
        } else if self.note_reference && is_open(tag, "a") {
            self.note_reference = false;
            self.with_attributes(tag, "role=", NOTE_REFERENCE);
        } else if self.lower_headings && heading_level(tag).is_some() {
            self.heading(tag);
        } else {
            self.in_code &= !is_close(tag, "pre");
            self.out.push_str(tag);
        }
    }

    fn open_table(&mut self, tag: &str, boxed: bool) {
        let wrap = !self.in_code && !boxed && self.boxes.is_empty();
        self.boxes.push(wrap);
        if wrap {
            self.out.push_str(&format!(
                "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"{}\">",
                self.table_label
            ));
        }
        self.out.push_str(tag);
    }

    /// A tag with attributes more, unless it has `unless` already.
    fn with_attributes(&mut self, tag: &str, unless: &str, attributes: &str) {
        let end = tag.trim_end_matches(['>', '/', ' ']).len();
        if tag.contains(unless) || !tag.ends_with('>') {
            self.out.push_str(tag);
            return;
        }
        self.out.push_str(&tag[..end]);
        self.out.push_str(attributes);
        self.out.push_str(&tag[end..]);
    }

    fn heading(&mut self, tag: &str) {
        let level = heading_level(tag).unwrap_or(6);
        let name = tag.find(['h', 'H']).unwrap_or(1);
        self.out.push_str(&tag[..=name]);
        self.out.push_str(&(level + 1).min(6).to_string());
        self.out.push_str(&tag[name + 2..]);
    }
}

/// Whether a tag is that of a `<span>`, which stays as it is. Highlighted code has hundreds.
fn is_span(tag: &str) -> bool {
    let name = tag.strip_prefix("</").or_else(|| tag.strip_prefix('<'));
    name.and_then(|name| name.strip_prefix("span")).is_some_and(|end| end.starts_with([' ', '>']))
}

/// Whether a tag opens an element.
fn is_open(tag: &str, element: &str) -> bool {
    tag.strip_prefix('<').is_some_and(|name| is_name(name, element))
}

/// Whether a tag closes an element.
fn is_close(tag: &str, element: &str) -> bool {
    tag.strip_prefix("</").is_some_and(|name| is_name(name, element))
}

fn is_name(text: &str, element: &str) -> bool {
    text.get(..element.len()).is_some_and(|name| name.eq_ignore_ascii_case(element))
        && !text[element.len()..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '-')
}

/// Whether a cell that has just been opened holds no word.
fn is_empty_cell(html: &str) -> bool {
    let content = html.split('<').next().unwrap_or_default();
    html[content.len()..].starts_with("</th")
        && content.replace("&nbsp;", "").chars().all(char::is_whitespace)
}

/// Whether a body holds an element, comments and code aside.
fn has_tag(html: &str, element: &str) -> bool {
    html.match_indices('<').any(|(at, _)| is_open(&html[at..], element))
}

/// The level of the heading that a tag opens or closes.
fn heading_level(tag: &str) -> Option<u8> {
    (1..=6).find(|level| {
        let name = ["h1", "h2", "h3", "h4", "h5", "h6"][usize::from(level - 1)];
        is_open(tag, name) || is_close(tag, name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(html: &str) -> String {
        readable(html, "표", "코드")
    }

    #[test]
    fn a_table_gets_a_box_and_a_table_in_it_none() {
        let inner = "<table><tr><td><table></table></td></tr></table>";
        let expected = format!(
            "<div class=\"table\" tabindex=\"0\" role=\"group\" aria-label=\"표\">{inner}</div>"
        );
        assert_eq!(touch(inner), expected);
        let boxed = "<div class=\"scroll\" tabindex=\"0\"><table></table></div>";
        assert_eq!(touch(boxed), boxed);
        assert_eq!(touch("</table>"), "</table>");
    }

    #[test]
    fn code_can_be_reached_with_the_keyboard() {
        let html = "<pre class=\"highlight\"><code>a <table></table></code></pre><table></table>";
        let touched = touch(html);
        assert!(touched.starts_with("<pre class=\"highlight\" tabindex=\"0\""), "{touched}");
        assert_eq!(touched.matches("class=\"table\"").count(), 1);
    }

    #[test]
    fn the_first_picture_comes_at_once_and_others_later() {
        let touched = touch("<img src=\"a\" /><img src=\"b\"><img loading=\"eager\">");
        let expected = "<img src=\"a\" decoding=\"async\" />\
            <img src=\"b\" loading=\"lazy\" decoding=\"async\"><img loading=\"eager\">";
        assert_eq!(touched, expected);
    }

    #[test]
    fn a_header_cell_without_words_is_no_header() {
        let touched = touch("<table><th class=\"a\">&nbsp;</th><th> 값</th></table>");
        let expected = "<table><td class=\"a\">&nbsp;</td><th> 값</th></table></div>";
        assert!(touched.ends_with(expected), "{touched}");
    }

    #[test]
    fn the_role_of_a_footnote_s_number_is_the_link_s() {
        let html = "<sup id=\"fnref:1\" role=\"doc-noteref\"><a href=\"#fn:1\">1</a></sup><a>b</a>";
        let expected =
            "<sup id=\"fnref:1\"><a href=\"#fn:1\" role=\"doc-noteref\">1</a></sup><a>b</a>";
        assert_eq!(touch(html), expected);
    }

    #[test]
    fn headings_go_down_when_the_body_has_a_first_level_of_its_own() {
        let html = "<h1 id=\"a\">가</h1><h2>나</h2><h6>다</h6><hr><header></header>";
        let expected = "<h2 id=\"a\">가</h2><h3>나</h3><h6>다</h6><hr><header></header>";
        assert_eq!(touch(html), expected);
        assert_eq!(touch("<h2>나</h2>"), "<h2>나</h2>");
    }

    #[test]
    fn broken_markup_stays_as_it_is() {
        for html in ["<", "<table", "a < b", "<!-- <table>", "<script><table></script>", "<h1"] {
            let touched = touch(html);
            assert!(touched.contains(html.trim_start_matches("<h1")), "{html}: {touched}");
        }
    }
}
