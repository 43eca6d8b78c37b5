//! The index of a site: posts newest first, their neighbours, categories and tags.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use indexmap::IndexMap;

use crate::content::slug::{self, slugify};
use crate::content::{Content, Document, Kind, StaticFile};
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
        let mut shares: Vec<(usize, f64)> = Vec::new();
        let own = &content.documents[document];
        let groups = [(&self.tags, &own.tags, 2.0), (&self.categories, &own.categories, 1.0)];
        for (terms, names, factor) in groups {
            let unique: BTreeSet<&String> = names.iter().collect();
            for term in unique.into_iter().filter_map(|name| named(terms, name)) {
                // The newest posts of a term stand for it, so that a tag on ten thousand posts
                // costs no more than one on fifty.
                let share = factor / term.posts.len() as f64;
                let newest = term.posts.iter().take(RELATED_WINDOW);
                shares.extend(newest.filter(|post| **post != document).map(|&post| (post, share)));
            }
        }
        // Posts stand in the content from the oldest to the newest. The sort keeps the order of the
        // shares of one post, on which the last bit of their sum depends.
        shares.sort_by_key(|(post, _)| Reverse(*post));
        let mut related: Vec<(usize, f64)> = Vec::with_capacity(shares.len());
        for (post, share) in shares {
            match related.last_mut() {
                Some((last, weight)) if *last == post => *weight += share,
                _ => related.push((post, share)),
            }
        }
        related.sort_by(|a, b| b.1.total_cmp(&a.1));
        related.into_iter().take(count).map(|(post, _)| post).collect()
    }
}

/// The term of that name among terms that are sorted by name.
pub fn named<'t>(terms: &'t [Term], name: &str) -> Option<&'t Term> {
    let at = terms.binary_search_by(|term| term.name.as_str().cmp(name)).ok()?;
    terms.get(at)
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
    let slugs = slugs(by_name.keys().copied());
    by_name
        .into_iter()
        .zip(slugs)
        .map(|((name, posts), slug)| Term { name: name.to_owned(), slug, posts })
        .collect()
}

/// A slug for each name, no two alike. Of the names with one natural slug the first has it, and the
/// others get numbers that make no other name's natural slug.
fn slugs<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let natural = |name| {
        let slug = slugify(name, slug::Mode::Default, false);
        if slug.is_empty() { "-".to_owned() } else { slug }
    };
    let natural: Vec<String> = names.map(natural).collect();
    let mut taken: BTreeSet<String> = natural.iter().cloned().collect();
    // The last number that each slug was tried with, so that none is tried twice.
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    natural
        .iter()
        .map(|slug| {
            let number = last.entry(slug).or_default();
            loop {
                *number += 1;
                if *number == 1 {
                    return slug.clone();
                }
                let numbered = format!("{slug}-{number}");
                if taken.insert(numbered.clone()) {
                    return numbered;
                }
            }
        })
        .collect()
}

/// Who claims a path.
#[derive(Clone, Copy)]
enum Claim<'c> {
    Document(&'c Document),
    File(&'c StaticFile),
}

impl Claim<'_> {
    fn path(&self) -> Option<&str> {
        match self {
            Self::Document(document) => document.output_path.as_deref(),
            Self::File(file) => file.output_path.as_deref(),
        }
    }
}

/// Paths that several documents or files claim.
fn conflicts(content: &Content) -> Vec<Diagnostic> {
    let mut claimed: BTreeMap<&str, Claim<'_>> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    let (pages, documents): (Vec<&Document>, Vec<&Document>) =
        content.documents.iter().map(Arc::as_ref).partition(|document| document.kind == Kind::Page);
    // The order in which Jekyll writes.
    let claims = pages.into_iter().map(Claim::Document);
    let claims = claims.chain(content.static_files.iter().map(Claim::File));
    let claims: Vec<Claim<'_>> = claims.chain(documents.into_iter().map(Claim::Document)).collect();
    for claim in &claims {
        let Some(path) = claim.path() else { continue };
        if let Some(earlier) = claimed.insert(path, *claim) {
            let original = format!(
                "Conflict: The following destination is shared by multiple files. The written file \
                 may end up with unexpected contents. {}/{path}",
                content.destination.display()
            );
            diagnostics
                .extend(conflict(path, claim, &earlier).map(|found| found.original(original)));
        }
    }
    diagnostics
}

fn conflict(path: &str, winner: &Claim<'_>, loser: &Claim<'_>) -> Option<Diagnostic> {
    Some(match (winner, loser) {
        (Claim::Document(winner), Claim::Document(loser)) => {
            let message = format!("two documents are written to `{path}`, and this one wins");
            Diagnostic::new(CONFLICT, message)
                .at(place_of_address(winner))
                .related(place_of_address(loser), "the other one")
                .note(format!("both have the URL `{}`", winner.url))
                .hint("give one of them another `permalink`, `slug` or file name")
        }
        (Claim::File(file), Claim::Document(document)) => {
            let message = format!("the file `{}` is written over this document's page", file.path);
            Diagnostic::new(CONFLICT, message)
                .at(place_of_address(document))
                .hint("move the file, or give the document another `permalink`")
        }
        (Claim::Document(document), Claim::File(file)) => {
            let message = format!("this document's page is written over the file `{}`", file.path);
            Diagnostic::new(CONFLICT, message)
                .at(place_of_address(document))
                .hint("move the file, or give the document another `permalink`")
        }
        // Two files have one path only where points before an extension are dropped.
        (Claim::File(_), Claim::File(_)) => return None,
    })
}

/// What in a document's front matter decides its address.
fn place_of_address(document: &Document) -> Place {
    ["permalink", "slug", "date", "title"]
        .iter()
        .find_map(|key| document.front_matter.place_of_value(key))
        .unwrap_or_else(|| Place::start_of(&document.source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_terms_share_a_slug_and_natural_ones_come_first() {
        let slugs = |names: &[&str]| slugs(names.iter().copied());
        assert_eq!(slugs(&["A", "a", "a-2"]), ["a", "a-3", "a-2"]);
        assert_eq!(slugs(&["A", "A 2", "a", "a-2"]), ["a", "a-2", "a-3", "a-2-2"]);
        assert_eq!(slugs(&["!", "?", "람다"]), ["-", "--2", "람다"]);
    }

    #[test]
    fn terms_are_found_by_name() {
        let term =
            |name: &str| Term { name: name.to_owned(), slug: name.to_owned(), posts: Vec::new() };
        let terms = ["A", "a", "람다"].map(term);
        assert_eq!(named(&terms, "a"), Some(&terms[1]));
        assert_eq!(named(&terms, "b"), None);
    }
}
