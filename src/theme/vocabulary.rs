//! Minimal Mistakes' vocabulary: its keys of `_config.yml`, `_data/navigation.yml`,
//! `_data/authors.yml` and of the front matter, read into the view. A value of an unexpected kind
//! counts as not written, so that no odd key breaks a page.

use std::collections::BTreeMap;

use super::plain::text;
use super::view::{
    AuthorView, HeaderView, LinkView, NavigationItem, PageView, SidebarSection, SiteView,
};
use super::{dates, prose};
use crate::quantity::Language;
use crate::value::{Map, Value};

/// How deep menus are read.
const MAX_MENU_DEPTH: usize = 4;

/// Keys of an author with the name that is shown and what comes before the account's name.
const ACCOUNTS: [(&str, &str, &str); 19] = [
    ("github", "GitHub", "https://github.com/"),
    ("gitlab", "GitLab", "https://gitlab.com/"),
    ("bitbucket", "Bitbucket", "https://bitbucket.org/"),
    ("bluesky", "Bluesky", "https://bsky.app/profile/"),
    ("codepen", "CodePen", "https://codepen.io/"),
    ("dribbble", "Dribbble", "https://dribbble.com/"),
    ("facebook", "Facebook", "https://www.facebook.com/"),
    ("flickr", "Flickr", "https://www.flickr.com/"),
    ("instagram", "Instagram", "https://instagram.com/"),
    ("keybase", "Keybase", "https://keybase.io/"),
    ("lastfm", "Last.fm", "https://last.fm/user/"),
    ("linkedin", "LinkedIn", "https://www.linkedin.com/in/"),
    ("pinterest", "Pinterest", "https://www.pinterest.com/"),
    ("soundcloud", "SoundCloud", "https://soundcloud.com/"),
    ("stackoverflow", "Stack Overflow", "https://stackoverflow.com/users/"),
    ("twitter", "X", "https://twitter.com/"),
    ("weibo", "Weibo", "https://www.weibo.com/"),
    ("xing", "XING", "https://www.xing.com/profile/"),
    ("youtube", "YouTube", "https://youtube.com/@"),
];

impl SiteView {
    /// The part of the view that `_config.yml` and `_data` tell. What the content tells (posts,
    /// terms, the style sheet, the feed) is the caller's to set.
    pub fn from_config(config: &Map, data: &Map) -> Self {
        let locale = string(config, "locale").or_else(|| string(config, "lang"));
        let locale = locale.as_deref().and_then(language_tag).unwrap_or_else(|| "ko-KR".to_owned());
        let authors = map(data, "authors");
        let mut authors: BTreeMap<String, AuthorView> = authors
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), author(value.as_map()?)?)))
            .collect();
        let mut menus: BTreeMap<String, Vec<NavigationItem>> = map(data, "navigation")
            .into_iter()
            .flatten()
            .map(|(name, items)| (name.clone(), menu(items, 0)))
            .collect();
        let owner = match config.get("author") {
            Some(Value::String(key)) => Some(authors.remove(key).unwrap_or_else(|| named(key))),
            Some(Value::Map(map)) => author(map),
            _ => string(config, "name").as_deref().map(named),
        };
        if let (Some(Value::String(key)), Some(owner)) = (config.get("author"), &owner) {
            authors.insert(key.clone(), owner.clone());
        }
        Self {
            config: config.clone(),
            data: data.clone(),
            title: string(config, "title").unwrap_or_default(),
            subtitle: string(config, "subtitle"),
            description: string(config, "description"),
            url: string(config, "url").unwrap_or_default().trim_end_matches('/').to_owned(),
            baseurl: base_path(&string(config, "baseurl").unwrap_or_default()),
            language: Language::from_locale(&locale),
            locale,
            author: owner,
            authors,
            navigation: menus.remove("main").unwrap_or_default(),
            menus,
            footer_links: map(config, "footer")
                .map(|footer| links(footer, "links"))
                .unwrap_or_default(),
            logo: string(config, "logo"),
            breadcrumbs: config.get("breadcrumbs").is_some_and(Value::is_truthy),
            ..Self::default()
        }
    }

    /// Words that a reader reads in a minute (`words_per_minute`).
    pub fn words_per_minute(&self) -> usize {
        let number = self.config.get("words_per_minute").and_then(Value::as_integer);
        let number = number.and_then(|number| usize::try_from(number).ok());
        number.filter(|&number| number > 0).unwrap_or(prose::WORDS_PER_MINUTE)
    }

    /// The author that a page names by key, by name or in full; else the site's.
    fn author_of(&self, front_matter: &Map) -> Option<AuthorView> {
        match front_matter.get("author") {
            Some(Value::String(key)) => {
                Some(self.authors.get(key).cloned().unwrap_or_else(|| named(key)))
            }
            Some(Value::Map(map)) => author(map).or_else(|| self.author.clone()),
            _ => self.author.clone(),
        }
    }
}

