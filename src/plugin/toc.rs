//! Tables of contents from the headings of rendered HTML, as jekyll-toc 0.18 makes them. The HTML
//! around stays as it is, where the original writes it anew with its parser.

use std::collections::HashMap;

use super::html::{Piece, Tag, pieces};
use super::text::{dig, to_s};
use crate::content::slug;
use crate::liquid::strip_html;
use crate::site::links::anchors::decoded;
use crate::value::{Map, Value};

/// Headings with this class are in no table.
const NO_TOC: &str = "no_toc";

/// Whether a page asks for a table: the filters want `toc: true`, the tag `{% toc %}` anything but
/// `false`.
pub fn is_wanted(page: &Map, by_tag: bool) -> bool {
    let toc = page.get("toc");
    if by_tag { toc.is_some_and(Value::is_truthy) } else { toc == Some(&Value::Bool(true)) }
}

/// The table and then the HTML with its anchors (the filter `toc`). `config` is the site's.
pub fn toc(html: &str, config: &Map) -> String {
    toc_only(html, config) + &inject_anchors(html, config)
}

/// The table alone (the filter `toc_only`, and `{% toc %}` of the page's content).
pub fn toc_only(html: &str, config: &Map) -> String {
    let settings = Settings::new(config);
    let entries = entries(html, &settings);
    let Settings { list, list_id, list_class, .. } = &settings;
    let mut items = String::new();
    write_items(&entries, &settings, &mut items);
    format!("<{list} id=\"{list_id}\" class=\"{list_class}\">\n{items}</{list}>")
}

/// The HTML with a link before the text of each heading (the filter `inject_anchors`).
pub fn inject_anchors(html: &str, config: &Map) -> String {
    let entries = entries(html, &Settings::new(config));
    let mut out = String::with_capacity(html.len() + entries.len() * 100);
    let mut copied = 0;
    for entry in entries.iter().filter(|entry| !entry.is_empty) {
        out.push_str(&html[copied..entry.inside]);
        copied = entry.inside;
        let href = href(&entry.id);
        out.push_str(&format!(
            "<a class=\"anchor\" href=\"#{href}\" aria-hidden=\"true\">\
             <span class=\"octicon octicon-link\"></span></a>"
        ));
    }
    out.push_str(&html[copied..]);
    out
}

/// What the configuration says under `toc`.
struct Settings {
    levels: std::ops::RangeInclusive<i64>,
    list: &'static str,
    list_id: String,
    list_class: String,
    sublist_class: String,
    item_class: String,
    item_prefix: String,
    no_toc_sections: Vec<String>,
}

impl Settings {
    fn new(config: &Map) -> Self {
        let said = |key: &str| dig(config.get("toc"), &[key]);
        let text = |key: &str, usual: &str| {
            said(key).map_or_else(|| usual.to_owned(), |value| to_s(value).to_string())
        };
        let level = |key: &str, usual| said(key).and_then(Value::as_integer).unwrap_or(usual);
        let is_ordered = said("ordered_list").is_some_and(Value::is_truthy);
        let no_toc_sections = match said("no_toc_section_class") {
            Some(Value::Array(classes)) => classes.iter().map(|c| to_s(c).to_string()).collect(),
            _ => vec![text("no_toc_section_class", "no_toc_section")],
        };
        Self {
            levels: level("min_level", 1)..=level("max_level", 6),
            list: if is_ordered { "ol" } else { "ul" },
            list_id: text("list_id", "toc"),
            list_class: text("list_class", "section-nav"),
            sublist_class: text("sublist_class", ""),
            item_class: text("item_class", "toc-entry"),
            item_prefix: text("item_prefix", "toc-"),
            no_toc_sections,
        }
    }

    fn level(&self, tag: &Tag<'_>) -> Option<i64> {
        let number = tag.name.strip_prefix(['h', 'H'])?;
        let level = number.parse().ok().filter(|_| number.len() == 1)?;
        self.levels.contains(&level).then_some(level)
    }
}

/// A heading that a table names.
struct Entry {
    id: String,
    /// Its text with its entities.
    text: String,
    level: i64,
    /// Where its content begins.
    inside: usize,
    /// Whether it has no content.
    is_empty: bool,
}

