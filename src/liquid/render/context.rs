//! The state of one rendering: variables, output, bounds, and what the host may do with them.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use super::limits::Limits;
use super::loops::{ForLoop, Interrupt};
use super::sink::Sink;
use crate::date::{Moment, Zone};
use crate::diagnostic::Diagnostic;
use crate::liquid::host::Host;
use crate::liquid::problem::{Kind, Outcome, Problem};
use crate::liquid::template::Template;
use crate::liquid::value::{MAX_LIST_WEIGHT, Text, Val};
use crate::span::{Mapped, Place};

/// How many diagnostics one rendering gives.
const MAX_DIAGNOSTICS: usize = 100;
/// What a report counts as, in bytes of work: it looks for lines and places.
const REPORT_WORK: usize = 4096;
/// How many scopes may lie on each other, as in Ruby Liquid.
const MAX_SCOPES: usize = 100;
/// How many includers of a template a diagnostic names.
const MAX_INCLUDERS: usize = 4;

/// The variables that a template finds in the beginning.
pub type Globals<'s> = BTreeMap<&'s str, Val<'s>>;

/// Variables of a loop or an include.
pub type Scope<'s> = BTreeMap<Text<'s>, Val<'s>>;

/// How a template is rendered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whether a variable that doesn't exist is a mistake; otherwise it is nil.
    pub strict_variables: bool,
    /// Whether a filter that doesn't exist is a mistake; otherwise the value passes through.
    pub strict_filters: bool,
    /// Whether errors in the page say their line.
    pub line_numbers: bool,
    /// The site's time zone, for dates without one.
    pub zone: Zone,
    /// What `"now" | date` means; it passes through where the page must not depend on the time.
    pub now: Option<Moment>,
    /// Whether a page has asked for it.
    pub now_was_read: Cell<bool>,
    /// The bounds.
    pub limits: Limits,
}

impl Options {
    /// What `"now" | date` means. That it was asked for is noted.
    pub fn now(&self) -> Option<&Moment> {
        self.now_was_read.set(true);
        self.now.as_ref()
    }
}

/// The state of one rendering.
pub struct Context<'h, 's> {
    pub(super) host: &'h dyn Host<'s>,
    pub(super) options: &'h Options,
    pub(super) globals: Globals<'s>,
    pub(super) scopes: Vec<Scope<'s>>,
    pub(super) counters: BTreeMap<&'s str, i128>,
    pub(super) templates: Vec<&'s Template>,
    /// For each template but the first: the bytes of the node that includes it, in the one before.
    includers: Vec<Range<usize>>,
    pub(super) interrupts: Vec<Interrupt>,
    pub(super) cycles: BTreeMap<String, usize>,
    pub(super) offsets: BTreeMap<&'s str, i128>,
    pub(super) loops: Vec<Rc<ForLoop<'s>>>,
    pub(super) last_changed: Option<String>,
    /// The bytes of the node that is being rendered.
    pub(super) node: Range<usize>,
    pub(super) depth: usize,
    /// Whether a bound was reached.
    pub(super) is_over: bool,
    sink: Sink,
    steps: u64,
    work: u64,
    diagnostics: Vec<Diagnostic>,
}

impl<'h, 's> Context<'h, 's> {
    pub(super) fn new(
        host: &'h dyn Host<'s>,
        globals: Globals<'s>,
        options: &'h Options,
        with_places: bool,
    ) -> Self {
        Self {
            host,
            options,
            globals,
            scopes: vec![Scope::new()],
            counters: BTreeMap::new(),
            templates: Vec::new(),
            includers: Vec::new(),
            interrupts: Vec::new(),
            cycles: BTreeMap::new(),
            offsets: BTreeMap::new(),
            loops: Vec::new(),
            last_changed: None,
            node: 0..0,
            depth: 0,
            is_over: false,
            sink: Sink::new(with_places),
            steps: 0,
            work: 0,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn finish(self) -> (Mapped, String, Vec<Diagnostic>) {
        let (mapped, text) = self.sink.finish();
        (mapped, text, self.diagnostics)
    }

    /// The host.
    pub fn host(&self) -> &'h dyn Host<'s> {
        self.host
    }

    /// How the template is rendered.
    pub fn options(&self) -> &'h Options {
        self.options
    }

    /// The template that is being rendered; the innermost, inside an include.
    pub fn template(&self) -> Option<&'s Template> {
        self.templates.last().copied()
    }

