//! The sitemap and `robots.txt`, as jekyll-sitemap 1.4 writes them.

use super::text::{is_blank, or_nothing, to_s, xml_escape, xmlschema};
use super::{View, url};
use crate::content::{Content, Document, Kind, StaticFile};
use crate::date::Moment;
use crate::value::{Map, Value};
use std::sync::Arc;

/// What may stand in a sitemap.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'d> {
    /// The URL path without `baseurl`.
    pub url: &'d str,
    /// The front matter over the defaults.
    pub data: &'d Map,
    /// When a copied file was last changed.
    pub modified: Option<&'d Moment>,
}

/// Everything that a sitemap may name, in its order.
#[derive(Clone, Debug, Default)]
pub struct Contents<'d> {
    /// The documents of collections that are written, collections in the order of their labels.
    pub documents: Vec<Listed<'d>>,
    /// Pages, those that other plugins add among them.
    pub pages: Vec<Listed<'d>>,
    /// Files that are copied.
    pub files: Vec<Listed<'d>>,
}

/// The extensions of copied files that people read.
const READ: [&str; 4] = [".htm", ".html", ".xhtml", ".pdf"];

impl<'d> Contents<'d> {
    /// What a site's content gives: documents and pages that are written, copied files that people
    /// read. Pages that plugins and themes add come to [`Self::pages`] afterwards.
    pub fn of(content: &'d Content) -> Self {
        let listed = |document: &'d Document| Listed {
            url: &document.url,
            data: &document.data,
            modified: None,
        };
        let file = |file: &'d StaticFile| Listed {
            url: &file.url,
            data: &file.data,
            modified: Some(&file.modified),
        };
        let all = || content.documents.iter().map(Arc::as_ref);
        let written = || all().filter(|document| document.output_path.is_some());
        let mut labels: Vec<&str> = content.config.collections.keys().map(String::as_str).collect();
        labels.sort_unstable();
        let of_label = |label| {
            written().filter(move |document| document.kind.collection() == Some(label)).map(listed)
        };
        let is_page = |document: &&Document| {
            let path = document.output_path.as_deref().unwrap_or_default();
            document.kind == Kind::Page && is_html(&document.url, path)
        };
        let is_read = |file: &&StaticFile| {
            let path = file.output_path.as_deref().unwrap_or_default();
            READ.iter().any(|extension| path.ends_with(extension))
                && path.rsplit('/').next() != Some("404.html")
        };
        let files = content.static_files.iter().filter(is_read);
        Self {
            documents: labels.into_iter().flat_map(of_label).collect(),
            pages: written().filter(is_page).map(listed).collect(),
            files: files.map(file).collect(),
        }
    }
}

/// Whether a page with this URL and this file is one that people read.
pub fn is_html(url: &str, output_path: &str) -> bool {
    let ends = |extension: &str| output_path.ends_with(extension);
    url.ends_with('/') || [".html", ".htm", ".xhtml"].into_iter().any(ends)
}

/// The most pages that one file may name (sitemaps.org).
pub const MAX_ENTRIES: usize = 50_000;

