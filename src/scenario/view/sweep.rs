//! The view `sweep`: a measure over the values of a setting, its knee, and the points one by one.

mod finding;
mod knee;
mod numbers;
mod slider;
mod words;

use crate::diagram::bars::{self, Bar, Bars};
use crate::diagram::ink::{Fill, Ink};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::points::{self, Chart, MOST_PANELS, Point};
use crate::diagram::ticks::{self, Ticks};
use crate::diagram::{FORMATS, Words};
use crate::quantity::Language;
use crate::scenario::outcome::{MeasureDimension, SweepChart};
use crate::scenario::view::facts::Facts;
use crate::scenario::view::phrase::pick;
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, left_out};
use knee::{Knee, knee};
use numbers::{Curve, Scale, dimension};
use words::Named;

pub use numbers::Sweep;
pub use slider::write as write_points;

/// How many marks the axis of the measure has, about.
const MARKS: usize = 4;
/// The most bars of values without a scale; the table has them all.
const MOST_BARS: usize = 16;

/// A chart with everything that is said about it.
struct Drawn<'a> {
    sweep: &'a Sweep,
    language: Language,
    /// What is set from left to right.
    setting: String,
    /// The values of the setting in the author's order.
    values: Vec<String>,
    scale: Scale,
    /// What is measured.
    measure: Named,
    dimension: MeasureDimension,
    panels: Vec<Panel>,
}

/// The curve for one value of the second setting.
struct Panel {
    title: String,
    curve: Curve,
    knee: Option<Knee>,
}

impl<'a> Drawn<'a> {
    fn of(sweep: &'a Sweep, chart: &SweepChart, language: Language) -> Self {
        let values = sweep.axes.first().map_or(&[][..], |axis| &axis.values);
        let scale = Scale::of(values);
        let second = sweep.second_setting(language);
        let titles = sweep.values(1, language);
        let panel = |index: usize| {
            let curve = Curve::of(sweep, chart, &scale, index);
            let place = |(at, value)| Some((scale.places.get(at).copied()?, value));
            let (numbers, points): (Vec<usize>, Vec<(f64, f64)>) =
                curve.measured().filter_map(|point| Some((point.0, place(point)?))).unzip();
            // Words have no order in which anything could settle; a gap may hide what happens.
            let whole = numbers.windows(2).all(|pair| pair[0] + 1 == pair[1]);
            let found = knee(&points).filter(|_| scale.grows && whole);
            let found = found
                .and_then(|knee| Some(Knee { index: numbers.get(knee.index).copied()?, ..knee }));
            let title = second.as_ref().zip(titles.get(index));
            Panel {
                title: title.map_or(String::new(), |(name, value)| format!("{name} {value}")),
                curve,
                knee: found,
            }
        };
        let panels = (0..sweep.panels()).map(panel).collect();
        Self {
            sweep,
            language,
            setting: sweep.setting(0, language),
            values: sweep.values(0, language),
            measure: {
                let named = sweep.is_named(&chart.expression);
                words::measure(&chart.expression, named, language)
            },
            dimension: dimension(chart),
            scale,
            panels,
        }
    }

    /// The value of the setting at a point, counted from left to right.
    fn at(&self, index: usize) -> String {
        let value = self.scale.order.get(index).and_then(|&value| self.values.get(value));
        value.cloned().unwrap_or_default()
    }

    /// An amount of the measure in a sentence.
    fn value(&self, amount: f64) -> String {
        words::value(amount, self.dimension, self.measure.cases, self.language)
    }

    /// An amount beside its point: the unit of counts stands in the legend.
    fn label(&self, amount: f64) -> String {
        words::value(amount, self.dimension, false, self.language)
    }
}

/// Draws a chart of the sweep.
pub fn shown(facts: &Facts, number: u32, language: Language, prefix: &str) -> Shown {
    let chart = |sweep: &'_ Sweep| sweep.charts.get(number as usize).cloned();
    let Some((sweep, chart)) = facts.sweep.as_ref().and_then(|sweep| Some((sweep, chart(sweep)?)))
    else {
        return Shown::default();
    };
    let drawn = Drawn::of(sweep, &chart, language);
    let finding = finding::sentence(&drawn, language);
    let words = Words { title: finding.clone(), description: description(&drawn) };
    let prefix = format!("{prefix}-{number}");
    let drawings = if drawn.scale.grows {
        let figure = figure(&drawn);
        FORMATS.map(|format| points::draw(&figure, &prefix, format, &words))
    } else {
        let bars = bars(&drawn);
        FORMATS.map(|format| bars::draw(&bars, &prefix, format, &words))
    };
    Shown {
        finding,
        drawings: drawings.into(),
        body: String::new(),
        notes: notes(&drawn),
        // The points are told one by one below the first chart, and not again for each.
        table: (number == 0).then(|| table(sweep, language)),
    }
}