    /// The bytes of the node that is being rendered, in the text of [`Context::template`].
    pub fn node(&self) -> Range<usize> {
        self.node.clone()
    }

    /// The author's place for a stretch of the text of [`Context::template`].
    pub fn place(&self, range: Range<usize>) -> Option<Place> {
        self.template()?.source().locate(range)
    }

    /// Adds a diagnostic of the host, unless the same was said already.
    pub fn say(&mut self, diagnostic: Diagnostic) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS && !self.diagnostics.contains(&diagnostic) {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Makes a problem a diagnostic and shows it in the page.
    pub(super) fn report(&mut self, problem: &Problem, blank: bool) {
        if problem.kind == Kind::Fatal {
            if self.is_over {
                return;
            }
            self.is_over = true;
        }
        let Some(template) = self.template() else { return };
        // The next charge notices when this was too much.
        let _ = self.charge(REPORT_WORK.saturating_add(self.node.start.min(1 << 20)));
        let diagnostic = problem.diagnostic(template.source(), &self.node);
        let diagnostic = self.with_includers(diagnostic).original(self.raised(problem, template));
        self.say(diagnostic);
        if blank && problem.replacement.is_none() {
            return;
        }
        let line = self.options.line_numbers.then(|| template.line(self.node.start));
        let shown = problem.shown(line);
        let node = self.node.clone();
        self.sink.derived(&shown, || template.source().locate(node));
    }

    /// Adds the places from which the current template was included, the closest first and the
    /// outermost last, each once.
    fn with_includers(&self, diagnostic: Diagnostic) -> Diagnostic {
        let mut places: Vec<Place> = Vec::new();
        for (template, node) in self.templates.iter().zip(&self.includers).rev() {
            let place = template.source().locate(node.clone());
            places.extend(place.filter(|place| !places.contains(place)));
        }
        if places.len() > MAX_INCLUDERS {
            places.drain(MAX_INCLUDERS - 1..places.len() - 1);
        }
        let add = |diagnostic: Diagnostic, place| diagnostic.related(place, "included from here");
        places.into_iter().fold(diagnostic, add)
    }

    /// A problem in the words of the program that this engine follows, with the file.
    fn raised(&self, problem: &Problem, template: &Template) -> String {
        let path = |template: &Template| {
            let place = template.source().locate(0..0);
            place.map_or_else(String::new, |place| place.source().path().to_owned())
        };
        let line = template.line(problem.range.as_ref().unwrap_or(&self.node).start);
        let words = match self.includers.is_empty() {
            true => problem.raised(line),
            false => {
                let words = problem.raised(line);
                words.replacen("(line", &format!("({} line", path(template)), 1) + " included"
            }
        };
        let outermost = self.templates.first().map_or_else(String::new, |first| path(first));
        format!("Liquid Exception: {words} in {outermost}")
    }

    /// Counts a step against its bound.
    pub(super) fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > self.options.limits.steps {
            let bound = self.options.limits.steps;
            return Err(Problem::limit(format!("this template takes more than {bound} steps"))
                .hint("is there a loop over a large range, or an include that includes itself?"));
        }
        Ok(())
    }

    /// Counts bytes that were read or made against their bounds.
    pub(super) fn charge(&mut self, bytes: usize) -> Outcome<()> {
        self.work = self.work.saturating_add(bytes as u64);
        let limits = &self.options.limits;
        if bytes > limits.text {
            let bound = limits.text;
            return Err(Problem::limit(format!("a value has more than {bound} bytes"))
                .hint("does an `assign` or a `capture` repeat its own value in a loop?"));
        }
        if self.work > limits.work {
            let bound = limits.work;
            return Err(Problem::limit(format!("filters work through more than {bound} bytes"))
                .hint("does a loop filter the same long text again and again?"));
        }
        Ok(())
    }

