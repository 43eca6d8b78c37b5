//! Computed values in prose: the objects `scenario` and `quota` that a document's Liquid sees, and
//! the marks by which the page shows where a value came from.

pub mod printed;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;

use crate::aws::catalogue::{Catalogue, Entry};
use crate::content::Content;
use crate::date::Moment;
use crate::diagnostic::{Diagnostic, closest};
use crate::escape;
use crate::jekyll::host::JekyllHost;
use crate::jekyll::reads::{Read, Recorder};
use crate::jekyll::scope::PageScope;
use crate::liquid::{
    Dictionary, Globals, Lookup, MISSING_MEMBER, Missing, Mode, Object, Options, Template, Text,
    Val,
};
use crate::markdown::mark;
use crate::pipeline::body::Surroundings;
use crate::quantity::{Dimension, Language, Quantity};
use crate::scenario::Outcome;
use crate::scenario::lookup::display;
use crate::scenario::outcome::Measure;
use crate::span::Mapped;
use printed::{Computed, Use};

/// What a page shows in place of a value that isn't there.
pub const NO_VALUE: &str = "⚠";

/// Where a value in the text came from.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The value as a program would write it.
    pub value: String,
    /// What the reader is told: the name, the scenario, the seed; or the quota, its date and its
    /// source.
    pub note: String,
}

impl Origin {
    /// A fact of the catalogue.
    pub fn of_fact(entry: &Entry) -> Self {
        let note = format!("{} · {} · {}", entry.name, entry.as_of, entry.source);
        Self { value: entry.value.code(), note }
    }

    /// A measure by its steps behind the scenario's id.
    pub fn of_measure(outcome: &Outcome, steps: &[String], value: String) -> Self {
        let Outcome { id, seed, .. } = outcome;
        Self { value, note: format!("{id} · {} · seed {seed}", steps.join(".")) }
    }
}

/// The computed values of one page, by the number of their mark.
#[derive(Debug, Default)]
pub struct Marks {
    /// Whether the text passes through Markdown, which finds the marks again.
    enabled: bool,
    origins: RefCell<Vec<Origin>>,
    /// Whether a value is missing because its scenario has errors.
    incomplete: Cell<bool>,
    /// What was printed that has no value of its own, by the number of its mark.
    groups: RefCell<Vec<(usize, String)>>,
    /// The numbers of the marks that the page shows as such, not in code or attributes.
    shown: RefCell<BTreeSet<usize>>,
    /// What was printed or calculated with.
    uses: RefCell<Vec<Use>>,
}

impl Marks {
    /// No values yet. Marks are set only in text that becomes HTML through Markdown.
    pub fn new(enabled: bool) -> Self {
        Self { enabled, ..Self::default() }
    }

    /// Whether the page shows a gap where a value should be.
    pub fn is_incomplete(&self) -> bool {
        self.incomplete.get()
    }

    /// The text as it is printed, with its mark.
    fn print(&self, computed: Computed, origin: Origin, text: &str) -> String {
        let mark = self.enabled.then(|| self.origins.borrow().len());
        self.uses.borrow_mut().push(Use { computed, text: text.to_owned(), mark });
        self.wrap(origin, text)
    }

    /// Remembers a value that is calculated with, or asked about.
    fn calculate(&self, computed: Computed) {
        self.uses.borrow_mut().push(Use { computed, text: String::new(), mark: None });
    }

    fn wrap(&self, origin: Origin, text: &str) -> String {
        if !self.enabled {
            return text.to_owned();
        }
        mark::wrap(self.add(origin), text)
    }

    /// The number of a new mark.
    pub fn add(&self, origin: Origin) -> usize {
        let mut origins = self.origins.borrow_mut();
        origins.push(origin);
        origins.len() - 1
    }

    /// Whether the page shows a mark as such. In code it vanishes.
    pub fn is_shown(&self, index: usize) -> bool {
        self.shown.borrow().contains(&index)
    }

    /// A name that stands for many values: it prints a gap, and is reported at its place.
    fn group(&self, name: &str) -> String {
        let mut origins = self.origins.borrow_mut();
        origins.push(Origin { value: String::new(), note: name.to_owned() });
        let index = origins.len() - 1;
        self.groups.borrow_mut().push((index, name.to_owned()));
        mark::wrap(index, NO_VALUE)
    }

