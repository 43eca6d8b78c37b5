//! The scenario language: from a fenced block to measures and verdicts.
//!
//! [`parse`] reads a [`Block`] into a [`Scenario`]; [`Scenario::simulate`] runs it, which is what a
//! cache may remember by [`Scenario::key`]; [`Scenario::judge`] holds the block's claims against
//! the measures. [`Scenario::run`] does both.

pub mod expect;
pub mod expression;
pub mod key;
pub mod limit;
pub mod lock;
pub mod lookup;
pub mod measures;
pub mod outcome;
pub mod quoted;
pub mod run;
pub mod schema;
mod sweep;
mod telling;
pub mod view;

use std::collections::BTreeMap;
use std::ops::Range;

use crate::aws::catalogue::Catalogue;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::quantity::Quantity;
use crate::span::{Mapped, Place};
use crate::yaml::{Mapping, Node, NodeValue};

use expect::Expectation;
use expression::name::enumerate;
use schema::Reader;
use schema::model::Model;
use schema::show::WrittenChart;
use sweep::Sweep;

pub use outcome::Outcome;

/// A block with more than one YAML document.
pub const SECOND_DOCUMENT: Code = Code("E0121");
/// Two blocks with one id.
pub const DUPLICATE_ID: Code = Code("E0101");

/// A fenced `scenario` block as it stands in a document.
#[derive(Clone, Debug)]
pub struct Block {
    /// The YAML, with list indentation and quote marks taken off, mapped to the author's file.
    pub yaml: Mapped,
}

/// A block that was understood: resolved, checked, ready to run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The author's name for it, unique in the site.
    pub id: String,
    /// Its title; the id when none was given.
    pub title: String,
    /// The views to show, in order.
    pub show: Vec<outcome::View>,
    /// The variants; one without a name if there are none.
    variants: Vec<Variant>,
    /// The expectations that hold in every variant.
    expectations: Vec<Expectation>,
    /// The sweep, if there is one.
    sweep: Option<Sweep>,
    /// The charts of it that are shown.
    charts: Vec<WrittenChart>,
    /// The block's text, to which ranges refer.
    text: Mapped,
    /// The bytes of the id in it.
    id_range: Range<usize>,
    key: String,
}

/// A variant, resolved.
#[derive(Clone, Debug)]
struct Variant {
    name: Option<String>,
    /// The bytes of the name; those of the id if there is none.
    range: Range<usize>,
    model: Model,
    /// The catalogue's values with the variant's overrides.
    quotas: BTreeMap<String, Quantity>,
    expectations: Vec<Expectation>,
}

/// Reads a block. Without a value when it has errors; warnings may come beside a value.
///
/// Every problem of the block is reported, not only the first (up to
/// [`limit::DIAGNOSTICS`]).
pub fn parse(block: &Block, catalogue: &Catalogue) -> Staged<Option<Scenario>> {
    let text = &block.yaml;
    let mut reader = Reader::new(text, catalogue);
    if text.text().len() > limit::TEXT {
        let diagnostic = reader
            .error(schema::TOO_MANY, &(0..0), "a scenario is too long")
            .label(format!("more than {} KB", limit::TEXT / 1024))
            .hint("split it into several scenarios");
        return Staged::new(None, vec![diagnostic]);
    }
    let root = match crate::yaml::load(text) {
        Ok(staged) => staged.collect_into(&mut reader.diagnostics),
        Err(diagnostic) => return Staged::new(None, vec![with_brackets_explained(*diagnostic)]),
    };
    if let Some(second) = second_document(text.text()) {
        let diagnostic = reader
            .error(SECOND_DOCUMENT, &second, "a scenario block holds one scenario")
            .label("a second YAML document begins here, and nothing of it would be run")
            .hint("take the line away, or put what follows into a block of its own");
        reader.report(diagnostic);
    }
    let scenario = read(&mut reader, &root);
    let faulty = reader.diagnostics.iter().any(is_error);
    Staged::new(scenario.filter(|_| !faulty), reader.diagnostics)
}

/// Reads `quotas` of a site's configuration: values for facts of the catalogue, written as in a
/// scenario. What is no fact or has another dimension is reported at its place in `text`.
pub fn site_quotas(
    text: &Mapped,
    node: &Node,
    catalogue: &Catalogue,
) -> Staged<BTreeMap<String, Quantity>> {
    let mut reader = Reader::new(text, catalogue);
    let quotas = reader.overrides(Some(node));
    Staged::new(quotas, reader.diagnostics)
}

