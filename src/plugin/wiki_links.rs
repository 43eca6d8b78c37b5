//! `[[글 제목]]`, `[[slug#제목|글]]`: links by the name of a page, unknown to Jekyll. They are
//! on where the configuration says `wiki_links: true`.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::{View, url};
use crate::content::slug::downcase;
use crate::content::{Config, Document};
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::markdown;
use crate::span::Mapped;

/// A wiki link names no page.
pub const NO_PAGE: Code = Code("E0508");
/// A wiki link names several pages.
pub const SEVERAL_PAGES: Code = Code("E0509");

/// The longest wiki link in bytes; a longer one is text.
const LENGTH_MAX: usize = 500;
/// How many pages a message lists.
const LISTED_MAX: usize = 5;
/// How many names one misspelt name is compared with.
const CANDIDATES_MAX: usize = 2_000;

/// The pages of a site by the names that wiki links may use: title, file name, slug.
#[derive(Clone, Debug, Default)]
pub struct Names {
    pages: Vec<Page>,
    /// Indexes of pages by their names, as [`plain`] makes them.
    by_name: BTreeMap<String, Vec<usize>>,
}

#[derive(Clone, Debug)]
struct Page {
    url: String,
    path: String,
    title: String,
}

/// A wiki link in a text.
#[derive(Debug, PartialEq, Eq)]
struct WikiLink<'t> {
    whole: Range<usize>,
    name: &'t str,
    /// The bytes of the name.
    place: Range<usize>,
    heading: &'t str,
    text: Option<&'t str>,
}

impl Names {
    /// The names of a site's pages; `None` where wiki links are off.
    pub fn of_site(config: &Config, documents: &[Arc<Document>]) -> Option<Self> {
        config.get("wiki_links")?.as_bool().filter(|on| *on)?;
        let mut names = Self::default();
        for document in documents.iter().filter(|document| document.output_path.is_some()) {
            let title = document.get("title").and_then(|title| title.as_str()).unwrap_or_default();
            let stem = document.name().rsplit_once('.').map_or(document.name(), |(stem, _)| stem);
            let path = document.path();
            let whole = path.rsplit_once('.').map_or(path, |(path, _)| path);
            let mut called = vec![title, stem, &document.slug, whole];
            if document.kind.is_post() {
                called.push(without_date(stem));
            }
            let mut called: Vec<String> = called.into_iter().map(plain).collect();
            called.sort();
            called.dedup();
            let index = names.pages.len();
            for name in called.into_iter().filter(|name| !name.is_empty()) {
                names.by_name.entry(name).or_default().push(index);
            }
            names.pages.push(Page {
                url: document.url.clone(),
                path: path.to_owned(),
                title: title.to_owned(),
            });
        }
        Some(names)
    }

