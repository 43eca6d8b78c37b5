//! A post in a feed.

use crate::date::Moment;
use crate::liquid::strip_html;
use crate::plugin::text::{
    cdata, dig, first, is_blank, moment, normalize_whitespace, or_nothing, printed, to_s,
    xml_escape, xmlschema,
};
use crate::plugin::{Rendered, View, url};
use crate::value::Value;

/// When a post was last changed: its `last_modified_at`, or else its date.
pub(super) fn change(post: &Rendered<'_>, view: &View<'_>) -> Option<Moment> {
    let keys = ["last_modified_at", "date"].map(|key| or_nothing(post.data.get(key)));
    keys.into_iter().filter(|value| !is_blank(value)).find_map(|value| moment(value, view))
}

pub(super) fn entry(post: &Rendered<'_>, view: &View<'_>) -> String {
    let get = |key: &str| or_nothing(post.data.get(key));
    let mut out = String::from("<entry");
    if get("lang").is_truthy() {
        out.push_str(&format!(" xml:lang=\"{}\"", xml_escape(&printed(get("lang")))));
    }
    let title = strip_html(&view.filters.smartify(&to_s(get("title"))));
    let title = xml_escape(&normalize_whitespace(&title));
    let url = xml_escape(&url::absolute(post.url, view));
    let id = xml_escape(&url::absolute(post.id, view));
    let published = xmlschema(get("date"), view);
    let changed = change(post, view).map(|moment| moment.xmlschema());
    let changed = changed.unwrap_or_else(|| super::NEVER.to_owned());
    out.push_str(&format!(
        "><title type=\"html\">{title}</title>\
         <link href=\"{url}\" rel=\"alternate\" type=\"text/html\" title=\"{title}\" />"
    ));
    if !published.is_empty() {
        out.push_str(&format!("<published>{published}</published>"));
    }
    out.push_str(&format!("<updated>{changed}</updated><id>{id}</id>"));
    let excerpt_only =
        [post.data.get("feed"), view.config.get("feed")].map(|feed| dig(feed, &["excerpt_only"]));
    if !first(&excerpt_only).is_truthy() {
        let content = cdata(post.content.trim_matches(|c: char| c.is_ascii_whitespace()));
        out.push_str(&format!("<content type=\"html\" xml:base=\"{url}\">{content}</content>"));
    }
    out.push_str(&author(post, view));
    let category = get("category");
    let categories = match category.is_truthy() {
        true => std::slice::from_ref(category),
        false => get("categories").as_array().unwrap_or_default(),
    };
    for term in categories.iter().chain(get("tags").as_array().unwrap_or_default()) {
        out.push_str(&format!("<category term=\"{}\" />", xml_escape(&to_s(term))));
    }
    let description = get("description");
    let excerpt = Value::from(post.excerpt);
    let summary = to_s(first(&[Some(description), Some(&excerpt)]));
    if !summary.is_empty() {
        let summary = cdata(&normalize_whitespace(&strip_html(&summary)));
        out.push_str(&format!("<summary type=\"html\">{summary}</summary>"));
    }
    out.push_str(&image(get("image"), view));
    out.push_str("</entry>");
    out
}

/// The post's author, the first of its authors, or the site's. One that is only named is looked up
/// in `site.data.authors`.
fn author(post: &Rendered<'_>, view: &View<'_>) -> String {
    let several = post.data.get("authors").and_then(Value::as_array);
    let author = first(&[
        post.data.get("author"),
        several.and_then(<[Value]>::first),
        view.config.get("author"),
    ]);
    let known = author.as_str().and_then(|name| view.data.get("authors")?.get(name));
    super::person(first(&[known, Some(author)]))
}

fn image(image: &Value, view: &View<'_>) -> String {
    let path = first(&[image.get("path"), Some(image)]);
    // A map without a path names no picture.
    let Some(path) = path.scalar_text().filter(|path| !path.is_empty() && path != "false") else {
        return String::new();
    };
    let url = if path.contains("://") { path } else { url::absolute(&path, view) };
    let url = xml_escape(&url);
    let media = "xmlns:media=\"http://search.yahoo.com/mrss/\"";
    format!(
        "<media:thumbnail {media} url=\"{url}\" />\
         <media:content medium=\"image\" url=\"{url}\" {media} />"
    )
}
