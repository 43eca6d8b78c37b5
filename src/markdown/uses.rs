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
    let places: Vec<(String, Range<usize>)> = places.collect();
    let place = |name: &str| {
        let found = places.iter().rfind(|(place, _)| place == name);
        found.map(|(_, range)| range.clone()).unwrap_or_default()
    };
    if let Some((name, kind)) = destination_of(element)
        && let Some(value) = attributes.get(name)
    {
        links.push(LinkUse {
            destination: resolved(value),
            kind,
            range: place(name),
            alt_missing: element == "img" && attributes.get("alt").is_none(),
        });
    }
    let mut embeds = |name: &str, destination: &str| {
        links.push(LinkUse {
            destination: resolved(destination),
            kind: LinkKind::Image,
            range: place(name),
            alt_missing: false,
        });
    };
    if let Some(value) = attributes.get("poster").filter(|_| element == "video") {
        embeds("poster", value);
    }
    if let Some(value) = attributes.get("srcset").filter(|_| ["img", "source"].contains(&element)) {
        candidates(value).for_each(|candidate| embeds("srcset", candidate));
    }
}

/// The addresses of a `srcset`: each is followed by blanks and a descriptor, or ends with a comma.
/// A comma inside an address (`data:image/png;base64,…`) is part of it.
fn candidates(value: &str) -> impl Iterator<Item = &str> {
    let mut rest = value;
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches([' ', '\t', '\n', '\r', ',']);
        let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let (address, behind) = rest.split_at(end);
        // What ends with a comma has no descriptor.
        let descriptor =
            if address.ends_with(',') { 0 } else { behind.find(',').unwrap_or(behind.len()) };
        rest = &behind[descriptor..];
        let address = address.trim_end_matches(',');
        (!address.is_empty()).then_some(address)
    })
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