    /// The text with its wiki links as links of Markdown. One that leads nowhere becomes its text,
    /// and is told of.
    pub fn expand(&self, text: &Mapped, view: &View<'_>) -> (Mapped, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        if !text.text().contains("[[") {
            return (text.clone(), diagnostics);
        }
        let mut out = Mapped::new();
        let mut copied = 0;
        for link in links(text.text()) {
            let Some(place) = text.locate(link.place.clone()) else { continue };
            let url = match self.url(&link) {
                Ok(url) => url.map(|page| url::relative(page, view)),
                Err(diagnostic) => {
                    diagnostics.push(diagnostic.at(place.clone()).tolerated());
                    None
                }
            };
            let shown = shown(&link);
            let fragment = match link.heading {
                "" => String::new(),
                heading => format!("#{}", markdown::heading_id(heading)),
            };
            let written = match url {
                Some(url) => format!("[{shown}]({url}{fragment})"),
                None if link.name.is_empty() => format!("[{shown}]({fragment})"),
                None => shown,
            };
            out.push_mapped(text, copied..link.whole.start);
            out.push_derived(&written, &place);
            copied = link.whole.end;
        }
        out.push_mapped(text, copied..text.text().len());
        (out, diagnostics)
    }

    /// The URL of the page that a link names; `None` for a heading of its own page.
    ///
    /// # Errors
    /// What is wrong with the name, without its place.
    fn url(&self, link: &WikiLink<'_>) -> Result<Option<&str>, Box<Diagnostic>> {
        if link.name.is_empty() {
            return Ok(None);
        }
        let found = self.by_name.get(&plain(link.name)).map_or(&[][..], Vec::as_slice);
        match found {
            [] => Err(Box::new(self.no_page(link.name))),
            [page] => Ok(self.pages.get(*page).map(|page| page.url.as_str())),
            several => Err(Box::new(self.several(link.name, several))),
        }
    }

    fn no_page(&self, name: &str) -> Diagnostic {
        let diagnostic = Diagnostic::new(NO_PAGE, format!("no page is called `{name}`"))
            .label("neither a title nor a file name nor a slug");
        let plain = plain(name);
        let near = closest(&plain, self.by_name.keys().map(String::as_str).take(CANDIDATES_MAX));
        let page = near.and_then(|near| self.by_name.get(near)?.first());
        match page.and_then(|page| self.pages.get(*page)) {
            Some(page) if page.title.is_empty() => {
                diagnostic.hint(format!("did you mean `{}`", page.path))
            }
            Some(page) => diagnostic.hint(format!("did you mean `[[{}]]`", page.title)),
            None => diagnostic,
        }
    }

    fn several(&self, name: &str, pages: &[usize]) -> Diagnostic {
        let message = format!("`{name}` names {} pages", pages.len());
        let mut diagnostic =
            Diagnostic::new(SEVERAL_PAGES, message).label("which of them isn't said");
        let listed = pages.iter().filter_map(|page| self.pages.get(*page)).take(LISTED_MAX);
        for page in listed {
            let path = page.path.rsplit_once('.').map_or(page.path.as_str(), |(path, _)| path);
            diagnostic =
                diagnostic.hint(format!("`[[{path}|{name}]]` is the one of `{}`", page.url));
        }
        diagnostic
    }
}

/// What a reader sees of a link: what the author wrote for it, else the name and the heading.
fn shown(link: &WikiLink<'_>) -> String {
    match (link.text, link.name, link.heading) {
        (Some(text), ..) => text.to_owned(),
        (None, name, "") => name.to_owned(),
        (None, "", heading) => heading.to_owned(),
        (None, name, heading) => format!("{name} › {heading}"),
    }
}

/// A name without regard to case, spaces, hyphens and underscores.
fn plain(name: &str) -> String {
    let words = downcase(name).replace(['-', '_'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `2026-11-20-제목` without its date.
fn without_date(stem: &str) -> &str {
    let mut parts = stem.splitn(4, '-');
    let dated = parts.by_ref().take(3).all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    parts.next().filter(|_| dated).unwrap_or(stem)
}

/// The wiki links of a text that don't stand in code.
fn links(text: &str) -> Vec<WikiLink<'_>> {
    let fences: Vec<Range<usize>> =
        markdown::fences(text).into_iter().map(|fence| fence.info.start..fence.body.end).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find(['[', '`']) {
        let start = at + offset;
        let rest = &text[start..];
        if let Some(fence) = fences.iter().find(|fence| fence.contains(&start)) {
            at = fence.end.max(start + 1);
        } else if rest.starts_with('`') {
            let marks = rest.bytes().take_while(|&byte| byte == b'`').count();
            let paragraph = rest.find("\n\n").unwrap_or(rest.len());
            let close = rest[marks..paragraph.max(marks)].find(&rest[..marks]);
            at = start + marks + close.map_or(0, |close| close + marks);
        } else if let Some(link) =
            link(text, start).filter(|_| !text[..start].ends_with(['!', '\\', '[']))
        {
            at = link.whole.end;
            found.push(link);
        } else {
            at = start + 1;
        }
    }
    found
}

fn link(text: &str, start: usize) -> Option<WikiLink<'_>> {
    let inner = text[start..].strip_prefix("[[")?;
    let length = inner.find("]]").filter(|length| *length <= LENGTH_MAX)?;
    let inner = &inner[..length];
    if inner.contains(['[', ']', '\n']) || inner.trim().is_empty() {
        return None;
    }
    let (target, shown) = match inner.split_once('|') {
        // In a table the bar has a backslash.
        Some((target, shown)) => (target.trim_end_matches('\\'), Some(shown.trim())),
        None => (inner, None),
    };
    let (name, heading) = target.split_once('#').unwrap_or((target, ""));
    Some(WikiLink {
        whole: start..start + length + 4,
        name: name.trim(),
        place: start + 2..start + 2 + target.len(),
        heading: heading.trim(),
        text: shown.filter(|shown| !shown.is_empty()),
    })
}
