//! The view `concurrency`: who is busy when, stacked by function, under the limits.
//!
//! A reservation is a lane at the bottom that nobody else may use, so what it leaves unused is
//! drawn, hatched. The upper edge of a stack is the greatest concurrency of its moment; how it is
//! divided lies between each function's mean and its greatest value, as the two sums demand.

use crate::diagram::ink::{Fill, Ink, SERIES};
use crate::diagram::legend::{Entry, Swatch};
use crate::diagram::steps::{self, Area, Chart, Height, Limit, MOST_PANELS, Panel};
use crate::diagram::{FORMATS, Words, ticks};
use crate::quantity::{Language, format_number};
use crate::scenario::view::facts::{Facts, Level, Variant};
use crate::scenario::view::finding::{self, Topic};
use crate::scenario::view::phrase::{count, pick};
use crate::scenario::view::table::{Cell, Table};
use crate::scenario::view::{Shown, name_of};

/// How many steps all panels and layers share, which bounds the bytes of a figure.
const STEPS: usize = 1500;
/// The columns of the strip of refused requests.
const REFUSED_COLUMNS: usize = 72;
/// A limit is drawn to scale when it is at most this many times what was used.
const LIMIT_IN_SIGHT: f64 = 2.2;

/// Draws the view.
pub fn shown(facts: &Facts, language: Language, prefix: &str) -> Shown {
    let layers = Layers::of(facts);
    let chart = chart(facts, &layers, language);
    let finding = finding(facts, language);
    let words = Words {
        title: finding.clone(),
        description: pick(
            language,
            "시간은 오른쪽으로 흐르고 높이는 그 순간 처리 중인 요청의 수다. 색이 다른 층은 함수, \
             점선은 한도, 위의 표시는 제한된 요청이다. 빗금은 예약되었지만 쓰이지 않는 몫이다.",
            "Time runs to the right; the height is the number of requests in progress. Coloured \
             layers are functions, dashed lines are limits, marks above are throttled requests. \
             Hatched is what is reserved and not used.",
        )
        .to_owned(),
    };
    let drawings =
        FORMATS.iter().map(|&format| steps::draw(&chart, prefix, format, &words)).collect();
    let mut notes = Vec::new();
    if facts.variants.len() > MOST_PANELS {
        let most = MOST_PANELS.to_string();
        notes.push(match language {
            Language::Korean => format!("변형 {}개 중 처음 {most}개만 그림", facts.variants.len()),
            Language::English => {
                format!("the first {most} of {} variants are drawn", facts.variants.len())
            }
        });
    }
    Shown { finding, drawings, body: String::new(), notes, table: Some(table(facts, language)) }
}

fn finding(facts: &Facts, language: Language) -> String {
    if let Some(contrast) =
        finding::contrast(facts, &[Topic::Throttles, Topic::Peak, Topic::ColdStarts], language)
    {
        return contrast.sentence();
    }
    let worst = facts.ran().max_by_key(|variant| variant.sum(|function| function.throttles));
    worst.map_or_else(String::new, |variant| finding::load(variant, language))
}

/// Which functions have a layer of their own; the others share one.
struct Layers<'a> {
    own: Vec<&'a str>,
    others: usize,
}

impl<'a> Layers<'a> {
    fn of(facts: &'a Facts) -> Self {
        let mut own = facts.function_names();
        let all = own.len();
        if all > SERIES {
            // Functions with a limit of their own come first: others can't show it for them.
            let rank = |name: &str| {
                let functions = facts.variants.iter().filter_map(|variant| variant.function(name));
                let ranks = functions.map(|function| {
                    let limited = function.reserved.is_some() || function.provisioned_ready.max > 0;
                    (limited, function.busy.max)
                });
                ranks.max().unwrap_or_default()
            };
            let mut ranked = own.clone();
            ranked.sort_by_key(|name| std::cmp::Reverse(rank(name)));
            ranked.truncate(SERIES - 1);
            own.retain(|name| ranked.contains(name));
        }
        let others = all - own.len();
        Self { own, others }
    }

    fn count(&self) -> usize {
        self.own.len() + usize::from(self.others > 0)
    }
}

