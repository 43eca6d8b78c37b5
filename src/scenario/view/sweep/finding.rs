//! What a chart of a sweep shows, in one sentence.

use super::knee::{Knee, Side, bounds};
use super::{Drawn, Panel};
use crate::quantity::Language;
use crate::scenario::view::phrase::{pick, with_particle};

/// The most panels whose knees are told one by one.
const MOST_TOLD: usize = 4;

/// The sentence.
pub fn sentence(drawn: &Drawn<'_>, language: Language) -> String {
    if drawn.panels.iter().all(|panel| panel.curve.measured().next().is_none()) {
        return pick(language, "측정된 값이 없음", "nothing was measured").to_owned();
    }
    let all = drawn.panels.iter().flat_map(|panel| panel.curve.measured());
    let all: Vec<f64> = all.map(|(_, value)| value).collect();
    let (least, most) = bounds(&all);
    match drawn.panels.as_slice() {
        _ if least == most && all.len() > 1 => {
            format!("{}{}", same(drawn, least, language), refused(drawn, language))
        }
        [panel] => format!("{}{}", of_panel(drawn, panel, language), refused(drawn, language)),
        _ => knees(drawn, language).unwrap_or_else(|| ends(drawn, language)),
    }
}

/// Where AWS refuses the deployment, in brackets behind the sentence.
fn refused(drawn: &Drawn<'_>, language: Language) -> String {
    let refused = |(_, value): &(usize, &usize)| drawn.sweep.is_refused(**value);
    let places = drawn.scale.order.iter().enumerate().filter(refused);
    let places: Vec<String> = places.map(|(index, _)| drawn.at(index)).collect();
    match (places.as_slice(), language) {
        ([], _) => String::new(),
        (places, Language::Korean) => {
            format!(" ({}에서는 AWS가 배포를 거부한다)", places.join(", "))
        }
        (places, Language::English) => format!(" (AWS refuses {})", places.join(", ")),
    }
}

fn of_panel(drawn: &Drawn<'_>, panel: &Panel, language: Language) -> String {
    let measured: Vec<(usize, f64)> = panel.curve.measured().collect();
    let values: Vec<f64> = measured.iter().map(|(_, value)| *value).collect();
    if let Some(knee) = panel.knee {
        return bend(drawn, panel, knee, language);
    }
    let rising = values.windows(2).all(|pair| pair[0] <= pair[1]);
    let falling = values.windows(2).all(|pair| pair[0] >= pair[1]);
    match (measured.first(), measured.last()) {
        (Some(&first), Some(&last)) if drawn.scale.grows && (rising || falling) => {
            trend(drawn, first, last, language)
        }
        _ => ends(drawn, language),
    }
}

fn same(drawn: &Drawn<'_>, value: f64, language: Language) -> String {
    let name = &drawn.measure.name;
    let value = drawn.value(value);
    let mut setting = drawn.setting.clone();
    if let Some(second) = drawn.sweep.second_setting(language) {
        setting = match language {
            Language::Korean => format!("{} {second}", with_particle(&setting, "과")),
            Language::English => format!("{setting} and the {second}"),
        };
    }
    match language {
        Language::Korean => format!(
            "{} 바꾸어도 {} {} 같다",
            with_particle(&setting, "을"),
            with_particle(name, "은"),
            with_particle(&value, "으로"),
        ),
        Language::English => format!("{name}: {value} whatever the {setting}"),
    }
}

/// From the knee on, or up to it.
fn bend(drawn: &Drawn<'_>, panel: &Panel, knee: Knee, language: Language) -> String {
    let (setting, name) = (&drawn.setting, &drawn.measure.name);
    let at = drawn.at(knee.index);
    let level = drawn.value(knee.level.0);
    let range = || format!("{}–{}", drawn.label(knee.level.0), drawn.value(knee.level.1));
    let korean = |side: &str| format!("{} {at} {side}이면 ", with_particle(setting, "이"));
    let far = panel.curve.measured().last().filter(|_| knee.side == Side::UpTo);
    let far = far.map(|(index, value)| (drawn.at(index), drawn.value(value)));
    match (language, knee.side, knee.is_exact()) {
        (Language::Korean, Side::From, true) => {
            let value = with_particle(&level, "이다");
            format!("{}{} {value}", korean("이상"), with_particle(name, "이"))
        }
        (Language::Korean, Side::From, false) => format!(
            "{}{} 거의 변하지 않는다({})",
            korean("이상"),
            with_particle(name, "이"),
            range()
        ),
        (Language::Korean, Side::UpTo, exact) => {
            let level = match exact {
                true => with_particle(&level, "이고"),
                false => format!("{}에 머물고", range()),
            };
            let (at, value) = far.unwrap_or_default();
            let value = with_particle(&value, "이다");
            format!("{}{} {level}, {at}에서는 {value}", korean("이하"), with_particle(name, "이"))
        }
        (Language::English, Side::From, true) => {
            format!("{name}: {level} with {setting} of {at} or more")
        }
        (Language::English, Side::From, false) => {
            format!("{name}: hardly any change ({}) with {setting} of {at} or more", range())
        }
        (Language::English, Side::UpTo, exact) => {
            let level = if exact { level } else { range() };
            let (far, value) = far.unwrap_or_default();
            format!("{name}: {level} with {setting} of {at} or less, {value} at {far}")
        }
    }
}