impl PageView {
    /// The part of the view that a page's front matter tells, its defaults included. What the
    /// content tells (URL, body, date, terms, contents, neighbours) is the caller's to set.
    pub fn from_front_matter(front_matter: &Map, site: &SiteView) -> Self {
        let lang = string(front_matter, "lang").or_else(|| string(front_matter, "locale"));
        let tagline = string(front_matter, "tagline").or_else(|| string(front_matter, "excerpt"));
        let tagline = tagline.map(|tagline| prose::text(&tagline)).filter(|line| !line.is_empty());
        let description = string(front_matter, "description").map(|line| prose::text(&line));
        Self {
            data: front_matter.clone(),
            title: front_matter.get("title").and_then(text).unwrap_or_default(),
            lang: lang.as_deref().and_then(language_tag).unwrap_or_else(|| site.locale.clone()),
            description: description.or_else(|| tagline.clone()).unwrap_or_default(),
            tagline,
            modified: last_change(front_matter),
            author: site.author_of(front_matter),
            header: front_matter
                .get("header")
                .and_then(Value::as_map)
                .map(header)
                .unwrap_or_default(),
            sidebar: sidebar(front_matter.get("sidebar"), &site.menus),
            classes: classes(front_matter.get("classes")),
            ..Self::default()
        }
    }
}

/// When a page was last changed (`last_modified_at`), if a date stands there.
pub fn last_change(front_matter: &Map) -> Option<String> {
    let date = front_matter.get("last_modified_at").and_then(text)?;
    dates::machine(&date).is_some().then_some(date)
}

/// A text under a key that is written and not empty.
fn string(map: &Map, key: &str) -> Option<String> {
    map.get(key)?.as_str().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

fn map<'a>(map: &'a Map, key: &str) -> Option<&'a Map> {
    map.get(key)?.as_map()
}

