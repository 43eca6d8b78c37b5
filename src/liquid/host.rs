//! What the surroundings of a template supply: tags, filters, the time.

use super::node::CustomTag;
use super::problem::{Outcome, Problem, UNKNOWN_TAG};
use super::render::Context;
use super::value::{Text, Val};

/// The values that a filter is called with.
#[derive(Default)]
pub struct Arguments<'s> {
    /// Those without a name, in their order.
    pub positional: Vec<Val<'s>>,
    /// Those with a name.
    pub named: Vec<(&'s str, Val<'s>)>,
    /// The positions at which `empty` or `blank` is written.
    pub(super) asking: Vec<usize>,
}

impl<'s> Arguments<'s> {
    /// An argument by its position; nil when it isn't given. The named ones, together a map,
    /// follow the others.
    pub fn get(&self, index: usize) -> Val<'s> {
        if index == self.positional.len() && !self.named.is_empty() {
            let named = self.named.iter();
            return Val::map(named.map(|(key, value)| ((*key).into(), value.clone())).collect());
        }
        self.positional.get(index).cloned().unwrap_or_default()
    }

    /// Whether an argument is given at a position.
    pub fn has(&self, index: usize) -> bool {
        index < self.positional.len() + usize::from(!self.named.is_empty())
    }

    /// Whether `empty` or `blank` is written at a position. Its value is an empty text; a filter
    /// may take it as a question instead.
    pub fn asks(&self, index: usize) -> bool {
        self.asking.contains(&index)
    }

    /// An argument by its name.
    pub fn named(&self, name: &str) -> Option<&Val<'s>> {
        self.named.iter().rev().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Checks how many arguments there are, as Ruby's methods do.
    ///
    /// # Errors
    /// When there are fewer than `least` or more than `most`.
    pub fn expect(&self, least: usize, most: usize) -> Outcome<()> {
        let given = self.positional.len() + usize::from(!self.named.is_empty());
        if (least..=most).contains(&given) {
            return Ok(());
        }
        let expected = if least == most {
            (most + 1).to_string()
        } else {
            format!("{}..{}", least + 1, most + 1)
        };
        let ruby = format!("wrong number of arguments (given {}, expected {expected})", given + 1);
        let wanted = match (least, most) {
            (0, 0) => "no argument".to_owned(),
            (1, 1) => "one argument".to_owned(),
            (least, most) if least == most => format!("{least} arguments"),
            (least, most) => format!("{least} to {most} arguments"),
        };
        let message = format!("this filter takes {wanted}, {given} given");
        Err(Problem::render(ruby).message(message))
    }
}

/// The surroundings of a rendering.
pub trait Host<'s> {
    /// Applies a filter of the host. `None` when it has no such filter; Liquid's own come after
    /// the host's, so a host can replace them.
    fn filter(
        &self,
        _name: &str,
        _input: &Val<'s>,
        _arguments: &Arguments<'s>,
        _context: &mut Context<'_, 's>,
    ) -> Option<Outcome<Val<'s>>> {
        None
    }

    /// The names of the host's filters, for a "did you mean".
    fn filters(&self) -> &[&str] {
        &[]
    }

    /// Renders a tag that the host has added to the dialect.
    ///
    /// # Errors
    /// Whatever goes wrong; it shows in the page as Liquid shows its own errors.
    fn tag(&self, tag: &'s CustomTag, _context: &mut Context<'_, 's>) -> Outcome<()> {
        let words = format!("Unknown tag '{}'", tag.name());
        let problem = Problem::syntax(words).message(format!("there is no tag `{}`", tag.name()));
        Err(Box::new(Problem { code: UNKNOWN_TAG, ..*problem }))
    }

    /// A text without the invisible characters that the host's objects may have put in.
    fn visible(&self, text: Text<'s>) -> Text<'s> {
        text
    }
}

/// Surroundings that supply nothing.
pub struct Alone;

impl<'s> Host<'s> for Alone {}
