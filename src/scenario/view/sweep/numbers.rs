//! What a sweep measured, in the shape in which it is drawn: along the first setting from left to
//! right, along the second from panel to panel.

use indexmap::IndexMap;

use super::words;
use crate::quantity::Language;
use crate::scenario::outcome::{Measure, MeasureDimension, Outcome, SweepAxis, SweepChart};
use crate::scenario::telling;

/// The most measures that are told of each point beside those that are drawn.
const MOST_MEASURES: usize = 5;
/// The same, of measures that have no name in words.
const MOST_WITHOUT_WORDS: usize = 3;
/// Values stand on a scale as long as the widest gap is at most this many times the narrowest:
/// beyond it, points would lie on one another.
const UNEVEN: f64 = 8.0;

/// A sweep as the views see it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sweep {
    /// The settings, one or two.
    pub axes: Vec<SweepAxis>,
    /// The measures that are drawn.
    pub charts: Vec<SweepChart>,
    /// The measures that are told of each point, those that are drawn first.
    pub measures: Vec<SweepChart>,
    /// Why AWS refuses what is deployed at a point.
    pub refused: Vec<Option<String>>,
    /// Whether there is one resource only, whose name goes without saying.
    pub alone: bool,
}

impl Sweep {
    /// The sweep of an outcome, if it has one.
    pub fn of(outcome: &Outcome) -> Option<Self> {
        let sweep = outcome.sweep.as_ref()?;
        let points: Vec<&IndexMap<String, Measure>> = sweep.points().collect();
        let verdicts = outcome.variants.iter().flat_map(|variant| &variant.verdicts);
        let claims: Vec<&str> = verdicts.map(|verdict| verdict.expression.as_str()).collect();
        let mut measures: Vec<SweepChart> = Vec::new();
        let owners: Vec<&str> = sweep.axes.iter().filter_map(SweepAxis::owner).collect();
        let told = telling::measures(&points, &owners, &claims).into_iter().map(|path| {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let value = |point: &&IndexMap<String, Measure>| telling::find(point, &path).cloned();
            let values = points.iter().map(|point| value(point).unwrap_or(Measure::Absent));
            SweepChart { expression: path.join("."), values: values.collect() }
        });
        // What has a name in words says more than what hasn't.
        let has_words = |chart: &SweepChart| {
            words::measure(&chart.expression, true, Language::English).name != chart.expression
        };
        let (in_words, others): (Vec<_>, Vec<_>) = told.partition(has_words);
        // A measure and its like, such as a sum over one function, say the same.
        let known = |measures: &[SweepChart], chart: &SweepChart| {
            let same = |other: &SweepChart| {
                other.expression == chart.expression || other.values == chart.values
            };
            measures.iter().any(same)
        };
        for chart in &sweep.charts {
            if !known(&measures, chart) {
                measures.push(chart.clone());
            }
        }
        for chart in in_words.into_iter().chain(others) {
            let most = if has_words(&chart) { MOST_MEASURES } else { MOST_WITHOUT_WORDS };
            if measures.len() < most && !known(&measures, &chart) {
                measures.push(chart);
            }
        }
        let refused = points.iter().map(|point| {
            let rejected = telling::find(point, &["deploy", "rejected"]);
            let text = |name| match telling::find(point, &["deploy", name]) {
                Some(Measure::Text(text)) => text.clone(),
                _ => String::new(),
            };
            let words = || format!("{}: {}", text("error"), text("reason"));
            (rejected == Some(&Measure::Bool(true))).then(words)
        });
        let resources = points.first().map_or(0, |point| {
            point.keys().filter(|name| !telling::NOT_RESOURCES.contains(&name.as_str())).count()
        });
        let sweep = Self {
            axes: sweep.axes.clone(),
            charts: sweep.charts.clone(),
            measures,
            refused: refused.collect(),
            alone: resources <= 1,
        };
        Some(if sweep.grows_in_panels() { sweep.turned() } else { sweep })
    }