/// A BCP 47 tag with hyphens; `None` for what can't be one.
fn language_tag(locale: &str) -> Option<String> {
    let tag = locale.replace('_', "-");
    let fits = tag.len() <= 35
        && tag.starts_with(|c: char| c.is_ascii_alphabetic())
        && tag.split('-').all(|part| {
            (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
    fits.then_some(tag)
}

/// A `baseurl` with a slash before it and none after it.
fn base_path(baseurl: &str) -> String {
    let path = baseurl.trim_matches('/');
    if path.is_empty() { String::new() } else { format!("/{path}") }
}

fn named(name: &str) -> AuthorView {
    AuthorView { name: name.to_owned(), ..AuthorView::default() }
}

/// An author with a name; `None` without one.
fn author(map: &Map) -> Option<AuthorView> {
    let mut all = Vec::new();
    if let Some(url) = string(map, "uri").or_else(|| string(map, "url")) {
        all.push(LinkView { label: "Website".to_owned(), url });
    }
    if let Some(address) = string(map, "email") {
        let url = format!("mailto:{}", address.trim_start_matches("mailto:"));
        all.push(LinkView { label: "Email".to_owned(), url });
    }
    for (key, label, before) in ACCOUNTS {
        if let Some(account) = map.get(key).and_then(text).filter(|name| !name.is_empty()) {
            let url = format!("{before}{}", account.trim_start_matches('@'));
            all.push(LinkView { label: label.to_owned(), url });
        }
    }
    all.extend(links(map, "links"));
    Some(AuthorView {
        name: string(map, "name")?,
        avatar: string(map, "avatar"),
        bio: string(map, "bio").map(|bio| prose::text(&bio)),
        location: string(map, "location"),
        home: string(map, "home"),
        links: all,
    })
}

/// The links of a list that have both a label and a URL; Minimal Mistakes' sample configuration
/// is full of labels without.
fn links(map: &Map, key: &str) -> Vec<LinkView> {
    let list = map.get(key).and_then(Value::as_array).unwrap_or_default();
    let link = |value: &Value| {
        let map = value.as_map()?;
        let label = string(map, "label").or_else(|| string(map, "title"))?;
        Some(LinkView { label, url: string(map, "url")? })
    };
    list.iter().filter_map(link).collect()
}

fn menu(items: &Value, depth: usize) -> Vec<NavigationItem> {
    if depth >= MAX_MENU_DEPTH {
        return Vec::new();
    }
    let item = |value: &Value| {
        let map = value.as_map()?;
        Some(NavigationItem {
            title: map.get("title").and_then(text).filter(|title| !title.is_empty())?,
            url: string(map, "url"),
            children: map.get("children").map(|items| menu(items, depth + 1)).unwrap_or_default(),
        })
    };
    items.as_array().unwrap_or_default().iter().filter_map(item).collect()
}

fn header(map: &Map) -> HeaderView {
    let color = string(map, "overlay_color").filter(|color| is_color(color));
    let mut actions = links(map, "actions");
    if let (Some(label), Some(url)) = (string(map, "cta_label"), string(map, "cta_url")) {
        actions.push(LinkView { label, url });
    }
    HeaderView {
        image: string(map, "image"),
        image_description: string(map, "image_description")
            .or_else(|| string(map, "alt"))
            .unwrap_or_default(),
        overlay_image: string(map, "overlay_image"),
        dark_letters: color.as_deref().is_some_and(is_light),
        overlay_color: color,
        teaser: string(map, "teaser"),
        caption: string(map, "caption").map(|caption| prose::text(&caption)),
        actions,
    }
}

/// Whether a text can stand in a style as a colour and do nothing else there.
fn is_color(text: &str) -> bool {
    text.len() <= 40
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "#(),.% ".contains(c))
        && !text.to_ascii_lowercase().contains("url")
}

/// Whether black letters stand out more than white ones from a `#rgb` or `#rrggbb` colour (the
/// relative luminance of WCAG 2.2 is above 0.179). Of other notations white is assumed.
fn is_light(color: &str) -> bool {
    let Some(digits) = color.strip_prefix('#').filter(|digits| digits.is_ascii()) else {
        return false;
    };
    let doubled = match digits.len() {
        3 | 4 => digits.chars().flat_map(|digit| [digit, digit]).collect(),
        _ => digits.to_owned(),
    };
    let channel = |at: usize| {
        let value = u8::from_str_radix(doubled.get(at..at + 2)?, 16).ok()?;
        let value = f64::from(value) / 255.0;
        Some(if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) })
    };
    let (Some(red), Some(green), Some(blue)) = (channel(0), channel(2), channel(4)) else {
        return false;
    };
    0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179
}

/// `sidebar` is one part or a list of parts.
fn sidebar(
    value: Option<&Value>,
    menus: &BTreeMap<String, Vec<NavigationItem>>,
) -> Vec<SidebarSection> {
    let parts = match value {
        Some(Value::Array(parts)) => parts.as_slice(),
        Some(part @ Value::Map(_)) => std::slice::from_ref(part),
        _ => &[],
    };
    let section = |value: &Value| {
        let map = value.as_map()?;
        let items = string(map, "nav").and_then(|name| menus.get(&name).cloned());
        Some(SidebarSection {
            title: string(map, "title"),
            image: string(map, "image"),
            image_description: string(map, "image_alt").unwrap_or_default(),
            text: string(map, "text").map(|text| prose::text(&text)),
            items: items.unwrap_or_default(),
        })
    };
    parts.iter().filter_map(section).collect()
}

/// `classes` is a text or a list; what can't be a class is left out.
fn classes(value: Option<&Value>) -> String {
    let names: Vec<&str> = match value {
        Some(Value::String(names)) => names.split_whitespace().collect(),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    names.join(" ")
}

#[cfg(test)]
mod tests;
