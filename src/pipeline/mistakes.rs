//! Where in a page that has errors each of them stands, for those who show the page all the same.
//!
//! A mistake has a place in the author's text. A mark that no author writes is put there after
//! Liquid has run, and the text is rendered once more: where the mark comes out is the place in the
//! HTML, provided that without the mark the HTML is what it was. Otherwise the place isn't known.

use std::collections::BTreeMap;

use crate::content::Document;
use crate::diagnostic::{Diagnostic, Severity};
use crate::markdown;
use crate::output::{Content, Output};
use crate::pipeline::body::Bodies;
use crate::site::links;
use crate::span::Place;

/// The mark: a private-use character beside those of scenario blocks and values.
pub const MARK: char = '\u{F0B21}';
/// How many mistakes of a page are looked for.
const MISTAKES_MAX: usize = 20;
/// How many pages are looked through; a site with more errors has another worry.
const PAGES_MAX: usize = 50;

/// By how many bytes a place in a page is looked for, most first: fewer may be found in several.
const ENDS: [usize; 5] = [usize::MAX, 4000, 1000, 250, 80];

/// A mistake of a page.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// What is wrong.
    pub diagnostic: Diagnostic,
    /// The byte of the page's HTML behind the block that it stands in; `None` where that isn't
    /// known.
    pub offset: Option<usize>,
}

/// Whether a site is built in spite of an error, in Jekyll as here: front matter that is passed
/// over, links that lead nowhere.
pub fn is_let_pass(found: &Diagnostic) -> bool {
    found.tolerated || [links::NOWHERE, links::NO_ANCHOR].contains(&found.code)
}

/// Finds the mistakes of all pages that have errors, by the pages' paths in the output.
pub fn locate(
    bodies: &Bodies<'_>,
    output: &Output,
    diagnostics: &[Diagnostic],
) -> BTreeMap<String, Vec<Mistake>> {
    let mut found = BTreeMap::new();
    if !output.entries.values().any(|entry| entry.broken) {
        return found;
    }
    for (at, document) in bodies.surroundings().content.documents.iter().enumerate() {
        let Some(path) = &document.output_path else { continue };
        let Some(entry) = output.entries.get(path).filter(|entry| entry.broken) else { continue };
        let Content::Bytes(page) = &entry.content else { continue };
        if found.len() == PAGES_MAX {
            break;
        }
        let is_error =
            |found: &&Diagnostic| found.severity() == Severity::Error && !is_let_pass(found);
        let own = diagnostics.iter().filter(is_error);
        let own = own.filter_map(|found| Some((found, place_in(found, document)?)));
        let mistakes = own.take(MISTAKES_MAX).map(|(diagnostic, place)| Mistake {
            diagnostic: diagnostic.clone(),
            offset: offset(bodies, at, page, &place),
        });
        found.insert(path.clone(), mistakes.collect());
    }
    found
}

/// The place of a mistake in a document: its own, or that from which the file with the mistake was
/// asked for.
fn place_in(found: &Diagnostic, document: &Document) -> Option<Place> {
    let related = found.related.iter().map(|related| &related.place);
    let mut places = found.place.iter().chain(related);
    places.find(|place| place.source().path() == document.path()).cloned()
}

fn offset(bodies: &Bodies<'_>, at: usize, page: &[u8], place: &Place) -> Option<usize> {
    let html = &bodies.get(at).html;
    if html.is_empty() {
        return None;
    }
    let page = std::str::from_utf8(page).ok()?;
    let marked = bodies.marked(at, place).into_iter().find_map(|marked| {
        let mark = marked.find(MARK)?;
        (marked.replace(MARK, "") == **html).then_some(mark)
    })?;
    behind(page, html.get(..markdown::block_end(html, marked))?)
}

/// The end in a page of the beginning of its body. A layout may have changed something before it;
/// then it is known by as much of its end as there is only once in the page.
fn behind(page: &str, beginning: &str) -> Option<usize> {
    ENDS.into_iter().find_map(|length| {
        let start = beginning.len().saturating_sub(length);
        let end = beginning.get(beginning.ceil_char_boundary(start)..)?;
        let mut found = page.match_indices(end);
        let (at, _) = found.next().filter(|_| !end.is_empty())?;
        found.next().is_none().then_some(at + end.len())
    })
}
