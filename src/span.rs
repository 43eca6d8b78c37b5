//! Where a byte came from: source files, places in them, and text that was rewritten but still
//! knows its author's file.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A text file of the site as its author wrote it.
///
/// Shared by everything that may want to point at it, so a diagnostic can draw the author's line
/// long after the stage that read the file is done.
#[derive(PartialEq, Eq, Hash)]
pub struct Source {
    path: String,
    text: String,
}

impl Source {
    /// A source with its path relative to the site's folder (`/` as separator) and its text.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }

    /// The path relative to the site's folder, `/` as separator.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The line and column, both from 1, of a byte offset. A column counts characters.
    /// An offset past the end gives the end; one inside a character gives that character.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let before = &self.text[..offset];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Source({}, {} bytes)", self.path, self.text.len())
    }
}

/// A range of bytes in a [`Source`].
#[derive(Clone, PartialEq, Eq)]
pub struct Place {
    source: Arc<Source>,
    range: Range<usize>,
}

impl Place {
    /// A place; the range is cut to the text and widened to character boundaries.
    pub fn new(source: &Arc<Source>, range: Range<usize>) -> Self {
        let text = source.text();
        let mut start = range.start.min(text.len());
        let mut end = range.end.clamp(start, text.len());
        while !text.is_char_boundary(start) {
            start -= 1;
        }
        while !text.is_char_boundary(end) {
            end += 1;
        }
        Self { source: Arc::clone(source), range: start..end }
    }

    /// The beginning of a file, for messages about the file as a whole.
    pub fn start_of(source: &Arc<Source>) -> Self {
        Self::new(source, 0..0)
    }

    /// The file.
    pub fn source(&self) -> &Arc<Source> {
        &self.source
    }

    /// The bytes in the file's text.
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The line and column, both from 1, where the place begins.
    pub fn line_column(&self) -> (usize, usize) {
        self.source.line_column(self.range.start)
    }

    /// The text at the place.
    pub fn text(&self) -> &str {
        &self.source.text()[self.range.clone()]
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.line_column();
        write!(f, "{}:{line}:{column}", self.source.path())
    }
}

/// One run of a [`Mapped`] text.
#[derive(Clone, Debug)]
struct Piece {
    /// Where the run begins in the rewritten text.
    out_start: usize,
    /// The file it stems from.
    source: Arc<Source>,
    /// The bytes of the file that it stands for.
    from: Range<usize>,
    /// Whether the bytes are the file's own, so that offsets inside correspond one to one.
    verbatim: bool,
}

/// Text that was put together from pieces of source files and still knows where each byte came
/// from, so that a message about the text can point at the author's line.
#[derive(Clone, Debug, Default)]
pub struct Mapped {
    text: String,
    pieces: Vec<Piece>,
}

impl Mapped {
    /// An empty text, to be filled with [`Mapped::push_source`] and its kin.
    pub fn new() -> Self {
        Self::default()
    }

