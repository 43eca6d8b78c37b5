//! `:smile:` as a picture in rendered pages, as jemoji 0.13 writes it. The room of the `emojis`
//! crate, which knows GitHub's names.

use super::html::{Piece, pieces};
use super::text::{dig, quoted, to_s};
use crate::value::Map;

/// Where GitHub keeps its pictures.
const SOURCE: &str = "https://github.githubassets.com/images/icons/";

/// Elements in which names stay names.
const LEFT_ALONE: [&str; 3] = ["pre", "code", "tt"];

/// GitHub's own pictures, which stand for no character.
const OWN: [&str; 21] = [
    "accessibility",
    "atom",
    "basecamp",
    "basecampy",
    "bowtie",
    "dependabot",
    "electron",
    "feelsgood",
    "finnadie",
    "fishsticks",
    "goberserk",
    "godmode",
    "hurtrealbad",
    "neckbeard",
    "octocat",
    "rage1",
    "rage2",
    "shipit",
    "suspect",
    "trollface",
    "rage3",
];

/// A page with pictures for the names of emojis in its body, but in code. `config` is the site's:
/// its `emoji.src` is where the pictures are. What isn't HTML must not come here.
pub fn emojify(html: &str, config: &Map) -> String {
    let source = dig(config.get("emoji"), &["src"]);
    let source = source.map_or_else(|| SOURCE.to_owned(), |source| to_s(source).to_string());
    let body = html.find("<body").unwrap_or(0);
    let mut out = String::with_capacity(html.len() + 256);
    out.push_str(&html[..body]);
    let mut left_alone: Vec<&str> = Vec::new();
    for piece in pieces(&html[body..]) {
        match piece {
            Piece::Text(text) if left_alone.is_empty() => push_text(&mut out, text, &source),
            Piece::Text(text) | Piece::Other(text) => out.push_str(text),
            Piece::Open(tag) => {
                if LEFT_ALONE.iter().any(|name| tag.is(name)) {
                    left_alone.push(tag.name);
                }
                out.push_str(tag.whole);
            }
            Piece::Close(tag) => {
                if let Some(at) = left_alone.iter().rposition(|name| tag.is(name)) {
                    left_alone.truncate(at);
                }
                out.push_str(tag.whole);
            }
        }
    }
    out
}

fn push_text(out: &mut String, text: &str, source: &str) {
    let mut rest = text;
    while let Some(open) = rest.find(':') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_+-".contains(c);
        let end = from[1..].find(|c| !is_part(c)).map_or(from.len(), |end| end + 1);
        let name = from.get(1..end).unwrap_or_default();
        let is_closed = from[end..].starts_with(':');
        match file(name).filter(|_| is_closed) {
            Some(file) => {
                let source = quoted(source.trim_end_matches('/'));
                out.push_str(&format!(
                    "<img class=\"emoji\" title=\":{name}:\" alt=\":{name}:\" \
                     src=\"{source}/emoji/{file}\" height=\"20\" width=\"20\">"
                ));
                rest = &from[end + 1..];
            }
            // The colon behind may begin a name.
            None => {
                out.push_str(&from[..end]);
                rest = &from[end..];
            }
        }
    }
    out.push_str(rest);
}

/// The picture's file: the code points of its character without those that only join or select.
fn file(name: &str) -> Option<String> {
    if OWN.contains(&name) {
        return Some(format!("{name}.png"));
    }
    let emoji = emojis::get_by_shortcode(name)?;
    let mut points = emoji.as_str().chars().filter(|c| !matches!(c, '\u{fe0f}' | '\u{200d}'));
    let first = points.next()?;
    let mut file = format!("unicode/{:04x}", u32::from(first));
    for point in points {
        file.push_str(&format!("-{:04x}", u32::from(point)));
    }
    Some(file + ".png")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_pictures_but_in_code() {
        let none = Map::new();
        let smile = "<img class=\"emoji\" title=\":smile:\" alt=\":smile:\" src=\"https://github.\
            githubassets.com/images/icons/emoji/unicode/1f604.png\" height=\"20\" width=\"20\">";
        for (html, expected) in [
            ("<p>가:smile:나</p>".to_owned(), format!("<p>가{smile}나</p>")),
            ("10:20:smile::qq:".to_owned(), format!("10:20{smile}:qq:")),
            (
                "<title>:smile:</title><body>:smile: <code>:smile:</code><pre>a<b>:smile:</b></pre>"
                    .to_owned(),
                format!(
                    "<title>:smile:</title><body>{smile} <code>:smile:</code>\
                     <pre>a<b>:smile:</b></pre>"
                ),
            ),
            ("<a title=\":smile:\">:nobody: :</a>".to_owned(), String::new()),
        ] {
            let expected = if expected.is_empty() { html.clone() } else { expected };
            assert_eq!(emojify(&html, &none), expected);
        }
    }

    #[test]
    fn files_are_named_by_code_points() {
        for (name, expected) in [
            ("+1", "unicode/1f44d.png"),
            ("kr", "unicode/1f1f0-1f1f7.png"),
            ("heart", "unicode/2764.png"),
            ("copyright", "unicode/00a9.png"),
            ("octocat", "octocat.png"),
        ] {
            assert_eq!(file(name).as_deref(), Some(expected), "{name}");
        }
        assert_eq!(file("Smile"), None);
    }
}
