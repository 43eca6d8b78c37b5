//! The figure card of a scenario: its views, measured values, verdict and folds as HTML.

use crate::quantity::Language;
use crate::scenario::Outcome;

/// What a card needs to know of its page.
#[derive(Clone, Copy, Debug)]
pub struct CardContext<'a> {
    /// The language of labels, captions and numbers.
    pub language: Language,
    /// The block's YAML, already highlighted as HTML, for the fold.
    pub yaml_html: &'a str,
}

/// The card: `<figure class="scenario" id="ID">…</figure>`. The same arguments give the same bytes.
pub fn card(_outcome: &Outcome, _context: CardContext<'_>) -> String {
    todo!()
}
