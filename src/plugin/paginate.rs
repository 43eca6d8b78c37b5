//! The parts of the list of posts, as jekyll-paginate 1.1 makes them.

use crate::content::permalink::{self, PageParts};
use crate::content::{Content, Kind};
use crate::value::Value;

/// What templates see as `paginator`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paginator {
    /// The number of the part, from 1 on.
    pub page: usize,
    /// How many posts a part has.
    pub per_page: usize,
    /// The posts of this part, newest first, as positions in [`Content::documents`].
    pub posts: Vec<usize>,
    /// How many posts all parts have.
    pub total_posts: usize,
    /// How many parts there are.
    pub total_pages: usize,
    /// The number of the part before.
    pub previous_page: Option<usize>,
    /// Its URL path, without `baseurl` and not percent-encoded.
    pub previous_page_path: Option<String>,
    /// The number of the part behind.
    pub next_page: Option<usize>,
    /// Its URL path, without `baseurl` and not percent-encoded.
    pub next_page_path: Option<String>,
}

/// A part of the list as a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What its template sees.
    pub paginator: Paginator,
    /// Its URL path without `baseurl`: the template's own for the first.
    pub url: String,
    /// Its file below the destination.
    pub output_path: String,
}

/// A list of posts in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// The page that shows them, as a position in [`Content::documents`].
    pub template: usize,
    /// The parts; the first is the template itself. A part beyond the first whose path leads out of
    /// the site is not among them.
    pub parts: Vec<Part>,
}

/// The page whose parts show the posts: the `index.html` (never an `index.md`) that lies deepest
/// among the folders from the site's down to the one in which `paginate_path` is.
pub fn template(content: &Content) -> Option<usize> {
    let folder = parent(content.config.paginate_path.trim_matches('/'));
    let pages = content.documents.iter().enumerate();
    let candidates = pages.filter(|(_, document)| {
        let path = document.path();
        let is_page = document.kind == Kind::Page;
        let above = parent(path);
        let leads_there = above.is_empty()
            || folder == above
            || folder.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'));
        is_page && (path == "index.html" || path.ends_with("/index.html")) && leads_there
    });
    candidates.max_by_key(|(_, document)| document.path().len()).map(|(at, _)| at)
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// The parts of the posts that aren't `hidden`. `posts` are all, newest first, as positions in
/// [`Content::documents`]. `None` without `paginate`, and without a page to show them; no parts
/// when there are no posts, and then the template sees no `paginator`.
pub fn paginate(content: &Content, posts: &[usize]) -> Option<Pagination> {
    let per_page = content.config.paginate.filter(|size| *size > 0)?;
    let template = template(content)?;
    let hidden = |at: usize| {
        content.documents.get(at).and_then(|post| post.get("hidden")).is_some_and(Value::is_truthy)
    };
    let posts: Vec<usize> = posts.iter().copied().filter(|&at| !hidden(at)).collect();
    let document = content.documents.get(template)?;
    let first = (document.url.as_str(), document.output_path.clone().unwrap_or_default());
    let pattern = &content.config.paginate_path;
    let total_pages = posts.len().div_ceil(per_page);
    let path = |number: usize| match number {
        1 => first.0.to_owned(),
        number => path(pattern, number),
    };
    let parts = posts.chunks(per_page).enumerate().filter_map(|(index, posts_of_part)| {
        let number = index + 1;
        let previous_page = (number > 1).then(|| number - 1);
        let next_page = (number < total_pages).then(|| number + 1);
        let paginator = Paginator {
            page: number,
            per_page,
            posts: posts_of_part.to_vec(),
            total_posts: posts.len(),
            total_pages,
            previous_page,
            previous_page_path: previous_page.map(path),
            next_page,
            next_page_path: next_page.map(path),
        };
        let (url, output_path) = match number {
            1 => (first.0.to_owned(), first.1.clone()),
            number => address(&path(number))?,
        };
        Some(Part { paginator, url, output_path })
    });
    let parts = parts.collect();
    Some(Pagination { template, parts })
}

/// `paginate_path` with a number in the place of its first `:num`.
fn path(pattern: &str, number: usize) -> String {
    let path = pattern.replacen(":num", &number.to_string(), 1);
    if path.starts_with('/') { path } else { format!("/{path}") }
}

/// The URL and the file of the part in a folder.
fn address(folder: &str) -> Option<(String, String)> {
    let parts = PageParts { folder, basename: "index", output_extension: ".html" };
    let address = permalink::page_address(None, "none", &parts).ok()?;
    Some((address.url, address.output_path))
}
