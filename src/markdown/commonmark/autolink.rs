//! Addresses in text that become links, by the rules of GitHub's extension.

use std::ops::Range;

/// An address found in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Its bytes.
    pub range: Range<usize>,
    /// What stands before it in the destination: `http://`, `mailto:` or nothing.
    pub scheme: &'static str,
}

/// The addresses of a text, in order.
pub fn addresses(text: &str) -> Vec<Address> {
    let mut found: Vec<Address> = Vec::new();
    let mut at = 0;
    while let Some(offset) = text[at..].find([':', 'w', '@']) {
        let here = at + offset;
        let from = found.last().map_or(0, |last| last.range.end);
        let address = match text.as_bytes()[here] {
            b':' => url(text, from, here),
            b'@' => mail(text, from, here),
            _ => www(text, from, here),
        };
        at = address.as_ref().map_or(here + 1, |address| address.range.end);
        found.extend(address);
    }
    found
}

/// Whether a link may begin after what stands before it.
fn may_begin(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| c.is_ascii_whitespace() || "*_~(".contains(c))
}

fn www(text: &str, from: usize, at: usize) -> Option<Address> {
    if !text[at..].starts_with("www.") || !may_begin(&text[from..at]) {
        return None;
    }
    let end = link_end(text, at, at)?;
    Some(Address { range: at..end, scheme: "http://" })
}

fn url(text: &str, from: usize, colon: usize) -> Option<Address> {
    if !text[colon..].starts_with("://") {
        return None;
    }
    let before = &text[from..colon];
    let letters = before.bytes().rev().take(6).take_while(u8::is_ascii_alphabetic).count();
    let start = colon - letters;
    let scheme = text[start..colon].to_ascii_lowercase();
    if !["http", "https", "ftp"].contains(&scheme.as_str()) {
        return None;
    }
    let end = link_end(text, start, colon + 3)?;
    Some(Address { range: start..end, scheme: "" })
}

fn mail(text: &str, from: usize, at: usize) -> Option<Address> {
    let name = |b: &u8| b.is_ascii_alphanumeric() || b".+-_".contains(b);
    let start = at - text[from..at].bytes().rev().take_while(name).count();
    let host = |b: &u8| b.is_ascii_alphanumeric() || b".-_".contains(b);
    let length = text[at + 1..].bytes().take_while(host).count();
    let domain = text[at + 1..at + 1 + length].trim_end_matches('.');
    let valid = domain.contains('.') && !domain.ends_with(['-', '_']) && !domain.starts_with('.');
    (start < at && valid)
        .then(|| Address { range: start..at + 1 + domain.len(), scheme: "mailto:" })
}

/// Where an address whose domain begins at `domain` ends; `None` if that is no domain.
fn link_end(text: &str, start: usize, domain: usize) -> Option<usize> {
    let in_domain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
    let rest = &text[domain..];
    let length = rest.find(|c| !in_domain(c)).unwrap_or(rest.len());
    let host = &rest[..length];
    let mut last_two = host.rsplit('.').take(2);
    if host.is_empty() || !host.contains('.') || last_two.any(|label| label.contains('_')) {
        return None;
    }
    let stop = rest.find(|c: char| c.is_whitespace() || c == '<').unwrap_or(rest.len());
    let end = trimmed(&text[start..domain + stop]) + start;
    (end > domain).then_some(end)
}

/// The length of an address without the punctuation at its end.
fn trimmed(address: &str) -> usize {
    let mut end = address.len();
    let mut closing = address.matches(')').count();
    let opening = address.matches('(').count();
    loop {
        let kept = &address[..end];
        match kept.chars().next_back() {
            Some('?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"') => end -= 1,
            Some(')') if closing > opening => {
                closing -= 1;
                end -= 1;
            }
            Some(';') => {
                let name = kept[..end - 1].trim_end_matches(|c: char| c.is_ascii_alphabetic());
                let entity = name.len() + 1 < end && name.ends_with('&');
                end = if entity { name.len() - 1 } else { end - 1 };
            }
            _ => return end,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::addresses;

    #[test]
    fn addresses_end_before_punctuation() {
        let text = "글 www.a.example/b_(c)). (https://d.example?x=1&amp;) e@f.example. \
                    가www.g.example http://h http://i.example/한글, x://y.z";
        let found: Vec<&str> =
            addresses(text).into_iter().map(|found| &text[found.range]).collect();
        let expected = [
            "www.a.example/b_(c)",
            "https://d.example?x=1",
            "e@f.example",
            "http://i.example/한글",
        ];
        assert_eq!(found, expected);
    }
}
