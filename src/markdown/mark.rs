//! Inline marks: invisible characters around a piece of text that passes through Markdown, by which
//! the writer finds a computed value again. In prose the host's HTML goes around the text; in
//! code, attributes, titles and heading ids the marks vanish.
//!
//! A mark is [`OPEN`], the digits of its index as characters from [`DIGIT_ZERO`] on, [`BEGIN`], the
//! text, [`CLOSE`]. All of them are private-use characters of plane 15, which no keyboard makes.

/// Opens a mark; its index follows.
pub const OPEN: char = '\u{F0B00}';
/// Ends the index and begins the text.
pub const BEGIN: char = '\u{F0B01}';
/// Ends the text.
pub const CLOSE: char = '\u{F0B02}';
/// The digit 0 of an index; the other nine follow it.
pub const DIGIT_ZERO: char = '\u{F0B10}';

/// Text wrapped in the mark number `index`.
pub fn wrap(index: usize, text: &str) -> String {
    let digits = index.to_string();
    let digits = digits
        .bytes()
        .filter_map(|digit| char::from_u32(u32::from(DIGIT_ZERO) + u32::from(digit - b'0')));
    let mut out = String::from(OPEN);
    out.extend(digits);
    out.push(BEGIN);
    out.push_str(text);
    out.push(CLOSE);
    out
}

/// The marks of a text by their indices, in no particular order: the bytes from [`OPEN`] to behind
/// [`CLOSE`]. What isn't whole is left out.
pub fn ranges(text: &str) -> Vec<(usize, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(OPEN).map(|offset| at + offset) {
        at = start + OPEN.len_utf8();
        let rest = &text[at..];
        let Some((digits, inner)) = rest.split_once(BEGIN) else { break };
        let digit = |c: char| u32::from(c).checked_sub(u32::from(DIGIT_ZERO)).filter(|&d| d < 10);
        let add = |sum: usize, c: char| {
            let digit = usize::try_from(digit(c)?).ok()?;
            sum.checked_mul(10)?.checked_add(digit)
        };
        let index = digits.chars().try_fold(0, add).filter(|_| !digits.is_empty());
        let (Some(index), Some(length)) = (index, inner.find(CLOSE)) else { continue };
        let end = text.len() - inner.len() + length + CLOSE.len_utf8();
        found.push((index, start..end));
    }
    found
}

/// Whether a character belongs to a mark.
pub fn is_mark(c: char) -> bool {
    ('\u{F0B00}'..='\u{F0B19}').contains(&c)
}

/// The offset of the first character of a mark.
pub fn find(text: &str) -> Option<usize> {
    // All of them begin with this byte, which hardly any text has.
    let begins = memchr::memchr_iter(0xf3, text.as_bytes());
    let mut marks = begins.filter(|&at| text[at..].starts_with(is_mark));
    marks.next()
}

/// The text without its marks.
pub fn strip(text: &str) -> String {
    match find(text) {
        Some(_) => text.chars().filter(|&c| !is_mark(c)).collect(),
        None => text.to_owned(),
    }
}
