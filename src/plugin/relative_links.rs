//! Links to Markdown files of the site as links to their pages, as jekyll-relative-links 0.7 makes
//! them of the text before Markdown, in code as well.

use std::ops::Range;

use super::{View, url};
use crate::content::filter::Filter;
use crate::content::{Config, Document, Kind};
use crate::span::Mapped;
use crate::value::Value;

/// Whether the links of a document are rewritten: those of Markdown pages, with `collections: true`
/// those of documents of collections and posts, but what `exclude` names.
pub fn applies(document: &Document, config: &Config) -> bool {
    let said = |key| config.get("relative_links").and_then(|settings| settings.get(key));
    let is_off = said("enabled") == Some(&Value::Bool(false));
    let is_meant = document.kind == Kind::Page || said("collections") == Some(&Value::Bool(true));
    if is_off || !is_meant || !document.is_markdown {
        return false;
    }
    let excluded: Vec<String> = match said("exclude") {
        Some(Value::Array(patterns)) => patterns.iter().filter_map(Value::scalar_text).collect(),
        Some(pattern) => pattern.scalar_text().into_iter().collect(),
        None => Vec::new(),
    };
    !Filter::new(&[], &excluded).excludes(document.path(), false)
}

/// The text with its links rewritten; what stands for a path points at it. `path` is the text's
/// file, `url_of` gives the URL path (without `baseurl`) of what a file of the site becomes.
pub fn relink(
    text: &Mapped,
    path: &str,
    url_of: &dyn Fn(&str) -> Option<String>,
    view: &View<'_>,
) -> Mapped {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut out = Mapped::new();
    let mut copied = 0;
    for link in links(text.text()) {
        let Some(url) = target(&text.text()[link.path.clone()], folder, url_of) else { continue };
        let url = url::relative(&url, view);
        if let Some(blank) = link.blank
            && let Some(place) = text.locate(blank.end..blank.end + 1)
        {
            // What parts a definition from a paragraph before it.
            out.push_mapped(text, copied..blank.start);
            out.push_derived("\n", &place);
            copied = blank.end;
        }
        let Some(place) = text.locate(link.path.clone()) else { continue };
        out.push_mapped(text, copied..link.path.start);
        out.push_derived(&url, &place);
        copied = link.path.end;
    }
    out.push_mapped(text, copied..text.text().len());
    out
}

/// The URL of what a link's path leads to; `None` for what is no file of the site.
fn target(path: &str, folder: &str, url_of: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if path.starts_with('#') || url::has_scheme(path) {
        return None;
    }
    let (base, path) = match path.strip_prefix('/') {
        Some(path) => ("", path),
        None => (folder, path),
    };
    let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    let path = parts.join("/").replace('+', " ");
    url_of(&crate::content::permalink::unescape_path(&path))
}

/// A link in a text.
struct Link {
    /// Its path, without fragment.
    path: Range<usize>,
    /// The white space before a definition, in whose place a line break comes.
    blank: Option<Range<usize>>,
}

/// How many ends of a link's text are tried for each beginning.
const MAX_TRIES: usize = 4;

/// The longest text, path or title of a link in bytes, so that the work grows with the text's
/// length and no faster.
const MAX_LENGTH: usize = 1000;

/// The end of a stretch that begins here: before the first of `stops`, or where it is too long.
fn stretch(text: &str, at: usize, stops: &[char]) -> usize {
    let mut end = text.len().min(at + MAX_LENGTH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[at..end].find(stops).map_or(end, |stop| at + stop)
}

/// The links and the definitions of links, from left to right.
fn links(text: &str) -> Vec<Link> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let inline = (bytes[at] == b'[').then(|| inline(text, at)).flatten();
        if let Some((path, end)) = inline {
            found.push(Link { path, blank: None });
            at = end;
            continue;
        }
        let is_line_start = at == 0 || bytes[at - 1] == b'\n';
        let space = if is_line_start {
            bytes[at..].iter().take_while(|&&byte| is_space(byte)).count()
        } else {
            0
        };
        if is_line_start && let Some((path, end)) = definition(text, at + space) {
            found.push(Link { path, blank: Some(at..at + space) });
            at = end;
            continue;
        }
        // A definition may begin on the last line of the white space at the latest.
        at += space.max(1);
    }
    found
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ')
}

/// The path and the end of `[text](path#fragment "title")`.
fn inline(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let line = stretch(text, at, &['\n']);
    for (middle, _) in text[at..line].match_indices("](").take(MAX_TRIES) {
        let start = at + middle + 2;
        let limit = stretch(text, start, &[')']);
        let ends = text[start..].char_indices().skip(1).map(|(offset, _)| start + offset);
        let found = ends.take_while(|&end| end <= limit).find_map(|end| {
            let close = behind_path(text, end, |at| text[at..].starts_with(')').then_some(at + 1));
            close.map(|close| (start..end, close))
        });
        if found.is_some() {
            return found;
        }
    }
    None
}

