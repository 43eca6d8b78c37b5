//! The options of kramdown's highlighter, Rouge.

use super::{Refusal, text};
use crate::value::{Map, Value};

/// How code is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeOptions {
    /// `disable`: code stays as it is.
    pub disabled: bool,
    /// `default_lang`: the language of code that names none.
    pub default_language: Option<String>,
    /// `guess_lang`: whether code that is plain text is written as highlighted code is.
    pub guess: bool,
    /// `css_class`
    pub class: String,
    /// `wrap`: whether the code stands in elements of its own.
    pub wrap: bool,
    /// `line_numbers`: the code in a table with the numbers of its lines.
    pub line_numbers: Option<LineNumbers>,
}

/// A table of code and the numbers of its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNumbers {
    /// `start_line`
    pub start: i64,
    /// `table_class`
    pub table_class: String,
    /// `gutter_class`
    pub gutter_class: String,
    /// `code_class`
    pub code_class: String,
}

/// Options of Rouge's that bogi doesn't have, and what is done instead.
const UNSUPPORTED: [(&str, &str); 3] = [
    ("formatter", "code is written as `HTMLLegacy` does"),
    ("inline_theme", "tokens carry classes"),
    ("line_format", "the numbers of lines stand bare"),
];

impl CodeOptions {
    /// The options of code blocks, as Jekyll sets them.
    pub(super) fn block() -> Self {
        Self {
            disabled: false,
            default_language: Some("plaintext".to_owned()),
            guess: true,
            class: "highlight".to_owned(),
            wrap: true,
            line_numbers: None,
        }
    }

    /// The options of code in text, as Jekyll sets them.
    pub fn span() -> Self {
        Self { wrap: false, ..Self::block() }
    }

    /// Reads `syntax_highlighter_opts`, those under `kind` over the others, and says what is in the
    /// way.
    pub(super) fn read(options: &Map, kind: &str) -> (Self, Option<Refusal>) {
        let own = options.get(kind).and_then(Value::as_map);
        let get = |name: &str| own.and_then(|own| own.get(name)).or_else(|| options.get(name));
        let is_true = |name: &str| get(name).is_some_and(Value::is_truthy);
        let class = |name: &str, default: &str| get(name).map_or(default.to_owned(), text);
        let start = get("start_line").map_or(Some(1), Value::as_integer);
        let read = Self {
            disabled: is_true("disable"),
            default_language: get("default_lang").filter(|value| value.is_truthy()).map(text),
            guess: is_true("guess_lang"),
            class: get("css_class")
                .filter(|value| value.is_truthy())
                .map_or("highlight".to_owned(), text),
            wrap: get("wrap").is_none_or(Value::is_truthy),
            line_numbers: is_true("line_numbers").then(|| LineNumbers {
                start: start.unwrap_or(1),
                table_class: class("table_class", "rouge-table"),
                gutter_class: class("gutter_class", "rouge-gutter"),
                code_class: class("code_class", "rouge-code"),
            }),
        };
        let unsupported = UNSUPPORTED.iter().find(|(name, _)| is_true(name));
        let refusal = match (start, unsupported) {
            (None, _) => Some(Refusal::Unfit("`start_line` as a whole number")),
            (_, Some(("formatter", _))) if get("formatter").is_some_and(is_legacy) => None,
            (_, Some((_, instead))) => Some(Refusal::Unsupported(instead)),
            _ => None,
        };
        (read, refusal)
    }
}

fn is_legacy(formatter: &Value) -> bool {
    formatter.as_str() == Some("HTMLLegacy")
}
