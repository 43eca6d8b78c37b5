//! The outline of a template's text: what it extends, which blocks it has. Tera knows this too,
//! but tells it only of templates without mistakes.

use std::ops::Range;

/// What a template says of others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The template that it extends, and the bytes of the name's text.
    pub parent: Option<(String, Range<usize>)>,
    /// The templates that it includes, with the bytes of their names.
    pub includes: Vec<(String, Range<usize>)>,
    /// Its blocks, in their order.
    pub blocks: Vec<String>,
    /// Those of its blocks that stand in no other: when it extends a template, it fills them there.
    pub outer_blocks: Vec<String>,
    /// How many blocks are open where the reading stands.
    depth: usize,
}

impl Outline {
    /// Reads the tags of a template; comments are skipped, anything odd is passed over.
    pub fn of(text: &str) -> Self {
        let mut outline = Self::default();
        let mut at = 0;
        while let Some(open) = text[at..].find('{') {
            at += open + 1;
            if text[at..].starts_with('#') {
                at = text[at..].find("#}").map_or(text.len(), |end| at + end);
            } else if text[at..].starts_with('%') {
                let end = text[at..].find("%}").map_or(text.len(), |end| at + end);
                outline.tag(text, at + 1..end);
                at = end;
            }
        }
        outline
    }

    fn tag(&mut self, text: &str, range: Range<usize>) {
        let tag = text.get(range.clone()).unwrap_or_default();
        let words = tag.trim_start_matches('-').trim_start();
        let word_end = words.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(words.len());
        let (word, rest) = words.split_at(word_end);
        match word {
            "block" => {
                let name: String = rest
                    .trim_start()
                    .chars()
                    .take_while(|&c| c.is_ascii_alphanumeric() || c == '_')
                    .collect();
                if self.depth == 0 {
                    self.outer_blocks.push(name.clone());
                }
                self.depth += 1;
                self.blocks.push(name);
            }
            "endblock" => self.depth = self.depth.saturating_sub(1),
            "extends" | "include" => {
                let Some(open) = rest.find(['"', '\'', '`']) else { return };
                let quote = rest[open..].chars().next().unwrap_or('"');
                let name = rest[open + 1..].split(quote).next().unwrap_or_default();
                let start = range.end - rest.len() + open + 1;
                let place = start..start + name.len();
                if word == "include" {
                    self.includes.push((name.to_owned(), place));
                } else if self.parent.is_none() {
                    self.parent = Some((name.to_owned(), place));
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_found_with_their_places() {
        let text = "{# {% block no %} #}{%- extends \"base.html\" -%}\n{% block main %}가\
            {% include 'parts/a.html' %}{% block inner -%}{% endblock %}{% endblock main %}";
        let outline = Outline::of(text);
        let (parent, place) = outline.parent.unwrap();
        assert_eq!((parent.as_str(), &text[place]), ("base.html", "base.html"));
        assert_eq!(outline.blocks, ["main", "inner"]);
        assert_eq!(outline.outer_blocks, ["main"]);
        let (include, place) = &outline.includes[0];
        assert_eq!((include.as_str(), &text[place.clone()]), ("parts/a.html", "parts/a.html"));
    }

    #[test]
    fn unfinished_tags_do_no_harm() {
        for text in ["{%", "{% extends", "{% extends \"", "{#", "{", "{% block %}", "{% include %}"]
        {
            Outline::of(text);
        }
    }
}
