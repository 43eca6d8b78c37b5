//! Jekyll's `sort`, which takes the place of Liquid's.

use std::cmp::Ordering;

use super::elements::{MapAs, elements, order, property};
use super::{Call, wrong_kind};
use crate::liquid::{Context, Outcome, Problem, Val, incomparable, sort};

/// What one comparison counts as, in bytes of work.
const COMPARISON_WORK: usize = 16;

impl<'s> Call<'_, 's> {
    /// Sorts the elements themselves, or by a property, nil first unless it is asked to be last.
    /// Without an order of their own, properties sort by their texts.
    pub(super) fn sort(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        if self.input.is_nil() {
            return Err(Problem::render("Cannot sort a null object.")
                .message("there is nothing to sort: the value is nil"));
        }
        let name = self.arguments.get(0);
        let nil_side = match self.arguments.positional.get(1) {
            _ if name.is_nil() => Ordering::Less,
            None => Ordering::Less,
            Some(side) => match side.as_text() {
                Some("first") => Ordering::Less,
                Some("last") => Ordering::Greater,
                _ => {
                    let shown = side.to_text();
                    return Err(Problem::render(format!(
                        "Invalid nils order: '{}' is not a valid nils order. \
                         It must be 'first' or 'last'.",
                        &*shown
                    ))
                    .message(format!("nil sorts `first` or `last`, not `{}`", &*shown)));
                }
            },
        };
        let all = elements(self.input, MapAs::Pairs, context)?;
        let all = all.ok_or_else(|| wrong_kind(self.name, self.input))?;
        let comparisons = all.len().saturating_mul(all.len().max(2).ilog2() as usize);
        context.spend(comparisons.saturating_mul(COMPARISON_WORK))?;
        if name.is_nil() {
            for element in &all {
                context.spend(element.as_text().map_or(0, str::len))?;
            }
            let mut by_itself =
                |a: &Val<'s>, b: &Val<'s>| order(a, b).ok_or_else(|| incomparable(a, b));
            return Ok(Val::list(sort(all, &mut by_itself)?));
        }
        let name = name.to_text();
        let mut keyed = Vec::with_capacity(all.len());
        for element in all {
            let key = property(&element, &name, context)?;
            context.spend(key.as_text().map_or(0, str::len))?;
            keyed.push((key, element));
        }
        let mut by_key = |a: &(Val<'s>, Val<'s>), b: &(Val<'s>, Val<'s>)| {
            Ok(match (a.0.is_nil(), b.0.is_nil()) {
                (true, true) => Ordering::Equal,
                (true, false) => nil_side,
                (false, true) => nil_side.reverse(),
                (false, false) => {
                    order(&a.0, &b.0).unwrap_or_else(|| a.0.to_text().cmp(&b.0.to_text()))
                }
            })
        };
        let sorted = sort(keyed, &mut by_key)?;
        Ok(Val::list(sorted.into_iter().map(|(_, element)| element).collect()))
    }
}
