//! Filters for text. Lengths and positions count characters.

use super::bounded;
use crate::liquid::host::Arguments;
use crate::liquid::problem::Outcome;
use crate::liquid::scan::is_space;
use crate::liquid::value::{MAX_LIST_WEIGHT, Text, Val};

pub(super) fn apply<'s>(
    name: &str,
    input: &Val<'s>,
    arguments: &Arguments<'s>,
) -> Option<Outcome<Val<'s>>> {
    let text = || input.to_text();
    let argument = |index| arguments.get(index).to_text();
    Some(Ok(match name {
        "append" => joined(&text(), &argument(0)),
        "prepend" => joined(&argument(0), &text()),
        "downcase" => Val::text(text().to_lowercase()),
        "upcase" => Val::text(text().to_uppercase()),
        "capitalize" => Val::text(capitalize(&text())),
        "strip" => part(text(), |text| strip_end(strip_start(text))),
        "lstrip" => part(text(), strip_start),
        "rstrip" => part(text(), strip_end),
        "strip_newlines" => Val::text(text().replace("\r\n", "").replace('\n', "")),
        "newline_to_br" => Val::text(text().replace("\r\n", "\n").replace('\n', "<br />\n")),
        "replace" => return Some(replace(&text(), &argument(0), &argument(1), usize::MAX)),
        "replace_first" => return Some(replace(&text(), &argument(0), &argument(1), 1)),
        "remove" => return Some(replace(&text(), &argument(0), "", usize::MAX)),
        "remove_first" => return Some(replace(&text(), &argument(0), "", 1)),
        "truncate" => return Some(truncate(input, arguments)),
        "truncatewords" => return Some(truncate_words(input, arguments)),
        "split" => return Some(split(&text(), &argument(0))),
        "slice" if !matches!(input, Val::List(_)) => return Some(slice(&text(), arguments)),
        _ => return None,
    }))
}

fn joined<'s>(first: &str, second: &str) -> Val<'s> {
    let mut text = String::with_capacity(first.len() + second.len());
    text.push_str(first);
    text.push_str(second);
    Val::text(text)
}

/// A part of a text, borrowed if the text is.
fn part<'s>(text: Text<'s>, cut: impl Fn(&str) -> &str) -> Val<'s> {
    Val::Text(match &text {
        Text::Borrowed(inner) => {
            let kept = cut(inner);
            let start = kept.as_ptr() as usize - inner.as_ptr() as usize;
            Text::Borrowed(inner.get(start..start + kept.len()).unwrap_or_default())
        }
        Text::Shared(inner) => {
            let kept = cut(inner);
            if kept.len() == inner.len() { text } else { Text::from(kept.to_owned()) }
        }
    })
}

fn strip_start(text: &str) -> &str {
    text.trim_start_matches(|c| is_space(c) || c == '\0')
}

fn strip_end(text: &str) -> &str {
    text.trim_end_matches(|c| is_space(c) || c == '\0')
}

fn capitalize(text: &str) -> String {
    let mut characters = text.chars();
    let first: String = characters.next().into_iter().flat_map(char::to_uppercase).collect();
    first + &characters.as_str().to_lowercase()
}

/// Ruby's `gsub` and `sub` with a text as pattern: `\0` and `\\` in the replacement have a meaning.
fn replace<'s>(text: &str, from: &str, to: &str, times: usize) -> Outcome<Val<'s>> {
    let to = expand(to, from);
    let count = text.matches(from).take(times).count();
    bounded(text.len().saturating_add(count.saturating_mul(to.len())))?;
    Ok(Val::text(text.replacen(from, &to, times)))
}

fn expand(replacement: &str, matched: &str) -> String {
    let mut expanded = String::with_capacity(replacement.len());
    let mut characters = replacement.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            expanded.push(c);
            continue;
        }
        match characters.clone().next() {
            Some('0' | '&') => expanded.push_str(matched),
            Some('1'..='9') => {}
            Some('\\') => expanded.push('\\'),
            _ => {
                expanded.push('\\');
                continue;
            }
        }
        characters.next();
    }
    expanded
}

fn truncate<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    if input.is_nil() {
        return Ok(Val::Nil);
    }
    let text = input.to_text();
    let length = match arguments.positional.first() {
        Some(length) => length.to_integer()?,
        None => 50,
    };
    let ellipsis = match arguments.positional.get(1) {
        Some(ellipsis) => ellipsis.to_text(),
        None => Text::Borrowed("..."),
    };
    if text.chars().count() as i128 <= length {
        return Ok(Val::Text(text));
    }
    let kept = length.saturating_sub(ellipsis.chars().count() as i128).max(0);
    let kept = usize::try_from(kept).unwrap_or(usize::MAX);
    let cut: String = text.chars().take(kept).chain(ellipsis.chars()).collect();
    Ok(Val::text(cut))
}

fn truncate_words<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    if input.is_nil() {
        return Ok(Val::Nil);
    }
    let text = input.to_text();
    let words = match arguments.positional.first() {
        Some(words) => words.to_integer()?.max(1),
        None => 15,
    };
    let ellipsis = match arguments.positional.get(1) {
        Some(ellipsis) => ellipsis.to_text(),
        None => Text::Borrowed("..."),
    };
    let words = usize::try_from(words).unwrap_or(usize::MAX);
    let mut all = text.split(is_space).filter(|word| !word.is_empty());
    let kept: Vec<&str> = all.by_ref().take(words).collect();
    // Ruby's limited split gives white space behind the last word as one more, empty word.
    let more = all.next().is_some() || kept.len() == words && text.ends_with(is_space);
    if !more {
        return Ok(Val::Text(text));
    }
    Ok(joined(&kept.join(" "), &ellipsis))
}

/// Ruby's `split`: one space means any white space, empty parts at the end are dropped.
fn split<'s>(text: &str, pattern: &str) -> Outcome<Val<'s>> {
    let owned = |part: &str| Val::text(part.to_owned());
    let mut parts: Vec<Val<'s>> = match pattern {
        " " => text.split(is_space).filter(|part| !part.is_empty()).map(owned).collect(),
        "" => {
            let characters = text.chars().take(MAX_LIST_WEIGHT + 1);
            characters.map(|c| Val::text(c.to_string())).collect()
        }
        _ => text.split(pattern).take(MAX_LIST_WEIGHT + 1).map(owned).collect(),
    };
    while parts.last().is_some_and(|part| part.is_empty() == Some(true)) {
        parts.pop();
    }
    if parts.len() > MAX_LIST_WEIGHT {
        bounded(usize::MAX)?;
    }
    Ok(Val::list(parts))
}

fn slice<'s>(text: &str, arguments: &Arguments<'s>) -> Outcome<Val<'s>> {
    let length = text.chars().count();
    let Some(range) = slice_range(length, arguments)? else { return Ok(Val::text("")) };
    let cut: String = text.chars().skip(range.start).take(range.len()).collect();
    Ok(Val::text(cut))
}

/// The range that `slice` asks for; `None` when it begins outside.
pub(super) fn slice_range(
    size: usize,
    arguments: &Arguments<'_>,
) -> Outcome<Option<std::ops::Range<usize>>> {
    let offset = arguments.get(0).to_integer()?;
    let length = match arguments.get(1) {
        Val::Nil | Val::Bool(false) => 1,
        length => length.to_integer()?,
    };
    let start = if offset < 0 { offset.saturating_add(size as i128) } else { offset };
    let (Ok(start), Ok(length)) = (usize::try_from(start), usize::try_from(length)) else {
        return Ok(None);
    };
    Ok((start <= size).then(|| start..start.saturating_add(length).min(size)))
}