/// From the first to the last value.
fn trend(drawn: &Drawn<'_>, first: (usize, f64), last: (usize, f64), language: Language) -> String {
    let (setting, name) = (&drawn.setting, &drawn.measure.name);
    let (from, to) = (drawn.at(first.0), drawn.at(last.0));
    let (before, after) = (drawn.value(first.1), drawn.value(last.1));
    match language {
        Language::Korean => format!(
            "{} {from}에서 {} 늘리면 {} {before}에서 {} {}",
            with_particle(setting, "을"),
            with_particle(&to, "으로"),
            with_particle(name, "은"),
            with_particle(&after, "으로"),
            if last.1 > first.1 { "늘어난다" } else { "줄어든다" },
        ),
        Language::English => {
            format!("{name}: {before} → {after} as {setting} grows from {from} to {to}")
        }
    }
}

/// The least and the greatest value of all panels, and where they lie.
fn ends(drawn: &Drawn<'_>, language: Language) -> String {
    let points = drawn
        .panels
        .iter()
        .flat_map(|panel| panel.curve.measured().map(move |(index, value)| (panel, index, value)));
    let points: Vec<(&Panel, usize, f64)> = points.collect();
    let least = points.iter().min_by(|a, b| a.2.total_cmp(&b.2));
    // The first of the greatest, as of the least.
    let most = points.iter().rev().max_by(|a, b| a.2.total_cmp(&b.2));
    let (Some(least), Some(most)) = (least, most) else { return String::new() };
    let show = |&(panel, index, value): &(&Panel, usize, f64)| {
        let mut place = format!("{} {}", drawn.setting, drawn.at(index));
        if !panel.title.is_empty() {
            place = format!("{place}, {}", panel.title);
        }
        (place, drawn.value(value))
    };
    let ((low, least), (high, most)) = (show(least), show(most));
    let name = &drawn.measure.name;
    match language {
        Language::Korean => {
            format!("{} {least}({low})에서 {most}({high})까지 걸쳐 있다", with_particle(name, "은"))
        }
        Language::English => format!("{name}: from {least} ({low}) to {most} ({high})"),
    }
}

/// Where the panels bend, when most do so on the same side.
fn knees(drawn: &Drawn<'_>, language: Language) -> Option<String> {
    let found: Vec<Knee> = drawn.panels.iter().filter_map(|panel| panel.knee).collect();
    let first = *found.first()?;
    let one_side = found.iter().all(|knee| knee.side == first.side);
    if !one_side || found.len() * 2 < drawn.panels.len() {
        return None;
    }
    let told: Vec<&Panel> = if drawn.panels.len() > MOST_TOLD {
        [drawn.panels.first(), drawn.panels.last()].into_iter().flatten().collect()
    } else {
        drawn.panels.iter().collect()
    };
    let place = |panel: &&Panel| {
        let at = panel.knee.map(|knee| drawn.at(knee.index));
        let place = match (at, language, first.side) {
            (None, ..) => pick(language, "없음", "none").to_owned(),
            (Some(at), Language::Korean, Side::From) => format!("{at} 이상"),
            (Some(at), Language::Korean, Side::UpTo) => format!("{at} 이하"),
            (Some(at), Language::English, Side::From) => format!("{at} or more"),
            (Some(at), Language::English, Side::UpTo) => format!("{at} or less"),
        };
        format!("{}: {place}", panel.title)
    };
    let told: Vec<String> = told.iter().map(place).collect();
    let told = told.join(" · ");
    let (setting, name) = (&drawn.setting, &drawn.measure.name);
    let one_level = found.iter().all(|knee| knee.is_exact() && knee.level == first.level);
    let level = drawn.value(first.level.0);
    Some(match (language, one_level) {
        (Language::Korean, true) => format!(
            "{} {} 되는 {setting} — {told}",
            with_particle(name, "이"),
            with_particle(&level, "이")
        ),
        (Language::Korean, false) => {
            format!("{} 거의 변하지 않는 {setting} — {told}", with_particle(name, "이"))
        }
        (Language::English, true) => format!("{name} at {level}: {setting} — {told}"),
        (Language::English, false) => format!("{name} hardly changing: {setting} — {told}"),
    })
}
