//! Atom feeds (RFC 4287) of posts, collections, categories and tags, as jekyll-feed 0.17 does.

mod entry;
mod plan;

pub use plan::{FeedPlan, plans};

use super::text::{capitalize, dig, first, is_blank, or_nothing, printed, to_s, xml_escape};
use super::{Rendered, View, text, url};
use crate::value::Value;

/// How many posts a feed holds when the configuration doesn't say.
const POSTS: usize = 10;

/// What stands for the last change where there is none, as a feed must name one.
const NEVER: &str = "1970-01-01T00:00:00+00:00";

/// A feed as XML, valid for any text. `posts` are the documents of its collection or tag, for a tag
/// and for `posts` the newest first; what the feed's category, its limit and their being drafts
/// leave out is left out here.
///
/// Jekyll names the time of the build as the feed's last change. Where that isn't known it is the
/// last change of an entry, so that the same posts give the same bytes.
pub fn feed(plan: &FeedPlan, posts: &[Rendered<'_>], view: &View<'_>) -> String {
    let config = view.config;
    let posts = chosen(plan, posts, view);
    let changes = posts.iter().filter_map(|post| entry::change(post, view));
    let changed = view.time.map(|time| time.in_zone(view.zone)).or_else(|| changes.max());
    let changed = changed.map_or_else(|| NEVER.to_owned(), |moment| moment.xmlschema());
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>");
    if plan.has_style {
        let style = xml_escape(&url::absolute("/feed.xslt.xml", view));
        out.push_str(&format!("<?xml-stylesheet type=\"text/xml\" href=\"{style}\"?>"));
    }
    let language = config.get("lang").filter(|value| value.is_truthy());
    let language = language.map(|value| xml_escape(&printed(value)));
    let (lang, hreflang) = match &language {
        Some(tag) => (format!("xml:lang=\"{tag}\""), format!("hreflang=\"{tag}\" ")),
        None => (String::new(), String::new()),
    };
    let own = xml_escape(&url::absolute(&plan.path, view));
    let home = xml_escape(&url::absolute("/", view));
    out.push_str(&format!(
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" {lang}><generator>bogi</generator>\
         <link href=\"{own}\" rel=\"self\" type=\"application/atom+xml\" />\
         <link href=\"{home}\" rel=\"alternate\" type=\"text/html\" {hreflang}/>\
         <updated>{changed}</updated><id>{own}</id>"
    ));
    // The RFC wants a title, where Jekyll has none for a site that is called nothing.
    let title = xml_escape(&view.filters.smartify(&title(plan, view)));
    out.push_str(&format!("<title type=\"html\">{title}</title>"));
    let description = or_nothing(config.get("description"));
    if description.is_truthy() {
        out.push_str(&format!("<subtitle>{}</subtitle>", xml_escape(&to_s(description))));
    }
    let author = or_nothing(config.get("author"));
    if author.is_truthy() {
        out.push_str(&person(author));
    }
    for post in posts {
        out.push_str(&entry::entry(post, view));
    }
    out.push_str("</feed>");
    out
}

/// The posts of a feed, newest first. Excerpts don't matter here.
pub fn chosen<'r, 'd>(
    plan: &FeedPlan,
    posts: &'r [Rendered<'d>],
    view: &View<'_>,
) -> Vec<&'r Rendered<'d>> {
    let shows_drafts = view.config.get("show_drafts").is_some_and(Value::is_truthy);
    let has_category = |post: &&Rendered<'_>| {
        plan.category.as_ref().is_none_or(|wanted| match post.data.get("categories") {
            Some(Value::Array(names)) => names.iter().any(|name| &*to_s(name) == wanted),
            Some(name) => &*to_s(name) == wanted,
            None => false,
        })
    };
    let is_shown =
        |post: &&Rendered<'_>| shows_drafts || post.data.get("draft") != Some(&Value::Bool(true));
    let mut chosen: Vec<&Rendered<'_>> =
        posts.iter().filter(has_category).filter(is_shown).collect();
    chosen.sort_by_cached_key(|post| text::moment(or_nothing(post.data.get("date")), view));
    chosen.reverse();
    let limit = dig(view.config.get("feed"), &["posts_limit"]);
    let limit = match limit {
        Some(Value::Integer(limit)) => usize::try_from(*limit).unwrap_or(0),
        Some(Value::String(limit)) => limit.parse().unwrap_or(POSTS),
        _ => POSTS,
    };
    chosen.truncate(limit);
    chosen
}