    /// Reports the groups that were printed, at their places in the expanded text.
    fn report_groups(&self, text: &Mapped, diagnostics: &mut Vec<Diagnostic>) {
        for (index, name) in self.groups.borrow().iter() {
            let shown = mark::wrap(*index, NO_VALUE);
            let place = text.text().find(&shown).map(|at| at..at + shown.len());
            diagnostics.push(
                Diagnostic::new(MISSING_MEMBER, format!("`{name}` has many values"))
                    .at(place.and_then(|range| text.locate(range)))
                    .label("one of them has to be named")
                    .hint("`bogi run ID` shows all measures of a scenario with their names"),
            );
        }
    }

    /// The HTML around the value with this mark; none around one that has nothing to tell.
    pub fn html(&self, index: usize) -> Option<(String, String)> {
        let origins = self.origins.borrow();
        let Origin { value, note } = origins.get(index)?;
        self.shown.borrow_mut().insert(index);
        if note.is_empty() {
            return None;
        }
        let (value, note) = (escape::attribute(value), escape::attribute(note));
        let open = format!(
            "<data class=\"scenario-value\" value=\"{value}\" tabindex=\"0\" data-note=\"{note}\">"
        );
        Some((open, "</data>".to_owned()))
    }
}

/// Runs the Liquid of a document's text, or of its excerpt. The result still knows the author's
/// places.
pub fn expand(
    scope: &PageScope<'_>,
    text: Mapped,
    around: Surroundings<'_>,
    marks: &Marks,
    diagnostics: &mut Vec<Diagnostic>,
) -> Mapped {
    let document = scope.document();
    let raw = document.get("render_with_liquid").and_then(|value| value.as_bool()) == Some(false);
    if raw || !(text.text().contains("{{") || text.text().contains("{%")) {
        return text;
    }
    let template = Template::parse(&text, around.templates.dialect()).collect_into(diagnostics);
    let host = JekyllHost::new(scope, error_mode(around.content));
    let mut globals = scope.globals();
    globals.append(&mut computed(around, document.path(), marks, &scope.reads));
    let layout = document.layout.name();
    layout.iter().for_each(|name| scope.reads.note(Read::Layout((*name).to_owned())));
    if let Some(layout) = layout.and_then(|name| around.templates.layout(name)) {
        globals.insert("layout", Val::Map(Dictionary::Borrowed(&layout.data)));
    }
    let options = options(around.content, around.now);
    let expanded = template.render(&host, globals, &options).collect_into(diagnostics);
    note_time(&options, &scope.reads);
    marks.report_groups(&expanded, diagnostics);
    expanded
}

/// The objects `scenario` and `quota` for the page of the document at a path.
pub fn computed<'s>(
    around: Surroundings<'s>,
    path: &'s str,
    marks: &'s Marks,
    reads: &'s Recorder,
) -> Globals<'s> {
    let surface = Surface { marks, language: around.content.config.language };
    let catalogue = &around.content.catalogue;
    Globals::from([
        ("scenario", Val::object(Scenarios { around, path, surface, reads })),
        ("quota", Val::object(Quotas { prefix: String::new(), entry: None, catalogue, surface })),
    ])
}

/// Liquid's options from the configuration's `liquid`.
pub fn options(content: &Content, now: &Moment) -> Options {
    let liquid = content.config.get("liquid");
    let is_set = |key: &str| liquid.and_then(|liquid| liquid.get(key)?.as_bool()) == Some(true);
    Options {
        strict_variables: is_set("strict_variables"),
        strict_filters: is_set("strict_filters"),
        zone: content.config.timezone.clone(),
        now: Some(now.in_zone(&content.config.timezone)),
        ..Options::default()
    }
}

/// Notes that a rendering asked for the time.
pub fn note_time(options: &Options, reads: &Recorder) {
    if options.now_was_read.get() {
        reads.note(Read::Time);
    }
}

/// How the configuration wants Liquid to be read.
pub fn error_mode(content: &Content) -> Mode {
    match content.config.get("liquid").and_then(|liquid| liquid.get("error_mode")?.as_str()) {
        Some("strict") => Mode::Strict,
        Some("lax") => Mode::Lax,
        _ => Mode::Warn,
    }
}

/// Where values are shown.
#[derive(Clone, Copy)]
struct Surface<'s> {
    marks: &'s Marks,
    language: Language,
}

