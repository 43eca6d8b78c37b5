//! The page as structured data (JSON-LD by schema.org), for `{% seo %}`.

use super::{Facts, Image, format_text};
use crate::plugin::text::{dig, or_nothing, to_s, xmlschema};
use crate::plugin::url;
use crate::value::{Map, Value};

/// The JSON: keys in the order of the alphabet, what is nothing left out.
pub(super) fn json_ld(facts: &Facts<'_>) -> String {
    let (page, view) = (facts.page, facts.view);
    let seo = page.get("seo");
    let kind = kind(facts);
    let date = or_nothing(page.get("date"));
    let changed = [dig(seo, &["date_modified"]), page.get("last_modified_at"), Some(date)];
    let changed = changed.into_iter().flatten().find(|value| value.is_truthy());
    let day = |value: &Value| Some(value).filter(|v| v.is_truthy()).map(|v| xmlschema(v, view));
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::String);
    let day_text = |day: Option<String>| day.map_or(Value::Null, Value::String);
    let has_entity = ["BlogPosting", "CreativeWork"].contains(&&*to_s(&kind));
    let entity = || map([("@type", "WebPage".into()), ("@id", facts.canonical.as_str().into())]);
    let entries = [
        ("@context", "https://schema.org".into()),
        ("@type", kind),
        ("author", author(facts)),
        ("dateModified", day_text(changed.and_then(day))),
        ("datePublished", day_text(day(date))),
        ("description", text(&facts.description)),
        ("headline", text(&facts.page_title)),
        ("image", facts.image.as_ref().map_or(Value::Null, image)),
        ("mainEntityOfPage", if has_entity { entity() } else { Value::Null }),
        ("name", text(&name(facts))),
        ("publisher", publisher(facts)),
        ("sameAs", links(facts)),
        ("url", facts.canonical.as_str().into()),
    ];
    let entries = entries.into_iter().filter(|(_, value)| *value != Value::Null);
    // Inside a script no text may close the element; JSON lets a slash be escaped.
    json(&map(entries)).replace("</", "<\\/")
}

fn map<'k>(entries: impl IntoIterator<Item = (&'k str, Value)>) -> Value {
    Value::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A value as JSON.
fn json(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(_) | Value::Integer(_) | Value::Float(_) => to_s(value).to_string(),
        Value::Array(items) => {
            format!("[{}]", items.iter().map(json).collect::<Vec<String>>().join(","))
        }
        Value::Map(map) => {
            let entries = map.iter().map(|(key, value)| {
                let key = serde_json::Value::from(key.as_str());
                format!("{key}:{}", json(value))
            });
            format!("{{{}}}", entries.collect::<Vec<String>>().join(","))
        }
        value => serde_json::Value::from(&*to_s(value)).to_string(),
    }
}

/// What the page is, in schema.org's words.
fn kind(facts: &Facts<'_>) -> Value {
    let own = dig(facts.page.get("seo"), &["type"]).filter(|value| value.is_truthy());
    let has_date = facts.page.get("date").is_some_and(Value::is_truthy);
    match own {
        Some(own) => own.clone(),
        None if facts.is_home_or_about() => "WebSite".into(),
        None if has_date => "BlogPosting".into(),
        None => "WebPage".into(),
    }
}

/// What the site is called, on its home page and the one about it.
fn name(facts: &Facts<'_>) -> Option<String> {
    let truthy = |value: Option<&Value>| value.is_some_and(Value::is_truthy);
    let own = dig(facts.page.get("seo"), &["name"]);
    if truthy(own)
        && let Some(own) = format_text(own, facts.view)
    {
        return Some(own);
    }
    if !facts.is_home_or_about() {
        return None;
    }
    let social = dig(facts.view.config.get("social"), &["name"]);
    if truthy(social) { format_text(social, facts.view) } else { facts.site_title.clone() }
}

fn links(facts: &Facts<'_>) -> Value {
    let own = dig(facts.page.get("seo"), &["links"]).filter(|value| value.is_truthy());
    let social = dig(facts.view.config.get("social"), &["links"]);
    let social = social.filter(|value| value.is_truthy() && facts.is_home_or_about());
    own.or(social).cloned().unwrap_or_default()
}

fn author(facts: &Facts<'_>) -> Value {
    let author = &facts.author;
    let (kind, name, url) = (author.get("type"), author.name(), author.get("url"));
    let kind = if kind.is_truthy() { kind.clone() } else { "Person".into() };
    if !name.is_truthy() || !["Organization", "Person"].contains(&&*to_s(&kind)) {
        return Value::Null;
    }
    let mut entries = vec![("@type", kind), ("name", name.clone())];
    if url.is_truthy() {
        entries.push(("url", url.clone()));
    }
    map(entries)
}

fn image(image: &Image<'_>) -> Value {
    let url = Value::from(image.url.as_str());
    if image.more.is_empty() {
        return url;
    }
    let mut data: Map =
        image.more.iter().map(|(key, value)| ((*key).to_owned(), (*value).clone())).collect();
    data.insert("url".to_owned(), url);
    data.insert("@type".to_owned(), "imageObject".into());
    Value::Map(data)
}

fn publisher(facts: &Facts<'_>) -> Value {
    let logo = facts.config("logo");
    if !logo.is_truthy() {
        return Value::Null;
    }
    let logo = to_s(logo);
    let logo =
        if url::has_scheme(&logo) { logo.to_string() } else { url::absolute(&logo, facts.view) };
    let picture = map([("@type", "ImageObject".into()), ("url", url::escape(&logo).into())]);
    let mut entries = vec![("@type", "Organization".into()), ("logo", picture)];
    let name = facts.author.name();
    if name.is_truthy() {
        entries.push(("name", name.clone()));
    }
    map(entries)
}
