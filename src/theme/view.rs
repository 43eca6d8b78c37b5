//! What a template sees: plain, documented data. Nothing inside bogi is ever handed to a template
//! as it is, so this file is the promise to people who write templates of their own.
//!
//! A template knows three names. `site` is a [`SiteView`] laid over all keys of `_config.yml`,
//! `page` a [`PageView`] laid over all keys of the page's front matter, so that `site.title` and
//! `page.my_key` work as they do in Jekyll; `words` are the words of the interface in the site's
//! language ([`words`](super::words)).
//!
//! Two rules hold everywhere. A URL is relative to the site's root and begins with `/`, without the
//! `baseurl`: `relative_url` and `absolute_url` complete it. A date is text by ISO 8601
//! (`2026-01-04` or `2026-01-04T09:00:00+09:00`): `date_long` and `date_short` show it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::plain;
use crate::markdown::Heading;
use crate::quantity::Language;
use crate::value::Map;

/// A name to click on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LinkView {
    /// What the reader sees.
    pub label: String,
    /// Where it leads.
    pub url: String,
}

/// A line of a menu, with the lines under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NavigationItem {
    /// What the reader sees.
    pub title: String,
    /// Where it leads; `None` for a mere heading over its children.
    pub url: Option<String>,
    /// The lines under it; one level is shown.
    pub children: Vec<NavigationItem>,
}

/// The person on the author card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AuthorView {
    /// The name.
    pub name: String,
    /// A portrait's URL.
    pub avatar: Option<String>,
    /// A sentence about the person.
    pub bio: Option<String>,
    /// Where the person lives or works.
    pub location: Option<String>,
    /// Where the name leads.
    pub home: Option<String>,
    /// Addresses, in the author's order.
    pub links: Vec<LinkView>,
}

/// A category or a tag that a post carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TermLink {
    /// The name as its author wrote it.
    pub name: String,
    /// The page of its posts; empty where there is none.
    pub url: String,
}

/// A category or a tag with its posts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TermView {
    /// The name as its author wrote it.
    pub name: String,
    /// The name as an id, for anchors within the index page.
    pub slug: String,
    /// The page of its posts.
    pub url: String,
    /// How many posts there are.
    pub count: usize,
    /// The posts, newest first; an index may be given only the first few.
    pub posts: Vec<Arc<PostSummary>>,
}

/// What a list says about a post.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PostSummary {
    /// The title.
    pub title: String,
    /// The post's URL.
    pub url: String,
    /// When it was published.
    pub date: Option<String>,
    /// When it was last changed, if that is known.
    pub modified: Option<String>,
    /// The first paragraph or the `excerpt` of the front matter, as text without markup.
    pub excerpt: String,
    /// Its categories.
    pub categories: Vec<TermLink>,
    /// Its tags.
    pub tags: Vec<TermLink>,
    /// Minutes to read it.
    pub read_minutes: Option<usize>,
    /// A small picture's URL (`header.teaser`).
    pub teaser: Option<String>,
    /// What its scenarios showed; `None` for a post without any.
    pub checks: Option<ChecksView>,
}

/// The posts of a year, in the archive.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct YearView {
    /// The year, as text: an id and a heading.
    pub year: String,
    /// The posts, newest first.
    pub posts: Vec<Arc<PostSummary>>,
}

/// What a page's scenarios showed when the site was built.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ChecksView {
    /// The number of scenarios.
    pub scenarios: usize,
    /// The number of expectations.
    pub expectations: usize,
    /// How many of the expectations hold.
    pub held: usize,
}

/// The page before or after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Neighbour {
    /// Its title.
    pub title: String,
    /// Its URL.
    pub url: String,
}

/// A line of the table of contents, with the lines under it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TocEntry {
    /// The heading's level, 1 to 6.
    pub level: u8,
    /// The heading's id.
    pub id: String,
    /// The heading's content as HTML without links.
    pub html: String,
    /// The deeper headings that follow.
    pub children: Vec<TocEntry>,
}

impl TocEntry {
    /// The table of contents of a page: headings with an id, except those marked `no_toc`, nested
    /// by their levels. A skipped level makes no empty entry.
    pub fn tree(headings: &[Heading]) -> Vec<Self> {
        let mut entries: Vec<Self> = Vec::new();
        for heading in headings.iter().filter(|heading| !heading.no_toc && !heading.id.is_empty()) {
            let entry = Self {
                level: heading.level,
                id: heading.id.clone(),
                html: heading.html.clone(),
                children: Vec::new(),
            };
            Self::insert(&mut entries, entry);
        }
        entries
    }

    /// Puts an entry under the last entry of a lower level. Levels fall from step to step, so the
    /// walk is at most as deep as there are levels.
    fn insert(entries: &mut Vec<Self>, entry: Self) {
        let mut list = entries;
        while list.last().is_some_and(|last| last.level < entry.level) {
            let last = list.len() - 1;
            list = &mut list[last].children;
        }
        list.push(entry);
    }
}

