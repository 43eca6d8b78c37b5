//! Filters for lists. What is no list counts as a list of itself, nil as an empty one.

use std::cmp::Ordering;

use super::bounded;
use super::text::slice_range;
use crate::liquid::host::Arguments;
use crate::liquid::problem::{Outcome, Problem};
use crate::liquid::render::Context;
use crate::liquid::value::{MAX_LIST_WEIGHT, Printer, Val, compare, equal, identical, sort};

/// How deep lists inside lists are flattened.
const MAX_DEPTH: usize = 32;

pub(super) fn apply<'s>(
    name: &str,
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
) -> Option<Outcome<Val<'s>>> {
    Some(match name {
        "size" => Ok(Val::Integer(input.size().unwrap_or(0))),
        "first" => Ok(ends(input).0),
        "last" => Ok(ends(input).1),
        "join" => join(input, arguments),
        "reverse" => elements(input).map(|mut all| {
            all.reverse();
            Val::list(all)
        }),
        "sort" => sorted(input, arguments, nil_last),
        "sort_natural" => sorted(input, arguments, natural),
        "uniq" => uniq(input, arguments, context),
        "compact" => compact(input, arguments),
        "map" => map(input, arguments),
        "where" => filter_where(input, arguments),
        "concat" => concat(input, arguments),
        "slice" => slice(input, arguments),
        _ => return None,
    })
}

/// The elements of an input, lists inside it flattened.
fn elements<'s>(input: &Val<'s>) -> Outcome<Vec<Val<'s>>> {
    let mut all = Vec::new();
    match input {
        Val::Nil => {}
        Val::List(_) => flatten(input, &mut all, 0)?,
        Val::Range(first, last) => {
            if last.saturating_sub(*first) >= MAX_LIST_WEIGHT as i128 {
                bounded(usize::MAX)?;
            }
            all.extend((*first..=*last).map(Val::Integer));
        }
        Val::Object(object) => match object.elements() {
            Some(elements) => all = elements,
            None => all.push(input.clone()),
        },
        _ => all.push(input.clone()),
    }
    Ok(all)
}

fn flatten<'s>(input: &Val<'s>, all: &mut Vec<Val<'s>>, depth: usize) -> Outcome<()> {
    let Val::List(list) = input else {
        if all.len() > MAX_LIST_WEIGHT {
            bounded(usize::MAX)?;
        }
        all.push(input.clone());
        return Ok(());
    };
    if depth < MAX_DEPTH {
        for element in list.iter() {
            flatten(&element, all, depth + 1)?;
        }
    }
    Ok(())
}

fn ends<'s>(input: &Val<'s>) -> (Val<'s>, Val<'s>) {
    match input {
        Val::List(list) => {
            let last = list.get(list.len().wrapping_sub(1));
            (list.get(0).unwrap_or_default(), last.unwrap_or_default())
        }
        Val::Map(map) => match map.entry(0) {
            Some((key, value)) => (Val::list(vec![Val::Text(key), value]), Val::Nil),
            None => (Val::Nil, Val::Nil),
        },
        Val::Range(first, last) => (Val::Integer(*first), Val::Integer(*last)),
        Val::Object(object) => match object.elements() {
            Some(all) => {
                (all.first().cloned().unwrap_or_default(), all.last().cloned().unwrap_or_default())
            }
            None => (Val::Nil, Val::Nil),
        },
        _ => (Val::Nil, Val::Nil),
    }
}

fn join<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let glue = if arguments.has(0) { arguments.get(0).to_text() } else { " ".into() };
    let all = Val::list(elements(input)?);
    let mut printer = Printer::default();
    printer.join(&all, &glue);
    if printer.is_full() {
        bounded(usize::MAX)?;
    }
    Ok(Val::text(printer.finish()))
}

fn no_property<'s>(property: &Val<'s>) -> Box<Problem> {
    let property = property.to_text();
    Problem::render(format!("cannot select the property '{}'", &*property))
        .message(format!("the elements have no property `{}`", &*property))
}

/// Ruby's `element[property]`; `None` for what has no `[]`.
fn property<'s>(element: &Val<'s>, property: &Val<'s>) -> Outcome<Option<Val<'s>>> {
    Ok(Some(match (element, property) {
        (Val::Map(map), Val::Text(key)) => map.get(key).unwrap_or_default(),
        (Val::Map(_), _) => Val::Nil,
        (Val::Object(object), _) => object.get(&property.to_text()).or_nil(),
        (Val::Member(member), _) => member.get(&property.to_text()).or_nil(),
        (Val::List(list), Val::Integer(index)) => {
            let length = list.len() as i128;
            let index = if *index < 0 { index.saturating_add(length) } else { *index };
            usize::try_from(index).ok().and_then(|index| list.get(index)).unwrap_or_default()
        }
        (Val::Text(text), Val::Text(part)) if text.contains(&**part) => property.clone(),
        (Val::Text(_), Val::Text(_)) => Val::Nil,
        (Val::Text(text), Val::Integer(index)) => usize::try_from(*index)
            .ok()
            .and_then(|index| text.chars().nth(index))
            .map_or(Val::Nil, |c| Val::text(c.to_string())),
        (Val::List(_) | Val::Text(_) | Val::Integer(_), _) => return Err(no_property(property)),
        _ => return Ok(None),
    }))
}

