//! Liquid as a program: one JSON object a line in (`template`, `environment`, optionally
//! `filesystem`, `error_mode`, `id`), one a line out (`output` or `error`).

use std::any::Any;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use bogi::liquid::{
    Context, CustomTag, Dialect, Expression, Globals, Host, Markup, Mode, Options, Outcome,
    Problem, Scope, Shape, Template, Text, Val, fragments_end, run_end, skip_space,
};
use bogi::span::{Mapped, Source};
use bogi::value::Value;
use serde_json::{Map, Value as Json, json};

const INCLUDE: &str = "Error in tag 'include' - \
                       Valid syntax: include '[template]' (with|for) [object|collection]";

/// The arguments of Liquid's own `include`.
struct Include {
    name: Expression,
    variable: Option<Expression>,
    alias: Option<String>,
    attributes: Vec<(String, Expression)>,
}

fn include(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    let text = markup.text();
    let Some(first) = markup.fragment(0) else { return Err(Problem::syntax(INCLUDE)) };
    let end = fragments_end(text, first.start).unwrap_or(first.end);
    let name = Expression::parse(markup.part(first.start..end));
    let mut at = end;
    let mut variable = None;
    for word in ["with", "for"] {
        let start = skip_space(text, at);
        if start > at && text[start..].starts_with(word) && variable.is_none() {
            let value = skip_space(text, start + word.len());
            if let Some(end) = fragments_end(text, value).filter(|_| value > start + word.len()) {
                variable = Some(Expression::parse(markup.part(value..end)));
                at = end;
            }
        }
    }
    let start = skip_space(text, at);
    let mut alias = None;
    if start > at && text[start..].starts_with("as") {
        let from = skip_space(text, start + 2);
        let to = run_end(text, from, bogi::liquid::is_segment);
        alias = (from > start + 2 && to > from).then(|| text[from..to].to_owned());
    }
    let attributes = markup
        .attributes()
        .into_iter()
        .map(|(name, value)| (name.text().to_owned(), Expression::parse(value)))
        .collect();
    Ok(Box::new(Include { name, variable, alias, attributes }))
}

/// Templates by name, parsed beforehand.
struct Files(BTreeMap<String, Template>);

impl<'s> Host<'s> for &'s Files {
    fn tag(&self, tag: &'s CustomTag, context: &mut Context<'_, 's>) -> Outcome<()> {
        let Some(include) = tag.arguments::<Include>() else { return Ok(()) };
        let name = match context.evaluate(&include.name)? {
            Val::Text(name) => name,
            _ => {
                let words = "Argument error in tag 'include' - Illegal template name";
                return Err(Problem::render(words));
            }
        };
        let files: &'s Files = self;
        let template = files
            .0
            .get(&*name)
            .or_else(|| files.0.get(&format!("{}.liquid", &*name)))
            .ok_or_else(|| Problem::render(format!("No such template '{}'", &*name)))?;
        let value = match &include.variable {
            Some(variable) => context.evaluate(variable)?,
            None => context.variable(&name).unwrap_or_default(),
        };
        let variable = match &include.alias {
            Some(alias) => alias.clone(),
            None => name.rsplit('/').next().unwrap_or(&name).to_owned(),
        };
        context.scoped(Scope::new(), |context| {
            for (name, value) in &include.attributes {
                let value = context.evaluate(value)?;
                context.assign_inner(name.as_str(), value);
            }
            let values = match &value {
                Val::List(list) => list.iter().collect(),
                _ => vec![value],
            };
            for value in values {
                context.assign_inner(Text::from(variable.clone()), value);
                context.include(template)?;
            }
            Ok(())
        })
    }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(value) => Value::Bool(*value),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Integer(number),
            None => Value::Float(number.as_f64().unwrap_or(0.0)),
        },
        Json::String(text) => Value::String(text.clone()),
        Json::Array(elements) => Value::Array(elements.iter().map(value).collect()),
        Json::Object(map) => {
            Value::Map(map.iter().map(|(key, json)| (key.clone(), value(json))).collect())
        }
    }
}

fn parse(name: &str, text: &str, dialect: &Dialect) -> Template {
    let source = Source::new(name, text);
    let mapped = Mapped::from_source(&source, 0..text.len());
    Template::parse(&mapped, dialect).value
}

fn answer(question: &Json) -> Json {
    let mode = match question["error_mode"].as_str() {
        Some("strict") => Mode::Strict,
        Some("warn") => Mode::Warn,
        _ => Mode::Lax,
    };
    let dialect = Dialect::new(mode).tag("include", Shape::Inline, include);
    let template = parse("template", question["template"].as_str().unwrap_or_default(), &dialect);
    if let Some(problem) = template.error() {
        return json!({ "error": problem.shown(None) });
    }
    let empty = Map::new();
    let files = question["filesystem"].as_object().unwrap_or(&empty).iter();
    let files = files.map(|(name, text)| {
        (name.clone(), parse(name, text.as_str().unwrap_or_default(), &dialect))
    });
    let files = Files(files.collect());
    let environment = value(&question["environment"]);
    let mut globals = Globals::new();
    for (name, value) in environment.as_map().into_iter().flatten() {
        globals.insert(name, Val::from(value));
    }
    let output = template.render_text(&&files, globals, &Options::default());
    json!({ "output": output.value })
}

fn main() -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let question: Json = serde_json::from_str(&line?).unwrap_or_default();
        let mut answer = answer(&question);
        if !question["id"].is_null() {
            answer["id"] = question["id"].clone();
        }
        writeln!(out, "{answer}")?;
        out.flush()?;
    }
    Ok(())
}
