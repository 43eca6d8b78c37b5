//! What a list says about a post.

use super::{EXCERPT_LENGTH, TermPages};
use crate::content::Document;
use crate::date::Moment;
use crate::pipeline::body::Body;
use crate::site::Site;
use crate::theme::prose;
use crate::theme::view::{ChecksView, PostSummary};
use crate::theme::vocabulary::last_change;

/// What the scenarios of a page showed.
pub(super) fn checks(body: &Body) -> Option<ChecksView> {
    if body.outcomes.is_empty() {
        return None;
    }
    let variants = body.outcomes.iter().flat_map(|outcome| &outcome.variants);
    let verdicts: Vec<bool> =
        variants.flat_map(|variant| &variant.verdicts).map(|verdict| verdict.holds).collect();
    Some(ChecksView {
        scenarios: body.outcomes.len(),
        expectations: verdicts.len(),
        held: verdicts.iter().filter(|holds| **holds).count(),
    })
}

/// A post in lists.
pub(super) fn summary(
    document: &Document,
    body: &Body,
    site: &Site,
    term_pages: &TermPages,
    words_per_minute: usize,
) -> PostSummary {
    let teaser = document.get("header").and_then(|header| header.get("teaser"));
    PostSummary {
        title: document.title.clone(),
        url: document.url.clone(),
        date: document.date.as_ref().map(Moment::xmlschema),
        modified: last_change(&document.data),
        excerpt: excerpt(document, body),
        categories: term_pages.links(&document.categories, &site.categories, "categories"),
        tags: term_pages.links(&document.tags, &site.tags, "tags"),
        read_minutes: Some(prose::read_minutes(&body.html, words_per_minute)),
        teaser: teaser.and_then(|teaser| teaser.as_str()).map(str::to_owned),
        checks: checks(body),
    }
}

/// The `excerpt` or `description` of the front matter, else the first paragraph.
pub(super) fn excerpt(document: &Document, body: &Body) -> String {
    let given = ["excerpt", "description"]
        .iter()
        .find_map(|key| document.get(key)?.as_str().filter(|text| !text.trim().is_empty()));
    let text = prose::text(given.unwrap_or_else(|| first_paragraph(&body.html)));
    prose::shorten(&text, EXCERPT_LENGTH).into_owned()
}

/// The elements whose paragraphs are no excerpt, with their ends.
const NOT_PROSE: [(&str, &str); 4] = [
    ("figure", "</figure>"),
    ("blockquote", "</blockquote>"),
    ("table", "</table>"),
    ("nav", "</nav>"),
];

/// The first paragraph that isn't part of a figure, a quotation, a table or a menu.
fn first_paragraph(html: &str) -> &str {
    // Elements that are known to have no end are searched for one no more.
    let mut unclosed = [false; NOT_PROSE.len()];
    let mut at = 0;
    while let Some(open) = html[at..].find('<').map(|open| at + open) {
        let rest = &html[open..];
        if rest.starts_with("<p>") || rest.starts_with("<p ") {
            let end = rest.find("</p>").map_or(rest.len(), |end| end + "</p>".len());
            return &rest[..end];
        }
        at = open + 1;
        for ((name, close), unclosed) in NOT_PROSE.into_iter().zip(&mut unclosed) {
            let opens = html[at..].strip_prefix(name);
            if !opens.is_some_and(|inside| inside.starts_with(['>', ' '])) || *unclosed {
                continue;
            }
            match html[at..].find(close) {
                Some(inside) => at += inside + close.len(),
                None => *unclosed = true,
            }
            break;
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_paragraph_is_one_of_the_text() {
        let html = "<h2>제목</h2><figure class=\"a\"><p>그림</p></figure><nav><p>차례</p></nav>\
            <p class=\"lead\">본문 <b>하나</b></p><p>둘</p>";
        assert_eq!(first_paragraph(html), "<p class=\"lead\">본문 <b>하나</b></p>");
        assert_eq!(first_paragraph("<figure><table><p>가</p>"), "<p>가</p>");
        assert_eq!(first_paragraph("<pre>가</pre>"), "");
        assert_eq!(first_paragraph("<p>가"), "<p>가");
        assert_eq!(first_paragraph(&"<figure><nav>".repeat(20_000)), "");
    }
}
