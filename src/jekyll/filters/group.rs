//! `group_by` and `group_by_exp`: lists of maps with `name`, `items` and `size`, in the order in
//! which the names come up.

use std::hash::Hash;

use indexmap::IndexMap;

use super::Call;
use super::elements::{MapAs, elements, property};
use super::expressions::relocate;
use crate::liquid::{Context, Outcome, Printer, Scope, Text, Val, identical};

/// Groups in the order of their first elements, found by a key that equal names share.
struct Groups<'s, K> {
    by_key: IndexMap<K, Vec<(Val<'s>, Vec<Val<'s>>)>>,
    order: Vec<(usize, usize)>,
}

impl<'s, K: Hash + Eq> Groups<'s, K> {
    fn new() -> Self {
        Self { by_key: IndexMap::new(), order: Vec::new() }
    }

    fn add(&mut self, key: K, name: Val<'s>, element: Val<'s>) {
        let entry = self.by_key.entry(key);
        let row = entry.index();
        let groups = entry.or_default();
        match groups.iter_mut().find(|(known, _)| identical(known, &name)) {
            Some((_, items)) => items.push(element),
            None => {
                self.order.push((row, groups.len()));
                groups.push((name, vec![element]));
            }
        }
    }

    fn finish(mut self) -> Val<'s> {
        let mut list = Vec::with_capacity(self.order.len());
        for (row, column) in std::mem::take(&mut self.order) {
            let group =
                self.by_key.get_index_mut(row).and_then(|(_, groups)| groups.get_mut(column));
            let Some((name, items)) = group.map(std::mem::take) else { continue };
            let size = items.len() as i128;
            list.push(Val::map(vec![
                ("name".into(), name),
                ("items".into(), Val::list(items)),
                ("size".into(), Val::Integer(size)),
            ]));
        }
        Val::list(list)
    }
}

impl<'s> Call<'_, 's> {
    /// Groups by the text of a property.
    pub(super) fn group_by_property(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let Some(all) = elements(self.input, MapAs::Pairs, context)? else {
            return Ok(self.input.clone());
        };
        let name = self.arguments.get(0).to_text();
        let mut groups: Groups<'s, Text<'s>> = Groups::new();
        for element in all {
            let key = property(&element, &name, context)?.to_text();
            context.spend(key.len())?;
            groups.add(key.clone(), Val::Text(key), element);
        }
        Ok(groups.finish())
    }

    /// Groups by the value of an expression, which may have filters.
    pub(super) fn group_by_expression(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        let Some(all) = elements(self.input, MapAs::Pairs, context)? else {
            return Ok(self.input.clone());
        };
        let expression = self.arguments.get(1);
        let text = self.expression_text(&expression)?;
        context.spend(text.len())?;
        let pipeline = self.site.expressions().pipeline(text);
        let pipeline = relocate(pipeline, &expression, context)?;
        let variable = self.arguments.get(0).to_text();
        let mut groups: Groups<'s, (&'static str, Text<'s>)> = Groups::new();
        let result = context.scoped(Scope::new(), |context| {
            for element in all {
                context.assign_inner(variable.clone(), element.clone());
                let name = context.pipeline(pipeline)?;
                let key = group_key(&name);
                context.spend(key.len())?;
                groups.add((name.class(), key), name, element);
            }
            Ok(())
        });
        relocate(result, &expression, context)?;
        Ok(groups.finish())
    }
}

/// A text that is the same for values that Ruby's `eql?` takes as the same.
fn group_key<'s>(name: &Val<'s>) -> Text<'s> {
    match name {
        Val::Text(text) => text.clone(),
        Val::Member(member) => member.index.to_string().into(),
        Val::Time(moment) => moment.unix_seconds().to_string().into(),
        _ => {
            let mut printer = Printer::default();
            printer.inspect(name);
            printer.finish().into()
        }
    }
}
