//! Entities, which become the characters they name.

use pulldown_cmark::{Event, Parser as CommonMark};

use super::{Kind, Parser, Span};

/// The longest entity that is looked up.
const MAX_ENTITY: usize = 40;

/// The characters that an entity stands for, as CommonMark knows it.
fn resolve(entity: &str) -> Option<String> {
    let mut text = String::new();
    for event in CommonMark::new(entity) {
        if let Event::Text(piece) = event {
            text.push_str(&piece);
        }
    }
    (!text.is_empty() && text != entity).then_some(text)
}

impl Parser<'_> {
    /// Parses an entity; one that nobody knows begins with an escaped `&`.
    pub(super) fn entity(&mut self, spans: &mut Vec<Span>) -> bool {
        let rest = self.rest();
        let allowed =
            |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'#' | b'_' | b':' | b'-' | b'.');
        let length =
            rest.as_bytes()[1..].iter().take(MAX_ENTITY).take_while(|b| allowed(b)).count();
        if length == 0 || rest.as_bytes().get(length + 1) != Some(&b';') {
            return false;
        }
        let entity = &rest[..length + 2];
        match resolve(entity) {
            Some(characters) => {
                spans.push(Span::new(Kind::Character(characters)));
                self.at += entity.len();
            }
            None => {
                spans.push(Span::new(Kind::Character("&".to_owned())));
                self.at += 1;
            }
        }
        true
    }
}
