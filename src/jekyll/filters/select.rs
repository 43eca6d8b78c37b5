//! `where`, `find` and their kin with expressions.

use super::Call;
use super::elements::{MapAs, elements, property};
use super::expressions::relocate;
use crate::liquid::{Context, Outcome, Printer, Problem, Scope, Text, Val};

/// What a property is compared with.
enum Target<'s> {
    /// Nil: only nil.
    Nil,
    /// `empty` or `blank`: whatever joins to nothing, nil included.
    Nothing,
    /// Everything else, as text.
    Text(Text<'s>),
}

impl<'s> Target<'s> {
    fn matches(&self, property: &Val<'s>) -> bool {
        match (self, property) {
            (Self::Nil, property) => property.is_nil(),
            (Self::Nothing, Val::Nil) => true,
            (Self::Nothing, Val::List(_)) => {
                let mut printer = Printer::default();
                printer.join(property, "");
                printer.finish().is_empty()
            }
            (Self::Nothing, Val::Map(map)) => map.is_empty(),
            (Self::Nothing, property) => property.as_text().is_some_and(str::is_empty),
            (Self::Text(_), Val::Nil) => false,
            (Self::Text(target), Val::List(list)) => {
                list.iter().any(|element| is_text(&element, target))
            }
            (Self::Text(target), Val::Map(map)) => map
                .iter()
                .any(|(key, value)| is_text(&Val::list(vec![Val::Text(key), value]), target)),
            // Ruby's `Array(time)` are its parts.
            (Self::Text(target), Val::Time(moment)) => {
                const PARTS: [&str; 9] =
                    ["%-S", "%-M", "%-H", "%-d", "%-m", "%Y", "%w", "%-j", "%Z"];
                PARTS.iter().any(|part| moment.strftime(part) == **target)
            }
            (Self::Text(target), Val::Range(first, last)) => {
                target.parse::<i128>().is_ok_and(|number| {
                    (first..=last).contains(&&number) && is_text(&Val::Integer(number), target)
                })
            }
            (Self::Text(target), property) => is_text(property, target),
        }
    }
}

/// Whether Ruby's `to_s` of a value is this text.
fn is_text(value: &Val<'_>, text: &str) -> bool {
    match value {
        Val::Text(own) => **own == *text,
        _ => *value.to_text() == *text,
    }
}

impl<'s> Call<'_, 's> {
    /// The elements to choose from, the property's name and what it is compared with; `None` where
    /// the input passes through.
    #[allow(clippy::type_complexity)]
    fn choice(
        &self,
        context: &mut Context<'_, 's>,
    ) -> Outcome<Option<(Vec<Val<'s>>, Text<'s>, Target<'s>)>> {
        let name = self.arguments.get(0);
        let wanted = self.arguments.get(1);
        if !name.is_truthy() || matches!(wanted, Val::List(_) | Val::Map(_)) {
            return Ok(None);
        }
        let Some(all) = elements(self.input, MapAs::Values, context)? else { return Ok(None) };
        let target = match wanted.resolved() {
            Val::Nil => Target::Nil,
            _ if self.arguments.asks(1) => Target::Nothing,
            wanted => Target::Text(wanted.to_text()),
        };
        Ok(Some((all, name.to_text(), target)))
    }

    /// The elements with a property of a value; a list's property counts with each of its elements.
    pub(super) fn where_property(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let Some((all, name, target)) = self.choice(context)? else {
            return Ok(self.input.clone());
        };
        let mut kept = Vec::new();
        for element in all {
            if target.matches(&property(&element, &name, context)?) {
                kept.push(element);
            }
        }
        Ok(Val::list(kept))
    }

    /// The first of the elements that `where` would give.
    pub(super) fn find_property(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let Some((all, name, target)) = self.choice(context)? else {
            return Ok(self.input.clone());
        };
        for element in all {
            if target.matches(&property(&element, &name, context)?) {
                return Ok(element);
            }
        }
        Ok(Val::Nil)
    }

    /// The elements for which an expression holds.
    pub(super) fn where_expression(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        match self.holding(context, usize::MAX)? {
            Some(kept) => Ok(Val::list(kept)),
            None => Ok(self.input.clone()),
        }
    }

    /// The first element for which an expression holds.
    pub(super) fn find_expression(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        match self.holding(context, 1)? {
            Some(kept) => Ok(kept.into_iter().next().unwrap_or_default()),
            None => Ok(self.input.clone()),
        }
    }

    /// As many elements as are wanted for which the expression holds; `None` where the input
    /// passes through.
    fn holding(
        &self,
        context: &mut Context<'_, 's>,
        wanted: usize,
    ) -> Outcome<Option<Vec<Val<'s>>>> {
        let Some(all) = elements(self.input, MapAs::Values, context)? else { return Ok(None) };
        let expression = self.arguments.get(1);
        let text = self.expression_text(&expression)?;
        context.spend(text.len())?;
        let condition = self.site.expressions().condition(text);
        let condition = relocate(condition, &expression, context)?;
        let variable = self.arguments.get(0).to_text();
        let mut kept = Vec::new();
        let result = context.scoped(Scope::new(), |context| {
            for element in all {
                context.assign_inner(variable.clone(), element.clone());
                if context.holds(condition)? {
                    kept.push(element);
                    if kept.len() >= wanted {
                        break;
                    }
                }
            }
            Ok(())
        });
        relocate(result, &expression, context)?;
        Ok(Some(kept))
    }

    /// The text of the argument that is an expression.
    pub(super) fn expression_text<'t>(&self, expression: &'t Val<'s>) -> Outcome<&'t str> {
        expression.as_text().ok_or_else(|| {
            Problem::internal(format!("the expression of `{}` is no text", self.name))
        })
    }
}
