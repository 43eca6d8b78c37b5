//! What hand-written lexers are made of: a place in a text, and ways to look ahead from it.

use std::sync::OnceLock;

use rustc_hash::FxHashSet;

use super::tokens::Tokens;

/// Steps without progress after which a character counts as an error: rules that only change the
/// state may not go round for ever.
const IDLE_MAX: usize = 16;

/// The rules of a language.
pub trait Rules {
    /// Reads a token, or changes the state; `false` when no rule fits.
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool;
}

/// Reads a whole text by a language's rules. What no rule takes is an error, one character each.
pub fn run(rules: &mut impl Rules, text: &str, out: &mut Tokens) {
    let mut scan = Scan { text, at: 0, out, absent: Vec::new() };
    let mut idle = 0;
    while scan.at < text.len() {
        let before = scan.at;
        let matched = rules.step(&mut scan);
        idle = if scan.at > before { 0 } else { idle + 1 };
        if !matched || idle > IDLE_MAX {
            let length = scan.char_at(0).map_or(1, char::len_utf8);
            scan.emit("err", length);
            idle = 0;
        }
    }
}

/// A place in a text. Places ahead are told by their distance from it, in bytes.
pub struct Scan<'t, 'o> {
    pub text: &'t str,
    pub at: usize,
    pub out: &'o mut Tokens,
    /// What stands nowhere behind a place: searched for once, it needn't be searched for again.
    absent: Vec<(&'static str, usize)>,
}

/// Whether a character is part of a word in any script.
pub fn is_word(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

/// Whether a byte is part of an ASCII word.
pub fn is_word_byte(byte: u8) -> bool {
    byte == b'_' || byte.is_ascii_alphanumeric()
}

/// ASCII's spaces, line ends among them.
pub fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 0x0b | 0x0c | b'\r')
}

/// Spaces within a line.
pub fn is_blank(byte: u8) -> bool {
    is_space(byte) && byte != b'\n'
}

