//! Reads the SVGs of a card again and holds them against what is promised.

use std::collections::{BTreeMap, BTreeSet};

use bogi::diagram::text;
use quick_xml::Reader;
use quick_xml::events::Event;

/// The most elements of a figure.
const MOST_ELEMENTS: usize = 400;
/// The most bytes of a figure before compression; paths and attributes shrink to a quarter.
const MOST_BYTES: usize = 48 * 1024;

/// The SVGs of a page.
pub fn all_of(html: &str) -> Vec<&str> {
    html.match_indices("<svg")
        .map(|(start, _)| {
            let end = html[start..].find("</svg>").expect("an SVG is closed") + "</svg>".len();
            &html[start..start + end]
        })
        .collect()
}

struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    text: String,
}

impl Element {
    fn number(&self, name: &str) -> Option<f64> {
        self.attributes.get(name)?.parse().ok()
    }
}

fn elements(xml: &str, about: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut elements: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{about}: {error}"));
        match event {
            Event::Start(ref start) | Event::Empty(ref start) => {
                let attributes = start.attributes().map(|attribute| {
                    let attribute = attribute.unwrap_or_else(|error| panic!("{about}: {error}"));
                    let key = attribute.key.as_ref().to_owned();
                    (key, attribute.value.into_owned())
                });
                let attributes = attributes.collect();
                let name = start.name().as_ref().to_owned();
                elements.push(Element { name, attributes, text: String::new() });
                if matches!(event, Event::Start(_)) {
                    open.push(elements.len() - 1);
                }
            }
            Event::End(_) => {
                open.pop();
            }
            Event::Text(content) => {
                let content = content.to_string();
                if let Some(&index) = open.last() {
                    elements[index].text.push_str(&content);
                }
            }
            Event::GeneralRef(name) => {
                let c = match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "quot" => '"',
                    other => panic!("{about}: entity {other}"),
                };
                if let Some(&index) = open.last() {
                    elements[index].text.push(c);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{about}: an element is never closed");
    elements
}

/// The whole card is well-formed XML, so it is HTML that no parser has to repair.
pub fn check_well_formed(html: &str, about: &str) {
    let elements = elements(html, about);
    assert!(elements.iter().all(|element| element.name != "script"), "{about}");
}

/// Ids are unique in the card, and all references go somewhere.
pub fn check_ids(html: &str, about: &str) {
    let elements = elements(html, about);
    let mut ids = BTreeSet::new();
    for id in elements.iter().filter_map(|element| element.attributes.get("id")) {
        assert!(ids.insert(id.clone()), "{about}: the id {id} comes twice");
    }
    for element in &elements {
        for (name, value) in &element.attributes {
            if name == "aria-labelledby" {
                value.split(' ').for_each(|id| assert!(ids.contains(id), "{about}: {id}"));
            }
            if let Some(id) = value.strip_prefix("url(#") {
                assert!(ids.contains(id.trim_end_matches(')')), "{about}: {value}");
            }
        }
    }
}

/// What is promised of one SVG.
pub fn check(svg: &str, about: &str) {
    let elements = elements(svg, about);
    assert!(elements.len() <= MOST_ELEMENTS, "{about}: {} elements", elements.len());
    assert!(svg.len() <= MOST_BYTES, "{about}: {} bytes", svg.len());
    assert_eq!(elements[0].attributes["role"], "img", "{about}");
    let words = |name: &str| {
        elements.iter().find(|element| element.name == name).map(|element| element.text.clone())
    };
    assert!(words("title").is_some_and(|title| !title.is_empty()), "{about}: {svg}");
    assert!(words("desc").is_some_and(|desc| !desc.is_empty()), "{about}");
    for element in &elements {
        assert!(
            !["script", "image", "use", "style", "a"].contains(&element.name.as_str()),
            "{about}: <{}>",
            element.name
        );
        for (name, value) in &element.attributes {
            assert!(!name.starts_with("on") && !name.ends_with("href"), "{about}: {name}");
            assert!(!value.contains("url(") || value.starts_with("url(#"), "{about}: {value}");
            assert!(!value.contains("NaN") && !value.contains("inf"), "{about}: {value}");
            if name == "fill" || name == "stroke" {
                let by_variable = value == "none" || value.starts_with("var(--bogi-");
                assert!(by_variable || value.starts_with("url(#"), "{about}: {value}");
            }
        }
    }
    check_texts(&elements, about);
}

/// No text is smaller than 12 pixels, leaves the drawing or runs into another.
fn check_texts(elements: &[Element], about: &str) {
    let view = &elements[0].attributes["viewBox"];
    let view: Vec<f64> = view.split(' ').map(|number| number.parse().unwrap()).collect();
    let usual = elements[0].number("font-size").unwrap();
    let mut boxes: Vec<(f64, f64, f64, f64, &str)> = Vec::new();
    for element in elements.iter().filter(|element| element.name == "text") {
        let size = element.number("font-size").unwrap_or(usual);
        assert!(size >= 12.0, "{about}: text of {size} px");
        let (x, y) = (element.number("x").unwrap(), element.number("y").unwrap());
        // The table has 8 % of slack, which two neighbours may share.
        let width = text::width(&element.text, size) / 1.08;
        let left = match element.attributes.get("text-anchor").map(String::as_str) {
            Some("middle") => x - width / 2.0,
            Some("end") => x - width,
            _ => x,
        };
        assert!(
            left >= -1.0 && left + width <= view[2] + 1.0 && y <= view[3],
            "{about}: `{}` leaves the drawing at {left:.0}..{:.0}, {y:.0} of {view:?}",
            element.text,
            left + width
        );
        boxes.push((left, y - size * 0.72, left + width, y + size * 0.05, &element.text));
    }
    for (index, a) in boxes.iter().enumerate() {
        for b in &boxes[index + 1..] {
            let apart = a.2 <= b.0 || b.2 <= a.0 || a.3 <= b.1 || b.3 <= a.1;
            assert!(apart, "{about}: `{}` and `{}` overlap", a.4, b.4);
        }
    }
}

/// WCAG's relative luminance.
fn luminance(colour: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// The colours of each block that sets them: by name, fallbacks where a page's colour comes first.
fn palettes(css: &str) -> Vec<BTreeMap<String, String>> {
    let mut palettes = Vec::new();
    for block in css.split('}').filter(|block| block.contains("--bogi-ground:")) {
        let mut palette = BTreeMap::new();
        for line in block.lines().filter(|line| line.trim().starts_with("--bogi-")) {
            let (name, value) = line.trim().split_once(':').unwrap();
            let at = value.find('#').unwrap();
            palette.insert(
                name.trim_start_matches("--bogi-").to_owned(),
                value[at..at + 7].to_owned(),
            );
        }
        palettes.push(palette);
    }
    palettes
}

/// Letters keep 4.5 to the ground, marks 3; the dark values are the same by system and by choice.
pub fn check_colours(css: &str) {
    let palettes = palettes(css);
    assert_eq!(palettes.len(), 3);
    assert_eq!(palettes[1], palettes[2]);
    for palette in &palettes {
        let ground = &palette["ground"];
        for (name, colour) in palette {
            let least = match name.as_str() {
                "ground" | "panel" | "rule" => continue,
                "text" | "quiet" | "refused" | "done" => 4.5,
                _ => 3.0,
            };
            let contrast = contrast(colour, ground);
            assert!(contrast >= least, "{name} {colour} on {ground}: {contrast:.2}");
        }
    }
    // The fallbacks in the SVGs are the light values.
    let light = palettes[0].iter().filter(|(name, _)| *name != "panel");
    let source = include_str!("../../src/diagram/ink.rs");
    for (name, colour) in light {
        assert!(source.contains(&format!("var(--bogi-{name},{colour})")), "{name} {colour}");
    }
}