/// A layer of one panel: a value per column.
struct Layer {
    fill: Fill,
    values: Vec<f64>,
    reserved: Option<(f64, String)>,
    provisioned: Option<(Vec<f64>, u64, String)>,
}

fn chart(facts: &Facts, layers: &Layers<'_>, language: Language) -> Chart {
    let panels = facts.variants.len().clamp(1, MOST_PANELS);
    let columns = (STEPS / (panels * layers.count().max(1))).clamp(24, 160);
    let end = facts.end();
    let stacks: Vec<Vec<Layer>> =
        facts.variants.iter().map(|variant| stack(variant, layers, end, columns)).collect();
    let used = stacks.iter().map(|stack| top(stack)).fold(1.0, f64::max);
    let limit_in_sight = facts.ran().any(|variant| {
        let limit = variant.limit as f64;
        limit > 0.0 && limit <= used * LIMIT_IN_SIGHT
    });
    let mut chart = Chart {
        end: end.max(1) as f64,
        max: used,
        height: Height::Count,
        legend: legend(facts, layers, limit_in_sight, &stacks, language),
        panels: Vec::new(),
        language,
    };
    for (variant, stack) in facts.variants.iter().zip(&stacks) {
        let mut panel = panel(facts, variant, stack, language);
        if limit_in_sight && variant.rejected.is_none() && variant.limit > 0 {
            let limit = variant.limit as f64;
            chart.max = chart.max.max(limit.min(used * LIMIT_IN_SIGHT));
            let name = pick(language, "계정 한도", "account limit");
            let name = format!("{name} {}", count(variant.limit));
            panel.limits.push(Limit { value: limit, name, dashed: true });
        }
        chart.panels.push(panel);
    }
    chart
}

/// The upper edge of a stack.
fn top(stack: &[Layer]) -> f64 {
    let reserved: f64 = stack.iter().filter_map(|layer| Some(layer.reserved.as_ref()?.0)).sum();
    let columns = stack.first().map_or(0, |layer| layer.values.len());
    let free = |column: usize| -> f64 {
        let free = stack.iter().filter(|layer| layer.reserved.is_none());
        free.filter_map(|layer| layer.values.get(column)).sum()
    };
    let used = (0..columns).map(free).fold(0.0, f64::max);
    let ready = stack.iter().filter_map(|layer| layer.provisioned.as_ref());
    let ready = ready.map(|&(_, amount, _)| amount as f64).fold(0.0, f64::max);
    reserved + used.max(ready)
}

/// The layers of a variant: reserved ones first, then those with provisioned concurrency.
fn stack(variant: &Variant, layers: &Layers<'_>, end: u64, columns: usize) -> Vec<Layer> {
    let levels: Vec<Vec<Level>> =
        variant.functions.iter().map(|function| function.busy.in_columns(end, columns)).collect();
    let total = variant.busy.in_columns(end, columns);
    let divided = divide(&levels, &total, columns);
    let mut stack = Vec::new();
    for (index, &name) in layers.own.iter().enumerate() {
        let found = variant.functions.iter().position(|function| function.name == name);
        let Some((function, values)) =
            found.and_then(|at| Some((variant.functions.get(at)?, divided.get(at)?)))
        else {
            continue;
        };
        let provisioned = (function.provisioned_ready.max > 0).then(|| {
            let ready = function.provisioned_ready.in_columns(end, columns);
            let ready = ready.iter().map(|level| level.max).collect();
            (ready, function.provisioned_ready.max, name.to_owned())
        });
        stack.push(Layer {
            fill: Fill::Solid(Ink::Series(index)),
            values: values.clone(),
            reserved: function.reserved.map(|amount| (amount as f64, name.to_owned())),
            provisioned,
        });
    }
    if layers.others > 0 {
        let others = variant.functions.iter().zip(&divided);
        let others = others.filter(|(function, _)| !layers.own.contains(&function.name.as_str()));
        let mut values = vec![0.0; columns];
        for (_, column) in others {
            values.iter_mut().zip(column).for_each(|(sum, value)| *sum += value);
        }
        let fill = Fill::Solid(Ink::Quiet);
        stack.push(Layer { fill, values, reserved: None, provisioned: None });
    }
    stack.sort_by_key(|layer| match layer {
        Layer { reserved: Some(_), .. } => 0,
        Layer { provisioned: Some(_), .. } => 1,
        _ => 2,
    });
    stack
}

