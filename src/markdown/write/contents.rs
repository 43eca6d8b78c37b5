//! The table of contents that `{:toc}` asks for.

use crate::escape;
use crate::markdown::tree::Attributes;
use crate::markdown::{Heading, tag};

/// A list while it is written.
struct List<'n> {
    out: String,
    name: &'n str,
    /// For each open item its level, and whether a list is open in it.
    open: Vec<(u8, bool)>,
}

impl List<'_> {
    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }

    fn close_item(&mut self) {
        let depth = self.open.len() * 2 - 1;
        if let Some((_, true)) = self.open.pop() {
            self.indent(depth + 1);
            self.out.push_str(&format!("</{}>\n", self.name));
            self.indent(depth);
        }
        self.out.push_str("</li>\n");
    }

    fn add(&mut self, heading: &Heading, prefix: &str) {
        while self.open.last().is_some_and(|(level, _)| *level >= heading.level) {
            self.close_item();
        }
        let depth = self.open.len() * 2;
        if let Some((_, has_list)) = self.open.last_mut()
            && !*has_list
        {
            *has_list = true;
            self.indent(depth);
            self.out.push_str(&format!("<{}>\n", self.name));
        }
        self.indent(depth + 1);
        let id = escape::attribute(&heading.id);
        let text = &heading.html;
        self.out.push_str(&format!("<li><a href=\"#{id}\" id=\"{prefix}-{id}\">{text}</a>"));
        self.open.push((heading.level, false));
    }
}

/// The list of the headings that are listed, nested by level, as a `ul` or `ol`.
pub fn contents(
    headings: &[Heading],
    listed: &[bool],
    name: &str,
    attributes: &Attributes,
) -> String {
    if !listed.contains(&true) {
        return String::new();
    }
    let mut attributes = attributes.clone();
    if attributes.get("id").is_none() {
        attributes.set("id", "markdown-toc");
    }
    let prefix = escape::attribute(attributes.get("id").unwrap_or_default()).into_owned();
    let mut out = format!("<{name}");
    tag::write_attributes(&mut out, &attributes);
    out.push_str(">\n");
    let mut list = List { out, name, open: Vec::new() };
    for (heading, _) in headings.iter().zip(listed).filter(|(_, listed)| **listed) {
        list.add(heading, &prefix);
    }
    while !list.open.is_empty() {
        list.close_item();
    }
    list.out.push_str(&format!("</{name}>\n"));
    list.out
}
