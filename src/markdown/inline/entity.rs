//! Entities, and how they and typographic characters are written.

mod names;

use super::{Entity, Kind, Parser, Span};
use crate::markdown::Options;
use crate::markdown::options::EntityOutput;
use names::{NAMES, WINDOWS};

/// The longest entity that is looked up.
const MAX_ENTITY: usize = 40;

/// An entity: its code point, and its name if it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Named {
    code: u32,
    name: Option<&'static str>,
}

impl Named {
    fn of_name(name: &str) -> Option<Self> {
        let at = NAMES.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
        NAMES.get(at).map(|&(name, code)| Self { code, name: Some(name) })
    }

    fn of_code(code: u32) -> Self {
        let windows = WINDOWS.iter().find(|(from, _)| *from == code);
        let code = windows.map_or(code, |&(_, to)| to);
        let name = NAMES.iter().find(|(_, known)| *known == code).map(|&(name, _)| name);
        Self { code, name }
    }

    /// The entity of a name or a number.
    fn of(word: &str) -> Option<Self> {
        word.parse().map_or_else(|_| Self::of_name(word), |code| Some(Self::of_code(code)))
    }

    /// The entity as HTML; `original` is how it stands in the text.
    fn html(self, original: Option<&str>, output: EntityOutput) -> String {
        let Self { code, name } = self;
        let c = char::from_u32(code).filter(|&c| c != '\0');
        let special = c.is_some_and(|c| "<>&\"".contains(c));
        match (output, c, original, name) {
            (EntityOutput::Character, Some(c), ..) if !special || c == '"' => c.to_string(),
            (EntityOutput::Character | EntityOutput::Input, _, Some(original), _) => {
                original.to_owned()
            }
            (_, _, _, Some(name)) if special || output == EntityOutput::Name => {
                format!("&{name};")
            }
            _ => format!("&#{code};"),
        }
    }
}

/// A character that an option may ask to be written otherwise.
pub fn character(c: char, options: &Options) -> Span {
    if options.entity_output == EntityOutput::Character {
        return Span::new(Kind::Character(c));
    }
    let html = Named::of_code(u32::from(c)).html(None, options.entity_output);
    written(c.to_string(), html)
}

/// Characters written in HTML of their own.
pub fn written(text: String, html: String) -> Span {
    Span::new(Kind::Entity(Box::new(Entity { text, html })))
}

/// A no-break space as the options ask for it.
pub fn no_break_space(options: &Options) -> String {
    Named::of_code(0xa0).html(None, options.entity_output)
}

/// A quote by its place in `smart_quotes`.
pub fn quote(c: char, index: usize, options: &Options) -> Span {
    match options.smart_quotes.as_ref().and_then(|names| names.get(index)) {
        Some(name) => match Named::of(name.trim()) {
            Some(entity) => {
                let html = entity.html(None, options.entity_output);
                written(c.to_string(), html)
            }
            None => character(c, options),
        },
        None => character(c, options),
    }
}

/// The entity that begins a text, and its length.
fn entity_at(rest: &str) -> Option<(Option<Named>, usize)> {
    let body = rest.strip_prefix('&')?;
    let end = body.bytes().take(MAX_ENTITY).position(|b| b == b';')?;
    let name = &body[..end];
    let number = |digits: &str, radix| {
        let valid = !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix));
        valid.then(|| u32::from_str_radix(digits, radix).map_or(0, |code| code))
    };
    let entity = if let Some(digits) = name.strip_prefix("#x") {
        Some(Named::of_code(number(digits, 16)?))
    } else if let Some(digits) = name.strip_prefix('#') {
        Some(Named::of_code(number(digits, 10)?))
    } else {
        let first = name.bytes().next()?;
        let is_word = |b: u8| b.is_ascii_alphanumeric() || b"_:".contains(&b);
        if !is_word(first) || !name.bytes().all(|b| is_word(b) || b".-".contains(&b)) {
            return None;
        }
        Named::of_name(name)
    };
    Some((entity, end + 2))
}

impl Parser<'_> {
    /// Parses an entity; one that nobody knows begins with an escaped `&`.
    pub(super) fn entity(&mut self, spans: &mut Vec<Span>) -> bool {
        let rest = self.rest();
        let Some((found, length)) = entity_at(rest) else { return false };
        let Some(entity) = found else {
            spans.push(Span::new(Kind::Character('&')));
            self.at += 1;
            return true;
        };
        let html = entity.html(Some(&rest[..length]), self.context.options.entity_output);
        let c = char::from_u32(entity.code);
        let plain = c.filter(|&c| c != '&' && html.chars().eq([c]));
        spans.push(match plain {
            Some(c) => Span::new(Kind::Character(c)),
            None => written(c.map_or_else(String::new, String::from), html),
        });
        self.at += length;
        true
    }
}
