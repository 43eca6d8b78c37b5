//! What raw elements refer to, and what can be referred to in them.

use std::ops::Range;

use crate::markdown::tag;
use crate::markdown::tree::Attributes;
use crate::markdown::{LinkKind, LinkUse};

/// The attribute with which an element refers to something, and as what.
fn destination_of(element: &str) -> Option<(&'static str, LinkKind)> {
    match element {
        "a" | "area" => Some(("href", LinkKind::Link)),
        "img" | "script" | "iframe" | "video" | "audio" | "source" | "embed" | "track" => {
            Some(("src", LinkKind::Image))
        }
        "object" => Some(("data", LinkKind::Image)),
        _ => None,
    }
}

/// The text of an attribute's value, with the entities that URLs have in it resolved.
fn resolved(value: &str) -> String {
    if !value.contains('&') {
        return value.to_owned();
    }
    value
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

/// Notes the destination, id and name of a raw element; `places` are the values' bytes in the
/// input.
pub fn note(
    element: &str,
    attributes: &Attributes,
    places: impl Iterator<Item = (String, Range<usize>)>,
    links: &mut Vec<LinkUse>,
    anchors: &mut Vec<String>,
) {
    let names = [Some("id"), (element == "a").then_some("name")];
    for id in names.into_iter().flatten().filter_map(|name| attributes.get(name)) {
        if !id.is_empty() {
            anchors.push(id.to_owned());
        }
    }
    let Some((name, kind)) = destination_of(element) else { return };
    let Some(value) = attributes.get(name) else { return };
    let range = places.filter(|(place, _)| place == name).map(|(_, range)| range).last();
    links.push(LinkUse {
        destination: resolved(value),
        kind,
        range: range.unwrap_or_default(),
        alt_missing: element == "img" && attributes.get("alt").is_none(),
    });
}

/// Everything that a piece of HTML links to or embeds, and the names that links can point at.
/// Comments and the insides of scripts and styles are passed over.
pub fn of_html(html: &str) -> (Vec<LinkUse>, Vec<String>) {
    let (mut links, mut anchors) = (Vec::new(), Vec::new());
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|found| at + found) {
        let rest = &html[open..];
        let Some(tag) = tag::opening(html, open) else {
            let comment = rest.starts_with("<!--").then(|| rest.find("-->")).flatten();
            at = open + comment.map_or(1, |end| end + 3);
            continue;
        };
        let (attributes, places) = tag::attributes(html, &tag);
        note(&tag.name, &attributes, places.into_iter(), &mut links, &mut anchors);
        at = tag.end;
        if ["script", "style"].contains(&tag.name.as_str()) {
            let close = format!("</{}", tag.name);
            at = html[at..].find(&close).map_or(html.len(), |end| at + end);
        }
    }
    (links, anchors)
}