    /// Counts work of a filter that isn't seen in its result's size, as bytes that it reads.
    ///
    /// # Errors
    /// When the template has worked through more than its bounds allow.
    pub fn spend(&mut self, amount: usize) -> Outcome<()> {
        self.charge(amount.min(self.options.limits.text))
    }

    /// The bytes of a value, as far as they count for the bounds.
    pub(super) fn weigh(value: &Val<'s>) -> usize {
        match value {
            Val::Text(text) => text.len(),
            Val::List(list) => list.len() * 16,
            _ => 0,
        }
    }

    /// Refuses a list that is too long to be made.
    pub(super) fn check_length(&self, length: i128) -> Outcome<()> {
        if length > MAX_LIST_WEIGHT as i128 {
            return Err(Problem::limit(format!("a list of {length} elements is too long"))
                .hint(format!("at most {MAX_LIST_WEIGHT} elements fit")));
        }
        Ok(())
    }

    /// Writes literal text of the current template.
    ///
    /// # Errors
    /// When the page gets too long.
    pub fn write_source(&mut self, range: Range<usize>) -> Outcome<()> {
        if let Some(template) = self.template() {
            self.sink.source(template, range);
        }
        self.check_output()
    }

    /// Writes computed text; it stems from the current node.
    ///
    /// # Errors
    /// When the page gets too long.
    pub fn write(&mut self, text: &str) -> Outcome<()> {
        let node = self.node.clone();
        let template = self.template();
        self.sink.derived(text, || template?.source().locate(node));
        self.check_output()
    }

    fn check_output(&self) -> Outcome<()> {
        if self.sink.len() > self.options.limits.output {
            let bound = self.options.limits.output;
            return Err(Problem::limit(format!("the page has more than {bound} bytes")));
        }
        Ok(())
    }

    /// What `work` writes, as text instead of into the page.
    ///
    /// # Errors
    /// Those of `work`, and when the text is too long.
    pub fn capture(&mut self, work: impl FnOnce(&mut Self) -> Outcome<()>) -> Outcome<String> {
        self.sink.begin_capture();
        let result = work(self);
        let text = self.sink.end_capture();
        result?;
        self.charge(text.len())?;
        Ok(text)
    }

    /// Sets a variable for the rest of the page.
    pub fn assign(&mut self, name: impl Into<Text<'s>>, value: Val<'s>) {
        if let Some(page) = self.scopes.first_mut() {
            page.insert(name.into(), value);
        }
    }

    /// Sets a variable in the innermost scope.
    pub fn assign_inner(&mut self, name: impl Into<Text<'s>>, value: Val<'s>) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name.into(), value);
        }
    }

    /// Does `work` with a further scope of variables.
    ///
    /// # Errors
    /// Those of `work`, and when scopes nest too deeply.
    pub fn scoped(
        &mut self,
        scope: Scope<'s>,
        work: impl FnOnce(&mut Self) -> Outcome<()>,
    ) -> Outcome<()> {
        if self.scopes.len() >= MAX_SCOPES {
            let mut problem =
                Problem::limit("templates nest too deeply").in_ruby("Nesting too deep");
            problem.kind = Kind::Render;
            return Err(problem.hint("does an include include itself?"));
        }
        self.scopes.push(scope);
        let result = work(self);
        self.scopes.pop();
        result
    }

    /// Renders another template in place, with the variables of this one.
    ///
    /// # Errors
    /// When it could not be parsed, or templates nest too deeply.
    pub fn include(&mut self, template: &'s Template) -> Outcome<()> {
        self.templates.push(template);
        self.includers.push(self.node.clone());
        let outer = self.node.clone();
        let result = match template.error() {
            // The template's own parsing has said it; this says where the template is used.
            Some(error) => {
                self.node = error.range.clone().unwrap_or_default();
                self.report(error, false);
                Ok(())
            }
            None => self.render(&template.body),
        };
        self.node = outer;
        self.includers.pop();
        self.templates.pop();
        result
    }
}
