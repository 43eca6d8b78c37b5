//! The outcome of a scenario: what was measured in each variant, and what became of its claims.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use crate::aws::metrics::Run;
use crate::quantity::{Dimension, Quantity};

/// A figure or table that a scenario shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum View {
    /// A table of the main measures, variants side by side.
    Summary,
    /// Concurrency over time, stacked by function, with the limits drawn in.
    Concurrency,
    /// Lifelines of execution environments.
    Environments,
    /// Percentiles of latency.
    Latency,
    /// What it costs.
    Cost,
    /// What waits in queues, streams and Lambda's queues of events, and how old it is.
    Queue,
    /// Who talks to whom, with times.
    Sequence,
    /// A table of requests and what IAM decided.
    Decisions,
    /// The steps of tasks, each with the role that was asked.
    Tasks,
    /// A table of the events of RDS, and who was notified of them when.
    RdsEvents,
    /// What happened, step by step, to the first messages and requests.
    Log,
    /// What stands in which subnets, and which connections come about.
    Topology,
    /// The story of one message or request: its number in the run, from 0.
    Why(u32),
    /// A measure over the sweep: the number of its chart in [`SweepOutcome::charts`].
    Sweep(u32),
}

/// What a measure is worth: a quantity with its dimension, or something else that can be compared.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Measure {
    /// Nothing was measured (the percentile of no requests).
    Absent,
    /// A truth value.
    Bool(bool),
    /// A quantity: amount in the base unit of its dimension.
    Quantity(f64, MeasureDimension),
    /// A text (a reason, a status).
    Text(String),
    /// A list.
    List(Vec<Measure>),
    /// Measures by name, in a fixed order.
    Map(IndexMap<String, Measure>),
}

/// The dimension of a stored measure; mirrors [`crate::quantity::Dimension`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MeasureDimension {
    /// A bare number.
    Number,
    /// Nanoseconds.
    Duration,
    /// A second.
    Rate,
    /// Bytes.
    DataSize,
    /// A share; 1 is the whole.
    Percent,
    /// US dollars.
    Money,
}

impl Measure {
    /// A bare number.
    pub fn number(amount: f64) -> Self {
        Self::Quantity(amount, MeasureDimension::Number)
    }

    /// The quantity, if it is one.
    pub fn quantity(&self) -> Option<Quantity> {
        match self {
            Self::Quantity(amount, dimension) => Some(Quantity::new(*amount, (*dimension).into())),
            _ => None,
        }
    }
}

impl From<Quantity> for Measure {
    fn from(quantity: Quantity) -> Self {
        Self::Quantity(quantity.amount, quantity.dimension.into())
    }
}

impl From<Dimension> for MeasureDimension {
    fn from(dimension: Dimension) -> Self {
        match dimension {
            Dimension::Number => Self::Number,
            Dimension::Duration => Self::Duration,
            Dimension::Rate => Self::Rate,
            Dimension::DataSize => Self::DataSize,
            Dimension::Percent => Self::Percent,
            Dimension::Money => Self::Money,
        }
    }
}

impl From<MeasureDimension> for Dimension {
    fn from(dimension: MeasureDimension) -> Self {
        match dimension {
            MeasureDimension::Number => Self::Number,
            MeasureDimension::Duration => Self::Duration,
            MeasureDimension::Rate => Self::Rate,
            MeasureDimension::DataSize => Self::DataSize,
            MeasureDimension::Percent => Self::Percent,
            MeasureDimension::Money => Self::Money,
        }
    }
}

/// What became of an expectation in one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The expectation as written.
    pub expression: String,
    /// Whether it holds.
    pub holds: bool,
    /// What was measured for each side of a comparison: the part as written, its value as text.
    pub values: Vec<(String, String)>,
}

/// The result of one variant.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariantOutcome {
    /// The variant's name; `None` for a scenario without variants.
    pub name: Option<String>,
    /// All measures by the names of the language.
    pub measures: IndexMap<String, Measure>,
    /// The expectations, those of the variant after those of the scenario.
    pub verdicts: Vec<Verdict>,
    /// What the engine recorded, for the figures.
    pub run: Run,
}

/// A named assumption that a result rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assumption {
    /// Its name in the language or the catalogue, for instance `policies.routing`.
    pub name: String,
    /// What was assumed, as text.
    pub value: String,
}

/// A catalogue fact that the run read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct QuotaUsed {
    /// Its name in the catalogue.
    pub name: String,
    /// The value used, amount in base unit.
    pub value: f64,
    /// Its dimension.
    pub dimension: MeasureDimension,
    /// Whether the scenario overrides the catalogue.
    pub overridden: bool,
}

/// A setting that a sweep changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepAxis {
    /// The path as it is written, for instance `functions.orders.reserved_concurrency`.
    pub path: String,
    /// Its values in the author's order; what is no single value is text.
    pub values: Vec<Measure>,
}

impl SweepAxis {
    /// The last step of the path, by which a value may be asked for as well.
    pub fn name(&self) -> &str {
        self.path.rsplit('.').next().unwrap_or(&self.path)
    }

    /// The resource that the setting belongs to; none of a setting of the whole block.
    pub fn owner(&self) -> Option<&str> {
        let mut steps = self.path.split('.');
        let section = steps.next().unwrap_or_default();
        let owner = steps.next()?;
        let of_block = ["account", "events", "policies", "quotas"].contains(&section);
        (!of_block).then_some(owner)
    }
}

/// A measure over a sweep.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepChart {
    /// The expression as it is written.
    pub expression: String,
    /// Its value at each point; [`Measure::Absent`] where nothing was measured.
    pub values: Vec<Measure>,
}

/// What a sweep measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SweepOutcome {
    /// The settings that change, one or two.
    pub axes: Vec<SweepAxis>,
    /// A list with a group for each point: its measures by the names of the language, without the
    /// lists of single happenings, and under `at` the values of the settings by their paths. The
    /// values of the last setting change from each point to the next.
    pub points: Measure,
    /// The charts that are shown.
    pub charts: Vec<SweepChart>,
}

impl SweepOutcome {
    /// The measures of each point.
    pub fn points(&self) -> impl Iterator<Item = &IndexMap<String, Measure>> {
        let points = match &self.points {
            Measure::List(points) => points.as_slice(),
            _ => &[],
        };
        points.iter().filter_map(|point| match point {
            Measure::Map(measures) => Some(measures),
            _ => None,
        })
    }
}

/// The outcome of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The author's name for the scenario.
    pub id: String,
    /// Its title; the id when none was given.
    pub title: String,
    /// The key of the resolved scenario.
    pub key: String,
    /// The hash of what the block means, without engine and catalogue.
    pub meaning: String,
    /// The seed.
    pub seed: u64,
    /// The views in the order in which they are shown.
    pub show: Vec<View>,
    /// The variants in the author's order; one without a name if there are none.
    pub variants: Vec<VariantOutcome>,
    /// What the sweep measured, of a scenario that has one.
    pub sweep: Option<SweepOutcome>,
    /// Policies and other assumptions that the result rests on.
    pub assumptions: Vec<Assumption>,
    /// Catalogue facts that were read, by name.
    pub quotas: Vec<QuotaUsed>,
}

impl Outcome {
    /// Whether all expectations hold.
    pub fn holds(&self) -> bool {
        self.variants.iter().all(|variant| variant.verdicts.iter().all(|verdict| verdict.holds))
    }
}
