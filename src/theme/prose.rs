//! The text of HTML: for summaries, descriptions and counting words.

use std::borrow::Cow;

/// Words that a reader reads in a minute, when the site doesn't say (`words_per_minute`).
pub const WORDS_PER_MINUTE: usize = 200;

/// What a reader reads of a piece of HTML: tags, comments, scripts, styles and drawings are gone,
/// the usual entities are characters, white space is one space each.
pub fn text(html: &str) -> String {
    let mut out = String::new();
    walk(html, &mut |piece| match piece {
        Piece::Text(text) => push_words(&mut out, text),
        Piece::Gap => push_space(&mut out),
    });
    out.truncate(out.trim_end().len());
    out
}

/// What a walk over HTML meets: text with its entities, or a tag that parts words.
enum Piece<'a> {
    Text(&'a str),
    Gap,
}

/// Goes over HTML once, without its tags, comments, scripts, styles and drawings.
fn walk<'a>(html: &'a str, visit: &mut dyn FnMut(Piece<'a>)) {
    let mut rest = html;
    let mut unclosed = Unclosed::default();
    while let Some(open) = rest.find('<') {
        let (before, markup) = rest.split_at(open);
        visit(Piece::Text(before));
        let end = markup_length(markup, &mut unclosed);
        if end == 0 {
            visit(Piece::Text(&markup[..1]));
            rest = &markup[1..];
            continue;
        }
        if is_block(markup) {
            visit(Piece::Gap);
        }
        rest = &markup[end..];
    }
    visit(Piece::Text(rest));
}

/// Which elements are known to have no end in the rest of the text, so that it isn't searched
/// again for each of them.
#[derive(Default)]
struct Unclosed([bool; 3]);

/// At most `length` characters of a text, cut between words where there is one in the last third,
/// with an ellipsis when something was cut.
pub fn shorten(text: &str, length: usize) -> Cow<'_, str> {
    let Some((end, _)) = text.char_indices().nth(length) else { return Cow::Borrowed(text) };
    let cut = &text[..end];
    let cut = match cut.rfind(' ') {
        Some(space) if space >= end / 3 * 2 => &cut[..space],
        _ => cut,
    };
    Cow::Owned(format!("{}…", cut.trim_end_matches([' ', ',', '.', '·'])))
}

/// Whole minutes to read a piece of HTML, one at least (Minimal Mistakes' `read_time`).
pub fn read_minutes(html: &str, words_per_minute: usize) -> usize {
    (words(html) / words_per_minute.max(1)).max(1)
}

/// How many words [`text`] has. No entity stands for a space that parts words, so none is resolved.
fn words(html: &str) -> usize {
    let mut count = 0;
    let mut inside = false;
    walk(html, &mut |piece| match piece {
        Piece::Text(text) => {
            for c in text.chars() {
                let was_inside = std::mem::replace(&mut inside, !parts_words(c));
                count += usize::from(inside && !was_inside);
            }
        }
        Piece::Gap => inside = false,
    });
    count
}

/// White space, but that which holds words together.
fn parts_words(c: char) -> bool {
    c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}'
}

/// The length of the tag, comment, script, style or drawing at the beginning; 0 for a bare `<`.
fn markup_length(html: &str, unclosed: &mut Unclosed) -> usize {
    if let Some(comment) = html.strip_prefix("<!--") {
        return comment.find("-->").map_or(html.len(), |at| at + 7);
    }
    let name = html[1..].trim_start_matches('/');
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '!' || c == '?') {
        return 0;
    }
    let raw = [("<script", "</script"), ("<style", "</style"), ("<svg", "</svg")];
    for ((element, close), unclosed) in raw.into_iter().zip(&mut unclosed.0) {
        let starts = html.get(..element.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(element));
        if starts && !*unclosed {
            if let Some(at) = html.find(close) {
                return at + tag_length(&html[at..]);
            }
            *unclosed = true;
        }
    }
    tag_length(html)
}

/// The length of the tag at the beginning, quoted attributes respected; all of it when the tag
/// doesn't end.
pub fn tag_length(html: &str) -> usize {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    html.len()
}

/// Whether the tag at the beginning parts words: all but the usual inline elements.
fn is_block(html: &str) -> bool {
    const INLINE: [&str; 18] = [
        "a", "abbr", "b", "code", "data", "del", "em", "i", "ins", "kbd", "mark", "s", "small",
        "span", "strong", "sub", "sup", "u",
    ];
    let name = html[1..].trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    !INLINE.iter().any(|inline| inline.eq_ignore_ascii_case(&name[..end]))
}

fn push_space(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

fn push_words(out: &mut String, text: &str) {
    for c in entities(text).chars() {
        if parts_words(c) {
            push_space(out);
        } else {
            out.push(c);
        }
    }
}

/// The entities that our own writers print, as characters; `&amp;` last, so that nothing is
/// resolved twice.
fn entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"");
    let text = text.replace("&#39;", "'").replace("&nbsp;", "\u{a0}");
    Cow::Owned(text.replace("&amp;", "&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_words_stay_apart() {
        let html =
            "<h2>제목</h2><p>람다는 <em>짧은</em> 함수 &lt;3 &amp;amp;</p>\n<!-- <p>x --><p>끝</p>";
        assert_eq!(text(html), "제목 람다는 짧은 함수 <3 &amp; 끝");
        assert_eq!(text("<p title=\"a > b\">가</p><script>if (a < b) {}</script>나"), "가 나");
        assert_eq!(text("1 < 2 <"), "1 < 2 <");
    }

    #[test]
    fn long_text_is_cut_between_words() {
        assert_eq!(shorten("짧다", 10), "짧다");
        assert_eq!(
            shorten("동시성은 같은 순간에 처리 중인 요청의 수다", 14),
            "동시성은 같은 순간에…"
        );
        assert_eq!(shorten("띄어쓰기없이길게쓴글", 4), "띄어쓰기…");
    }

    #[test]
    fn reading_takes_a_minute_at_least() {
        assert_eq!(read_minutes("<p>한 마디</p>", 200), 1);
        let drawing = format!("<svg><text>{}</text></svg>", "낱말 ".repeat(1000));
        assert_eq!(read_minutes(&format!("{drawing}<p>한 마디</p>{drawing}"), 200), 1);
        assert_eq!(read_minutes(&"낱말 ".repeat(1000), 200), 5);
        assert_eq!(read_minutes(&"낱말 ".repeat(3), 0), 3);
    }

    #[test]
    fn words_are_counted_as_the_text_has_them() {
        for html in [
            "",
            "<p>가 나</p><p>다</p>",
            "<b>가</b>나 <i> </i>다&nbsp;라 &amp; 마",
            "가<br>나 <!-- 다 --> < 라 <script>마 바</script>",
            "<script>가 나 <style>다 <p>라",
        ] {
            let text = text(html);
            let expected = text.split(' ').filter(|word| !word.is_empty()).count();
            assert_eq!(words(html), expected, "{html}: {text}");
        }
    }

    #[test]
    fn elements_without_end_cost_one_search() {
        let html = "<script><style>".repeat(20_000);
        assert_eq!(text(&html), "");
    }
}