/// The line that ends the first YAML document of a block, if more text follows it.
fn second_document(text: &str) -> Option<Range<usize>> {
    let mut end = 0;
    let mut begun = false;
    for line in text.split_inclusive('\n') {
        let start = end;
        end += line.len();
        let content = line.trim_end();
        let separates = content == "---" || content == "..." || content.starts_with("--- ");
        if separates && begun {
            let more = text[end..].lines().any(|line| !line.trim().is_empty());
            return more.then(|| start..start + content.len());
        }
        begun |= !content.is_empty() && !content.starts_with(['#', '%']);
    }
    None
}

/// The id that a block claims, read leniently: for telling duplicates apart also among blocks that
/// have other errors, and for naming a block that is no YAML.
pub fn claimed_id(block: &Block) -> Option<(String, Place)> {
    let text = &block.yaml;
    let Ok(staged) = crate::yaml::load(text) else {
        let (id, range) = written_id(text.text())?;
        return Some((id.to_owned(), text.locate(range)?));
    };
    let NodeValue::Mapping(fields) = &staged.value.value else { return None };
    let node = fields.get("id")?;
    let NodeValue::String(id) = &node.value else { return None };
    Some((id.clone(), text.locate(node.range.clone())?))
}

/// What stands behind `id:` on a line of its own in text that isn't YAML.
fn written_id(text: &str) -> Option<(&str, Range<usize>)> {
    let mut end = 0;
    text.split_inclusive('\n').find_map(|line| {
        let start = end;
        end += line.len();
        let word = line.strip_prefix("id:")?.split('#').next()?.trim();
        let word = word.trim_matches(['"', '\'']);
        let at = start + line.find(word).filter(|_| !word.is_empty())?;
        Some((word, at..at + word.len()))
    })
}

/// A diagnostic for a block whose id another block has already.
pub fn repeated_id(id: &str, place: Place, first: Place) -> Diagnostic {
    Diagnostic::new(DUPLICATE_ID, format!("two scenarios are called `{id}`"))
        .at(place)
        .label("this id is taken")
        .related(first, "the first one is here")
        .hint("give one of them another id: posts print its values by that name")
}

/// Gives a hint for `expect: [page.log[1] == 2]`: in a list in brackets YAML takes those of an
/// expectation for its own.
fn with_brackets_explained(mut diagnostic: Diagnostic) -> Diagnostic {
    let line = diagnostic.place.as_ref().map(|place| {
        let (text, at) = (place.source().text(), place.range().start);
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        let before = before.rsplit('\n').next().unwrap_or_default();
        format!("{before}{}", after.lines().next().unwrap_or_default())
    });
    let list = line.as_deref().and_then(|line| line.split_once("expect:")).map(|(_, list)| list);
    let nested = |list: &str| list.trim_start().starts_with('[') && list.matches('[').count() > 1;
    if !list.is_some_and(nested) {
        return diagnostic;
    }
    diagnostic.hints.clear();
    diagnostic
        .hint("an expectation with brackets stands on a line of its own: `- page.log[1] == 2`")
}

fn is_error(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity() == crate::diagnostic::Severity::Error
}

fn read(reader: &mut Reader<'_>, root: &Node) -> Option<Scenario> {
    let empty = matches!(root.value, NodeValue::Null);
    let fields = if empty { &Mapping::default() } else { reader.mapping(root, "a scenario")? };
    let (id, id_range) = id(reader, root, fields);
    if empty {
        return None;
    }
    let title = fields.get("title").filter(|node| node.value != NodeValue::Null);
    let title = title.and_then(|node| Some((reader.text_of(node, "title")?, &node.range)));
    if let Some((title, range)) = &title {
        let length = title.chars().count();
        reader.check_size(length, limit::TITLE, "characters in its title", range);
    }
    let model = reader.model(root)?;
    let swept = fields.get("sweep").filter(|node| node.value != NodeValue::Null);
    let show = reader.show(fields.get("show"), &model, swept.is_some());
    let names: Vec<String> = reader.names.iter().map(str::to_owned).collect();
    let expectations = reader.expectations(fields.get("expect"), &names);
    let variants = variants(reader, root, fields, (model, &id_range));
    let sweep = swept.and_then(|node| sweep::read(reader, root, node));
    let mut scenario = Scenario {
        title: title.map_or_else(|| id.clone(), |(title, _)| title),
        id,
        id_range,
        show,
        variants,
        expectations,
        sweep,
        charts: std::mem::take(&mut reader.charts),
        text: reader.text.clone(),
        key: String::new(),
    };
    scenario.key = key::key(&scenario, reader.catalogue);
    Some(scenario)
}

