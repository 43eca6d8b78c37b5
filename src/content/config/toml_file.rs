//! A configuration in TOML (`_config.toml`). The room of the `toml` crate.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::content::data::BROKEN;
use crate::date::{Clock, Date, Moment};
use crate::diagnostic::Diagnostic;
use crate::span::Mapped;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// Loads a TOML text as the tree of values that the same text in YAML would give.
///
/// # Errors
/// A diagnostic with the place for a text that isn't TOML.
pub(super) fn load(text: &Mapped) -> Result<Node, Box<Diagnostic>> {
    let start = text.text().len() - text.text().trim_start_matches('\u{feff}').len();
    match DeTable::parse(&text.text()[start..]) {
        Ok(table) => Ok(Tree { text, start }.table(table.span(), table.into_inner())),
        Err(error) => {
            let span = error.span().unwrap_or(0..0);
            let message = format!("this isn't TOML: {}", error.message().replace('\n', ", "));
            let place = text.locate(start + span.start..start + span.end.max(span.start + 1));
            Err(Box::new(Diagnostic::new(BROKEN, message).at(place)))
        }
    }
}

/// The text that a tree's places lie in, and where the TOML in it begins.
struct Tree<'m> {
    text: &'m Mapped,
    start: usize,
}

impl Tree<'_> {
    fn range(&self, span: &std::ops::Range<usize>) -> std::ops::Range<usize> {
        let length = self.text.text().len();
        (self.start + span.start).min(length)..(self.start + span.end).min(length)
    }

    fn table(&self, span: std::ops::Range<usize>, table: DeTable<'_>) -> Node {
        let entries = table.into_iter().map(|(key, value)| Entry {
            key_range: self.range(&key.span()),
            key: key.into_inner().into_owned(),
            value: self.node(value),
            merged: false,
        });
        let value = NodeValue::Mapping(Mapping { entries: entries.collect() });
        Node { range: self.range(&span), value }
    }

    /// The parser's own bound on nesting bounds the depth here.
    fn node(&self, value: Spanned<DeValue<'_>>) -> Node {
        let span = value.span();
        let value = match value.into_inner() {
            DeValue::Table(table) => return self.table(span, table),
            DeValue::Array(items) => {
                NodeValue::Sequence(items.into_iter().map(|item| self.node(item)).collect())
            }
            DeValue::String(text) => NodeValue::String(text.into_owned()),
            DeValue::Boolean(value) => NodeValue::Bool(value),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or_else(|_| NodeValue::String(number.to_string()), NodeValue::Integer),
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if !number.is_nan() => NodeValue::Float(number),
                // A value is never NaN: what is no number is nothing.
                _ => NodeValue::Null,
            },
            DeValue::Datetime(datetime) => moment(&datetime)
                .map_or_else(|| NodeValue::String(datetime.to_string()), NodeValue::Time),
        };
        Node { range: self.range(&span), value }
    }
}

/// A date and time with an offset. Others stay text: TOML says of no place where they hold.
fn moment(datetime: &toml::value::Datetime) -> Option<Moment> {
    let (date, time, offset) = (datetime.date?, datetime.time?, datetime.offset?);
    let day = Date::new(i32::from(date.year), u32::from(date.month), u32::from(date.day))?;
    let clock = Clock {
        hour: u32::from(time.hour),
        minute: u32::from(time.minute),
        second: u32::from(time.second.unwrap_or(0)),
        nanosecond: time.nanosecond.unwrap_or(0),
    };
    let minutes = match offset {
        toml::value::Offset::Z => 0,
        toml::value::Offset::Custom { minutes } => i32::from(minutes),
    };
    Moment::with_offset(day, clock, minutes * 60)
}
