//! The index of a site: posts newest first, their neighbours, categories and tags.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::content::slug::{self, slugify};
use crate::content::{Content, Document};
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::Place;

/// Two documents, or a document and a file, want one path of the site. The last one wins, as in
/// Jekyll.
pub const CONFLICT: Code = Code("W0501");

/// A category or tag and its posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The name as its author wrote it first.
    pub name: String,
    /// The name in a URL; unique among its kind.
    pub slug: String,
    /// The posts, newest first, as positions in [`Content::documents`].
    pub posts: Vec<usize>,
}

/// The index over a site's content. Documents are named by their position in
/// [`Content::documents`].
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// The posts, newest first.
    pub posts: Vec<usize>,
    /// For each document that is a post, its place in [`Site::posts`].
    pub order: BTreeMap<usize, usize>,
    /// The categories by name.
    pub categories: Vec<Term>,
    /// The tags by name.
    pub tags: Vec<Term>,
}

impl Site {
    /// Indexes the content. Diagnostics are paths that several things claim.
    pub fn new(content: &Content) -> Staged<Self> {
        let mut posts: Vec<usize> = (0..content.documents.len())
            .filter(|&at| content.documents[at].kind.is_post())
            .collect();
        posts.reverse();
        let order = posts.iter().enumerate().map(|(place, &at)| (at, place)).collect();
        let categories = terms(content, &posts, |document| &document.categories);
        let tags = terms(content, &posts, |document| &document.tags);
        Staged::new(Self { posts, order, categories, tags }, conflicts(content))
    }

    /// The neighbours of a post: the older and the newer one.
    pub fn neighbours(&self, document: usize) -> (Option<usize>, Option<usize>) {
        let Some(&place) = self.order.get(&document) else { return (None, None) };
        let older = self.posts.get(place + 1).copied();
        let newer = place.checked_sub(1).and_then(|newer| self.posts.get(newer)).copied();
        (older, newer)
    }

    /// Posts that share tags or categories with a post, the closest first, newer ones before older
    /// ones of the same closeness. A tag counts more than a category, a rare term more than a
    /// common one.
    pub fn related(&self, content: &Content, document: usize, count: usize) -> Vec<usize> {
        let mut weights: BTreeMap<usize, f64> = BTreeMap::new();
        let own = &content.documents[document];
        let groups = [(&self.tags, &own.tags, 2.0), (&self.categories, &own.categories, 1.0)];
        for (terms, names, factor) in groups {
            for term in terms.iter().filter(|term| names.contains(&term.name)) {
                // The newest posts of a term stand for it, so that a tag on ten thousand posts
                // costs no more than one on fifty.
                for &post in term.posts.iter().take(RELATED_WINDOW) {
                    *weights.entry(post).or_default() += factor / term.posts.len() as f64;
                }
            }
        }
        weights.remove(&document);
        let mut related: Vec<(usize, f64)> = weights.into_iter().collect();
        let place = |post: usize| self.order.get(&post).copied().unwrap_or(usize::MAX);
        related.sort_by(|a, b| b.1.total_cmp(&a.1).then(place(a.0).cmp(&place(b.0))));
        related.into_iter().take(count).map(|(post, _)| post).collect()
    }
}

/// How many of a term's posts are looked at for related ones.
const RELATED_WINDOW: usize = 50;

fn terms<'c>(
    content: &'c Content,
    posts: &[usize],
    names: impl Fn(&'c Document) -> &'c Vec<String>,
) -> Vec<Term> {
    let mut by_name: IndexMap<&str, Vec<usize>> = IndexMap::new();
    for &post in posts {
        for name in names(&content.documents[post]) {
            let list = by_name.entry(name).or_default();
            if list.last() != Some(&post) {
                list.push(post);
            }
        }
    }
    by_name.sort_unstable_keys();
    let mut taken: BTreeMap<String, usize> = BTreeMap::new();
    by_name
        .into_iter()
        .map(|(name, posts)| {
            let slug = slugify(name, slug::Mode::Default, false);
            let slug = if slug.is_empty() { "-".to_owned() } else { slug };
            let count = taken.entry(slug.clone()).or_default();
            *count += 1;
            let slug = if *count > 1 { format!("{slug}-{count}") } else { slug };
            Term { name: name.to_owned(), slug, posts }
        })
        .collect()
}

/// Paths that several documents or files claim.
fn conflicts(content: &Content) -> Vec<Diagnostic> {
    let mut claimed: BTreeMap<&str, &Document> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for document in &content.documents {
        let Some(path) = &document.output_path else { continue };
        if let Some(earlier) = claimed.insert(path, document) {
            let message = format!("two documents are written to `{path}`, and this one wins");
            diagnostics.push(
                Diagnostic::new(CONFLICT, message)
                    .at(place_of_address(document))
                    .related(place_of_address(earlier), "the other one")
                    .note(format!("both have the URL `{}`", document.url))
                    .hint("give one of them another `permalink`, `slug` or file name"),
            );
        }
    }
    for file in &content.static_files {
        let Some(document) = file.output_path.as_deref().and_then(|path| claimed.get(path)) else {
            continue;
        };
        let message = format!("the file `{}` is written over this document's page", file.path);
        diagnostics.push(
            Diagnostic::new(CONFLICT, message)
                .at(place_of_address(document))
                .hint("move the file, or give the document another `permalink`"),
        );
    }
    diagnostics
}

/// What in a document's front matter decides its address.
fn place_of_address(document: &Document) -> Place {
    ["permalink", "slug", "date", "title"]
        .iter()
        .find_map(|key| document.front_matter.place_of_value(key))
        .unwrap_or_else(|| Place::start_of(&document.source))
}