fn incomparable() -> Box<Problem> {
    Problem::render("cannot sort values of incompatible types")
        .message("these values have no common order")
}

fn nil_last<'s>(a: &Val<'s>, b: &Val<'s>) -> Outcome<Ordering> {
    match compare(a, b) {
        Some(ordering) => Ok(ordering),
        None if a.is_nil() => Ok(Ordering::Greater),
        None if b.is_nil() => Ok(Ordering::Less),
        None => Err(incomparable()),
    }
}

/// Without regard to the case of ASCII letters, nil last.
fn natural<'s>(a: &Val<'s>, b: &Val<'s>) -> Outcome<Ordering> {
    Ok(match (a.is_nil(), b.is_nil()) {
        (false, false) => a.to_text().to_ascii_lowercase().cmp(&b.to_text().to_ascii_lowercase()),
        (true, _) => Ordering::Greater,
        (false, true) => Ordering::Less,
    })
}

fn sorted<'s>(
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    order: fn(&Val<'s>, &Val<'s>) -> Outcome<Ordering>,
) -> Outcome<Val<'s>> {
    let all = elements(input)?;
    let key = match arguments.get(0) {
        Val::Nil => return Ok(Val::list(sort(all, &mut |a, b| order(a, b))?)),
        key => key,
    };
    let mut keyed = Vec::with_capacity(all.len());
    let has_brackets = |element: &Val<'_>| {
        matches!(
            element,
            Val::Map(_)
                | Val::Object(_)
                | Val::Member(_)
                | Val::List(_)
                | Val::Text(_)
                | Val::Integer(_)
        )
    };
    if !all.iter().all(has_brackets) {
        return Ok(Val::Nil);
    }
    let alone = all.len() < 2;
    for element in all {
        let value = if alone { Val::Nil } else { property(&element, &key)?.unwrap_or_default() };
        keyed.push((value, element));
    }
    let keyed = sort(keyed, &mut |a, b| order(&a.0, &b.0))?;
    Ok(Val::list(keyed.into_iter().map(|(_, element)| element).collect()))
}

fn uniq<'s>(
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
) -> Outcome<Val<'s>> {
    let key = arguments.get(0);
    let all = elements(input)?;
    let alone = all.len() < 2;
    let mut kept: Vec<(Val<'s>, Val<'s>)> = Vec::new();
    for element in all {
        let value = match &key {
            _ if alone => element.clone(),
            Val::Nil => element.clone(),
            key => match property(&element, key)? {
                Some(value) => value,
                None => return Ok(Val::Nil),
            },
        };
        context.spend(kept.len())?;
        if !kept.iter().any(|(seen, _)| identical(seen, &value)) {
            kept.push((value, element));
        }
    }
    Ok(Val::list(kept.into_iter().map(|(_, element)| element).collect()))
}

fn compact<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let key = arguments.get(0);
    let mut kept = Vec::new();
    for element in elements(input)? {
        let is_nil = match &key {
            Val::Nil => element.is_nil(),
            key => match property(&element, key)? {
                Some(value) => value.is_nil(),
                None => return Ok(Val::Nil),
            },
        };
        if !is_nil {
            kept.push(element);
        }
    }
    Ok(Val::list(kept))
}

fn map<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let key = arguments.get(0);
    let mut mapped = Vec::new();
    for element in elements(input)? {
        mapped.push(match key.as_text() {
            Some("to_liquid") => element,
            _ => property(&element, &key)?.unwrap_or_default(),
        });
    }
    Ok(Val::list(mapped))
}

fn filter_where<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let key = arguments.get(0);
    let wanted = arguments.get(1);
    let mut kept = Vec::new();
    for element in elements(input)? {
        let Some(value) = property(&element, &key)? else { return Ok(Val::Nil) };
        let fits = if wanted.is_nil() { value.is_truthy() } else { equal(&value, &wanted) };
        if fits {
            kept.push(element);
        }
    }
    Ok(Val::list(kept))
}

fn concat<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let Val::List(more) = arguments.get(0) else {
        return Err(Problem::render("concat filter requires an array argument")
            .message("`concat` takes a list"));
    };
    let mut all = elements(input)?;
    if all.len() + more.len() > MAX_LIST_WEIGHT {
        bounded(usize::MAX)?;
    }
    all.extend(more.iter());
    Ok(Val::list(all))
}

fn slice<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let Val::List(list) = input else { return Ok(Val::Nil) };
    let Some(range) = slice_range(list.len(), arguments)? else { return Ok(Val::list(vec![])) };
    Ok(Val::list(range.filter_map(|index| list.get(index)).collect()))
}
