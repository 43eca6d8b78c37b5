//! Pages that list the posts of a year, a month, a day, a category or a tag, as jekyll-archives 2.2
//! makes them.

use indexmap::IndexMap;
use std::sync::Arc;

use super::text::{dig, to_s};
use crate::content::permalink::{self, PageParts};
use crate::content::slug::{Mode, slugify};
use crate::content::{Content, Document};
use crate::date::Date;
use crate::value::{Map, Value};

/// What an archive is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A year.
    Year,
    /// A month of a year.
    Month,
    /// A day.
    Day,
    /// A category.
    Category,
    /// A tag.
    Tag,
}

impl Kind {
    /// Its name, which templates see as `page.type`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Month => "month",
            Self::Day => "day",
            Self::Category => "category",
            Self::Tag => "tag",
        }
    }

    /// What turns it on, in the settings' `enabled`.
    fn switch(self) -> &'static str {
        match self {
            Self::Category => "categories",
            Self::Tag => "tags",
            kind => kind.name(),
        }
    }

    fn permalink(self) -> &'static str {
        match self {
            Self::Year => "/:year/",
            Self::Month => "/:year/:month/",
            Self::Day => "/:year/:month/:day/",
            Self::Category => "/category/:name/",
            Self::Tag => "/tag/:name/",
        }
    }
}

/// An archive: what templates see of it as `page`, and where it goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Archive {
    /// What it is of (`page.type`).
    pub kind: Kind,
    /// The category or tag; `None` for days, months and years.
    pub title: Option<String>,
    /// The first day of the year or month, or the day; `None` for categories and tags.
    pub date: Option<Date>,
    /// The title in the URL.
    pub slug: Option<String>,
    /// The URL path without `baseurl`.
    pub url: String,
    /// The file below the destination; also `page.path`.
    pub output_path: String,
    /// The file's name without extension (`page.name`).
    pub name: String,
    /// The layout that shows it; it may be missing from the site.
    pub layout: String,
    /// The posts, newest first, as positions in [`Content::documents`].
    pub posts: Vec<usize>,
}

/// The archives that the configuration's `jekyll-archives` turns on: tags, categories, then years
/// with their months with their days. One whose path leads out of the site is not among them.
pub fn archives(content: &Content) -> Vec<Archive> {
    let settings = content.config.get("jekyll-archives");
    let maker = Maker { settings };
    let documents = content.documents.iter().map(Arc::as_ref).enumerate();
    let posts: Vec<(usize, &Document)> =
        documents.filter(|(_, document)| document.kind.is_post()).collect();
    let mut found = Vec::new();
    for kind in [Kind::Tag, Kind::Category] {
        let mut by_name: IndexMap<&str, Vec<usize>> = IndexMap::new();
        for (at, post) in &posts {
            let names = if kind == Kind::Tag { &post.tags } else { &post.categories };
            for name in names {
                by_name.entry(name).or_default().push(*at);
            }
        }
        for (name, posts) in by_name {
            found.extend(maker.term(kind, name, &posts));
        }
    }
    let mut by_day: IndexMap<[String; 3], Vec<usize>> = IndexMap::new();
    for (at, post) in &posts {
        if let Some(date) = &post.date {
            let parts = ["%Y", "%m", "%d"].map(|pattern| date.strftime(pattern));
            by_day.entry(parts).or_default().push(*at);
        }
    }
    let years = grouped(by_day.iter(), |day| day[0].clone());
    for (_, days) in years {
        found.extend(maker.days(Kind::Year, &days));
        for (_, days) in grouped(days.into_iter(), |day| day[1].clone()) {
            found.extend(maker.days(Kind::Month, &days));
            for day in days {
                found.extend(maker.days(Kind::Day, &[day]));
            }
        }
    }
    found
}

/// A day's parts as text, and its posts.
type Day<'d> = (&'d [String; 3], &'d Vec<usize>);

