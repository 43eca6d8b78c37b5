//! The link check: every internal link, anchor and image of every page leads somewhere.

pub mod anchors;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::sync::Arc;

use crate::content::Document;
use crate::content::permalink::unescape_path;
use crate::diagnostic::{Code, Diagnostic, closest};
use crate::markdown::LinkKind;
use crate::span::Place;

/// An internal link leads to a page or file that isn't there.
pub const NOWHERE: Code = Code("E0502");
/// A link's fragment names no id of its page.
pub const NO_ANCHOR: Code = Code("E0503");
/// An image or other embedded file isn't there.
pub const NO_IMAGE: Code = Code("W0504");
/// An image has no alternative text.
pub const NO_ALTERNATIVE: Code = Code("W0505");

/// How many diagnostics may come with a "did you mean": who has more broken links has another
/// problem than spelling, and each suggestion costs a comparison with many names.
const MAX_SUGGESTIONS: usize = 50;

/// The most names that one misspelt name is compared with.
const MAX_CANDIDATES: usize = 1_000;

/// A destination that a page refers to, with its place in the author's file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The destination as it stands in the HTML.
    pub destination: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Where it is written.
    pub place: Option<Place>,
    /// Whether an image lacks its alternative text.
    pub alt_missing: bool,
}

/// A page that was rendered, as far as links are concerned.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Its URL, which relative links start from.
    pub url: &'a str,
    /// Its file below the destination.
    pub path: &'a str,
    /// The whole page, in which fragments are looked up.
    pub html: &'a str,
    /// What it refers to.
    pub links: &'a [Link],
    /// What looking at them found the last time, if it would find the same now.
    pub looked: Option<&'a Arc<Looked>>,
}

/// Where links may lead.
#[derive(Clone, Debug, Default)]
pub struct Targets<'a> {
    /// All files of the site below the destination.
    pub files: BTreeSet<&'a str>,
    /// `baseurl`: empty, or with a slash at the beginning.
    pub baseurl: &'a str,
    /// `url`: scheme and host; links that begin with it are internal too.
    pub url: &'a str,
}

/// What looking at the links of a page found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    problems: Vec<Problem>,
    /// The pages in which fragments were looked up, by their files. As long as these and the page
    /// are as they were, and the site has the same files, the same would be found.
    pub into: Vec<String>,
}

/// What is wrong with a link, by its position among the links of its page.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Problem {
    NoAlternative(usize),
    Nowhere { link: usize, path: String },
    NoAnchor { link: usize, fragment: String, path: String },
}

/// What the check of all pages found.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
    /// What was found in each page.
    pub looked: Vec<Arc<Looked>>,
}

/// The ids of pages, each read when it is first asked for.
struct Ids<'a> {
    by_path: BTreeMap<&'a str, &'a str>,
    known: BTreeMap<&'a str, BTreeSet<String>>,
}

impl<'a> Ids<'a> {
    fn of(&mut self, path: &str) -> Option<&BTreeSet<String>> {
        let (&path, &html) = self.by_path.get_key_value(path)?;
        Some(self.known.entry(path).or_insert_with(|| anchors::ids(html)))
    }
}

