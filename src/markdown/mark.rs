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
