//! The sentences of a Markdown text as far as a claim may stand in them: code, quotations, tags,
//! Liquid and addresses are blanked, so that offsets stay those of the author's file.

mod inline;

use std::ops::Range;

/// How many levels of headings and list items a sentence knows above it.
const CONTEXT_MAX: usize = 16;

/// A sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// Where it begins in the text that was given.
    pub start: usize,
    /// The sentence, as long as it is written; what can't hold a claim is blank, and what stood
    /// for a value of its own is [`OPAQUE`].
    pub text: String,
    /// The headings above it, outermost first, and the list items that it stands below.
    pub context: Vec<String>,
    /// Whether the author says that it holds no claim.
    pub silenced: bool,
}

/// Stands, as one byte, where code or Liquid stood: whatever it says, it isn't nothing.
pub const OPAQUE: char = '\u{1}';

/// What kind of block a line belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Heading(usize),
    Item(usize),
    Row,
    Skipped,
    Text,
}

/// The sentences of a Markdown text in their order.
pub fn sentences(text: &str) -> Vec<Sentence> {
    let mut reader = Reader { text, ..Reader::default() };
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let range = at..at + line.len();
        at = range.end;
        let kind = reader.kind(line);
        reader.line(kind, range);
    }
    reader.flush();
    reader.found
}

#[derive(Default)]
struct Reader<'t> {
    text: &'t str,
    found: Vec<Sentence>,
    /// The block that is being read.
    block: Range<usize>,
    fence: Option<(char, usize)>,
    after_blank: bool,
    in_list: bool,
    /// Headings by level.
    headings: Vec<(usize, String)>,
    /// List items by indentation.
    items: Vec<(usize, String)>,
    /// The item that the block belongs to, which is no context of itself.
    own_item: Option<usize>,
}

impl Reader<'_> {
    fn kind(&mut self, line: &str) -> Kind {
        let bare = line.trim_start_matches([' ', '\t', '>', '-', '*', '+']);
        let marks = bare.chars().next().filter(|c| matches!(c, '`' | '~'));
        let length = marks.map_or(0, |mark| bare.chars().take_while(|&c| c == mark).count());
        if let Some((mark, opened)) = self.fence {
            if marks == Some(mark) && length >= opened && bare.trim_end().len() == length {
                self.fence = None;
            }
            return Kind::Skipped;
        }
        if let Some(mark) = marks.filter(|_| length >= 3) {
            self.fence = Some((mark, length));
            return Kind::Skipped;
        }
        let trimmed = line.trim();
        let indentation = line.len() - line.trim_start_matches([' ', '\t']).len();
        let hashes = trimmed.bytes().take_while(|&byte| byte == b'#').count();
        if trimmed.is_empty() {
            Kind::Blank
        } else if trimmed.starts_with('>') {
            Kind::Skipped
        } else if (1..=6).contains(&hashes) && trimmed[hashes..].starts_with(' ') {
            Kind::Heading(hashes)
        } else if is_item(trimmed) {
            Kind::Item(indentation)
        } else if indentation >= 4 && self.after_blank && !self.in_list {
            Kind::Skipped
        } else if trimmed.starts_with('|') || trimmed.matches(" | ").count() > 1 {
            Kind::Row
        } else {
            Kind::Text
        }
    }

    fn line(&mut self, kind: Kind, range: Range<usize>) {
        match kind {
            Kind::Blank | Kind::Skipped => self.flush(),
            Kind::Text if !self.block.is_empty() => {
                self.block.end = range.end;
                return;
            }
            Kind::Heading(level) => {
                self.flush();
                self.items.clear();
                self.in_list = false;
                self.headings.retain(|(other, _)| *other < level);
                self.block = range.clone();
                self.flush();
                self.headings.push((level, self.text[range].trim().to_owned()));
            }
            Kind::Item(indentation) => {
                self.flush();
                self.in_list = true;
                self.items.retain(|(other, _)| *other < indentation);
                self.items.push((indentation, self.text[range.clone()].trim().to_owned()));
                self.own_item = Some(indentation);
                self.block = range;
            }
            Kind::Row => {
                self.flush();
                self.leave_list(&range);
                self.block = range;
                self.flush();
            }
            Kind::Text => {
                self.leave_list(&range);
                self.block = range;
            }
        }
        self.after_blank = kind == Kind::Blank;
    }

    /// What begins at the margin behind a blank line belongs to no list any more.
    fn leave_list(&mut self, range: &Range<usize>) {
        if self.after_blank && !self.text[range.clone()].starts_with([' ', '\t']) {
            self.items.clear();
            self.in_list = false;
        }
    }

    /// Ends the block: its sentences are found.
    fn flush(&mut self) {
        let block = std::mem::take(&mut self.block);
        let own_item = self.own_item.take();
        // Without a digit or a numeral's syllable there is no quantity; most blocks end here.
        let written = &self.text[block.clone()];
        if block.is_empty() || !written.bytes().any(|byte| byte.is_ascii_digit() || byte >= 0x80) {
            return;
        }
        let masked = inline::masked(written);
        let headings = self.headings.iter().map(|(_, text)| text.clone());
        let items = self.items.iter().filter(|(at, _)| Some(*at) != own_item);
        let mut context: Vec<String> =
            headings.chain(items.map(|(_, text)| text.clone())).collect();
        context.drain(..context.len().saturating_sub(CONTEXT_MAX));
        for range in inline::split(&masked) {
            let sentence = &masked[range.clone()];
            if sentence.trim().is_empty() {
                continue;
            }
            self.found.push(Sentence {
                start: block.start + range.start,
                text: sentence.to_owned(),
                context: context.clone(),
                silenced: inline::is_silenced(&written[range]),
            });
        }
    }
}

fn is_item(trimmed: &str) -> bool {
    let rest = trimmed.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = trimmed.len() - rest.len();
    match digits {
        0 => ["- ", "* ", "+ ", "• ", "· "].iter().any(|mark| trimmed.starts_with(mark)),
        1..=3 => rest.starts_with(". ") || rest.starts_with(") "),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_keep_their_places_and_leave_out_what_is_no_prose() {
        let text = "# Lambda\n\n첫째 1분이다. 둘째 `2초`와 {{ x }}\n3초다.\n\n\
                    ```\n4초\n```\n\n> 5초\n\n\
                    - 여섯\n  - 6초<!-- = a.b --> 7초 <!-- no claim -->\n\n| 8초 | 9초 |\n";
        let found = sentences(text);
        let shown: Vec<(String, bool, usize)> = found
            .iter()
            .filter(|sentence| sentence.text.bytes().any(|byte| byte.is_ascii_digit()))
            .map(|sentence| {
                let words: Vec<&str> = sentence.text.split_whitespace().collect();
                (words.join(" "), sentence.silenced, sentence.context.len())
            })
            .collect();
        let opaque = |length: usize| OPAQUE.to_string().repeat(length);
        let second = format!("둘째 {}와 {} 3초다.", opaque(6), opaque(7));
        assert_eq!(
            shown,
            [
                ("첫째 1분이다.".to_owned(), false, 1),
                (second, false, 1),
                (format!("- {} 7초", opaque(4)), true, 2),
                ("| 8초 | 9초 |".to_owned(), false, 1),
            ]
        );
        assert!(found.iter().all(|sentence| text.is_char_boundary(sentence.start)));
    }
}