/// The picture or colour above a page (Minimal Mistakes' `header`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HeaderView {
    /// A picture across the page.
    pub image: Option<String>,
    /// What the picture shows, for those who don't see it.
    pub image_description: String,
    /// A picture behind the title.
    pub overlay_image: Option<String>,
    /// A CSS colour behind the title, already checked to be one.
    pub overlay_color: Option<String>,
    /// Whether letters on the colour are to be dark.
    pub dark_letters: bool,
    /// A small picture that stands for the page elsewhere.
    pub teaser: Option<String>,
    /// A line under the picture.
    pub caption: Option<String>,
    /// Buttons on the picture.
    pub actions: Vec<LinkView>,
}

/// A part of the column beside the text (Minimal Mistakes' `sidebar`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SidebarSection {
    /// A heading.
    pub title: Option<String>,
    /// A picture's URL.
    pub image: Option<String>,
    /// What the picture shows.
    pub image_description: String,
    /// Some text.
    pub text: Option<String>,
    /// A menu.
    pub items: Vec<NavigationItem>,
}

/// A step of a paged list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageLink {
    /// The page's number, from 1; `None` for a gap between distant numbers.
    pub number: Option<usize>,
    /// Its URL.
    pub url: String,
    /// Whether it is the page at hand.
    pub current: bool,
}

/// One page of a list that is spread over several.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Paginator {
    /// The number of this page, from 1.
    pub page: usize,
    /// The number of all pages.
    pub total_pages: usize,
    /// The number of all posts.
    pub total_posts: usize,
    /// The posts of this page.
    pub posts: Vec<Arc<PostSummary>>,
    /// The page with newer posts.
    pub previous_url: Option<String>,
    /// The page with older posts.
    pub next_url: Option<String>,
    /// The steps to show: the first, the last, and two on each side of this page.
    pub pages: Vec<PageLink>,
}

impl Paginator {
    /// The page number `page` (from 1) of the pages at `urls`, with its posts.
    pub fn new(
        page: usize,
        urls: &[String],
        total_posts: usize,
        posts: Vec<Arc<PostSummary>>,
    ) -> Self {
        let url = |number: usize| number.checked_sub(1).and_then(|at| urls.get(at)).cloned();
        let total_pages = urls.len();
        let mut pages: Vec<PageLink> = Vec::new();
        let mut last = 0;
        for number in 1..=total_pages {
            if number != 1 && number != total_pages && number.abs_diff(page) > 2 {
                continue;
            }
            if number > last + 1 {
                pages.push(PageLink::default());
            }
            last = number;
            let current = number == page;
            pages.push(PageLink {
                number: Some(number),
                url: url(number).unwrap_or_default(),
                current,
            });
        }
        let previous_url = page.checked_sub(1).and_then(url);
        let next_url = url(page + 1);
        Self { page, total_pages, total_posts, posts, previous_url, next_url, pages }
    }
}

/// The site: what is the same for all pages. Its lists of posts become values in
/// [`templates`](super::templates), each post once.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SiteView {
    /// All keys of `_config.yml`. In templates they are keys of `site`, where the fields below
    /// take precedence.
    #[serde(skip)]
    pub config: Map,
    /// The files of `_data` (`site.data.NAME`).
    #[serde(serialize_with = "plain::serialize_map")]
    pub data: Map,
    /// The title.
    pub title: String,
    /// A line under the title.
    pub subtitle: Option<String>,
    /// A sentence about the site.
    pub description: Option<String>,
    /// The scheme and host of the published site, without a slash at the end; empty if unknown.
    pub url: String,
    /// The path below the host, such as `/blog`; empty for none.
    pub baseurl: String,
    /// The BCP 47 tag of the site's language, such as `ko-KR`.
    pub locale: String,
    /// The language of generated words.
    #[serde(skip)]
    pub language: Language,
    /// The author of pages that name no other.
    pub author: Option<AuthorView>,
    /// The authors of `_data/authors.yml` by key.
    #[serde(skip)]
    pub authors: BTreeMap<String, AuthorView>,
    /// The menu at the top (`main` of `_data/navigation.yml`).
    pub navigation: Vec<NavigationItem>,
    /// The other menus of `_data/navigation.yml`, which `sidebar.nav` names.
    #[serde(skip)]
    pub menus: BTreeMap<String, Vec<NavigationItem>>,
    /// Further addresses at the foot of each page (`footer.links`).
    pub footer_links: Vec<LinkView>,
    /// A picture's URL beside the title (`logo`).
    pub logo: Option<String>,
    /// Whether pages show the way that leads to them.
    pub breadcrumbs: bool,
    /// The style sheet's URL.
    pub stylesheet: String,
    /// The URL of the icon that browsers show in their tabs.
    pub icon: String,
    /// The feed's URL; `None` for a site without one.
    pub feed: Option<String>,
    /// The year that the foot of the page names: that of the newest post.
    pub year: Option<String>,
    /// All posts, newest first.
    #[serde(skip)]
    pub posts: Vec<Arc<PostSummary>>,
    /// All categories by name, each with its posts.
    #[serde(skip)]
    pub categories: Vec<TermView>,
    /// All tags by name, each with its posts.
    #[serde(skip)]
    pub tags: Vec<TermView>,
    /// All posts by year, the newest year first.
    #[serde(skip)]
    pub years: Vec<YearView>,
    /// The index of the categories.
    pub categories_url: Option<String>,
    /// The index of the tags.
    pub tags_url: Option<String>,
}