/// Checks all links of all pages.
pub fn check(pages: &[Page<'_>], targets: &Targets<'_>) -> Checked {
    let by_path = pages.iter().map(|page| (page.path, page.html)).collect();
    let mut ids = Ids { by_path, known: BTreeMap::new() };
    let mut checked = Checked::default();
    for page in pages {
        let looked = match page.looked {
            Some(looked) => Arc::clone(looked),
            None => Arc::new(look(page, targets, &mut ids)),
        };
        for problem in &looked.problems {
            let suggest = checked.diagnostics.len() < MAX_SUGGESTIONS;
            checked.diagnostics.extend(problem.tell(page, targets, &mut ids, suggest));
        }
        checked.looked.push(looked);
    }
    checked
}

fn look(page: &Page<'_>, targets: &Targets<'_>, ids: &mut Ids<'_>) -> Looked {
    let mut looked = Looked::default();
    for (at, link) in page.links.iter().enumerate() {
        if link.alt_missing {
            looked.problems.push(Problem::NoAlternative(at));
        }
        let Some(internal) = Internal::of(&link.destination, page.url, targets) else { continue };
        let path = match internal.path.as_deref() {
            None => Some(page.path),
            Some(path) => targets.find(path),
        };
        let Some(path) = path else {
            let path = internal.path.unwrap_or_default();
            looked.problems.push(Problem::Nowhere { link: at, path });
            continue;
        };
        let Some(fragment) = internal.fragment.filter(|name| !is_everywhere(name)) else {
            continue;
        };
        let path = path.to_owned();
        if !looked.into.contains(&path) {
            looked.into.push(path.clone());
        }
        if ids.of(&path).is_some_and(|known| !known.contains(&fragment)) {
            looked.problems.push(Problem::NoAnchor { link: at, fragment, path });
        }
    }
    looked
}

impl Problem {
    fn tell(
        &self,
        page: &Page<'_>,
        targets: &Targets<'_>,
        ids: &mut Ids<'_>,
        suggest: bool,
    ) -> Option<Diagnostic> {
        Some(match self {
            Self::NoAlternative(link) => no_alternative(page.links.get(*link)?),
            Self::Nowhere { link, path } => nowhere(page.links.get(*link)?, path, targets, suggest),
            Self::NoAnchor { link, fragment, path } => {
                let known = if suggest { ids.of(path) } else { None };
                no_anchor(page.links.get(*link)?, fragment, path, known)
            }
        })
    }
}

/// A destination inside the site: a decoded path below the destination folder (`None`: the page
/// itself), and a fragment.
#[derive(Debug, PartialEq, Eq)]
struct Internal {
    path: Option<String>,
    fragment: Option<String>,
}

impl Internal {
    /// `None` for what leads out of the site.
    fn of(destination: &str, page_url: &str, targets: &Targets<'_>) -> Option<Self> {
        let mut rest = destination.trim();
        if !targets.url.is_empty()
            && let Some(path) = rest.strip_prefix(targets.url)
            && (path.is_empty() || path.starts_with(['/', '#', '?']))
        {
            rest = if path.is_empty() { "/" } else { path };
        } else if has_scheme(rest) || rest.starts_with("//") {
            return None;
        }
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(unescape_path(fragment))),
            None => (rest, None),
        };
        let path = rest.split('?').next().unwrap_or_default();
        if path.is_empty() {
            return Some(Self { path: None, fragment });
        }
        let path = unescape_path(path);
        let path = if path.starts_with('/') {
            // Under a `baseurl` an absolute path without it leads to a neighbour on the same host.
            let below = path.strip_prefix(targets.baseurl)?;
            if !targets.baseurl.is_empty() && !below.is_empty() && !below.starts_with('/') {
                return None;
            }
            below.to_owned()
        } else {
            let folder = page_url.rsplit_once('/').map_or("", |(folder, _)| folder);
            format!("{}/{path}", unescape_path(folder))
        };
        Some(Self { path: Some(resolve_dots(&path)), fragment })
    }
}

impl<'a> Targets<'a> {
    /// The file that a server answers with for a path: the file itself, a folder's `index.html`, or
    /// the file with `.html` behind it.
    fn find(&self, path: &str) -> Option<&'a str> {
        let bare = path.trim_end_matches('/');
        let index =
            if bare.is_empty() { "index.html".into() } else { format!("{bare}/index.html") };
        let mut candidates = vec![index];
        if !path.ends_with('/') && !bare.is_empty() {
            candidates.insert(0, bare.to_owned());
            candidates.push(format!("{bare}.html"));
        }
        candidates.iter().find_map(|candidate| self.files.get(candidate.as_str()).copied())
    }
}

/// The keys of `header` in front matter that name pictures.
const HEADER_PICTURES: [&str; 3] = ["image", "overlay_image", "teaser"];

/// Checks the pictures that documents name in their front matter: those of `header`. What comes
/// from a default of the configuration has no place of its own, and isn't looked at.
pub fn check_headers(documents: &[Arc<Document>], targets: &Targets<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for document in documents.iter().filter(|document| document.output_path.is_some()) {
        let Some(header) = document.front_matter.get("header") else { continue };
        for node in HEADER_PICTURES.iter().filter_map(|key| header.get(key)) {
            let Some(written) = node.as_str().map(str::trim).filter(|path| !path.is_empty()) else {
                continue;
            };
            let link = Link {
                destination: written.to_owned(),
                kind: LinkKind::Image,
                place: document.front_matter.place_of(node),
                alt_missing: false,
            };
            // The theme completes such a path with the `baseurl`; it counts from the site's root.
            let bare = Targets { files: BTreeSet::new(), baseurl: "", url: targets.url };
            let from_root = Internal::of(written, "/", &bare);
            let path = from_root.as_ref().and_then(|internal| internal.path.as_deref());
            if let Some(path) = path.filter(|path| targets.find(path).is_none()) {
                let suggest = diagnostics.len() < MAX_SUGGESTIONS;
                diagnostics.push(nowhere(&link, path, targets, suggest));
            }
        }
    }
    diagnostics
}