    /// Whether the second setting has a scale, and the first one hasn't.
    fn grows_in_panels(&self) -> bool {
        let grows = |axis: &SweepAxis| Scale::of(&axis.values).grows;
        matches!(self.axes.as_slice(), [first, second] if !grows(first) && grows(second))
    }

    /// The same with the settings changed round.
    fn turned(mut self) -> Self {
        let (values, panels) = (self.axes.first().map_or(0, |a| a.values.len()), self.panels());
        let order: Vec<usize> =
            (0..panels).flat_map(|panel| (0..values).map(move |v| v * panels + panel)).collect();
        let charts = self.charts.iter_mut().chain(&mut self.measures);
        for chart in charts {
            let value = |&from: &usize| chart.values.get(from).cloned().unwrap_or(Measure::Absent);
            chart.values = order.iter().map(value).collect();
        }
        let refused = |&from: &usize| self.refused.get(from).cloned().flatten();
        self.refused = order.iter().map(refused).collect();
        self.axes.reverse();
        self
    }

    /// How many values the second setting has; one without a second setting.
    pub fn panels(&self) -> usize {
        self.axes.get(1).map_or(1, |axis| axis.values.len())
    }

    /// The number of a point in the order in which points are stored.
    pub fn index(&self, value: usize, panel: usize) -> usize {
        value * self.panels() + panel
    }

    /// Whether AWS refuses what is deployed at a point.
    pub fn is_refused(&self, index: usize) -> bool {
        self.refused.get(index).is_some_and(Option::is_some)
    }

    /// The name of a setting.
    pub fn setting(&self, axis: usize, language: Language) -> String {
        let path = self.axes.get(axis).map_or("", |axis| axis.path.as_str());
        words::setting(path, self.alone, language)
    }

    /// The name of the second setting where the first one has been named: without the resource,
    /// unless that is the difference.
    pub fn second_setting(&self, language: Language) -> Option<String> {
        let (first, second) = (self.axes.first()?, self.axes.get(1)?);
        let alone = self.alone || first.name() != second.name();
        Some(words::setting(&second.path, alone, language))
    }

    /// Whether a measure is of the resource that the first setting belongs to, and needn't name it
    /// again.
    pub fn is_named(&self, expression: &str) -> bool {
        let owner = self.axes.first().and_then(SweepAxis::owner);
        self.alone || owner.is_some() && owner == expression.split('.').next()
    }

    /// The values of a setting as a reader sees each on its own.
    pub fn values(&self, axis: usize, language: Language) -> Vec<String> {
        let values = self.axes.get(axis).map_or(&[][..], |axis| &axis.values);
        let show = |value: &Measure| match value {
            Measure::Quantity(amount, dimension) => {
                words::value(*amount, *dimension, false, language)
            }
            Measure::Text(text) => unbraced(text).to_owned(),
            other => crate::scenario::lookup::display(other, language),
        };
        values.iter().map(show).collect()
    }
}

/// Where the values of a setting lie from left to right.
#[derive(Clone, Debug, PartialEq)]
pub struct Scale {
    /// The numbers of the values, from left to right.
    pub order: Vec<usize>,
    /// Where each lies, as a share of the width.
    pub places: Vec<f64>,
    /// Whether they are numbers of one kind, which grow from left to right.
    pub grows: bool,
}