fn description(drawn: &Drawn<'_>) -> String {
    let (language, setting, name) = (drawn.language, &drawn.setting, &drawn.measure.name);
    let mut text = match language {
        _ if !drawn.scale.grows => match language {
            Language::Korean => format!(
                "막대 하나가 시뮬레이션 한 번이고 길이는 {name}이다. 이름은 {setting}의 값이다."
            ),
            Language::English => {
                format!("Each bar is a run, as long as its {name}; its name is the {setting}.")
            }
        },
        Language::Korean => format!(
            "가로는 {setting}, 세로는 {name}이며 점 하나가 시뮬레이션 한 번이다. 점 사이는 \
             재지 않았다."
        ),
        Language::English => format!(
            "Across: {setting}; up: {name}. Each point is a run; between points nothing was \
             measured."
        ),
    };
    if drawn.panels.iter().any(|panel| panel.knee.is_some()) {
        text.push(' ');
        text.push_str(&knee_note(language));
    }
    text
}

/// What a knee is.
fn knee_note(language: Language) -> String {
    pick(
        language,
        "무릎점은 그 값부터 끝까지(또는 처음부터 그 값까지) 결과가 그대로이거나 전체 변화 폭의 \
         5% 안에서만 움직이는 곳이다.",
        "The knee is the value from which on, or up to which, the measure stays the same or moves \
         by at most 5% of its whole range.",
    )
    .to_owned()
}

fn notes(drawn: &Drawn<'_>) -> Vec<String> {
    let language = drawn.language;
    let mut notes = Vec::new();
    let panels = drawn.panels.len();
    if !drawn.scale.grows {
        return left_out(panels * drawn.values.len(), MOST_BARS, language);
    }
    if panels > MOST_PANELS {
        notes.push(match language {
            Language::Korean => {
                format!(
                    "{} {panels}개 중 처음 {MOST_PANELS}개만 그림",
                    drawn.sweep.setting(1, language)
                )
            }
            Language::English => format!("the first {MOST_PANELS} of {panels} panels are drawn"),
        });
    }
    if drawn.panels.iter().any(|panel| panel.knee.is_some()) {
        notes.push(knee_note(language));
    }
    notes
}

fn figure(drawn: &Drawn<'_>) -> Chart {
    let language = drawn.language;
    let values = drawn.sweep.axes.first().map_or(&[][..], |axis| &axis.values);
    let (labels, unit) = words::scale(values, language);
    let label = |&value: &usize| labels.get(value).cloned().unwrap_or_default();
    let amounts: Vec<f64> =
        drawn.panels.iter().flat_map(|panel| panel.curve.measured()).map(|(_, v)| v).collect();
    let max = amounts.iter().copied().fold(0.0, f64::max);
    let fractions = amounts.iter().any(|amount| amount.fract() != 0.0);
    let panels = drawn.panels.iter().enumerate().map(|(number, panel)| {
        let point = |(&value, amount): (&usize, &Option<f64>)| Point {
            value: *amount,
            words: amount.map_or(String::new(), |amount| drawn.label(amount)),
            refused: drawn.sweep.is_refused(drawn.sweep.index(value, number)),
        };
        let points = drawn.scale.order.iter().zip(&panel.curve.values).map(point);
        points::Panel {
            title: panel.title.clone(),
            points: points.collect(),
            knee: panel.knee.map(|knee| {
                let word = pick(language, "무릎점", "knee");
                (knee.index, format!("{word} {}", drawn.at(knee.index)))
            }),
        }
    });
    let x_title = match unit.is_empty() {
        true => drawn.setting.clone(),
        false => format!("{} ({unit})", drawn.setting),
    };
    Chart {
        legend: legend(drawn),
        x: Ticks {
            values: drawn.scale.places.clone(),
            labels: drawn.scale.order.iter().map(label).collect(),
        },
        x_title,
        y: ticks::quantities(max, drawn.dimension.into(), fractions, MARKS, language),
        max,
        panels: panels.collect(),
    }
}

