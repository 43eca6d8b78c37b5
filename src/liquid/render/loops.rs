//! `for`, `tablerow` and the objects by which their bodies know where they are.

use std::cell::Cell;
use std::rc::Rc;

use super::context::{Context, Scope};
use super::evaluate::pair;
use crate::liquid::node::{For, Offset, Tablerow};
use crate::liquid::problem::Outcome;
use crate::liquid::value::{Lookup, Object, Text, Val};

/// What `break` and `continue` leave behind until the loop sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interrupt {
    Break,
    Continue,
}

/// The `forloop` object.
pub(super) struct ForLoop<'s> {
    name: &'s str,
    length: usize,
    index: Cell<usize>,
    parent: Option<Rc<ForLoop<'s>>>,
}

/// What loops of both kinds know.
fn loop_member<'s>(key: &str, index: usize, length: usize) -> Lookup<'s> {
    let left = length.saturating_sub(index);
    let count = |number: usize| Val::Integer(number as i128);
    Lookup::Found(match key {
        "length" => count(length),
        "index" => count(index + 1),
        "index0" => count(index),
        "rindex" => count(left),
        "rindex0" => Val::Integer(left as i128 - 1),
        "first" => Val::Bool(index == 0),
        "last" => Val::Bool(index + 1 == length),
        _ => return Lookup::Absent,
    })
}

impl<'s> Object<'s> for ForLoop<'s> {
    fn get(&self, key: &str) -> Lookup<'s> {
        match key {
            "name" => Lookup::Found(Val::text(self.name)),
            "parentloop" => Lookup::Found(match &self.parent {
                Some(parent) => Val::Object(Rc::<Self>::clone(parent)),
                None => Val::Nil,
            }),
            _ => loop_member(key, self.index.get(), self.length),
        }
    }

    fn to_output(&self) -> Text<'s> {
        Text::Borrowed("Liquid::ForloopDrop")
    }
}

/// The `tablerowloop` object.
struct TableLoop {
    length: usize,
    columns: i128,
    index: Cell<usize>,
    column: Cell<i128>,
    row: Cell<i128>,
}

impl TableLoop {
    fn is_last_column(&self) -> bool {
        self.column.get() == self.columns
    }

    fn advance(&self) {
        self.index.set(self.index.get() + 1);
        if self.is_last_column() {
            self.column.set(1);
            self.row.set(self.row.get() + 1);
        } else {
            self.column.set(self.column.get() + 1);
        }
    }
}

impl<'s> Object<'s> for TableLoop {
    fn get(&self, key: &str) -> Lookup<'s> {
        Lookup::Found(match key {
            "col" => Val::Integer(self.column.get()),
            "col0" => Val::Integer(self.column.get() - 1),
            "row" => Val::Integer(self.row.get()),
            "col_first" => Val::Bool(self.column.get() == 1),
            "col_last" => Val::Bool(self.is_last_column()),
            _ => return loop_member(key, self.index.get(), self.length),
        })
    }

    fn to_output(&self) -> Text<'s> {
        Text::Borrowed("Liquid::TablerowloopDrop")
    }
}