impl Scale {
    /// The scale of some values: to scale where they are numbers whose gaps aren't too unlike, in
    /// even steps where they are other numbers, and in the author's order where they aren't.
    pub fn of(values: &[Measure]) -> Self {
        let count = values.len().max(1) as f64;
        let numbers: Option<Vec<(f64, MeasureDimension)>> = values.iter().map(number).collect();
        let first = numbers.as_ref().and_then(|numbers| numbers.first()).map(|(_, unit)| *unit);
        let alike = |numbers: &Vec<(f64, MeasureDimension)>| {
            numbers.iter().all(|(_, unit)| Some(*unit) == first)
        };
        let steps = |index: usize| (index as f64 + 0.5) / count;
        let Some(numbers) = numbers.filter(alike) else {
            let order = (0..values.len()).collect();
            return Self { order, places: (0..values.len()).map(steps).collect(), grows: false };
        };
        let amount = |index: &usize| numbers.get(*index).map_or(0.0, |(amount, _)| *amount);
        let mut order: Vec<usize> = (0..numbers.len()).collect();
        order.sort_by(|a, b| amount(a).total_cmp(&amount(b)));
        let sorted: Vec<f64> = order.iter().map(amount).collect();
        let gaps = || sorted.windows(2).map(|pair| pair[1] - pair[0]);
        let (least, most) = (gaps().fold(f64::INFINITY, f64::min), gaps().fold(0.0, f64::max));
        let places = if least > 0.0 && most <= least * UNEVEN {
            let (from, to) = (sorted.first().copied(), sorted.last().copied());
            let (from, to) = (from.unwrap_or(0.0), to.unwrap_or(1.0));
            // A margin keeps the first and the last point off the edges.
            let margin = (0.5 / count).min(0.06);
            let place = |value: &f64| margin + (1.0 - 2.0 * margin) * (value - from) / (to - from);
            sorted.iter().map(place).collect()
        } else {
            (0..sorted.len()).map(steps).collect()
        };
        Self { order, places, grows: true }
    }
}

/// A map as its author wrote it, without the braces around it.
fn unbraced(text: &str) -> &str {
    let inner = text.strip_prefix('{').and_then(|text| text.strip_suffix('}'));
    inner.map_or(text, str::trim)
}

fn number(value: &Measure) -> Option<(f64, MeasureDimension)> {
    match value {
        Measure::Quantity(amount, dimension) => Some((*amount, *dimension)),
        _ => None,
    }
}

/// A measure along the first setting: for each value from left to right its amount.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The amounts; a gap where nothing was measured.
    pub values: Vec<Option<f64>>,
}

impl Curve {
    /// The curve of a chart in a panel.
    pub fn of(sweep: &Sweep, chart: &SweepChart, scale: &Scale, panel: usize) -> Self {
        let value = |&value: &usize| {
            let index = sweep.index(value, panel);
            let measured = chart.values.get(index).filter(|_| !sweep.is_refused(index));
            measured.and_then(number).map(|(amount, _)| amount)
        };
        Self { values: scale.order.iter().map(value).collect() }
    }

    /// The points that have a value: their number from left to right, and it.
    pub fn measured(&self) -> impl Iterator<Item = (usize, f64)> {
        self.values.iter().enumerate().filter_map(|(at, value)| Some((at, (*value)?)))
    }
}

/// The dimension of a chart's values.
pub fn dimension(chart: &SweepChart) -> MeasureDimension {
    let found = chart.values.iter().find_map(number);
    found.map_or(MeasureDimension::Number, |(_, dimension)| dimension)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(numbers: &[f64]) -> Vec<i64> {
        let values: Vec<Measure> = numbers.iter().map(|&number| Measure::number(number)).collect();
        Scale::of(&values).places.iter().map(|place| (place * 100.0).round() as i64).collect()
    }

    #[test]
    fn values_stand_to_scale_unless_their_gaps_are_too_unlike() {
        assert_eq!(places(&[0.0, 100.0, 200.0, 400.0]), [6, 28, 50, 94]);
        assert_eq!(places(&[1.0, 10.0, 100.0, 1000.0]), [13, 38, 63, 88]);
        assert_eq!(places(&[7.0, 8.0]), [6, 94]);
    }

    #[test]
    fn numbers_grow_from_left_to_right_and_words_keep_their_order() {
        let numbers = [3.0, 1.0, 2.0].map(Measure::number);
        assert_eq!(Scale::of(&numbers).order, [1, 2, 0]);
        let words = ["b", "a"].map(|word| Measure::Text(word.to_owned()));
        let scale = Scale::of(&words);
        assert_eq!((scale.order, scale.grows), (vec![0, 1], false));
        let mixed = [Measure::Absent, Measure::number(1.0)];
        assert!(!Scale::of(&mixed).grows);
    }
}
