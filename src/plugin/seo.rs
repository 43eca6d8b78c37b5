//! `{% seo %}`: titles, descriptions and structured data for search engines and social networks, as
//! jekyll-seo-tag 2.8 writes them.

mod author;
mod json_ld;

use author::Author;

use super::paginate::Paginator;
use super::text::{
    dig, first, is_blank, normalize_whitespace, or_nothing, printed, quoted, to_s, xmlschema,
};
use super::{View, url};
use crate::liquid::{escape_once, strip_html};
use crate::value::{Map, Value};

/// What stands between a page's title and the site's.
const SEPARATOR: &str = " | ";

/// What `{% seo %}` is asked for on a page.
#[derive(Clone, Copy)]
pub struct Request<'p> {
    /// The page as templates see it: front matter over defaults, `url` without `baseurl`, and where
    /// it has them `title`, `date` and `excerpt` (HTML).
    pub page: &'p Map,
    /// The part of a list that the page shows, if it is one.
    pub paginator: Option<&'p Paginator>,
    /// What stands behind `seo` in the tag: `title=false` leaves out `<title>`.
    pub markup: &'p str,
}

/// The HTML of the tag. Values that Jekyll writes as they are can't end the attribute that they
/// stand in; what is no date is left out.
pub fn seo(request: &Request<'_>, view: &View<'_>) -> String {
    let facts = Facts::new(request, view);
    let mut out = Head::default();
    let markup = request.markup.to_ascii_lowercase();
    if let Some(title) = facts.title().filter(|_| !markup.contains("title=false")) {
        out.line(&format!("<title>{title}</title>"));
    }
    out.name("generator", "bogi");
    if let Some(title) = &facts.page_title {
        out.property("og:title", title);
    }
    let author = facts.author.name();
    if author.is_truthy() {
        out.name("author", &printed(author));
    }
    out.property("og:locale", &facts.locale());
    if let Some(description) = &facts.description {
        out.name("description", description);
        out.property("og:description", description);
    }
    if facts.config("url").is_truthy() {
        let canonical = quoted(&facts.canonical);
        out.line(&format!("<link rel=\"canonical\" href=\"{canonical}\" />"));
        out.property("og:url", &facts.canonical);
    }
    if let Some(title) = &facts.site_title {
        out.property("og:site_name", title);
    }
    facts.write_kind(&mut out);
    facts.write_cards(&mut out);
    facts.write_owners(&mut out);
    out.line(&format!(
        "<script type=\"application/ld+json\">\n{}</script>",
        json_ld::json_ld(&facts)
    ));
    format!("<!-- Begin bogi SEO tag -->\n{}<!-- End bogi SEO tag -->\n", out.0)
}

/// The lines of a page's head.
#[derive(Default)]
struct Head(String);

impl Head {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn name(&mut self, name: &str, content: &str) {
        self.line(&format!("<meta name=\"{name}\" content=\"{}\" />", quoted(content)));
    }

    fn property(&mut self, name: &str, content: &str) {
        self.line(&format!("<meta property=\"{name}\" content=\"{}\" />", quoted(content)));
    }
}

/// What is known of the page, once and for all of the tag's lines.
struct Facts<'p> {
    page: &'p Map,
    paginator: Option<&'p Paginator>,
    view: &'p View<'p>,
    site_title: Option<String>,
    page_title: Option<String>,
    description: Option<String>,
    canonical: String,
    author: Author<'p>,
    image: Option<Image<'p>>,
}

/// A page's picture.
struct Image<'p> {
    /// Its URL, with scheme and host if the site has them.
    url: String,
    /// What else front matter says of it; empty when it gives no more than the path.
    more: Vec<(&'p str, &'p Value)>,
}