const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// The files of the sitemap with their paths below the destination: `sitemap.xml`, and where there
/// are more than [`MAX_ENTRIES`] pages, the parts that it then is the index of. `has_style` is
/// whether the site has a `sitemap.xsl`.
///
/// A page's last change is its `last_modified_at`, a document's also its `date`, and a copied
/// file's what `defaults` say. Where there is none, Jekyll takes the time of the build for
/// documents and that of the file system for files; here that needs [`View::time`], for it differs
/// from one machine to the next while the sources are the same.
pub fn sitemap(contents: &Contents<'_>, has_style: bool, view: &View<'_>) -> Vec<(String, String)> {
    let mut entries = Vec::new();
    for document in &contents.documents {
        entries.extend(entry(document, &["last_modified_at", "date"], view));
    }
    for page in contents.pages.iter().filter(|page| page.url != "/404.html") {
        entries.extend(entry(page, &["last_modified_at"], view));
    }
    for file in &contents.files {
        entries.extend(entry(file, &["last_modified_at", "date"], view));
    }
    let style = if has_style {
        let style = xml_escape(&url::absolute("/sitemap.xsl", view));
        format!("<?xml-stylesheet type=\"text/xsl\" href=\"{style}\"?>\n")
    } else {
        String::new()
    };
    let beginning = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{style}");
    let part = |entries: &[String]| {
        let schema = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                      xsi:schemaLocation=\"http://www.sitemaps.org/schemas/sitemap/0.9 \
                      http://www.sitemaps.org/schemas/sitemap/0.9/sitemap.xsd\"";
        let open = format!("{beginning}<urlset {schema} xmlns=\"{NAMESPACE}\">\n");
        format!("{open}{}</urlset>\n", entries.concat())
    };
    if entries.len() <= MAX_ENTRIES {
        return vec![("sitemap.xml".to_owned(), part(&entries))];
    }
    let mut index = format!("{beginning}<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    let mut files = Vec::new();
    for (number, entries) in entries.chunks(MAX_ENTRIES).enumerate() {
        let path = format!("sitemap-{}.xml", number + 1);
        let location = xml_escape(&url::absolute(&format!("/{path}"), view));
        index.push_str(&format!("<sitemap>\n<loc>{location}</loc>\n</sitemap>\n"));
        files.push((path, part(entries)));
    }
    index.push_str("</sitemapindex>\n");
    files.insert(0, ("sitemap.xml".to_owned(), index));
    files
}

/// The entry of a page; `None` when its front matter says `sitemap: false`.
fn entry(listed: &Listed<'_>, changes: &[&str], view: &View<'_>) -> Option<String> {
    if listed.data.get("sitemap") == Some(&Value::Bool(false)) {
        return None;
    }
    let url = url::absolute(&listed.url.replace("/index.html", "/"), view);
    let change = changes.iter().map(|key| or_nothing(listed.data.get(*key)));
    let change = change.filter(|value| !is_blank(value) && !to_s(value).is_empty());
    let change = change.map(|value| xmlschema(value, view)).find(|time| !time.is_empty());
    let otherwise = || {
        let is_document = changes.len() > 1;
        let time = view.time.filter(|_| is_document || listed.modified.is_some())?;
        Some(listed.modified.unwrap_or(time).in_zone(view.zone).xmlschema())
    };
    let change = change.or_else(otherwise);
    let change = change.map(|time| format!("<lastmod>{time}</lastmod>\n")).unwrap_or_default();
    Some(format!("<url>\n<loc>{}</loc>\n{change}</url>\n", xml_escape(&url)))
}

/// The file `robots.txt` for a site without one.
pub fn robots(view: &View<'_>) -> String {
    format!("Sitemap: {}\n", url::absolute("sitemap.xml", view))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Zone;
    use crate::plugin::Filters;

    struct None;

    impl Filters for None {
        fn markdownify(&self, text: &str) -> String {
            text.to_owned()
        }

        fn smartify(&self, text: &str) -> String {
            text.to_owned()
        }
    }

    #[test]
    fn a_long_sitemap_has_parts() {
        let (nothing, zone) = (Map::new(), Zone::utc());
        let config = Map::from([("url".to_owned(), Value::from("https://example.com"))]);
        let view = View {
            config: &config,
            data: &nothing,
            zone: &zone,
            filters: &None,
            time: Option::None,
        };
        let pages = vec![
            Listed { url: "/글?a&b", data: &nothing, modified: Option::None };
            MAX_ENTRIES + 1
        ];
        let files = sitemap(&Contents { pages, ..Contents::default() }, false, &view);
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["sitemap.xml", "sitemap-1.xml", "sitemap-2.xml"]);
        assert!(files[0].1.contains("<loc>https://example.com/sitemap-2.xml</loc>"));
        let one = "<loc>https://example.com/%EA%B8%80?a&amp;b</loc>";
        assert_eq!(files[2].1.matches(one).count(), 1);
    }
}