/// The path and the end of `[name]: path#fragment "title"`.
fn definition(text: &str, at: usize) -> Option<(Range<usize>, usize)> {
    let line = stretch(text, at, &['\n']);
    let rest = text[at..line].strip_prefix('[')?;
    let start = at + 1 + rest.find("]: ")? + 3;
    let is_end = |at: usize| {
        let blank = text[at..].bytes().take_while(|&byte| matches!(byte, b' ' | b'\t' | b'\r'));
        let end = at + blank.count();
        (end == text.len() || text[end..].starts_with('\n')).then_some(end)
    };
    let ends = text[start..line].char_indices().skip(1).map(|(offset, _)| start + offset);
    ends.chain([line]).filter(|&end| end > start).find_map(|end| {
        let close = behind_path(text, end, is_end)?;
        Some((start..end, close))
    })
}

/// Where a link ends whose path ends here: behind a fragment and a title, if it has them.
fn behind_path(text: &str, at: usize, is_end: impl Fn(usize) -> Option<usize>) -> Option<usize> {
    let with_title = |at: usize| title(text, at).and_then(&is_end).or_else(|| is_end(at));
    if text[at..].starts_with('#') {
        let line = stretch(text, at, &['\n']);
        let fragment = text[at..line].char_indices().skip(2).map(|(offset, _)| at + offset);
        // A fragment has no white space and no parenthesis but at its end.
        let mut ends = fragment.chain([line]).filter(|end| *end > at + 1);
        let stops = |end: &usize| text[*end..].starts_with([')', ' ', '\t', '\n']) || *end == line;
        return ends.find(stops).and_then(with_title);
    }
    with_title(at)
}

/// Where a title ends that begins here with white space.
fn title(text: &str, at: usize) -> Option<usize> {
    let space = text[at..].bytes().take_while(|&byte| is_space(byte)).take(MAX_LENGTH).count();
    let start = at + space + 1;
    if space == 0 || !text[at + space..].starts_with('"') {
        return None;
    }
    let inside = &text[start..stretch(text, start, &[])];
    let close = inside.match_indices('"').find(|(end, _)| !inside[..*end].ends_with('\\'))?.0;
    Some(start + close + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::date::Zone;
    use crate::plugin::Filters;
    use crate::span::Source;
    use crate::value::Map;

    struct Same;

    impl Filters for Same {
        fn markdownify(&self, text: &str) -> String {
            text.to_owned()
        }

        fn smartify(&self, text: &str) -> String {
            text.to_owned()
        }
    }

    fn relinked(text: &str) -> Mapped {
        let source = Source::new("글/a.md", text);
        let text = Mapped::from_source(&source, 0..source.text().len());
        let (nothing, zone) = (Map::new(), Zone::utc());
        let view =
            View { config: &nothing, data: &nothing, zone: &zone, filters: &Same, time: None };
        let url_of = |path: &str| match path {
            "b.md" => Some("/b/".to_owned()),
            "글/c d.md" => Some("/c/".to_owned()),
            _ => None,
        };
        relink(&text, "글/a.md", &url_of, &view)
    }

    #[test]
    fn paths_of_the_site_become_urls() {
        for (text, expected) in [
            ("[가](../b.md#다 \"라\") 나", "[가](/b/#다 \"라\") 나"),
            ("[가](/b.md)[나](c%20d.md)![다](c+d.md)", "[가](/b/)[나](/c/)![다](/c/)"),
            ("[가](x.md) [나](#b.md) [다](https://a.b/b.md)", ""),
            (
                "글\n[가]: ../b.md#x \"y\"  \n\n  [나]: /b.md",
                "글\n\n[가]: /b/#x \"y\"  \n\n[나]: /b/",
            ),
            ("[가](../b.md\n[나](../b.md)", ""),
            ("[가](../../b.md) [", ""),
        ] {
            let expected = if expected.is_empty() { text } else { expected };
            assert_eq!(relinked(text).text(), expected);
        }
    }

    #[test]
    fn urls_point_at_the_paths_that_they_stand_for() {
        let text = relinked("가 [나](../b.md#x) 다");
        let at = text.text().find("/b/").unwrap();
        assert_eq!(text.locate(at..at + 3).unwrap().text(), "../b.md");
        let at = text.text().find('다').unwrap();
        assert_eq!(text.locate(at..at + 3).unwrap().text(), "다");
    }

    #[test]
    fn many_brackets_cost_little() {
        let text = "[".repeat(5_000) + &"](".repeat(5_000);
        assert_eq!(relinked(&text).text(), text);
    }
}