fn id(reader: &mut Reader<'_>, root: &Node, fields: &Mapping) -> (String, Range<usize>) {
    let owner = fields.entries.first().map_or(root.range.clone(), |entry| entry.key_range.clone());
    let node = reader.required(fields, "id", "a scenario", &owner, "id: noisy_neighbour");
    let Some(node) = node else { return (String::new(), owner) };
    let id = reader.text_of(node, "id").unwrap_or_default();
    if matches!(node.value, NodeValue::String(_)) || !id.is_empty() {
        reader.check_name(&id, &node.range, "an id");
    }
    (id, node.range.clone())
}

fn variants(
    reader: &mut Reader<'_>,
    root: &Node,
    fields: &Mapping,
    (base, id_range): (Model, &Range<usize>),
) -> Vec<Variant> {
    let node = fields.get("variants").filter(|node| node.value != NodeValue::Null);
    let written = node.map(|node| reader.variants(root, node)).unwrap_or_default();
    let mut variants = Vec::new();
    let mut warnings = Vec::new();
    for variant in written {
        // The tree differs from the base only by what the variant sets, so a problem of the base
        // is found again and dropped, and a new one stands where the variant says so.
        let Some(model) = reader.model(&variant.root) else { continue };
        let names: Vec<String> = reader.names.iter().map(str::to_owned).collect();
        for warning in reader.default_timeouts(&variant.root, &model) {
            warnings.push((variant.name, warning));
        }
        variants.push(Variant {
            name: Some(variant.name.to_owned()),
            range: variant.range,
            quotas: quotas(reader.catalogue, &model),
            expectations: reader.expectations(variant.expect, &names),
            model,
        });
    }
    report_warnings(reader, warnings, variants.len());
    if variants.is_empty() {
        for warning in reader.default_timeouts(root, &base) {
            reader.report(warning);
        }
        variants.push(Variant {
            name: None,
            range: id_range.clone(),
            quotas: quotas(reader.catalogue, &base),
            expectations: Vec::new(),
            model: base,
        });
    }
    variants
}

/// Reports the warnings of variants, each once, with the variants concerned unless it is all.
fn report_warnings(reader: &mut Reader<'_>, warnings: Vec<(&str, Diagnostic)>, variants: usize) {
    let mut grouped: Vec<(Diagnostic, Vec<&str>)> = Vec::new();
    for (name, warning) in warnings {
        match grouped.iter_mut().find(|(known, _)| *known == warning) {
            Some((_, names)) => names.push(name),
            None => grouped.push((warning, vec![name])),
        }
    }
    for (warning, names) in grouped {
        reader.report(match names.as_slice() {
            names if names.len() == variants => warning,
            [name] => warning.note(format!("in variant `{name}`")),
            names => warning.note(format!("in the variants {}", enumerate(names))),
        });
    }
}

fn quotas(catalogue: &Catalogue, model: &Model) -> BTreeMap<String, Quantity> {
    let entries = catalogue.entries.iter().map(|(name, entry)| (name.clone(), entry.value));
    let mut quotas: BTreeMap<String, Quantity> = entries.collect();
    quotas.extend(model.overrides.iter().map(|(name, value)| (name.clone(), *value)));
    quotas
}

impl Scenario {
    /// The key of the resolved scenario: a hash (64 hexadecimal digits) over the block's meaning,
    /// the catalogue entries that it may read, the engine's version and the seed. Scenarios with
    /// equal keys have equal runs; title, views and expectations don't count, because
    /// [`Self::judge`] puts them into an outcome afresh.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Where the id stands in the author's file.
    pub fn id_place(&self) -> Option<Place> {
        self.text.locate(self.id_range.clone())
    }

    /// Runs every variant and judges the expectations. Diagnostics are the expectations that don't
    /// hold, those that can't be judged (type errors), and runs that pass their bounds. Without a
    /// value when a run passed its bounds.
    pub fn run(&self, catalogue: &Catalogue) -> Staged<Option<Outcome>> {
        match self.simulate(catalogue) {
            Ok(outcome) => {
                let judged = self.judge(outcome);
                Staged::new(Some(judged.value), judged.diagnostics)
            }
            Err(diagnostics) => Staged::new(None, diagnostics),
        }
    }
}

#[cfg(test)]
mod tests;
