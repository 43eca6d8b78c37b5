//! Texts and dates as the filters of Jekyll's templates write them, for the plugins whose pages are
//! such templates.

use std::borrow::Cow;

use super::View;
use crate::date::Moment;
use crate::liquid::{Text, Val};
use crate::value::Value;

/// Nothing, for a key that isn't there.
static NOTHING: Value = Value::Null;

/// The value, or nothing.
pub(super) fn or_nothing(value: Option<&Value>) -> &Value {
    value.unwrap_or(&NOTHING)
}

/// A value as Ruby's `to_s` writes it, which is what a template prints of it but for lists.
pub(super) fn to_s(value: &Value) -> Text<'_> {
    Val::from(value).to_text()
}

/// A value as a template prints it: as [`to_s`], lists joined.
pub(super) fn printed(value: &Value) -> String {
    Val::from(value).to_output().to_string()
}

/// What stands for nothing in the filter `default`: no value, `false`, nothing in it.
pub(super) fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Map(map) => map.is_empty(),
        _ => false,
    }
}

/// The first value that isn't blank (the filter `default`), or the last.
pub(super) fn first<'v>(values: &[Option<&'v Value>]) -> &'v Value {
    let kept = values.iter().flatten().find(|value| !is_blank(value));
    or_nothing(kept.copied().or_else(|| values.last().copied().flatten()))
}

/// The value behind a path of keys; a step into what is no map, or isn't there, gives nothing.
pub(super) fn dig<'v>(value: Option<&'v Value>, keys: &[&str]) -> Option<&'v Value> {
    keys.iter().try_fold(value?, |value, key| value.get(key))
}

/// Runs of white space as one space, none at the ends (`normalize_whitespace`).
pub(super) fn normalize_whitespace(text: &str) -> String {
    let is_space = |c: char| matches!(c, '\t'..='\r' | ' ');
    let words = text.split(is_space).filter(|word| !word.is_empty());
    let text = words.collect::<Vec<&str>>().join(" ");
    text.trim_matches([' ', '\0']).to_owned()
}

/// A text for XML, in elements and attributes (`xml_escape`), without the characters that XML 1.0
/// can't hold even as references.
pub(super) fn xml_escape(text: &str) -> String {
    crate::escape::attribute(&xml_text(text)).replace('\'', "&apos;")
}

/// A text without the characters that XML 1.0 can't hold (its production 2).
pub(super) fn xml_text(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| match c {
        '\t' | '\n' | '\r' => true,
        c => c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'),
    };
    if text.chars().all(allowed) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().filter(|&c| allowed(c)).collect())
}

/// A text as a CDATA section. What would end it is parted onto two sections.
pub(super) fn cdata(text: &str) -> String {
    format!("<![CDATA[{}]]>", xml_text(text).replace("]]>", "]]]]><![CDATA[>"))
}

/// A text for inside a double-quoted attribute where an author may have written entities: quotes
/// and angle brackets can't end it, and ampersands stay as they are.
pub(super) fn quoted(text: &str) -> String {
    text.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The moment that a value names, shown in the site's zone (Jekyll's filters make dates local); the
/// beginning of a day, seconds since 1970 for a number; `None` for what is no date.
pub(super) fn moment(value: &Value, view: &View<'_>) -> Option<Moment> {
    match value {
        Value::Time(moment) => Some(moment.in_zone(view.zone)),
        Value::Date(date) => date.at_midnight(view.zone),
        Value::String(text) => {
            Moment::parse(text, view.zone).ok().map(|moment| moment.in_zone(view.zone))
        }
        Value::Integer(seconds) => {
            Moment::from_unix_seconds(*seconds).map(|moment| moment.in_zone(view.zone))
        }
        _ => None,
    }
}

/// A date by XML Schema (`date_to_xmlschema`); nothing for what is no date, at which Jekyll stops.
pub(super) fn xmlschema(value: &Value, view: &View<'_>) -> String {
    moment(value, view).map(|moment| moment.xmlschema()).unwrap_or_default()
}

/// A word with its first letter large and the others small (`capitalize`).
pub(super) fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &letters.as_str().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_for_xml_stays_well_formed() {
        assert_eq!(xml_escape("\"<가>'\" & \u{1}"), "&quot;&lt;가&gt;&apos;&quot; &amp; ");
        assert_eq!(cdata("a]]>b"), "<![CDATA[a]]]]><![CDATA[>b]]>");
        assert_eq!(normalize_whitespace(" 가\n\t나\u{a0}다 "), "가 나\u{a0}다");
    }

    #[test]
    fn the_first_that_says_something_stands() {
        let (empty, text) = (Value::from(""), Value::from("가"));
        assert_eq!(first(&[None, Some(&empty), Some(&text)]), &text);
        assert_eq!(first(&[Some(&Value::Bool(false)), None]), &Value::Null);
    }
}