/// Values without a scale as bars, each with its name.
fn bars(drawn: &Drawn<'_>) -> Bars {
    let mut rows = Vec::new();
    for (number, panel) in drawn.panels.iter().enumerate() {
        for (&value, amount) in drawn.scale.order.iter().zip(&panel.curve.values) {
            let name = drawn.values.get(value).map_or("", String::as_str);
            let label = match panel.title.as_str() {
                "" => name.to_owned(),
                title => format!("{name} · {title}"),
            };
            let refused = drawn.sweep.is_refused(drawn.sweep.index(value, number));
            let nothing = match (refused, drawn.language) {
                (true, Language::Korean) => "배포 거부",
                (true, Language::English) => "refused",
                (false, _) => "–",
            };
            let fill = Fill::Solid(Ink::Run);
            rows.push(Bar {
                label,
                value: amount.map_or_else(|| nothing.to_owned(), |amount| drawn.value(amount)),
                parts: amount.iter().map(|&amount| (amount, fill)).collect(),
                ..Bar::default()
            });
        }
    }
    rows.truncate(MOST_BARS);
    let amounts = drawn.panels.iter().flat_map(|panel| panel.curve.measured());
    let max = amounts.map(|(_, amount)| amount).fold(0.0, f64::max);
    let name = match drawn.language {
        Language::Korean => format!("길이: {}", drawn.measure.name),
        Language::English => format!("length: {}", drawn.measure.name),
    };
    Bars { max, ticks: None, legend: vec![Entry::new(Swatch::None, name)], rows }
}

fn legend(drawn: &Drawn<'_>) -> Vec<Entry> {
    let language = drawn.language;
    let name = &drawn.measure.name;
    let height = match (language, drawn.measure.cases) {
        (Language::Korean, true) => format!("높이: {name} (건)"),
        (Language::Korean, false) => format!("높이: {name}"),
        (Language::English, _) => format!("height: {name}"),
    };
    let mut legend = vec![Entry::new(Swatch::None, height)];
    if drawn.panels.iter().any(|panel| panel.knee.is_some()) {
        let words = pick(language, "무릎점: 한쪽은 값이 거의 그대로", "knee: level on one side");
        legend.push(Entry::new(Swatch::Dashes(Ink::Text), words));
    }
    if drawn.sweep.refused.iter().any(Option::is_some) {
        let words = pick(language, "AWS가 배포를 거부함", "AWS refuses to deploy");
        legend.push(Entry::new(Swatch::Cross(Ink::Refused), words));
    }
    legend
}

/// Every point with what is told of it.
fn table(sweep: &Sweep, language: Language) -> Table {
    let mut settings = vec![sweep.setting(0, language)];
    settings.extend(sweep.second_setting(language));
    let names: Vec<Named> = measures(sweep, language);
    let mut columns: Vec<&str> = settings.iter().map(String::as_str).collect();
    columns.extend(names.iter().map(|measure| measure.name.as_str()));
    let mut table =
        Table::new(pick(language, "훑은 값마다의 결과", "Results of the sweep"), &columns);
    let (first, second) = (sweep.values(0, language), sweep.values(1, language));
    for (value, words) in first.iter().enumerate() {
        for panel in 0..sweep.panels() {
            let mut cells = vec![Cell::head(words)];
            cells.extend(second.get(panel).map(Cell::value));
            cells.extend(
                row(sweep, sweep.index(value, panel), language).into_iter().map(Cell::value),
            );
            table.rows.push(cells);
        }
    }
    table
}

/// The names of the measures that are told of each point.
fn measures(sweep: &Sweep, language: Language) -> Vec<Named> {
    let all_named = sweep.measures.iter().all(|chart| sweep.is_named(&chart.expression));
    let name = |chart: &SweepChart| words::measure(&chart.expression, all_named, language);
    sweep.measures.iter().map(name).collect()
}

/// The measures of a point, as a reader sees them.
fn row(sweep: &Sweep, index: usize, language: Language) -> Vec<String> {
    let show = |chart: &SweepChart| {
        let cases = words::measure(&chart.expression, sweep.alone, language).cases;
        match chart.values.get(index).and_then(|value| value.quantity()) {
            Some(quantity) if !sweep.is_refused(index) => {
                words::value(quantity.amount, quantity.dimension.into(), cases, language)
            }
            _ => "–".to_owned(),
        }
    };
    sweep.measures.iter().map(show).collect()
}