impl<'p> Facts<'p> {
    fn new(request: &Request<'p>, view: &'p View<'p>) -> Self {
        let page = request.page;
        let config = |key| view.config.get(key);
        let truthy = |value: Option<&'p Value>| value.filter(|value| value.is_truthy());
        let site_title = format_text(truthy(config("title")).or(config("name")), view);
        let page_title = format_text(page.get("title"), view).or_else(|| site_title.clone());
        let description = truthy(page.get("description")).or(page.get("excerpt"));
        let description =
            format_text(description, view).or_else(|| format_text(config("description"), view));
        let own = page.get("canonical_url").filter(|own| !to_s(own).is_empty());
        let canonical = own.map_or_else(
            || {
                let url = url::absolute(&to_s(or_nothing(page.get("url"))), view);
                url.strip_suffix("index.html")
                    .filter(|url| url.ends_with('/'))
                    .map_or(url.clone(), str::to_owned)
            },
            printed,
        );
        Self {
            page,
            paginator: request.paginator,
            view,
            site_title,
            page_title,
            description,
            canonical,
            author: Author::of(page, view),
            image: image(page, view),
        }
    }

    fn config(&self, key: &str) -> &'p Value {
        or_nothing(self.view.config.get(key))
    }

    /// The title of `<title>`: the page's and the site's.
    fn title(&self) -> Option<String> {
        let title = match (&self.page_title, &self.site_title) {
            (Some(page), Some(site)) if page != site => format!("{page}{SEPARATOR}{site}"),
            (page, Some(site)) => {
                let description = format_text(self.view.config.get("description"), self.view);
                let tagline = format_text(self.view.config.get("tagline"), self.view);
                match description {
                    Some(description) => {
                        format!("{site}{SEPARATOR}{}", tagline.unwrap_or(description))
                    }
                    None => page.clone()?,
                }
            }
            (page, None) => page.clone()?,
        };
        Some(self.page_number().unwrap_or_default() + &title)
    }

    /// Which part of a list the page is, from the second on.
    fn page_number(&self) -> Option<String> {
        let paginator = self.paginator.filter(|paginator| paginator.page > 1)?;
        let message = self.config("seo_paginator_message");
        let message = if message.is_truthy() {
            printed(message)
        } else {
            "Page %<current>s of %<total>s for ".to_owned()
        };
        let numbers = [("current", paginator.page), ("total", paginator.total_pages)];
        let mut text = message;
        for (name, number) in numbers {
            for pattern in [format!("%<{name}>s"), format!("%<{name}>d"), format!("%{{{name}}}")] {
                text = text.replace(&pattern, &number.to_string());
            }
        }
        Some(text.replace("%%", "%"))
    }

    fn locale(&self) -> String {
        let own = self.page.get("locale").filter(|value| value.is_truthy());
        let values =
            [own, Some(self.config("locale")), self.page.get("lang"), Some(self.config("lang"))];
        let found = values.into_iter().flatten().find(|value| value.is_truthy());
        found.map_or_else(|| "en_US".to_owned(), printed).replace('-', "_")
    }

    /// Whether the page is the home page or the one about the site.
    fn is_home_or_about(&self) -> bool {
        let url = to_s(or_nothing(self.page.get("url")));
        let Some(path) = url.strip_prefix('/') else { return false };
        let path = path.strip_prefix("about/").unwrap_or(path);
        // The point of the file's name stands for any character in the original's pattern.
        let name = path.strip_prefix("index").map(|rest| rest.chars().skip(1).collect::<String>());
        path.is_empty() || name.is_some_and(|name| ["htm", "html"].contains(&name.as_str()))
    }

    /// The picture, and whether it is an article or a site.
    fn write_kind(&self, out: &mut Head) {
        if let Some(image) = &self.image {
            out.property("og:image", &image.url);
            for key in ["height", "width", "alt"] {
                if let Some(value) = image.get(key) {
                    out.property(&format!("og:image:{key}"), &printed(value));
                }
            }
        }
        let date = or_nothing(self.page.get("date"));
        if date.is_truthy() {
            out.property("og:type", "article");
            out.property("article:published_time", &xmlschema(date, self.view));
        } else {
            out.property("og:type", "website");
        }
        let Some(paginator) = self.paginator else { return };
        let neighbours =
            [("prev", &paginator.previous_page_path), ("next", &paginator.next_page_path)];
        for (name, path) in neighbours {
            if let Some(path) = path {
                let href = quoted(&url::absolute(path, self.view));
                out.line(&format!("<link rel=\"{name}\" href=\"{href}\" />"));
            }
        }
    }

    /// What Twitter and Facebook show of the page.
    fn write_cards(&self, out: &mut Head) {
        let twitter = self.view.config.get("twitter");
        if let Some(image) = &self.image {
            let own = dig(self.page.get("twitter"), &["card"]);
            let card = first(&[own, dig(twitter, &["card"])]);
            let large = "summary_large_image".to_owned();
            out.name("twitter:card", &if is_blank(card) { large } else { printed(card) });
            out.property("twitter:image", &image.url);
            if let Some(alt) = image.get("alt") {
                out.name("twitter:image:alt", &printed(alt));
            }
        } else {
            out.name("twitter:card", "summary");
        }
        if let Some(title) = &self.page_title {
            out.property("twitter:title", title);
        }
        if self.config("twitter").is_truthy() {
            let name = printed(or_nothing(dig(twitter, &["username"])));
            out.name("twitter:site", &format!("@{}", name.replace('@', "")));
            if let Some(name) = self.author.twitter() {
                out.name("twitter:creator", &format!("@{}", name.replace('@', "")));
            }
        }
        let facebook = self.view.config.get("facebook");
        let names =
            [("admins", "fb:admins"), ("publisher", "article:publisher"), ("app_id", "fb:app_id")];
        for (key, property) in names {
            if let Some(value) = dig(facebook, &[key]).filter(|value| value.is_truthy()) {
                out.property(property, &printed(value));
            }
        }
    }

    /// The signs by which search engines know the site's owner.
    fn write_owners(&self, out: &mut Head) {
        const NAMES: [(&str, &str); 6] = [
            ("google", "google-site-verification"),
            ("bing", "msvalidate.01"),
            ("alexa", "alexaVerifyID"),
            ("yandex", "yandex-verification"),
            ("baidu", "baidu-site-verification"),
            ("facebook", "facebook-domain-verification"),
        ];
        let verifications = self.config("webmaster_verifications");
        if !verifications.is_truthy() {
            let google = self.config("google_site_verification");
            if google.is_truthy() {
                out.name("google-site-verification", &printed(google));
            }
            return;
        }
        for (key, name) in NAMES {
            if let Some(value) = verifications.get(key).filter(|value| value.is_truthy()) {
                out.name(name, &printed(value));
            }
        }
    }
}

