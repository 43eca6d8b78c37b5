//! From a parsed template to text that still knows its author's places.

mod context;
mod evaluate;
mod limits;
mod loops;
mod sink;

use super::node::{Body, Cycle, CycleName, Node, NodeKind, When};
use super::problem::{Kind, Outcome, Problem};
use super::template::Template;
use super::value::Val;
use crate::diagnostic::Staged;
use crate::span::Mapped;

pub use context::{Context, Globals, Options, Scope};
pub use limits::Limits;

use super::host::Host;
use loops::Interrupt;

impl Template {
    /// Renders the template. Literal text keeps its places; computed text points at the output
    /// that computed it. What goes wrong shows in the text as Ruby Liquid shows it, and is a
    /// diagnostic.
    pub fn render<'s>(
        &'s self,
        host: &dyn Host<'s>,
        globals: Globals<'s>,
        options: &Options,
    ) -> Staged<Mapped> {
        let mut context = Context::new(host, globals, options, true);
        context.whole(self);
        let (mapped, _, diagnostics) = context.finish();
        Staged::new(mapped, diagnostics)
    }

    /// Renders the template to text without places, which is quicker: for layouts.
    pub fn render_text<'s>(
        &'s self,
        host: &dyn Host<'s>,
        globals: Globals<'s>,
        options: &Options,
    ) -> Staged<String> {
        let mut context = Context::new(host, globals, options, false);
        context.whole(self);
        let (_, text, diagnostics) = context.finish();
        Staged::new(text, diagnostics)
    }
}

impl<'s> Context<'_, 's> {
    fn whole(&mut self, template: &'s Template) {
        self.templates.push(template);
        if let Err(problem) = self.render(&template.body) {
            self.report(&problem, false);
        }
        self.templates.pop();
    }

    /// Renders what stands between the tags of a block.
    ///
    /// # Errors
    /// Only when bodies nest too deeply; all else shows in the output.
    pub fn render(&mut self, body: &'s Body) -> Outcome<()> {
        if self.depth >= self.options.limits.nesting {
            let mut problem = Problem::limit("templates nest too deeply")
                .in_ruby("Nesting too deep")
                .hint("does an include include itself?");
            problem.kind = Kind::Render;
            return Err(problem);
        }
        self.depth += 1;
        for node in &body.nodes {
            let outer = std::mem::replace(&mut self.node, node.range.clone());
            if let Err(problem) = self.step().and_then(|()| self.render_node(node)) {
                self.report(&problem, node.blank);
            }
            self.node = outer;
            if self.is_over || !self.interrupts.is_empty() {
                break;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn render_node(&mut self, node: &'s Node) -> Outcome<()> {
        match &node.kind {
            NodeKind::Text => self.write_source(node.range.clone()),
            NodeKind::Raw(range) => self.write_source(range.clone()),
            NodeKind::Nothing => Ok(()),
            NodeKind::Broken(text) => self.write(text),
            NodeKind::Output(pipeline) => {
                let value = self.pipeline(pipeline)?;
                let text = value.to_output();
                self.charge(text.len())?;
                self.write(&text)
            }
            NodeKind::Assign(name, pipeline) => {
                let value = self.pipeline(pipeline)?;
                self.assign(name.as_str(), value);
                Ok(())
            }
            NodeKind::Capture(name, body) => {
                let text = self.capture(|context| context.render(body))?;
                self.assign(name.as_str(), Val::text(text));
                Ok(())
            }
            NodeKind::Counter(name, up) => self.count(name, *up),
            NodeKind::If(branches, otherwise) => {
                for (condition, body) in branches {
                    if self.holds(condition)? {
                        return self.render(body);
                    }
                }
                otherwise.as_ref().map_or(Ok(()), |body| self.render(body))
            }
            NodeKind::Unless(branches, otherwise) => {
                for (index, (condition, body)) in branches.iter().enumerate() {
                    if self.holds(condition)? != (index == 0) {
                        return self.render(body);
                    }
                }
                otherwise.as_ref().map_or(Ok(()), |body| self.render(body))
            }
            NodeKind::Case(branches) => self.case(branches),
            NodeKind::For(tag) => self.for_loop(tag),
            NodeKind::Tablerow(tag) => self.tablerow(tag),
            NodeKind::Cycle(tag) => self.cycle(tag),
            NodeKind::Ifchanged(body) => {
                let text = self.capture(|context| context.render(body))?;
                if self.last_changed.as_ref() == Some(&text) {
                    return Ok(());
                }
                self.write(&text)?;
                self.last_changed = Some(text);
                Ok(())
            }
            NodeKind::Break => {
                self.interrupts.push(Interrupt::Break);
                Ok(())
            }
            NodeKind::Continue => {
                self.interrupts.push(Interrupt::Continue);
                Ok(())
            }
            NodeKind::Custom(tag) => {
                let host = self.host;
                host.tag(tag, self)
            }
        }
    }

    fn case(&mut self, branches: &'s [(When, Body)]) -> Outcome<()> {
        let mut matched = false;
        for (when, body) in branches {
            self.spend(1)?;
            match when {
                When::Else if !matched => self.render(body)?,
                When::Else => {}
                When::Values(values) => {
                    for comparison in values {
                        if self.compare(comparison)?.is_truthy() {
                            matched = true;
                            self.render(body)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn count(&mut self, name: &'s str, up: bool) -> Outcome<()> {
        let value = match self.counters.get(name) {
            Some(&value) => value,
            None => self.globals.get(name).map_or(0, Val::to_i),
        };
        let next = if up { value.saturating_add(1) } else { value.saturating_sub(1) };
        self.counters.insert(name, next);
        self.write(&(if up { value } else { next }).to_string())
    }

    fn cycle(&mut self, tag: &'s Cycle) -> Outcome<()> {
        let key = match &tag.name {
            CycleName::Named(name) => {
                let name = self.evaluate(name)?;
                let mut printer = super::value::Printer::default();
                printer.inspect(&name);
                printer.finish()
            }
            CycleName::Values(values) => values.clone(),
            CycleName::Place => format!("{:p}", std::ptr::from_ref(tag)),
        };
        self.spend(key.len())?;
        let index = self.cycles.get(&key).copied().unwrap_or(0);
        let value = match tag.values.get(index) {
            Some(value) => self.evaluate(value)?,
            None => Val::Nil,
        };
        self.write(&value.to_output())?;
        let next = if index + 1 >= tag.values.len() { 0 } else { index + 1 };
        self.cycles.insert(key, next);
        Ok(())
    }
}