impl<'s> Context<'_, 's> {
    pub(super) fn for_loop(&mut self, tag: &'s For) -> Outcome<()> {
        let from = match &tag.offset {
            None => 0,
            Some(Offset::Continue) => self.offsets.get(tag.name.as_str()).copied().unwrap_or(0),
            Some(Offset::At(offset)) => match self.evaluate(offset)? {
                Val::Nil => 0,
                offset => offset.to_integer()?,
            },
        };
        let collection = self.evaluate(&tag.collection)?;
        let limit = match &tag.limit {
            None => Val::Nil,
            Some(limit) => self.evaluate(limit)?,
        };
        let to = match limit {
            Val::Nil => None,
            limit => Some(limit.to_integer()?.saturating_add(from)),
        };
        let mut elements = self.slice(&collection, from, to)?;
        if tag.reversed {
            elements.reverse();
        }
        self.offsets.insert(&tag.name, from.saturating_add(elements.len() as i128));
        if elements.is_empty() {
            return tag.otherwise.as_ref().map_or(Ok(()), |body| self.render(body));
        }
        self.scoped(Scope::new(), |context| context.repeat(tag, elements))
    }

    fn repeat(&mut self, tag: &'s For, elements: Vec<Val<'s>>) -> Outcome<()> {
        let state = Rc::new(ForLoop {
            name: tag.name.as_str(),
            length: elements.len(),
            index: Cell::new(0),
            parent: self.loops.last().cloned(),
        });
        self.loops.push(Rc::clone(&state));
        self.assign_inner("forloop", Val::Object(Rc::<ForLoop<'s>>::clone(&state)));
        let mut result = Ok(());
        for element in elements {
            self.assign_inner(tag.variable.as_str(), element);
            result = self.step().and_then(|()| self.render(&tag.body));
            state.index.set(state.index.get() + 1);
            let interrupt = self.interrupts.pop();
            if interrupt == Some(Interrupt::Break) || result.is_err() || self.is_over {
                break;
            }
        }
        self.loops.pop();
        result
    }

    /// The elements of a collection from an index on, up to another. A text is one element.
    fn slice(
        &mut self,
        collection: &Val<'s>,
        from: i128,
        to: Option<i128>,
    ) -> Outcome<Vec<Val<'s>>> {
        let clip = |length: usize| {
            let start = usize::try_from(from.max(0)).unwrap_or(usize::MAX).min(length);
            let end = to.map_or(length, |to| usize::try_from(to.max(0)).unwrap_or(usize::MAX));
            start..end.clamp(start, length)
        };
        let elements = match collection {
            Val::Text(text) if text.is_empty() => Vec::new(),
            Val::Text(_) => vec![collection.clone()],
            Val::List(list) => clip(list.len()).filter_map(|index| list.get(index)).collect(),
            Val::Map(map) => clip(map.len())
                .filter_map(|index| map.entry(index))
                .map(|(key, value)| pair(key, value))
                .collect(),
            Val::Range(first, last) => {
                let start = first.saturating_add(from.max(0));
                let end =
                    to.map_or(*last, |to| (*last).min(first.saturating_add(to.saturating_sub(1))));
                self.check_length(end.saturating_sub(start))?;
                (start..=end).map(Val::Integer).collect()
            }
            Val::Member(member) => {
                let mut keys = member.keys();
                let range = clip(keys.len());
                let entry = |key: Text<'s>| {
                    let value = member.get(&key).or_nil();
                    pair(key, value)
                };
                keys.drain(range).map(entry).collect()
            }
            Val::Object(object) => {
                let mut all = match object.elements() {
                    Some(all) => all,
                    None => object
                        .keys()
                        .unwrap_or_default()
                        .into_iter()
                        .map(|key| {
                            let value = object.get(&key).or_nil();
                            pair(key, value)
                        })
                        .collect(),
                };
                self.spend(all.len())?;
                let range = clip(all.len());
                all.drain(range).collect()
            }
            _ => Vec::new(),
        };
        self.charge(elements.len())?;
        Ok(elements)
    }

    pub(super) fn tablerow(&mut self, tag: &'s Tablerow) -> Outcome<()> {
        let collection = self.evaluate(&tag.collection)?;
        if !collection.is_truthy() {
            return Ok(());
        }
        let from = match &tag.offset {
            Some(offset) => self.evaluate(offset)?.to_i(),
            None => 0,
        };
        let to = match &tag.limit {
            Some(limit) => Some(self.evaluate(limit)?.to_i().saturating_add(from)),
            None => None,
        };
        let elements = self.slice(&collection, from, to)?;
        let columns = match &tag.columns {
            Some(columns) => self.evaluate(columns)?.to_i(),
            None => 0,
        };
        self.write("<tr class=\"row1\">\n")?;
        let state = Rc::new(TableLoop {
            length: elements.len(),
            columns,
            index: Cell::new(0),
            column: Cell::new(1),
            row: Cell::new(1),
        });
        self.scoped(Scope::new(), |context| context.cells(tag, elements, &state))?;
        self.write("</tr>\n")
    }

    fn cells(
        &mut self,
        tag: &'s Tablerow,
        elements: Vec<Val<'s>>,
        state: &Rc<TableLoop>,
    ) -> Outcome<()> {
        self.assign_inner("tablerowloop", Val::Object(Rc::<TableLoop>::clone(state)));
        for element in elements {
            self.assign_inner(tag.variable.as_str(), element);
            self.write(&format!("<td class=\"col{}\">", state.column.get()))?;
            self.step()?;
            self.render(&tag.body)?;
            self.write("</td>")?;
            let interrupt = self.interrupts.pop();
            if interrupt == Some(Interrupt::Break) || self.is_over {
                break;
            }
            if state.is_last_column() && state.index.get() + 1 < state.length {
                let row = state.row.get() + 1;
                self.write(&format!("</tr>\n<tr class=\"row{row}\">"))?;
            }
            state.advance();
        }
        Ok(())
    }
}
