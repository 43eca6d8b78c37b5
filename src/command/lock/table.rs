//! Columns for the terminal.

use std::fmt::Write;

use unicode_width::UnicodeWidthStr;

/// The widest cell that others are aligned to; a longer one only moves its own line.
const WIDEST: usize = 60;

/// Rows of cells as aligned lines, each behind `indent` spaces.
pub(super) fn table(rows: &[Vec<String>], indent: usize) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let widths = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.width());
        widths.filter(|&width| width <= WIDEST).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, width) in row.iter().zip(&widths) {
            let padding = " ".repeat(width.saturating_sub(cell.width()) + 2);
            line.push_str(cell);
            line.push_str(&padding);
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}
