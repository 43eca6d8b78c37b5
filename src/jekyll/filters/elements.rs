//! What the filters know of values: their elements, entries and properties. The one place that
//! looks into the kinds of [`Val`] for them.

use std::cmp::Ordering;

use crate::liquid::{Context, Outcome, Problem, Text, Val, compare, is_space};

/// How many whole numbers of a range become elements.
const MAX_RANGE: i128 = 1 << 20;
/// What an element counts as, in bytes of work.
const ELEMENT_WORK: usize = 64;

/// What an element of a map is, seen as a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MapAs {
    /// Its value.
    Values,
    /// A list of key and value.
    Pairs,
}

/// The elements of what Ruby can enumerate; `None` for everything else.
///
/// # Errors
/// When there are more than the bounds allow.
pub(super) fn elements<'s>(
    value: &Val<'s>,
    map_as: MapAs,
    context: &mut Context<'_, 's>,
) -> Outcome<Option<Vec<Val<'s>>>> {
    let all: Vec<Val<'s>> = match value {
        Val::List(list) => list.iter().collect(),
        Val::Map(map) => match map_as {
            MapAs::Values => map.iter().map(|(_, value)| value).collect(),
            MapAs::Pairs => {
                map.iter().map(|(key, value)| Val::list(vec![Val::Text(key), value])).collect()
            }
        },
        Val::Range(first, last) => {
            if last.saturating_sub(*first) >= MAX_RANGE {
                return Err(Problem::limit(format!("a range of more than {MAX_RANGE} numbers")));
            }
            (*first..=*last).map(Val::Integer).collect()
        }
        Val::Object(object) => match object.elements() {
            Some(all) => all,
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    context.spend(all.len().saturating_mul(ELEMENT_WORK))?;
    Ok(Some(all))
}

/// The entries of a map or of an object that can list its members; `None` for everything else.
pub(super) fn entries<'s>(value: &Val<'s>) -> Option<Vec<(Text<'s>, Val<'s>)>> {
    let keys = match value {
        Val::Map(map) => return Some(map.iter().collect()),
        Val::Object(object) => object.keys()?,
        Val::Member(member) => member.keys(),
        _ => return None,
    };
    let value = |key: &Text<'s>| match value {
        Val::Object(object) => object.get(key).or_nil(),
        Val::Member(member) => member.get(key).or_nil(),
        _ => Val::Nil,
    };
    Some(keys.into_iter().map(|key| (key.clone(), value(&key))).collect())
}

/// The entries as JSON shows them at a depth. Documents know their neighbours, which know theirs:
/// from the depth of 2 on, a neighbour is a map of its own without text and neighbours, as in
/// Jekyll's drops.
pub(super) fn entries_at<'s>(value: &Val<'s>, depth: usize) -> Option<Vec<(Text<'s>, Val<'s>)>> {
    const LEFT_OUT: [&str; 5] = ["content", "output", "excerpt", "next", "previous"];
    let mut all = entries(value)?;
    if depth < 2 || !matches!(value, Val::Member(_)) {
        return Some(all);
    }
    for (key, neighbour) in &mut all {
        if matches!(&**key, "next" | "previous") && matches!(neighbour, Val::Member(_)) {
            let mut shown = entries(neighbour).unwrap_or_default();
            shown.retain(|(key, _)| !LEFT_OUT.contains(&&**key));
            *neighbour = Val::map(shown);
        }
    }
    Some(all)
}

/// Ruby's `<=>` for elements: documents go by their dates, then by their paths.
pub(super) fn order<'s>(left: &Val<'s>, right: &Val<'s>) -> Option<Ordering> {
    let (Val::Member(a), Val::Member(b)) = (left, right) else { return compare(left, right) };
    let by = |key: &str| compare(&a.get(key).or_nil(), &b.get(key).or_nil());
    match by("date") {
        _ if a.get("date").or_nil().is_nil() => compare(left, right),
        None | Some(Ordering::Equal) => by("path"),
        ordering => ordering,
    }
}

/// Whether Ruby's `[]` can be asked of it.
fn has_brackets(value: &Val<'_>) -> bool {
    matches!(
        value,
        Val::Map(_)
            | Val::Object(_)
            | Val::Member(_)
            | Val::List(_)
            | Val::Text(_)
            | Val::Integer(_)
    )
}

/// Ruby's `value[key]` with a text as key.
fn member<'s>(value: &Val<'s>, key: &str) -> Outcome<Val<'s>> {
    Ok(match value {
        Val::Map(map) => map.get(key).unwrap_or_default(),
        Val::Object(object) => object.get(key).or_nil(),
        Val::Member(member) => member.get(key).or_nil(),
        Val::Text(text) if text.contains(key) => Val::text(key.to_owned()),
        Val::Text(_) => Val::Nil,
        _ => {
            return Err(Problem::internal(format!("an element has no property `{key}`"))
                .hint("only maps and objects have properties"));
        }
    })
}

/// A property of an element: its own by the name, or one deeper in for a name with points. Texts
/// that are numbers count as numbers, so that they sort as such.
///
/// # Errors
/// For elements that can have no properties.
pub(super) fn property<'s>(
    element: &Val<'s>,
    name: &str,
    context: &mut Context<'_, 's>,
) -> Outcome<Val<'s>> {
    context.spend(element.as_text().map_or(0, str::len))?;
    if !name.contains('.') {
        return Ok(as_number(member(element, name)?));
    }
    let mut value = element.clone();
    for key in name.trim_end_matches('.').split('.').filter(|_| !name.trim_matches('.').is_empty())
    {
        // A way that ends too early gives false, not nil: `nil.respond_to?(:[]) && …`.
        value = if has_brackets(&value) { member(&value, key)? } else { Val::Bool(false) };
    }
    Ok(as_number(value))
}

/// The URL of an object of the site that has one; everything else itself.
pub(super) fn url_of<'s>(value: &Val<'s>) -> Val<'s> {
    let url = match value {
        Val::Object(object) => object.get("url").or_nil(),
        Val::Member(member) => member.get("url").or_nil(),
        _ => Val::Nil,
    };
    if url.is_nil() { value.clone() } else { url }
}

/// A text that is nothing but a number, as that number.
fn as_number(value: Val<'_>) -> Val<'_> {
    let value = value.resolved();
    let Val::Text(text) = &value else { return value };
    let trimmed = text.trim_matches(is_space);
    let digits = trimmed.strip_prefix('-').unwrap_or(trimmed);
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return value;
    }
    if is_digits(digits) {
        return match (trimmed.parse(), trimmed.parse()) {
            (Ok(number), _) => Val::Integer(number),
            (Err(_), Ok(number)) => Val::Float(number),
            _ => value,
        };
    }
    match digits.split_once('.') {
        Some((whole, fraction)) if is_digits(whole) && is_digits(fraction) && digits.len() > 1 => {
            trimmed.parse().map_or(value.clone(), Val::Float)
        }
        _ => value,
    }
}