/// `scenario`: the outcomes by id.
struct Scenarios<'s> {
    around: Surroundings<'s>,
    /// The document whose page it is.
    path: &'s str,
    surface: Surface<'s>,
    reads: &'s Recorder,
}

impl<'s> Object<'s> for Scenarios<'s> {
    fn get(&self, key: &str) -> Lookup<'s> {
        self.reads.note_with(|| Read::Scenario(key.to_owned()));
        let Surroundings { simulated, .. } = self.around;
        match self.around.outcome(key, self.path) {
            Some(outcome) => {
                let path = Vec::new();
                Lookup::Found(Val::object(Measured { outcome, path, surface: self.surface }))
            }
            None if simulated.is_without_outcome(key) => {
                Lookup::Found(Val::object(Failed { marks: self.surface.marks }))
            }
            None => {
                self.reads.note(Read::Names);
                missing(
                    format!("there is no scenario `{key}`"),
                    closest(key, simulated.names()),
                    "give a block of the site this `id`; one with errors has no results",
                )
            }
        }
    }

    fn to_output(&self) -> Text<'s> {
        NO_VALUE.into()
    }
}

/// A scenario whose block has errors: they are reported there, and not again wherever its values
/// are asked for. Or one that wasn't run, on a page that isn't judged.
struct Failed<'s> {
    marks: &'s Marks,
}

impl<'s> Object<'s> for Failed<'s> {
    fn get(&self, _key: &str) -> Lookup<'s> {
        Lookup::Found(Val::object(Self { marks: self.marks }))
    }

    fn to_output(&self) -> Text<'s> {
        self.marks.incomplete.set(true);
        NO_VALUE.into()
    }
}

fn missing<'s>(message: String, near: Option<&str>, otherwise: &str) -> Lookup<'s> {
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => otherwise.to_owned(),
    };
    Lookup::Missing(Box::new(Missing {
        message,
        hints: vec![hint],
        replacement: NO_VALUE.to_owned(),
        ..Missing::default()
    }))
}

/// `scenario.ID.…`: a step on the way to a measure, or the measure.
struct Measured<'s> {
    outcome: &'s Outcome,
    path: Vec<String>,
    surface: Surface<'s>,
}

impl<'s> Measured<'s> {
    fn steps(&self) -> Vec<&str> {
        self.path.iter().map(String::as_str).collect()
    }

    /// Whether more steps may follow: `variants`, a variant's name, or a group of measures in the
    /// variant that the path names, else in the first. (A group may differ among the variants
    /// while the measure asked for is the same in all.)
    fn is_step(&self) -> bool {
        let mut steps = self.steps();
        if steps.first() == Some(&"variants") {
            steps.remove(0);
        }
        let variants = &self.outcome.variants;
        let named = steps
            .first()
            .and_then(|name| variants.iter().find(|variant| variant.name.as_deref() == Some(name)));
        if named.is_some() {
            steps.remove(0);
        }
        let Some(variant) = named.or(variants.first()) else { return false };
        let Some((first, rest)) = steps.split_first() else { return true };
        let mut at = variant.measures.get(*first);
        for step in rest {
            at = match at {
                Some(Measure::Map(map)) => map.get(*step),
                Some(Measure::List(list)) => step.parse().ok().and_then(|at: usize| list.get(at)),
                _ => None,
            };
        }
        matches!(at, Some(Measure::Map(_) | Measure::List(_)))
    }

    fn computed(&self) -> Computed {
        Computed::Measure { id: self.outcome.id.clone(), path: self.path.clone() }
    }

    fn measure(&self) -> Option<&'s Measure> {
        self.outcome.lookup(&self.steps()).ok()
    }
}

