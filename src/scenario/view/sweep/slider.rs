//! The points of a sweep, one at a time: a group of radio buttons, each before what was measured at
//! its value. The style sheet shows that of the chosen one, so it works with the arrow keys and
//! without any script; where the style sheet isn't loaded it is a list.

use std::fmt::Write;

use super::numbers::Scale;
use super::words;
use super::{Drawn, Sweep, measures, row};
use crate::diagram::svg::identifier;
use crate::escape;
use crate::quantity::Language;
use crate::scenario::view::phrase::{pick, with_particle};
use crate::scenario::view::table::{Cell, Table};

/// Appends the control.
pub fn write(out: &mut String, sweep: &Sweep, id: &str, language: Language) {
    let Some(axis) = sweep.axes.first() else { return };
    let (labels, unit) = words::scale(&axis.values, language);
    let values = sweep.values(0, language);
    let scale = Scale::of(&axis.values);
    let setting = sweep.setting(0, language);
    let name = match (unit.as_str(), language) {
        ("", _) => setting.clone(),
        (unit, Language::Korean) => format!("{setting}({unit})"),
        (unit, Language::English) => format!("{setting} ({unit})"),
    };
    let legend = match language {
        Language::Korean => format!("{} 바꾸어 보기", with_particle(&name, "을")),
        Language::English => format!("Try another {name}"),
    };
    let _ = write!(
        out,
        "<fieldset class=\"scenario-slider\"><legend>{}</legend><div class=\"scenario-stops\">",
        escape::text(&legend)
    );
    let prefix = format!("{}-point", identifier(id));
    let first = knee_of(sweep).unwrap_or(0);
    for (place, &value) in scale.order.iter().enumerate() {
        let words = values.get(value).map_or("", String::as_str);
        let checked = if place == first { " checked=\"checked\"" } else { "" };
        let _ = write!(
            out,
            "<input type=\"radio\" name=\"{prefix}\" id=\"{prefix}-{place}\"{checked} \
             aria-describedby=\"{prefix}-{place}-of\"/><label for=\"{prefix}-{place}\">{}</label>\
             <div class=\"scenario-point\" id=\"{prefix}-{place}-of\">",
            escape::text(if scale.grows {
                labels.get(value).map_or("", String::as_str)
            } else {
                words
            })
        );
        if sweep.panels() > 1 {
            panels(out, sweep, value, (&setting, words), language);
        } else {
            point(out, sweep, value, language);
        }
        out.push_str("</div>");
    }
    out.push_str("</div></fieldset>");
}

/// The place of the first knee that is drawn.
fn knee_of(sweep: &Sweep) -> Option<usize> {
    let charts = sweep.charts.iter().map(|chart| Drawn::of(sweep, chart, Language::English));
    charts.flat_map(|drawn| drawn.panels).find_map(|panel| panel.knee).map(|knee| knee.index)
}

/// What was measured at a point.
fn point(out: &mut String, sweep: &Sweep, value: usize, language: Language) {
    let index = sweep.index(value, 0);
    if let Some(Some(reason)) = sweep.refused.get(index) {
        let lead = pick(language, "AWS가 배포를 거부함", "AWS refuses to deploy");
        let _ = write!(
            out,
            "<p><strong>{lead}</strong></p><p lang=\"en\">{}</p>",
            escape::text(reason)
        );
        return;
    }
    out.push_str("<dl class=\"scenario-values\">");
    let names = measures(sweep, language);
    for (measure, words) in names.iter().zip(row(sweep, index, language)) {
        let (name, words) = (escape::text(&measure.name), escape::text(&words));
        let _ = write!(out, "<div><dt>{name}</dt><dd>{words}</dd></div>");
    }
    out.push_str("</dl>");
}

/// What was measured at a value of the first setting, for each of the second.
fn panels(
    out: &mut String,
    sweep: &Sweep,
    value: usize,
    (setting, words): (&str, &str),
    language: Language,
) {
    let second = sweep.second_setting(language).unwrap_or_default();
    let names = measures(sweep, language);
    let mut columns = vec![second.as_str()];
    columns.extend(names.iter().map(|measure| measure.name.as_str()));
    let mut table = Table::new(format!("{setting} {words}"), &columns);
    for (panel, name) in sweep.values(1, language).iter().enumerate() {
        let index = sweep.index(value, panel);
        let mut cells = vec![Cell::head(name)];
        cells.extend(row(sweep, index, language).into_iter().map(Cell::value));
        table.rows.push(cells);
    }
    table.write(out, "scenario-table");
}