impl<'t> Scan<'t, '_> {
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// The text of a length from here.
    pub fn ahead(&self, length: usize) -> &'t str {
        &self.text[self.at..self.at + length]
    }

    /// A byte ahead; 0 behind the end.
    pub fn byte(&self, ahead: usize) -> u8 {
        self.text.as_bytes().get(self.at + ahead).copied().unwrap_or(0)
    }

    pub fn char_at(&self, ahead: usize) -> Option<char> {
        self.text.get(self.at + ahead..)?.chars().next()
    }

    /// Whether the text ends so far ahead.
    pub fn is_end(&self, ahead: usize) -> bool {
        self.at + ahead >= self.text.len()
    }

    /// Whether a line ends so far ahead.
    pub fn is_line_end(&self, ahead: usize) -> bool {
        self.is_end(ahead) || self.byte(ahead) == b'\n'
    }

    /// Whether a line begins here.
    pub fn is_line_start(&self) -> bool {
        self.at == 0 || self.text.as_bytes()[self.at - 1] == b'\n'
    }

    pub fn starts(&self, piece: &str) -> bool {
        self.rest().starts_with(piece)
    }

    pub fn starts_at(&self, ahead: usize, piece: &str) -> bool {
        self.text.as_bytes()[(self.at + ahead).min(self.text.len())..].starts_with(piece.as_bytes())
    }

    /// Writes a token of a length; always true, so that a rule can end with it.
    pub fn emit(&mut self, class: &'static str, length: usize) -> bool {
        self.out.push(class, &self.text[self.at..self.at + length]);
        self.at += length;
        true
    }

    /// Writes a token unless it is empty; says whether it was there.
    pub fn some(&mut self, class: &'static str, length: usize) -> bool {
        length > 0 && self.emit(class, length)
    }

    /// The end of the run of bytes from a place ahead. Only for classes of ASCII, or of whole
    /// characters beyond it.
    pub fn run(&self, from: usize, fits: impl Fn(u8) -> bool) -> usize {
        let bytes = &self.text.as_bytes()[(self.at + from).min(self.text.len())..];
        from + bytes.iter().position(|&byte| !fits(byte)).unwrap_or(bytes.len())
    }

    /// The end of the run of characters from a place ahead.
    pub fn run_chars(&self, from: usize, fits: impl Fn(char) -> bool) -> usize {
        let rest = &self.text[(self.at + from).min(self.text.len())..];
        from + rest.find(|c| !fits(c)).unwrap_or(rest.len())
    }

    /// The end of the spaces, line ends among them, from a place ahead.
    pub fn spaces(&self, from: usize) -> usize {
        self.run(from, is_space)
    }

    /// The end of the spaces within a line from a place ahead.
    pub fn blanks(&self, from: usize) -> usize {
        self.run(from, is_blank)
    }

    /// The end of the ASCII word from a place ahead.
    pub fn word(&self, from: usize) -> usize {
        self.run(from, is_word_byte)
    }

    /// The word of any script that stands here.
    pub fn any_word(&self) -> &'t str {
        self.ahead(self.run_chars(0, is_word))
    }

    /// The end of an ASCII name, which begins with a letter, from a place ahead; 0 for none.
    pub fn name(&self, from: usize) -> usize {
        let first = self.byte(from);
        if first == b'_' || first.is_ascii_alphabetic() { self.word(from) } else { 0 }
    }

    /// The end of the line, without its break, from a place ahead.
    pub fn line(&self, from: usize) -> usize {
        self.run(from, |byte| byte != b'\n')
    }

    /// Whether the word that ends so far ahead goes no further.
    pub fn word_ends(&self, ahead: usize) -> bool {
        !self.char_at(ahead).is_some_and(is_word)
    }

    /// The beginning of a piece at or after a place ahead.
    pub fn find(&mut self, from: usize, piece: &'static str) -> Option<usize> {
        let start = self.at + from;
        if self.absent.iter().any(|&(absent, behind)| absent == piece && behind <= start) {
            return None;
        }
        let found = self.text.get(start..).and_then(|rest| rest.find(piece));
        if found.is_none() {
            self.absent.retain(|(absent, _)| *absent != piece);
            self.absent.push((piece, start));
        }
        found.map(|index| from + index)
    }

    /// The length of what begins here with an opening of a length and ends with a piece.
    pub fn through(&mut self, opening: usize, end: &'static str) -> Option<usize> {
        self.find(opening, end).map(|index| index + end.len())
    }

    /// The length of a string in quotes whose back-slashes guard what follows them, or of what
    /// comes close to one: a quote behind a back-slash closes it when no other does.
    pub fn guarded(&self, quote: u8, from: usize, over_lines: bool) -> Option<usize> {
        let mut at = from;
        let mut last = None;
        while !self.is_end(at) {
            match self.byte(at) {
                byte if byte == quote => return Some(at + 1),
                b'\n' if !over_lines => break,
                b'\\' if self.byte(at + 1) == quote => {
                    last = Some(at + 2);
                    at += 2;
                }
                b'\\' if self.byte(at + 1) == b'\\' => at += 2,
                _ => at += 1,
            }
        }
        last
    }

    /// The length of the first of pieces that stands here; 0 for none.
    pub fn first(&self, pieces: &[&str]) -> usize {
        self.first_at(0, pieces)
    }

    /// The length of the first of pieces that stands so far ahead; 0 for none.
    pub fn first_at(&self, ahead: usize, pieces: &[&str]) -> usize {
        pieces.iter().find(|piece| self.starts_at(ahead, piece)).map_or(0, |piece| piece.len())
    }
}

/// A list of words.
pub struct Words {
    text: &'static str,
    words: OnceLock<FxHashSet<&'static str>>,
}

impl Words {
    /// The words of a text, with spaces between them.
    pub const fn new(text: &'static str) -> Self {
        Self { text, words: OnceLock::new() }
    }

    pub fn has(&self, word: &str) -> bool {
        self.words.get_or_init(|| self.text.split_ascii_whitespace().collect()).contains(word)
    }
}