fn entries(html: &str, settings: &Settings) -> Vec<Entry> {
    let mut found = Vec::new();
    let mut counts: HashMap<String, usize> = HashMap::new();
    // The element whose headings are left out, and how many of its name are open.
    let mut left_out: Option<(&str, usize)> = None;
    let mut open: Option<(Tag<'_>, i64, usize)> = None;
    let mut at = 0;
    for piece in pieces(html) {
        let start = at;
        at += match piece {
            Piece::Text(text) | Piece::Other(text) => text.len(),
            Piece::Open(tag) | Piece::Close(tag) => tag.whole.len(),
        };
        match (piece, &mut left_out) {
            (Piece::Open(tag), Some((name, depth))) if tag.is(name) => *depth += 1,
            (Piece::Close(tag), Some((name, depth))) if tag.is(name) => {
                *depth -= 1;
                if *depth == 0 {
                    left_out = None;
                }
            }
            (Piece::Open(tag), None) => {
                if settings.no_toc_sections.iter().any(|class| tag.has_class(class)) {
                    left_out = Some((tag.name, 1));
                }
                let level = settings.level(&tag).filter(|_| !tag.has_class(NO_TOC));
                if let Some(level) = level.filter(|_| open.is_none()) {
                    open = Some((tag, level, at));
                }
            }
            (Piece::Close(tag), _) => {
                let closed = open.take_if(|(heading, _, _)| tag.is(heading.name));
                if let Some((heading, level, inside)) = closed {
                    let html = &html[inside..start];
                    found.push(entry(&heading, level, inside, html, &mut counts));
                }
            }
            _ => {}
        }
    }
    found
}

fn entry(
    heading: &Tag<'_>,
    level: i64,
    inside: usize,
    html: &str,
    counts: &mut HashMap<String, usize>,
) -> Entry {
    let text = decoded(&strip_html(html)).into_owned();
    let id = match heading.attribute("id") {
        Some(id) => decoded(id).into_owned(),
        // Two headings of one text are told apart; ids that are written are left alone.
        None => {
            let id = generated_id(&text);
            let count = counts.entry(id.clone()).or_default();
            *count += 1;
            if *count == 1 { id } else { format!("{id}-{}", *count - 1) }
        }
    };
    Entry { id, text, level, inside, is_empty: html.is_empty() }
}

/// The id for a heading without one: letters and digits, the rest encoded.
fn generated_id(text: &str) -> String {
    let mut id = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            ' ' | '-' => id.push('-'),
            '_' => id.push('_'),
            c if c.is_ascii_alphanumeric() => id.push(c),
            c if slug::is_letter_mark_or_digit(c) => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    id.push_str(&format!("%{byte:02X}"));
                }
            }
            _ => {}
        }
    }
    id
}

/// An id for an `href`: what isn't ASCII is percent-encoded.
fn href(id: &str) -> String {
    let mut out = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte == b'&' {
            out.push_str("&amp;");
        } else if byte.is_ascii_alphanumeric() || b"-_.!~*'()@/:=?;#%,+$".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The items of a list: those of its smallest level, with the deeper ones that follow in a list of
/// their own; deeper ones that nothing precedes stand in the list itself.
fn write_items(entries: &[Entry], settings: &Settings, out: &mut String) {
    let Some(smallest) = entries.iter().map(|entry| entry.level).min() else { return };
    let deeper = |from: usize| {
        entries[from..].iter().take_while(|entry| entry.level > smallest).count() + from
    };
    let mut at = 0;
    while let Some(entry) = entries.get(at) {
        let end = if entry.level > smallest { deeper(at) } else { deeper(at + 1) };
        if entry.level > smallest {
            write_items(&entries[at..end], settings, out);
            at = end;
            continue;
        }
        let Settings { list, item_class, item_prefix, sublist_class, .. } = settings;
        let (level, id) = (entry.level, super::text::quoted(&entry.id));
        let text = escaped(&entry.text);
        out.push_str(&format!(
            "<li class=\"{item_class} {item_prefix}h{level}\"><a href=\"#{id}\">{text}</a>"
        ));
        if end > at + 1 {
            let class = match sublist_class.as_str() {
                "" => String::new(),
                class => format!(" class=\"{class}\""),
            };
            out.push_str(&format!("\n<{list}{class}>\n"));
            write_items(&entries[at + 1..end], settings, out);
            out.push_str(&format!("</{list}>\n"));
        }
        out.push_str("</li>\n");
        at = end;
    }
}

fn escaped(text: &str) -> String {
    crate::escape::attribute(text).replace('\'', "&#39;")
}