/// A value per function and column between its mean and its greatest, such that they add up to the
/// greatest total of the column: the functions' greatest values need not come at one moment.
fn divide(levels: &[Vec<Level>], total: &[Level], columns: usize) -> Vec<Vec<f64>> {
    let mut divided = vec![vec![0.0; columns]; levels.len()];
    for column in 0..columns {
        let at = |function: &Vec<Level>| function.get(column).copied().unwrap_or_default();
        let mean: f64 = levels.iter().map(|function| at(function).mean).sum();
        let most: f64 = levels.iter().map(|function| at(function).max).sum();
        let wanted = total.get(column).map_or(most, |level| level.max);
        let share =
            if most > mean { ((wanted - mean) / (most - mean)).clamp(0.0, 1.0) } else { 1.0 };
        for (values, function) in divided.iter_mut().zip(levels) {
            let Level { max, mean } = at(function);
            if let Some(value) = values.get_mut(column) {
                *value = mean + share * (max - mean);
            }
        }
    }
    divided
}

/// Paints a stack from the top down, each layer over the one above it.
fn panel(facts: &Facts, variant: &Variant, stack: &[Layer], language: Language) -> Panel {
    let mut panel = Panel { title: name_of(variant), ..Panel::default() };
    if variant.rejected.is_some() {
        panel.message = Some(pick(language, "배포가 거부됨", "deployment refused").to_owned());
        return panel;
    }
    let mut areas: Vec<Area> = Vec::new();
    let mut base = 0.0;
    let mut edge: Option<Vec<f64>> = None;
    for layer in stack {
        let below = edge.clone().unwrap_or_else(|| vec![base; layer.values.len()]);
        let upper: Vec<f64> = below.iter().zip(&layer.values).map(|(a, b)| a + b).collect();
        if let Some((ready, amount, name)) = layer.provisioned.as_ref().filter(|_| edge.is_none()) {
            let values = ready.iter().map(|value| base + value).collect();
            panel.lines.push(Area { fill: Fill::Solid(Ink::Text), values });
            let changes = ready.iter().any(|value| *value > 0.0 && *value < *amount as f64);
            let word = match changes {
                true => pick(language, "프로비저닝 최대", "provisioned at most"),
                false => pick(language, "프로비저닝", "provisioned"),
            };
            let name = format!("{name} {word} {}", count(*amount));
            panel.limits.push(Limit { value: base + *amount as f64, name, dashed: false });
        }
        areas.push(Area { fill: layer.fill, values: upper.clone() });
        let Some((reserved, name)) = &layer.reserved else {
            edge = Some(upper);
            continue;
        };
        base += reserved;
        let lane = |fill| Area { fill, values: vec![base] };
        areas.push(lane(Fill::Hatched(Ink::Wait)));
        areas.push(lane(Fill::Solid(Ink::Ground)));
        let word = pick(language, "예약", "reserved");
        let name = format!("{name} {word} {}", count(*reserved as u64));
        panel.limits.push(Limit { value: base, name, dashed: true });
    }
    areas.reverse();
    panel.areas = areas;
    refusals(facts, variant, &mut panel, language);
    panel
}

/// The strip of refused requests, where any variant has some.
fn refusals(facts: &Facts, variant: &Variant, panel: &mut Panel, language: Language) {
    let throttles = |variant: &Variant| variant.sum(|function| function.throttles);
    if facts.ran().all(|variant| throttles(variant) == 0) {
        return;
    }
    if throttles(variant) == 0 {
        panel.refused_label = pick(language, "제한 없음", "nothing throttled").to_owned();
        return;
    }
    let concerned = variant.functions.iter().filter(|function| function.throttles > 0);
    let names: Vec<String> = concerned
        .map(|function| match language {
            Language::Korean => format!("{} {}건", function.name, count(function.throttles)),
            Language::English => format!("{} {}", function.name, count(function.throttles)),
        })
        .collect();
    panel.refused_label = format!("{}: {}", pick(language, "제한", "throttled"), names.join(" · "));
    panel.refused = refused_together(variant, facts.end(), REFUSED_COLUMNS);
}