impl<'s> Object<'s> for Measured<'s> {
    fn get(&self, key: &str) -> Lookup<'s> {
        let mut path = self.path.clone();
        path.push(key.to_owned());
        let next = Self { outcome: self.outcome, path, surface: self.surface };
        match self.outcome.lookup(&next.steps()) {
            Ok(_) => Lookup::Found(Val::object(next)),
            Err(_) if next.is_step() => Lookup::Found(Val::object(next)),
            Err(error) => Lookup::Missing(Box::new(Missing {
                message: error.message,
                hints: error.hint.into_iter().collect(),
                replacement: NO_VALUE.to_owned(),
                ..Missing::default()
            })),
        }
    }

    fn to_output(&self) -> Text<'s> {
        let name = || {
            format!("scenario.{}", [&[self.outcome.id.as_str()], &*self.steps()].concat().join("."))
        };
        let measure = match self.measure() {
            None | Some(Measure::Map(_) | Measure::List(_)) => {
                return self.surface.marks.group(&name()).into();
            }
            Some(measure) => measure,
        };
        let text = display(measure, self.surface.language);
        let value = measure.quantity().map_or_else(|| text.clone(), Quantity::code);
        let origin = Origin::of_measure(self.outcome, &self.path, value);
        self.surface.marks.print(self.computed(), origin, &text).into()
    }

    fn size(&self) -> Option<usize> {
        match self.measure()? {
            Measure::List(items) => Some(items.len()),
            _ => None,
        }
    }

    fn elements(&self) -> Option<Vec<Val<'s>>> {
        let element = |index: usize| {
            let mut path = self.path.clone();
            path.push(index.to_string());
            Val::object(Self { outcome: self.outcome, path, surface: self.surface })
        };
        self.size().map(|size| (0..size).map(element).collect())
    }

    fn as_value(&self) -> Option<Val<'s>> {
        self.surface.marks.calculate(self.computed());
        match self.measure()? {
            Measure::Absent => Some(Val::Nil),
            Measure::Bool(value) => Some(Val::Bool(*value)),
            Measure::Text(text) => Some(Val::text(text.as_str())),
            measure => measure.quantity().map(plain),
        }
    }
}

/// A quantity as a bare number for Liquid's arithmetic: durations in milliseconds, as CloudWatch
/// has them, percentages as per cent, everything else in its base unit.
fn plain<'s>(quantity: Quantity) -> Val<'s> {
    let number = match quantity.dimension {
        Dimension::Duration => quantity.amount / 1e6,
        Dimension::Percent => quantity.amount * 100.0,
        _ => quantity.amount,
    };
    if number.fract() == 0.0 && number.abs() < 9e15 {
        Val::from(number as i64)
    } else {
        Val::Float(number)
    }
}

/// `quota.…`: a step on the way to a fact of the catalogue, or the fact.
struct Quotas<'s> {
    prefix: String,
    entry: Option<&'s Entry>,
    catalogue: &'s Catalogue,
    surface: Surface<'s>,
}

impl<'s> Object<'s> for Quotas<'s> {
    fn get(&self, key: &str) -> Lookup<'s> {
        let catalogue = self.catalogue;
        let name =
            if self.prefix.is_empty() { key.to_owned() } else { format!("{}.{key}", self.prefix) };
        let below = format!("{name}.");
        let entry = catalogue.get(&name);
        let is_step = catalogue.entries.range(below.clone()..).next();
        if entry.is_some() || is_step.is_some_and(|(next, _)| next.starts_with(&below)) {
            let found = Self { prefix: name, entry, catalogue, surface: self.surface };
            return Lookup::Found(Val::object(found));
        }
        if let Some(entry) = self.entry {
            match key {
                "as_of" => return Lookup::Found(Val::text(entry.as_of.as_str())),
                "source" => return Lookup::Found(Val::text(entry.source.as_str())),
                "summary" => return Lookup::Found(Val::text(entry.summary.as_str())),
                "unit" => return Lookup::Found(Val::text(entry.unit.as_str())),
                _ => {}
            }
        }
        missing(
            format!("the catalogue has no `{name}`"),
            closest(&name, catalogue.entries.keys().map(String::as_str)),
            "the names begin with a service, for instance `lambda.timeout_max`",
        )
    }

    fn to_output(&self) -> Text<'s> {
        let Some(entry) = self.entry else {
            let dot = if self.prefix.is_empty() { "" } else { "." };
            return self.surface.marks.group(&format!("quota{dot}{}", self.prefix)).into();
        };
        let text = entry.value.display(self.surface.language);
        let computed = Computed::Fact(entry.name.clone());
        self.surface.marks.print(computed, Origin::of_fact(entry), &text).into()
    }

    fn as_value(&self) -> Option<Val<'s>> {
        let entry = self.entry?;
        self.surface.marks.calculate(Computed::Fact(entry.name.clone()));
        Some(plain(entry.value))
    }
}
