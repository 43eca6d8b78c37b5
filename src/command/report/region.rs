//! Places as lines and columns, counted as readers of reports count them.

use crate::span::Place;

/// What a column counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Columns {
    /// Unicode's characters (scalar values), as frames do.
    Characters,
    /// Code units of UTF-16, as most editors do.
    Utf16,
}

/// A place as lines and columns, all from 1; the end is the first column behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// The line of the first character.
    pub line: usize,
    /// The column of the first character.
    pub column: usize,
    /// The line in which the place ends.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
}

impl Region {
    /// The region of a place.
    pub fn of(place: &Place, columns: Columns) -> Self {
        let text = place.source().text();
        let range = place.range();
        let (line, column) = position(text, range.start, columns);
        let (end_line, end_column) = position(text, range.end, columns);
        Self { line, column, end_line, end_column }
    }
}

fn position(text: &str, offset: usize, columns: Columns) -> (usize, usize) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = match columns {
        Columns::Characters => before[start..].chars().count(),
        Columns::Utf16 => before[start..].encode_utf16().count(),
    };
    (line, column + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Source;

    #[test]
    fn columns_count_what_the_reader_counts() {
        let source = Source::new("a.md", "첫 줄\n😀 dead\n끝");
        let at = source.text().find("dead").unwrap();
        let place = Place::new(&source, at..at + 4);
        let characters = Region { line: 2, column: 3, end_line: 2, end_column: 7 };
        assert_eq!(Region::of(&place, Columns::Characters), characters);
        let utf16 = Region { column: 4, end_column: 8, ..characters };
        assert_eq!(Region::of(&place, Columns::Utf16), utf16);
    }
}
