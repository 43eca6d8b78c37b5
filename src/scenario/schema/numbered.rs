//! Many objects in one text: `/images/{1..100}.jpg`.

use crate::scenario::quoted::ScalarMap;
use crate::yaml::Node;

use super::Reader;
use super::request::PATH;

/// A text with a range of numbers in braces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbered<'t> {
    /// What stands before the braces.
    pub before: &'t str,
    /// The first number.
    pub first: u32,
    /// The last number, not below the first.
    pub last: u32,
    /// What stands behind the braces.
    pub after: &'t str,
}

/// What is wrong with a range: what the caret stands under, and the bytes of the text.
#[derive(Debug, PartialEq, Eq)]
struct Fault {
    label: String,
    range: std::ops::Range<usize>,
}

impl Reader<'_> {
    /// The range in a text; the inner `None` for a text without braces, the outer one when it has a
    /// mistake. `what` is what the text is: a path, a key.
    pub(super) fn numbered<'t>(
        &mut self,
        node: &Node,
        text: &'t str,
        what: &str,
    ) -> Option<Option<Numbered<'t>>> {
        match parse(text) {
            Ok(numbered) => Some(numbered),
            Err(fault) => {
                let map = ScalarMap::new(text, self.text.text(), node.range.clone());
                let message = format!("the objects of a {what} are numbered");
                let example = if what == "key" { "images" } else { "/images" };
                let diagnostic = self
                    .error(PATH, &map.locate(fault.range), message)
                    .label(fault.label)
                    .hint(format!(
                        "braces hold a first and a last number, once in a {what}: \
                         `{example}/{{1..100}}.jpg`"
                    ));
                self.report(diagnostic);
                None
            }
        }
    }
}

fn parse(text: &str) -> Result<Option<Numbered<'_>>, Fault> {
    let Some((before, rest)) = text.split_once('{') else { return Ok(None) };
    let open = before.len();
    let fault = |label: String, range| Err(Fault { label, range });
    let Some((numbers, after)) = rest.split_once('}') else {
        return fault("the brace is never closed".to_owned(), open..text.len());
    };
    let inside = open + 1..open + 1 + numbers.len();
    let Some((first, last)) = numbers.split_once("..") else {
        return fault("two dots stand between the numbers".to_owned(), inside);
    };
    let start = inside.start;
    let bounds = [(first, start), (last, start + first.len() + 2)];
    let mut read = [0, 0];
    for ((number, at), place) in bounds.into_iter().zip(&mut read) {
        *place = match number.parse::<u32>() {
            Ok(number) => number,
            Err(_) => {
                let label = match number.bytes().all(|byte| byte.is_ascii_digit()) {
                    true if number.is_empty() => "a number is missing",
                    true => "greater than 4,294,967,295",
                    false => "not a whole number from 0",
                };
                return fault(label.to_owned(), at..at + number.len());
            }
        };
    }
    let [first, last] = read;
    if first > last {
        return fault(format!("the first number, {first}, is above the last, {last}"), inside);
    }
    if let Some(second) = after.find(['{', '}']) {
        let at = inside.end + 1 + second;
        return fault("a second range".to_owned(), at..text.len());
    }
    Ok(Some(Numbered { before, first, last, after }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_read() {
        let expected = Numbered { before: "/i/", first: 1, last: 9, after: ".jpg" };
        assert_eq!(parse("/i/{1..9}.jpg"), Ok(Some(expected)));
        assert_eq!(parse("/i/1.jpg"), Ok(None));
    }

    #[test]
    fn what_is_wrong_with_a_range_is_said_where_it_is() {
        for (text, label, at) in [
            ("a{1-9}", "two dots stand between the numbers", "1-9"),
            ("a{1..x}", "not a whole number from 0", "x"),
            ("a{..9}", "a number is missing", ""),
            ("a{1..99999999999}", "greater than 4,294,967,295", "99999999999"),
            ("a{9..1}", "the first number, 9, is above the last, 1", "9..1"),
            ("a{1..9", "the brace is never closed", "{1..9"),
            ("a{1..9}b{1..2}", "a second range", "{1..2}"),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!((fault.label.as_str(), &text[fault.range]), (label, at), "{text}");
        }
    }
}