/// Days by a part of theirs, newest first as the posts of each group are.
fn grouped<'d>(
    days: impl Iterator<Item = Day<'d>>,
    part: impl Fn(&[String; 3]) -> String,
) -> IndexMap<String, Vec<Day<'d>>> {
    let mut groups: IndexMap<String, Vec<Day<'d>>> = IndexMap::new();
    for day in days {
        groups.entry(part(day.0)).or_default().push(day);
    }
    groups
}

struct Maker<'c> {
    settings: Option<&'c Value>,
}

impl Maker<'_> {
    fn is_on(&self, kind: Kind) -> bool {
        match dig(self.settings, &["enabled"]) {
            Some(Value::Bool(on)) => *on,
            Some(Value::String(word)) => word == "all",
            Some(Value::Array(kinds)) => {
                kinds.iter().any(|one| one.as_str() == Some(kind.switch()))
            }
            _ => false,
        }
    }

    fn term(&self, kind: Kind, name: &str, posts: &[usize]) -> Option<Archive> {
        let mode = match dig(self.settings, &["slug_mode"]).and_then(Value::as_str) {
            Some("raw") => Mode::Raw,
            Some("pretty") => Mode::Pretty,
            Some("ascii") => Mode::Ascii,
            _ => Mode::Default,
        };
        let slug = slugify(name, mode, false);
        let archive = self.archive(kind, &[(":name", &slug)], posts)?;
        Some(Archive { title: Some(name.to_owned()), slug: Some(slug), ..archive })
    }

    fn days(&self, kind: Kind, days: &[Day<'_>]) -> Option<Archive> {
        let ([year, month, day], _) = days.first()?;
        let parts = [(":year", year.as_str()), (":month", month), (":day", day)];
        let known = match kind {
            Kind::Year => 1,
            Kind::Month => 2,
            _ => 3,
        };
        let mut posts: Vec<usize> =
            days.iter().flat_map(|(_, posts)| posts.iter().copied()).collect();
        posts.sort_unstable();
        let archive = self.archive(kind, &parts[..known], &posts)?;
        let number = |at: usize| parts[..known].get(at).map_or(Some(1), |(_, n)| n.parse().ok());
        let year = year.parse().ok()?;
        Some(Archive { date: Date::new(year, number(1)?, number(2)?), ..archive })
    }

    /// The archive of posts that stand from the oldest to the newest.
    fn archive(&self, kind: Kind, parts: &[(&str, &str)], posts: &[usize]) -> Option<Archive> {
        if !self.is_on(kind) {
            return None;
        }
        let said = |keys: &[&str]| {
            dig(self.settings, keys).filter(|value| value.is_truthy()).map(|v| to_s(v).to_string())
        };
        let layout = said(&["layouts", kind.name()]).or_else(|| said(&["layout"]));
        let pattern = said(&["permalinks", kind.name()]);
        let mut url = pattern.unwrap_or_else(|| kind.permalink().to_owned());
        for (name, value) in parts.iter().chain(&[(":type", kind.name())]) {
            url = url.replace(name, &permalink::escape_path(value));
        }
        let output_extension = if url.ends_with('/') { ".html" } else { "" };
        let parts = PageParts { folder: "", basename: "", output_extension };
        let address = permalink::page_address(Some(&url), "none", &parts).ok()?;
        let file = address.output_path.rsplit('/').next().unwrap_or_default();
        let extension = permalink::extension(file).unwrap_or_default();
        Some(Archive {
            kind,
            title: None,
            date: None,
            slug: None,
            name: file.strip_suffix(extension).unwrap_or(file).to_owned(),
            url: address.url,
            output_path: address.output_path,
            layout: layout.unwrap_or_else(|| "archive".to_owned()),
            posts: posts.iter().rev().copied().collect(),
        })
    }
}

impl Archive {
    /// What templates see as `page`, but for `posts`.
    pub fn data(&self) -> Map {
        let text = |text: &str| Value::from(text);
        let entries = [
            ("type", text(self.kind.name())),
            ("title", self.title.as_deref().map_or(Value::Null, text)),
            ("date", self.date.map_or(Value::Null, Value::Date)),
            ("name", text(&self.name)),
            ("path", text(&self.output_path)),
            ("url", text(&self.url)),
            ("layout", text(&self.layout)),
        ];
        entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
    }
}
