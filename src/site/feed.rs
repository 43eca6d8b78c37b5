//! The Atom feed (RFC 4287).

use super::xml::{Document, ascii_url, moment, timestamp};
use crate::date::Moment;

/// What a feed says of the site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Feed {
    /// The site's title.
    pub title: String,
    /// A sentence about the site.
    pub subtitle: Option<String>,
    /// Who writes it; entries may name another author.
    pub author: Option<String>,
    /// The BCP 47 tag of the site's language.
    pub language: String,
    /// The site's URL with scheme and host.
    pub site_url: String,
    /// The feed's own URL with scheme and host, which is its id as well.
    pub feed_url: String,
    /// The posts, newest first.
    pub entries: Vec<FeedEntry>,
}

/// A post in a feed. Dates are text as front matter has it; what is no date is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FeedEntry {
    /// The post's URL with scheme and host, which is its id as well: it must not change when the
    /// post does.
    pub url: String,
    /// The title, as text.
    pub title: String,
    /// When it was published.
    pub published: String,
    /// When it was last changed; `None` for not since.
    pub updated: Option<String>,
    /// A summary, as text.
    pub summary: Option<String>,
    /// The whole body as HTML; `None` for a feed of summaries. Relative links in it count from the
    /// post's URL.
    pub content: Option<String>,
    /// Who wrote it, if not the site's author.
    pub author: Option<String>,
    /// Its categories and tags.
    pub categories: Vec<String>,
}

/// What stands for the last change where there is none, as feeds and entries must name one.
const NEVER: &str = "1970-01-01T00:00:00Z";

/// The feed as XML. It is valid for any text; a feed doesn't say when it was built, so the same
/// posts give the same bytes.
pub fn feed(feed: &Feed) -> String {
    let mut xml = Document::new();
    let language = if feed.language.is_empty() { "ko" } else { &feed.language };
    xml.open("feed", &[("xmlns", "http://www.w3.org/2005/Atom"), ("xml:lang", language)]);
    xml.text("generator", &[], "bogi");
    let feed_url = ascii_url(&feed.feed_url);
    xml.empty("link", &[("href", &feed_url), ("rel", "self"), ("type", "application/atom+xml")]);
    let site_url = ascii_url(&feed.site_url);
    xml.empty("link", &[("href", &site_url), ("rel", "alternate"), ("type", "text/html")]);
    xml.text("id", &[], &feed_url);
    xml.text("updated", &[], &shown(feed.entries.iter().filter_map(last_change).max()));
    xml.text("title", &[], &feed.title);
    if let Some(subtitle) = &feed.subtitle {
        xml.text("subtitle", &[], subtitle);
    }
    author(&mut xml, feed.author.as_ref().unwrap_or(&feed.title));
    for post in &feed.entries {
        entry(&mut xml, post);
    }
    xml.close("feed");
    xml.finish()
}

/// When an entry was last changed; when it was published, if that isn't known.
fn last_change(entry: &FeedEntry) -> Option<Moment> {
    entry.updated.as_deref().and_then(moment).or_else(|| moment(&entry.published))
}

/// A change as a feed names it, which it must.
fn shown(change: Option<Moment>) -> String {
    change.map_or_else(|| NEVER.to_owned(), |moment| moment.xmlschema())
}

fn author(xml: &mut Document, name: &str) {
    xml.open("author", &[]);
    xml.text("name", &[], name);
    xml.close("author");
}

fn entry(xml: &mut Document, entry: &FeedEntry) {
    let url = ascii_url(&entry.url);
    xml.open("entry", &[]);
    xml.text("title", &[], &entry.title);
    xml.empty("link", &[("href", &url), ("rel", "alternate"), ("type", "text/html")]);
    if let Some(published) = timestamp(&entry.published) {
        xml.text("published", &[], &published);
    }
    xml.text("updated", &[], &shown(last_change(entry)));
    xml.text("id", &[], &url);
    if let Some(name) = &entry.author {
        author(xml, name);
    }
    for category in &entry.categories {
        xml.empty("category", &[("term", category)]);
    }
    if let Some(summary) = &entry.summary {
        xml.text("summary", &[], summary);
    }
    if let Some(content) = &entry.content {
        xml.text("content", &[("type", "html"), ("xml:base", &url)], content);
    }
    xml.close("entry");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Feed {
        let entry = |number: usize, updated: Option<&str>| FeedEntry {
            url: format!("https://example.com/글/{number}/"),
            title: format!("<b> & 제목 {number}\u{1}"),
            published: format!("2026-01-0{number}T09:00:00+09:00"),
            updated: updated.map(str::to_owned),
            content: Some("<p title=\"가\">나 &amp; 다</p>".to_owned()),
            categories: vec!["AWS SAA".to_owned()],
            ..FeedEntry::default()
        };
        Feed {
            title: "구름 노트".to_owned(),
            site_url: "https://example.com/".to_owned(),
            feed_url: "https://example.com/feed.xml".to_owned(),
            entries: vec![entry(2, None), entry(1, Some("2026-03-02"))],
            ..Feed::default()
        }
    }

    #[test]
    fn the_feed_was_changed_when_its_last_entry_was() {
        let xml = feed(&sample());
        let updated = xml.split("<updated>").nth(1).unwrap();
        assert!(updated.starts_with("2026-03-02T00:00:00+00:00</updated>"), "{xml}");
    }

    #[test]
    fn changes_are_compared_as_instants_and_what_is_no_date_is_left_out() {
        let mut sample = sample();
        // In UTC the first is 15:30 of the day before, the second 16:00.
        sample.entries[0].updated = Some("2026-03-02T00:30:00+09:00".to_owned());
        sample.entries[1].updated = Some("2026-03-01T16:00:00Z".to_owned());
        let xml = feed(&sample);
        let updated = xml.split("<updated>").nth(1).unwrap();
        assert!(updated.starts_with("2026-03-01T16:00:00+00:00</updated>"), "{xml}");
        sample.entries[0].updated = Some("지난주".to_owned());
        sample.entries[1].published = "언젠가".to_owned();
        let xml = feed(&sample);
        assert!(!xml.contains("지난주") && !xml.contains("언젠가"), "{xml}");
        assert!(xml.contains("<updated>2026-01-02T09:00:00+09:00</updated>"), "{xml}");
    }

    #[test]
    fn content_is_escaped_and_urls_are_absolute_ascii() {
        let xml = feed(&sample());
        assert!(xml.contains("&lt;p title=&quot;가&quot;&gt;나 &amp;amp; 다&lt;/p&gt;"), "{xml}");
        assert!(xml.contains("<id>https://example.com/%EA%B8%80/1/</id>"), "{xml}");
        assert!(xml.contains("<title>&lt;b&gt; &amp; 제목 2</title>"), "{xml}");
    }

    #[test]
    fn a_feed_without_posts_is_the_same_each_time() {
        let empty = Feed { entries: Vec::new(), ..sample() };
        assert_eq!(feed(&empty), feed(&empty));
        assert!(feed(&empty).contains(NEVER));
    }
}
