//! The filters that templates have besides Tera's own. They are deterministic: nothing here reads
//! a clock, an environment or a file.

use tera::{Kwargs, State, Tera, TeraResult, Value};

use crate::quantity::Language;
use crate::theme::dates::{self, DateStyle};
use crate::theme::view::SiteView;
use crate::theme::{address, prose, readable, words};

/// The name under which a page's language stands in its context.
pub const LANGUAGE: &str = "language";

/// Makes the filters known:
///
/// - `relative_url`, `absolute_url`: a URL with the `baseurl`, and with the host as well;
///   `url_component`: a text as a part of a query
/// - `date_long`, `date_short`, `date_day`: a date in the page's language; `date_machine` for
///   `<time datetime>`
/// - `strip_html`: the text of HTML; `shorten(length=…)`: a text cut between words
/// - `readable`: a page's body whose tables and code can be scrolled
/// - `fill(into=…)`: a phrase with a number in the place of `{n}`
/// - `json`: a text as a JSON string that may stand in a `<script>`
pub fn register(tera: &mut Tera, site: &SiteView) {
    let baseurl = site.baseurl.clone();
    tera.register_filter("relative_url", move |url: &str, _: Kwargs, _: &State| {
        address::relative(url, &baseurl)
    });
    let (host, baseurl) = (site.url.clone(), site.baseurl.clone());
    tera.register_filter("absolute_url", move |url: &str, _: Kwargs, _: &State| {
        address::absolute(url, &host, &baseurl)
    });
    tera.register_filter("url_component", |text: &str, _: Kwargs, _: &State| {
        address::component(text)
    });
    let styles = [
        ("date_long", DateStyle::Long),
        ("date_short", DateStyle::Short),
        ("date_day", DateStyle::Day),
    ];
    for (name, style) in styles {
        tera.register_filter(name, move |date: &str, _: Kwargs, state: &State| {
            dates::show(date, style, language(state))
        });
    }
    tera.register_filter("date_machine", |date: &str, _: Kwargs, _: &State| {
        dates::machine(date).unwrap_or_default()
    });
    tera.register_filter("strip_html", |html: &str, _: Kwargs, _: &State| prose::text(html));
    tera.register_filter("shorten", shorten);
    tera.register_filter("readable", readable_filter);
    tera.register_filter("fill", fill);
    tera.register_filter("json", json);
}

/// The language that the page's context names.
fn language(state: &State) -> Language {
    let tag = state.get::<String>(LANGUAGE).ok().flatten();
    tag.map_or_else(Language::default, |tag| Language::from_locale(&tag))
}

fn shorten(text: &str, arguments: Kwargs, _: &State) -> TeraResult<String> {
    let length = arguments.must_get::<usize>("length")?;
    Ok(prose::shorten(text, length).into_owned())
}

/// Says itself safe: it only adds our own markup to a body that templates print as it is.
fn readable_filter(html: &str, _: Kwargs, state: &State) -> Value {
    let words = words::words(language(state));
    let word = |key: &str| words.get(key).copied().unwrap_or_default();
    Value::safe_string(&readable::readable(html, word("table"), word("code")))
}

fn fill(number: f64, arguments: Kwargs, _: &State) -> TeraResult<String> {
    Ok(words::fill(arguments.must_get::<&str>("into")?, number))
}

/// A text as a JSON string that may stand in a `<script>`: `<` is an escape, so that no text can
/// close the element.
fn json(text: &str, _: Kwargs, _: &State) -> Value {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '<' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    Value::safe_string(&out)
}
