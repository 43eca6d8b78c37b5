//! Expressions that templates hold as text, parsed once and kept as long as the page needs them.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::liquid::{Condition, Context, Mode, Outcome, Pipeline, Problem, Val};

/// How many cells the first row of a shelf has; each further row has twice as many.
const FIRST_ROW: usize = 8;
/// How many rows a shelf has: room for some 8,000 expressions of one page.
const ROWS: usize = 10;
/// How long an expression may be.
const MAX_BYTES: usize = 4096;

/// An expression of either kind.
enum Kept {
    Condition(Condition),
    Pipeline(Pipeline),
}

/// Where parsed expressions stay while a page is rendered. Values of the page may borrow from it,
/// so it is made before the page's context and dropped after it.
pub struct Shelf {
    rows: [OnceCell<Box<[OnceCell<Kept>]>>; ROWS],
    count: Cell<usize>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self::new()
    }
}

impl Shelf {
    /// An empty shelf.
    pub fn new() -> Self {
        Self { rows: [const { OnceCell::new() }; ROWS], count: Cell::new(0) }
    }

    /// Keeps an expression; `None` when the shelf is full.
    fn keep(&self, kept: Kept) -> Option<&Kept> {
        let index = self.count.get();
        // Row r begins at FIRST_ROW * (2^r - 1).
        let row = (index / FIRST_ROW + 1).ilog2() as usize;
        let length = FIRST_ROW << row;
        let cells = self
            .rows
            .get(row)?
            .get_or_init(|| std::iter::repeat_with(OnceCell::new).take(length).collect());
        let cell = cells.get(index - (length - FIRST_ROW))?;
        self.count.set(index + 1);
        Some(cell.get_or_init(|| kept))
    }
}

/// The expressions that a page has parsed so far, by their text.
pub struct Expressions<'s> {
    shelf: &'s Shelf,
    mode: Mode,
    conditions: RefCell<BTreeMap<String, &'s Condition>>,
    pipelines: RefCell<BTreeMap<String, &'s Pipeline>>,
}

impl<'s> Expressions<'s> {
    /// None so far. `mode` is how the expression of `group_by_exp` is read: the site's error mode,
    /// since Jekyll reads it like an output. The others are read by the grammar in every mode.
    pub fn new(shelf: &'s Shelf, mode: Mode) -> Self {
        Self { shelf, mode, conditions: RefCell::default(), pipelines: RefCell::default() }
    }

    /// The condition of `where_exp` or `find_exp`.
    ///
    /// # Errors
    /// What the grammar doesn't accept, and more expressions than a page can keep.
    pub(super) fn condition(&self, text: &str) -> Outcome<&'s Condition> {
        if let Some(condition) = self.conditions.borrow().get(text) {
            return Ok(condition);
        }
        check_length(text)?;
        let condition = Condition::parse_text(text)?;
        match self.shelf.keep(Kept::Condition(condition)) {
            Some(Kept::Condition(condition)) => {
                self.conditions.borrow_mut().insert(text.to_owned(), condition);
                Ok(condition)
            }
            _ => Err(too_many()),
        }
    }

    /// The expression of `group_by_exp`, which may have filters.
    ///
    /// # Errors
    /// What can't be read in the site's mode, and more expressions than a page can keep.
    pub(super) fn pipeline(&self, text: &str) -> Outcome<&'s Pipeline> {
        if let Some(pipeline) = self.pipelines.borrow().get(text) {
            return Ok(pipeline);
        }
        check_length(text)?;
        let pipeline = Pipeline::parse_text(text, self.mode)?;
        match self.shelf.keep(Kept::Pipeline(pipeline)) {
            Some(Kept::Pipeline(pipeline)) => {
                self.pipelines.borrow_mut().insert(text.to_owned(), pipeline);
                Ok(pipeline)
            }
            _ => Err(too_many()),
        }
    }
}

fn check_length(text: &str) -> Outcome<()> {
    if text.len() > MAX_BYTES {
        let words = format!("an expression has more than {MAX_BYTES} bytes");
        return Err(Problem::limit(words));
    }
    Ok(())
}

fn too_many() -> Box<Problem> {
    Problem::limit("a page has too many expressions in `where_exp` and its kin")
        .hint("is an expression put together anew in a loop?")
}

/// Moves a problem from its place in an expression's text to the place in the template, where the
/// text is written out in the node that is being rendered; otherwise it has no place of its own.
pub(super) fn relocate<'s, T>(
    result: Outcome<T>,
    expression: &Val<'s>,
    context: &Context<'_, 's>,
) -> Outcome<T> {
    result.map_err(|mut problem| {
        let start = context.template().and_then(|template| {
            let node = context.node();
            let written = template.source().text().get(node.clone())?;
            let text = expression.as_text().filter(|text| !text.is_empty())?;
            Some(node.start + written.find(text)?)
        });
        problem.range = match (start, problem.range.take()) {
            (Some(start), Some(range)) => Some(start + range.start..start + range.end),
            _ => None,
        };
        problem
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shelf_keeps_what_it_was_given_until_it_is_full() {
        let shelf = Shelf::new();
        let expressions = Expressions::new(&shelf, Mode::Lax);
        let room = FIRST_ROW * ((1 << ROWS) - 1);
        let first = expressions.condition("x == 0").unwrap();
        for number in 1..room {
            expressions.condition(&format!("x == {number}")).unwrap();
        }
        assert_eq!(first, &Condition::parse_text("x == 0").unwrap());
        assert!(expressions.condition("y").is_err());
        assert!(expressions.condition("x == 17").is_ok());
    }
}