/// The title of a feed: the site's, with the collection and the category behind it.
fn title(plan: &FeedPlan, view: &View<'_>) -> String {
    let site = first(&[view.config.get("title"), view.config.get("name")]);
    let mut title = if site.is_truthy() { to_s(site).to_string() } else { String::new() };
    let collection = Some(&plan.collection).filter(|collection| *collection != "posts");
    for part in [collection, plan.category.as_ref()].into_iter().flatten() {
        title = format!("{title} | {}", capitalize(part));
    }
    title
}

/// An author with what is known of them.
fn person(author: &Value) -> String {
    let name = first(&[author.get("name"), Some(author)]);
    let name = if is_blank(name) { "".into() } else { to_s(name) };
    let mut out = format!("<author><name>{}</name>", xml_escape(&name));
    for key in ["email", "uri"] {
        let value = or_nothing(author.get(key));
        if !is_blank(value) {
            out.push_str(&format!("<{key}>{}</{key}>", xml_escape(&to_s(value))));
        }
    }
    out.push_str("</author>");
    out
}

/// `{% feed_meta %}`: the link to the posts' feed for a page's head.
pub fn feed_meta(view: &View<'_>) -> String {
    let settings = view.config.get("feed");
    let path = dig(settings, &["path"]).filter(|path| path.is_truthy());
    let path = path.or_else(|| dig(settings, &["collections", "posts", "path"]));
    let path = path.filter(|path| path.is_truthy());
    let path = path.map_or_else(|| "feed.xml".to_owned(), |path| to_s(path).to_string());
    let href = xml_escape(&url::absolute(&path, view));
    let title = view.config.get("title").filter(|title| title.is_truthy());
    let title = title.or_else(|| view.config.get("name").filter(|name| name.is_truthy()));
    let title = title.map(|title| format!(" title=\"{}\"", xml_escape(&to_s(title))));
    let title = title.unwrap_or_default();
    format!("<link type=\"application/atom+xml\" rel=\"alternate\" href=\"{href}\"{title} />")
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::date::Zone;
    use crate::plugin::Filters;
    use crate::value::Map;

    struct Same;

    impl Filters for Same {
        fn markdownify(&self, text: &str) -> String {
            text.to_owned()
        }

        fn smartify(&self, text: &str) -> String {
            text.to_owned()
        }
    }

    fn map(entries: &[(&str, &str)]) -> Map {
        entries.iter().map(|(key, text)| ((*key).to_owned(), Value::from(*text))).collect()
    }

    fn written(config: &Map, posts: &[Map]) -> String {
        let zone = Zone::named("Asia/Seoul").unwrap();
        let view = View { config, data: &Map::new(), zone: &zone, filters: &Same, time: None };
        let rendered =
            |data| Rendered { data, url: "/글/", id: "/글", content: "]]>", excerpt: "" };
        let posts: Vec<Rendered<'_>> = posts.iter().map(rendered).collect();
        let plan = FeedPlan {
            path: "/feed.xml".to_owned(),
            collection: "posts".to_owned(),
            category: None,
            tag: None,
            has_style: false,
        };
        feed(&plan, &posts, &view)
    }

    fn changed(posts: &[Map]) -> String {
        let xml = written(&Map::new(), posts);
        let (_, rest) = xml.split_once("<updated>").unwrap();
        rest.split_once('<').unwrap().0.to_owned()
    }

    #[test]
    fn a_feed_was_changed_when_its_last_entry_was() {
        assert_eq!(changed(&[]), NEVER);
        // In UTC the first is 15:30 of the day before, the second 16:00.
        let early = map(&[("date", "2026-01-01"), ("last_modified_at", "2026-03-02 00:30 +0900")]);
        let late = map(&[("date", "2026-01-02"), ("last_modified_at", "2026-03-01T16:00:00Z")]);
        assert_eq!(changed(&[early.clone(), late]), "2026-03-02T01:00:00+09:00");
        let never = map(&[("date", "언젠가"), ("last_modified_at", "지난주")]);
        assert_eq!(changed(&[early, never.clone()]), "2026-03-02T00:30:00+09:00");
        assert_eq!(changed(&[never]), NEVER);
    }

    #[test]
    fn any_text_gives_well_formed_xml() {
        let nasty = "]]> <b a=\"1\"> & \u{0}\u{b}\u{ffff}가";
        let keys = ["title", "description", "author", "image", "category", "lang", "name"];
        let texts = keys.map(|key| (key, nasty));
        let mut post = map(&texts);
        post.insert("date".to_owned(), Value::from("2026-01-01"));
        post.insert("tags".to_owned(), Value::Array(vec![nasty.into()]));
        let xml = written(&map(&texts), &[post]);
        let mut reader = Reader::from_str(&xml);
        reader.config_mut().check_end_names = true;
        while reader.read_event().unwrap() != Event::Eof {}
        assert!(!xml.contains(['\0', '\u{b}', '\u{ffff}']));
    }
}
