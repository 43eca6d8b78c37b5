//! The sitemap, by the protocol of sitemaps.org.

use super::xml::{Document, ascii_url, timestamp};

/// A page that search engines are told of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SitemapEntry {
    /// Its URL with scheme and host.
    pub url: String,
    /// When it was last changed; text that is no date is left out.
    pub modified: Option<String>,
}

/// The most pages that one file may name.
pub const MAX_ENTRIES: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The files of the sitemap with their paths: `/sitemap.xml`, and where there are more than
/// [`MAX_ENTRIES`] pages, the parts that it then is the index of. `root` is the URL of the site's
/// root with scheme and host, without a slash at its end.
pub fn sitemap(root: &str, entries: &[SitemapEntry]) -> Vec<(String, String)> {
    if entries.len() <= MAX_ENTRIES {
        return vec![("/sitemap.xml".to_owned(), part(entries))];
    }
    let mut index = Document::new();
    index.open("sitemapindex", &[("xmlns", NAMESPACE)]);
    let mut files = Vec::new();
    for (number, entries) in entries.chunks(MAX_ENTRIES).enumerate() {
        let path = format!("/sitemap-{}.xml", number + 1);
        index.open("sitemap", &[]);
        index.text("loc", &[], &ascii_url(&format!("{root}{path}")));
        index.close("sitemap");
        files.push((path, part(entries)));
    }
    index.close("sitemapindex");
    files.insert(0, ("/sitemap.xml".to_owned(), index.finish()));
    files
}

fn part(entries: &[SitemapEntry]) -> String {
    let mut xml = Document::new();
    xml.open("urlset", &[("xmlns", NAMESPACE)]);
    for entry in entries {
        xml.open("url", &[]);
        xml.text("loc", &[], &ascii_url(&entry.url));
        if let Some(modified) = entry.modified.as_deref().and_then(timestamp) {
            xml.text("lastmod", &[], &modified);
        }
        xml.close("url");
    }
    xml.close("urlset");
    xml.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries(count: usize) -> Vec<SitemapEntry> {
        let entry = |number| SitemapEntry {
            url: format!("https://example.com/글?a&b={number}"),
            modified: Some("2026-01-04T09:00:00+09:00".to_owned()),
        };
        (0..count).map(entry).collect()
    }

    #[test]
    fn pages_are_listed_with_their_last_change() {
        let files = sitemap("https://example.com", &entries(1));
        assert_eq!(files.len(), 1);
        let expected = "<loc>https://example.com/%EA%B8%80?a&amp;b=0</loc>\n\
            <lastmod>2026-01-04T09:00:00+09:00</lastmod>";
        assert!(files[0].1.contains(expected), "{}", files[0].1);
    }

    #[test]
    fn a_long_sitemap_has_parts() {
        let files = sitemap("https://example.com", &entries(MAX_ENTRIES + 1));
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["/sitemap.xml", "/sitemap-1.xml", "/sitemap-2.xml"]);
        assert!(files[0].1.contains("<loc>https://example.com/sitemap-2.xml</loc>"));
    }
}