    /// A stretch of a file, unchanged.
    pub fn from_source(source: &Arc<Source>, range: Range<usize>) -> Self {
        let mut mapped = Self::new();
        mapped.push_source(source, range);
        mapped
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Appends a stretch of a file, unchanged.
    pub fn push_source(&mut self, source: &Arc<Source>, range: Range<usize>) {
        let place = Place::new(source, range);
        self.push_piece(place.source, place.range.clone(), true);
        self.text.push_str(&source.text()[place.range]);
    }

    /// Appends text that was computed from what stands at `place`.
    pub fn push_derived(&mut self, text: &str, place: &Place) {
        self.push_piece(Arc::clone(&place.source), place.range.clone(), false);
        self.text.push_str(text);
    }

    /// Appends a stretch of another mapped text, with its map. The range must lie on character
    /// boundaries of that text.
    pub fn push_mapped(&mut self, other: &Mapped, range: Range<usize>) {
        let first = other.pieces.partition_point(|piece| piece.out_start <= range.start);
        for index in first.saturating_sub(1)..other.pieces.len() {
            let piece = &other.pieces[index];
            let piece_end =
                other.pieces.get(index + 1).map_or(other.text.len(), |next| next.out_start);
            let start = piece.out_start.max(range.start);
            let end = piece_end.min(range.end);
            if start >= end {
                if piece.out_start >= range.end {
                    break;
                }
                continue;
            }
            let from = if piece.verbatim {
                let shift = piece.from.start;
                shift + start - piece.out_start..shift + end - piece.out_start
            } else {
                piece.from.clone()
            };
            self.push_piece(Arc::clone(&piece.source), from, piece.verbatim);
            self.text.push_str(&other.text[start..end]);
        }
    }

    fn push_piece(&mut self, source: Arc<Source>, from: Range<usize>, verbatim: bool) {
        if let Some(last) = self.pieces.last()
            && last.verbatim
            && verbatim
            && last.from.end == from.start
            && Arc::ptr_eq(&last.source, &source)
        {
            if let Some(last) = self.pieces.last_mut() {
                last.from.end = from.end;
            }
            return;
        }
        self.pieces.push(Piece { out_start: self.text.len(), source, from, verbatim });
    }

    /// The place in the author's file that a range of this text came from; `None` only for a text
    /// without any piece. A range over several pieces is answered from its first piece on, as far
    /// as the pieces follow each other in one file.
    pub fn locate(&self, range: Range<usize>) -> Option<Place> {
        let index = self.pieces.partition_point(|piece| piece.out_start <= range.start);
        let piece = self.pieces.get(index.saturating_sub(1))?;
        let start = Self::source_offset(piece, range.start, false);
        let last = self.pieces.partition_point(|piece| piece.out_start < range.end.max(1));
        let last = self.pieces.get(last.saturating_sub(1)).unwrap_or(piece);
        let end = if Arc::ptr_eq(&last.source, &piece.source) {
            Self::source_offset(last, range.end, true)
        } else {
            piece.from.end
        };
        Some(Place::new(&piece.source, start..end.max(start)))
    }

    /// Where the byte of a file has come out: its own place, or behind what was computed from it;
    /// the first where it came out several times.
    pub fn find(&self, source: &Arc<Source>, offset: usize) -> Option<usize> {
        let holds = |piece: &Piece| {
            Arc::ptr_eq(&piece.source, source)
                && (piece.from.start..piece.from.end).contains(&offset)
        };
        let index = self.pieces.iter().position(holds)?;
        let piece = self.pieces.get(index)?;
        if piece.verbatim {
            return Some(piece.out_start + (offset - piece.from.start));
        }
        Some(self.pieces.get(index + 1).map_or(self.text.len(), |next| next.out_start))
    }

    fn source_offset(piece: &Piece, offset: usize, end: bool) -> usize {
        if piece.verbatim {
            (piece.from.start + offset.saturating_sub(piece.out_start)).min(piece.from.end)
        } else if end {
            piece.from.end
        } else {
            piece.from.start
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_not_bytes() {
        let source = Source::new("a.md", "첫 줄\n둘째 줄\n");
        let offset = source.text().find("째").unwrap();
        assert_eq!(source.line_column(offset), (2, 2));
        assert_eq!(source.line_column(offset + 1), (2, 2));
        assert_eq!(source.line_column(999), (3, 1));
    }

    #[test]
    fn derived_text_points_at_what_it_was_computed_from() {
        let source = Source::new("a.md", "값은 {{ x }}이다");
        let open = source.text().find("{{").unwrap();
        let close = source.text().find("}}").unwrap() + 2;
        let mut mapped = Mapped::from_source(&source, 0..open);
        mapped.push_derived("123456", &Place::new(&source, open..close));
        mapped.push_source(&source, close..source.text().len());
        let at = mapped.text().find("345").unwrap();
        assert_eq!(mapped.locate(at..at + 3).unwrap().text(), "{{ x }}");
        let at = mapped.text().find("이다").unwrap();
        assert_eq!(mapped.locate(at..at + 6).unwrap().text(), "이다");
    }

    #[test]
    fn slices_of_mapped_text_keep_their_map() {
        let source = Source::new("a.md", "0123456789");
        let mut inner = Mapped::from_source(&source, 2..5);
        inner.push_source(&source, 7..10);
        let mut outer = Mapped::new();
        outer.push_mapped(&inner, 1..5);
        assert_eq!(outer.text(), "3478");
        assert_eq!(outer.locate(0..1).unwrap().range(), 3..4);
        assert_eq!(outer.locate(3..4).unwrap().range(), 8..9);
    }
}
