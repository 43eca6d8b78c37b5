//! Tables as HTML: the summary, and the numbers behind every figure.

use std::fmt::Write;

use crate::escape;

/// A cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// Its text.
    pub text: String,
    /// What is said more quietly on a line below it.
    pub detail: Option<String>,
    /// A class, if it has a part to play.
    pub class: Option<&'static str>,
    /// How many columns it spans; 0 and 1 mean one.
    pub span: usize,
    /// Whether it names its row.
    pub head: bool,
}

impl Cell {
    /// A number or another value.
    pub fn value(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// What names a row.
    pub fn head(text: impl Into<String>) -> Self {
        Self { text: text.into(), head: true, ..Self::default() }
    }

    /// The same with a quiet line below.
    pub fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The same with a class.
    pub fn class(self, class: &'static str) -> Self {
        Self { class: Some(class), ..self }
    }
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What it shows, in words.
    pub caption: String,
    /// The heads of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
}

impl Table {
    /// A table without rows.
    pub fn new(caption: impl Into<String>, columns: &[&str]) -> Self {
        Self {
            caption: caption.into(),
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
            rows: Vec::new(),
        }
    }

    /// Appends the table in a box of its own, in which it scrolls when it is wide.
    pub fn write(&self, out: &mut String, class: &str) {
        let caption = escape::text(&self.caption);
        let label = escape::attribute(&self.caption);
        let _ = write!(
            out,
            "<div class=\"scenario-scroll\" role=\"group\" tabindex=\"0\" aria-label=\"{label}\">\
             <table class=\"{class}\"><caption>{caption}</caption><thead><tr>"
        );
        for column in &self.columns {
            // An empty corner names nothing, so it is no header.
            let _ = match column.as_str() {
                "" => write!(out, "<td></td>"),
                column => write!(out, "<th scope=\"col\">{}</th>", escape::text(column)),
            };
        }
        out.push_str("</tr></thead><tbody>");
        for row in &self.rows {
            out.push_str("<tr>");
            for cell in row {
                write_cell(out, cell);
            }
            out.push_str("</tr>");
        }
        out.push_str("</tbody></table></div>");
    }
}

fn write_cell(out: &mut String, cell: &Cell) {
    let name = if cell.head { "th" } else { "td" };
    let _ = write!(out, "<{name}");
    if cell.head {
        let scope = if cell.span > 1 { "colgroup" } else { "row" };
        let _ = write!(out, " scope=\"{scope}\"");
    }
    if cell.span > 1 {
        let _ = write!(out, " colspan=\"{}\"", cell.span);
    }
    if let Some(class) = cell.class {
        let _ = write!(out, " class=\"{class}\"");
    }
    let _ = write!(out, ">{}", escape::text(&cell.text));
    if let Some(detail) = &cell.detail {
        let _ = write!(out, "<span class=\"detail\">{}</span>", escape::text(detail));
    }
    let _ = write!(out, "</{name}>");
}