fn legend(
    facts: &Facts,
    layers: &Layers<'_>,
    limit_in_sight: bool,
    stacks: &[Vec<Layer>],
    language: Language,
) -> Vec<Entry> {
    let axis = pick(language, "높이: 동시 실행", "height: concurrency");
    let mut legend = vec![Entry::new(Swatch::None, axis)];
    for (index, name) in layers.own.iter().enumerate() {
        legend.push(Entry::new(Swatch::Area(Fill::Solid(Ink::Series(index))), *name));
    }
    if layers.others > 0 {
        let name = match language {
            Language::Korean => format!("그 밖의 함수 {}개", layers.others),
            Language::English => format!("{} other functions", layers.others),
        };
        legend.push(Entry::new(Swatch::Area(Fill::Solid(Ink::Quiet)), name));
    }
    if stacks.iter().flatten().any(|layer| layer.reserved.is_some()) {
        let name = pick(language, "예약되었지만 안 쓰는 몫", "reserved, not used");
        legend.push(Entry::new(Swatch::Area(Fill::Hatched(Ink::Wait)), name));
    }
    let limit = facts.ran().map(|variant| variant.limit).max().unwrap_or(0);
    if !limit_in_sight && limit > 0 {
        legend.push(Entry::new(
            Swatch::None,
            match language {
                Language::Korean => format!("계정 한도 {}: 그림 밖", count(limit)),
                Language::English => format!("account limit {}: off the scale", count(limit)),
            },
        ));
    }
    legend
}

/// Concurrency by function over time, in the steps of the time axis.
fn table(facts: &Facts, language: Language) -> Table {
    let ticks = ticks::time(facts.end().max(1) as f64, 6, language);
    let step = ticks.values.get(1).map_or(facts.end(), |&step| step as u64).max(1);
    let rows = facts.end().div_ceil(step).clamp(1, 2 * ticks.values.len() as u64);
    let end = step.saturating_mul(rows);
    let every = ticks::duration(step, language);
    let caption = match language {
        Language::Korean => format!("동시 실행 ({every} 구간마다 평균 / 최대)"),
        Language::English => format!("Concurrency (mean / max of every {every})"),
    };
    let mut columns = vec![pick(language, "시각부터", "from")];
    let names: Vec<&str> = facts.function_names().into_iter().take(SERIES).collect();
    columns.extend(&names);
    columns.push(pick(language, "제한", "throttles"));
    let mut table = Table::new(caption, &columns);
    for variant in facts.ran().take(MOST_PANELS) {
        if variant.name.is_some() {
            let span = columns.len();
            table.rows.push(vec![Cell { span, ..Cell::head(name_of(variant)).class("group") }]);
        }
        let levels: Vec<Vec<Level>> = names
            .iter()
            .map(|name| variant.function(name))
            .map(|function| function.map(|f| f.busy.in_columns(end, rows as usize)))
            .map(Option::unwrap_or_default)
            .collect();
        let refused = refused_together(variant, end, rows as usize);
        for row in 0..rows {
            let mut cells = vec![Cell::head(ticks::duration(step.saturating_mul(row), language))];
            for function in &levels {
                let Level { mean, max } = function.get(row as usize).copied().unwrap_or_default();
                let mean = format_number((mean * 10.0).round() / 10.0);
                cells.push(Cell::value(format!("{mean} / {}", count(max as u64))));
            }
            let refused = refused.get(row as usize).copied().unwrap_or(0);
            cells.push(Cell::value(count(refused)));
            table.rows.push(cells);
        }
    }
    table
}

/// All functions' throttles in columns of equal width.
fn refused_together(variant: &Variant, end: u64, columns: usize) -> Vec<u64> {
    let mut refused = vec![0u64; columns];
    for function in &variant.functions {
        for (sum, more) in refused.iter_mut().zip(function.refused_in_columns(end, columns)) {
            *sum = sum.saturating_add(more);
        }
    }
    refused
}