impl<'p> Image<'p> {
    fn get(&self, key: &str) -> Option<&'p Value> {
        let found = self.more.iter().find(|(name, _)| *name == key);
        found.map(|(_, value)| *value).filter(|value| value.is_truthy())
    }
}

fn image<'p>(page: &'p Map, view: &View<'_>) -> Option<Image<'p>> {
    let value = page.get("image")?;
    let (path, more) = match value {
        Value::String(_) => (value, Vec::new()),
        Value::Map(map) => {
            let path = ["path", "facebook", "twitter"]
                .iter()
                .find_map(|key| map.get(*key).filter(|value| value.is_truthy()))?;
            let more = map.iter().filter(|(key, _)| *key != "path");
            (path, more.map(|(key, value)| (key.as_str(), value)).collect())
        }
        _ => return None,
    };
    let path = printed(path);
    let url = if url::has_scheme(&path) { path } else { url::absolute(&path, view) };
    Some(Image { url: url::escape(&url), more })
}

/// A text of front matter or configuration as it stands in attributes: Markdown converted, tags
/// taken out, white space and entities put right. `None` when nothing is left.
fn format_text(value: Option<&Value>, view: &View<'_>) -> Option<String> {
    let text = to_s(value?);
    let html = view.filters.markdownify(&text);
    let text = escape_once(&normalize_whitespace(&strip_html(&html)));
    (!text.is_empty()).then_some(text)
}