impl SiteView {
    /// The fields that are otherwise in another view of a site with the same configuration and the
    /// same data: only what follows from the posts can be.
    pub fn changed_fields(&self, other: &Self) -> Vec<&'static str> {
        let all = [
            ("posts", self.posts == other.posts),
            ("categories", self.categories == other.categories),
            ("tags", self.tags == other.tags),
            ("years", self.years == other.years),
            ("year", self.year == other.year),
            ("feed", self.feed == other.feed),
            ("stylesheet", self.stylesheet == other.stylesheet),
            ("icon", self.icon == other.icon),
            ("categories_url", self.categories_url == other.categories_url),
            ("tags_url", self.tags_url == other.tags_url),
        ];
        all.into_iter().filter(|(_, same)| !same).map(|(name, _)| name).collect()
    }
}

/// A page.
#[derive(Clone, Debug, Default, Serialize)]
pub struct PageView {
    /// All keys of the front matter, defaults included. In templates they are keys of `page`,
    /// where the fields below take precedence.
    #[serde(skip)]
    pub data: Map,
    /// The page's URL.
    pub url: String,
    /// The title; empty for a page that has none.
    pub title: String,
    /// The BCP 47 tag of the page's language.
    pub lang: String,
    /// The body as HTML.
    pub content: String,
    /// A sentence about the page for search engines and previews, without markup; empty if there
    /// is none.
    pub description: String,
    /// The sentence that the author set under the title (`tagline`, `excerpt`).
    pub tagline: Option<String>,
    /// Whether it is a post, which has a date, neighbours and terms.
    pub is_post: bool,
    /// When it was published.
    pub date: Option<String>,
    /// When it was last changed (`last_modified_at`).
    pub modified: Option<String>,
    /// Its categories.
    pub categories: Vec<TermLink>,
    /// Its tags.
    pub tags: Vec<TermLink>,
    /// Its headings, for the table of contents; shown where `toc` is set.
    pub contents: Vec<TocEntry>,
    /// Who wrote it; shown where `author_profile` is set.
    pub author: Option<AuthorView>,
    /// The picture above it.
    pub header: HeaderView,
    /// The parts beside it.
    pub sidebar: Vec<SidebarSection>,
    /// Further classes of the page's body (`classes`), separated by spaces.
    pub classes: String,
    /// Minutes to read it.
    pub read_minutes: Option<usize>,
    /// What its scenarios showed.
    pub checks: Option<ChecksView>,
    /// The older neighbour.
    pub previous: Option<Neighbour>,
    /// The newer neighbour.
    pub next: Option<Neighbour>,
    /// Posts that resemble it; shown where `related` is set.
    pub related_posts: Vec<Arc<PostSummary>>,
    /// The way that leads to it, itself left out.
    pub breadcrumbs: Vec<LinkView>,
    /// The part of a list of posts that it shows.
    pub paginator: Option<Paginator>,
    /// The category or tag whose posts it shows.
    pub term: Option<TermView>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heading(level: u8, id: &str) -> Heading {
        Heading { level, id: id.to_owned(), html: id.to_owned(), no_toc: false }
    }

    #[test]
    fn headings_nest_by_level_also_when_one_is_skipped() {
        let tree = TocEntry::tree(&[
            heading(2, "a"),
            heading(4, "b"),
            heading(3, "c"),
            heading(1, "d"),
            heading(2, "e"),
        ]);
        let ids: Vec<&str> = tree.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(ids, ["a", "d"]);
        let under_a: Vec<&str> = tree[0].children.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(under_a, ["b", "c"]);
        assert_eq!(tree[1].children[0].id, "e");
    }

    #[test]
    fn a_long_list_shows_its_ends_and_the_pages_around_this_one() {
        let urls: Vec<String> = (1..=20).map(|number| format!("/page{number}/")).collect();
        let paginator = Paginator::new(10, &urls, 200, Vec::new());
        let numbers: Vec<Option<usize>> = paginator.pages.iter().map(|page| page.number).collect();
        let expected = [1, 0, 8, 9, 10, 11, 12, 0, 20].map(|n| (n > 0).then_some(n));
        assert_eq!(numbers, expected);
        assert_eq!(paginator.previous_url.as_deref(), Some("/page9/"));
        assert_eq!(paginator.next_url.as_deref(), Some("/page11/"));
        let first = Paginator::new(1, &urls[..1], 3, Vec::new());
        assert_eq!((first.previous_url, first.next_url), (None, None));
    }
}
