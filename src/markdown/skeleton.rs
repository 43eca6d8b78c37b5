//! The alphabet in which the printer and the writer speak past pulldown-cmark: text in which no
//! character means anything to CommonMark, and references to side tables.
//!
//! pulldown-cmark sees canonical CommonMark: containers with canonical indentation, each
//! paragraph on one line, `*`, `**`, `~~`, links and code spans only where kramdown has them.
//! Punctuation of the text is replaced by private-use characters, so neither parser can read
//! it as mark-up; an opening mark stands between [`EDGE`] (punctuation) and [`GUARD`] (a letter),
//! a closing one between [`GUARD`] and [`EDGE`]. By CommonMark's rule of flanking runs the one can
//! only open and the other can only close, whatever Korean text is around them.

/// Punctuation for CommonMark; the writer leaves it out.
pub const EDGE: char = '\u{2e3f}';
/// A letter for CommonMark; the writer leaves it out.
pub const GUARD: char = '\u{F0C80}';
/// An ampersand that begins no entity, whatever follows.
pub const AMPERSAND: char = '\u{F0C81}';
/// The ASCII characters that are hidden follow this one.
const HIDDEN: u32 = 0xF0C00;
/// References to objects are two characters from here on: the index' higher and lower 12 bits.
const HIGH: u32 = 0x10_0000;
const LOW: u32 = 0x10_1000;
const BITS: u32 = 12;

/// A text's character as the skeleton has it.
pub enum Hidden {
    /// As itself, or another one in its place.
    As(char),
    /// It can't be told from the skeleton's own characters.
    Reserved,
}

/// How a text's character is written into the skeleton.
pub fn hide(c: char) -> Hidden {
    match c {
        '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '|' | '!' | '\n' | '\r'
        | '\0' | '\u{c}' | '\u{b}' => {
            Hidden::As(char::from_u32(HIDDEN + u32::from(c)).unwrap_or(GUARD))
        }
        c if is_own(c) => Hidden::Reserved,
        c => Hidden::As(c),
    }
}

/// Whether a byte may begin a character that [`hide`] doesn't leave as it is.
pub fn may_hide(byte: u8) -> bool {
    const BEGINS: [bool; 256] = {
        let mut table = [false; 256];
        let begins = b"\\`*_[]<>&~|!\n\r\0\x0c\x0b\xe2\xf3\xf4";
        let mut at = 0;
        while at < begins.len() {
            table[begins[at] as usize] = true;
            at += 1;
        }
        table
    };
    BEGINS[usize::from(byte)]
}

/// Whether a character is one of the skeleton's own.
pub fn is_own(c: char) -> bool {
    matches!(c, EDGE | '\u{F0C00}'..='\u{F0C81}' | '\u{100000}'..='\u{10FFFF}')
}

/// Whether a byte may begin one of the skeleton's own characters.
pub fn may_be_own(byte: u8) -> bool {
    matches!(byte, 0xe2 | 0xf3 | 0xf4)
}

/// The character that a skeleton's character stands for, if it is a hidden one.
pub fn reveal(c: char) -> Option<char> {
    let ascii = u32::from(c).checked_sub(HIDDEN)?;
    u8::try_from(ascii).ok().filter(u8::is_ascii).map(char::from)
}

/// Writes a reference to an object.
pub fn push_reference(out: &mut String, index: usize) {
    let index = u32::try_from(index).unwrap_or(u32::MAX).min((1 << (2 * BITS)) - 1);
    out.extend(char::from_u32(HIGH + (index >> BITS)));
    out.extend(char::from_u32(LOW + (index & ((1 << BITS) - 1))));
}

/// The higher bits of a reference, if the character begins one.
pub fn reference_high(c: char) -> Option<usize> {
    let value = u32::from(c);
    (HIGH..LOW).contains(&value).then(|| ((value - HIGH) as usize) << BITS)
}

/// The lower bits of a reference, if the character ends one.
pub fn reference_low(c: char) -> Option<usize> {
    let value = u32::from(c);
    (LOW..LOW + (1 << BITS)).contains(&value).then(|| (value - LOW) as usize)
}
