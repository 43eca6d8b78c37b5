//! Liquid's own filters, by name.

mod date;
mod html;
mod korean;
mod list;
mod math;
mod text;

pub use html::{escape_once, strip_html};

use super::host::Arguments;
use super::problem::{Outcome, Problem};
use super::render::Context;
use super::value::Val;

pub use html::url_encode;

/// The names of all filters, for a "did you mean".
pub(super) const NAMES: [&str; 48] = [
    "abs",
    "append",
    "at_least",
    "at_most",
    "capitalize",
    "ceil",
    "compact",
    "concat",
    "date",
    "default",
    "divided_by",
    "downcase",
    "escape",
    "escape_once",
    "first",
    "floor",
    "h",
    "join",
    "josa",
    "last",
    "lstrip",
    "map",
    "minus",
    "modulo",
    "newline_to_br",
    "plus",
    "prepend",
    "remove",
    "remove_first",
    "replace",
    "replace_first",
    "reverse",
    "round",
    "rstrip",
    "size",
    "slice",
    "sort",
    "sort_natural",
    "split",
    "strip",
    "strip_html",
    "strip_newlines",
    "times",
    "truncate",
    "truncatewords",
    "uniq",
    "upcase",
    "where",
];

/// How many arguments a filter takes.
fn arity(name: &str) -> (usize, usize) {
    match name {
        "append" | "at_least" | "at_most" | "concat" | "date" | "divided_by" | "josa" | "map"
        | "minus" | "modulo" | "plus" | "prepend" | "remove" | "remove_first" | "split"
        | "times" => (1, 1),
        "compact" | "join" | "round" | "sort" | "sort_natural" | "uniq" => (0, 1),
        "default" | "truncate" | "truncatewords" => (0, 2),
        "replace" | "replace_first" | "slice" | "where" => (1, 2),
        _ => (0, 0),
    }
}

/// Applies a filter; `None` when there is none of that name.
pub(super) fn apply<'s>(
    name: &str,
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
) -> Option<Outcome<Val<'s>>> {
    if !NAMES.contains(&name) && !matches!(name, "url_encode" | "url_decode") {
        return None;
    }
    let (least, most) = arity(name);
    if let Err(problem) = arguments.expect(least, most) {
        return Some(Err(problem));
    }
    let resolved;
    let input = if name == "josa" {
        input
    } else {
        resolved = input.clone().resolved();
        &resolved
    };
    text::apply(name, input, arguments)
        .or_else(|| html::apply(name, input))
        .or_else(|| math::apply(name, input, arguments))
        .or_else(|| list::apply(name, input, arguments, context))
        .or_else(|| match name {
            "date" => Some(date::date(input, arguments, context)),
            "josa" => Some(korean::josa(input, arguments, context)),
            "default" => Some(Ok(default(input, arguments))),
            _ => None,
        })
}

fn default<'s>(input: &Val<'s>, arguments: &Arguments<'s>) -> Val<'s> {
    let allow_false = arguments.named("allow_false").is_some_and(Val::is_truthy);
    let is_nothing = if allow_false { input.is_nil() } else { !input.is_truthy() };
    if is_nothing || input.is_empty() == Some(true) {
        return match arguments.positional.first() {
            Some(default) => default.clone(),
            None => Val::text(""),
        };
    }
    input.clone()
}

/// Refuses a text that would get too long, before it is made.
fn bounded(bytes: usize) -> Outcome<()> {
    const BOUND: usize = 1 << 25;
    if bytes > BOUND {
        return Err(Problem::limit(format!("a value has more than {BOUND} bytes")));
    }
    Ok(())
}