fn has_scheme(destination: &str) -> bool {
    destination.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// `#` and `#top` are the top of any page.
fn is_everywhere(fragment: &str) -> bool {
    fragment.is_empty() || fragment.eq_ignore_ascii_case("top")
}

fn resolve_dots(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    let folder = path.ends_with('/') || path.ends_with("/.") || path.ends_with("/..");
    let mut resolved = parts.join("/");
    if folder && !resolved.is_empty() {
        resolved.push('/');
    }
    resolved
}

fn nowhere(link: &Link, path: &str, targets: &Targets<'_>, suggest: bool) -> Diagnostic {
    let (code, what) = match link.kind {
        LinkKind::Image => (NO_IMAGE, "the image"),
        LinkKind::Link => (NOWHERE, "the link"),
    };
    let message = format!("{what} `{}` leads nowhere", link.destination);
    let mut diagnostic = Diagnostic::new(code, message)
        .at(link.place.clone())
        .label(format!("there is no `/{path}` in the site"));
    if let Some(near) = suggest.then(|| near_file(path, targets)).flatten() {
        diagnostic = diagnostic.hint(format!("did you mean `{}/{near}`", targets.baseurl));
    } else if link.kind == LinkKind::Image {
        diagnostic = diagnostic.hint(format!("put the file at `{path}` below the site's folder"));
    }
    diagnostic
}

/// The page or file in the folder of a path whose name is nearest to the path's.
fn near_file(path: &str, targets: &Targets<'_>) -> Option<String> {
    let path = path.trim_end_matches('/');
    let (folder, name) = match path.rfind('/') {
        Some(at) => path.split_at(at + 1),
        None => ("", path),
    };
    let from = (Bound::Included(folder), Bound::Unbounded);
    let files = targets.files.range::<str, _>(from).copied();
    let below = files.map_while(|file| file.strip_prefix(folder)).take(MAX_CANDIDATES);
    let near = closest(name, below.map(|file| file.strip_suffix("/index.html").unwrap_or(file)))?;
    let is_page = targets.files.contains(format!("{folder}{near}/index.html").as_str());
    Some(format!("{folder}{near}{}", if is_page { "/" } else { "" }))
}

/// `known` are the ids to choose a suggestion from.
fn no_anchor(
    link: &Link,
    fragment: &str,
    path: &str,
    known: Option<&BTreeSet<String>>,
) -> Diagnostic {
    let message = format!("the link's fragment `#{fragment}` names nothing in its page");
    let diagnostic = Diagnostic::new(NO_ANCHOR, message)
        .at(link.place.clone())
        .label(format!("`{path}` has no id `{fragment}`"));
    let known = known.into_iter().flatten().map(String::as_str).take(MAX_CANDIDATES);
    match closest(fragment, known) {
        Some(near) => diagnostic.hint(format!("did you mean `#{near}`")),
        None => diagnostic,
    }
}

fn no_alternative(link: &Link) -> Diagnostic {
    Diagnostic::new(NO_ALTERNATIVE, format!("the image `{}` has no description", link.destination))
        .at(link.place.clone())
        .label("those who can't see it learn nothing")
        .hint("describe it in the brackets: `![요청이 몰릴 때의 동시성](…)`")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets() -> Targets<'static> {
        let files = ["index.html", "a/index.html", "b.html", "그림/구조.png", "404.html"];
        Targets { files: files.into(), baseurl: "/blog", url: "https://example.com" }
    }

    fn find(destination: &str) -> Option<Option<&'static str>> {
        let targets = targets();
        let internal = Internal::of(destination, "/a/", &targets)?;
        Some(internal.path.as_deref().map_or(Some("a/index.html"), |path| targets.find(path)))
    }

    #[test]
    fn destinations_are_found_as_a_server_would() {
        for (destination, file) in [
            ("/blog/a/", Some("a/index.html")),
            ("/blog/a", Some("a/index.html")),
            ("/blog/b", Some("b.html")),
            ("/blog", Some("index.html")),
            ("../b.html?x=1#y", Some("b.html")),
            ("../../../b.html", Some("b.html")),
            ("#here", Some("a/index.html")),
            ("/blog/%EA%B7%B8%EB%A6%BC/구조.png", Some("그림/구조.png")),
            ("https://example.com/blog/a/", Some("a/index.html")),
            ("/blog/c/", None),
            ("c.html", None),
        ] {
            assert_eq!(find(destination), Some(file), "{destination}");
        }
        for outside in
            ["https://aws.amazon.com/", "mailto:a@b", "//cdn/x.js", "/other/", "/blogger"]
        {
            assert_eq!(find(outside), None, "{outside}");
        }
    }

    #[test]
    fn fragments_are_looked_up_in_their_page() {
        let link = |destination: &str| Link {
            destination: destination.to_owned(),
            kind: LinkKind::Link,
            place: None,
            alt_missing: false,
        };
        let links =
            ["#동시성", "#%EB%8F%99%EC%8B%9C%EC%84%B1", "#top", "#동시셩", "/blog/b.html#x"];
        let links: Vec<Link> = links.into_iter().map(link).collect();
        let html = r#"<code> id="동시셩"</code><h2 id="동시성">…</h2>"#;
        let page = Page { url: "/a/", path: "a/index.html", html, links: &links, looked: None };
        let found = check(&[page], &targets()).diagnostics;
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].hints, ["did you mean `#동시성`"]);
    }

    #[test]
    fn suggestions_come_from_the_same_folder_and_stop_when_there_are_many() {
        let links: Vec<Link> = (0..60)
            .map(|_| Link {
                destination: "/blog/그림/구조도.png".to_owned(),
                kind: LinkKind::Image,
                place: None,
                alt_missing: false,
            })
            .collect();
        let page = Page { url: "/a/", path: "a/index.html", html: "", links: &links, looked: None };
        let found = check(&[page], &targets()).diagnostics;
        assert_eq!(found.len(), 60);
        assert_eq!(found[0].hints, ["did you mean `/blog/그림/구조.png`"]);
        assert!(found[59].hints[0].starts_with("put the file at"), "{:?}", found[59].hints);
    }
}
