//! `{% include %}` and its kin: templates inside templates, with parameters.

use std::any::Any;
use std::ops::Range;

use crate::content::discover::reader::FileError;
use crate::diagnostic::{Code, closest};
use crate::jekyll::host::JekyllHost;
use crate::jekyll::reads::Read;
use crate::liquid::{
    Context, CustomTag, Dialect, Expression, Markup, Outcome, Problem, ProblemKind, Scope,
    Template, Text, Val, is_segment, is_space, run_end, skip_space,
};
use crate::span::{Mapped, Source};

/// An include that isn't there.
pub const MISSING_INCLUDE: Code = Code("E0312");

/// What stands behind the tag's name.
struct Include {
    file: File,
    /// Where the file's name stands.
    name: Range<usize>,
    parameters: Option<Vec<(String, Parameter)>>,
}

/// Which file is included.
enum File {
    Named(String),
    /// A name with outputs in it, such as `{{ page.kind }}.html`.
    Computed(Box<Template>),
}

enum Parameter {
    Text(String),
    Variable(Expression),
}

/// Reads the markup of an include.
///
/// # Errors
/// A missing file name, and parameters that aren't `name="value"` or `name=variable`.
pub fn parse(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    let markup = markup.trim();
    let text = markup.text();
    let end = match computed_end(text) {
        Some(end) => end,
        None => run_end(text, 0, |c| !is_space(c)),
    };
    let (name, rest) = (&text[..end], markup.from(skip_space(text, end)));
    if name.is_empty() {
        return Err(Problem::syntax("Invalid syntax for include tag. A file name is missing")
            .message("an include without a file name")
            .hint("write it like `{% include note.html text=\"…\" %}`"));
    }
    let file = if name.contains("{{") {
        let source = Mapped::from_source(&Source::new("include", name), 0..name.len());
        File::Computed(Box::new(Template::parse(&source, &Dialect::default()).value))
    } else {
        check_name(name).map_err(|problem| problem.at(markup.part(0..end).range()))?;
        File::Named(name.to_owned())
    };
    let parameters = if rest.text().is_empty() { None } else { Some(parameters(rest)?) };
    let name = markup.part(0..end).range();
    Ok(Box::new(Include { file, name, parameters }))
}

/// The end of a name with outputs in it; `None` for one without.
fn computed_end(text: &str) -> Option<usize> {
    let mut at = text.find("{{")?;
    loop {
        let close = text.get(at..)?.find("}}")?;
        at = run_end(text, at + close + 2, |c| !is_space(c) && !matches!(c, '{' | '}'));
        if !text[at..].starts_with("{{") {
            return Some(at);
        }
    }
}

/// Names with other characters than Jekyll allows, or that climb. Letters of any script are fine.
fn check_name(name: &str) -> Outcome<()> {
    let allowed = |c: char| c.is_alphanumeric() || "_/.-()+~#@".contains(c);
    let climbs = name.as_bytes().windows(2).any(|pair| pair.iter().all(|c| b"./".contains(c)));
    if name.chars().all(allowed) && !climbs {
        return Ok(());
    }
    Err(Problem::syntax(
        "Invalid syntax for include tag. File contains invalid characters or sequences",
    )
    .message(format!("`{name}` can't be the name of an include"))
    .hint("a name has letters, digits and `_/.-()+~#@`, and no `..`, `//` or `./`"))
}

/// `name="value" name='value' name=variable`.
fn parameters(markup: Markup<'_>) -> Outcome<Vec<(String, Parameter)>> {
    let text = markup.text();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let name_end = run_end(text, at, is_segment);
        let equals = skip_space(text, name_end);
        let start = skip_space(text, equals + 1);
        let value = text.get(start..).unwrap_or_default();
        let read = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted(value, quote),
            Some(_) => {
                let end = run_end(value, 0, |c| is_segment(c) || c == '.');
                let part = markup.part(start..start + end);
                (end > 0).then(|| (Parameter::Variable(Expression::parse(part)), end))
            }
            None => None,
        };
        let is_assignment = name_end > at && text.get(equals..).is_some_and(|t| t.starts_with('='));
        let (true, Some((parameter, length))) = (is_assignment, read) else {
            return Err(bad_parameters(markup.from(at)));
        };
        let end = start + length;
        let next = skip_space(text, end);
        if next == end && end < text.len() {
            return Err(bad_parameters(markup.from(at)));
        }
        found.push((text[at..name_end].to_owned(), parameter));
        at = next;
    }
    Ok(found)
}

/// A quoted text, in which a backslash stands before quotes that belong to it; and its length.
fn quoted(value: &str, quote: char) -> Option<(Parameter, usize)> {
    let mut escaped = false;
    let end = value.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == quote && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    })?;
    let inner = value[1..end.0].replace(&format!("\\{quote}"), &quote.to_string());
    Some((Parameter::Text(inner), end.0 + 1))
}

fn bad_parameters(markup: Markup<'_>) -> Box<Problem> {
    Problem::syntax("Invalid syntax for include tag")
        .message("these parameters can't be read")
        .hint("write them like `text=\"…\"` or `text=page.title`, with spaces between them")
        .at(markup.range())
}

/// Renders an include of the site.
pub(super) fn include<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let Some(include) = tag.arguments::<Include>() else { return Ok(()) };
    let name = file_name(include, context)?;
    let templates = host.scope.site.templates;
    host.scope.reads.note(Read::Include(name.trim_start_matches('/').to_owned()));
    if let Some(template) = templates.include(&name) {
        return render(include, template, context);
    }
    // A name without an extension, or one that begins with a point, isn't known to be text.
    let folder = &host.scope.site.content.config.includes_dir;
    if let Some(template) = file(host, &format!("{folder}/{name}"), context)? {
        return render(include, template, context);
    }
    host.scope.reads.note(Read::Names);
    let problem = missing(include, &name, &format!("{folder}/"));
    Err(match closest(&name, templates.includes()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint(format!("create `{folder}/{name}`")),
    })
}

/// The template of a file of the site that only a page names; `None` if there is no such file.
fn file<'s>(
    host: &JekyllHost<'s, '_>,
    path: &str,
    context: &mut Context<'_, 's>,
) -> Outcome<Option<&'s Template>> {
    let scope = host.scope;
    scope.reads.note(Read::File(path.to_owned()));
    let source = match scope.site.content.files.read(path) {
        Ok(source) => source,
        Err(FileError::Missing) => return Ok(None),
        Err(FileError::Unreadable(diagnostic)) => {
            let message = diagnostic.message.clone();
            context.say(*diagnostic);
            return Err(Problem::new(MISSING_INCLUDE, ProblemKind::Render, message));
        }
    };
    let text = Mapped::from_source(&source, 0..source.text().len());
    let parsed = Template::parse(&text, scope.site.templates.dialect());
    for diagnostic in parsed.diagnostics {
        context.say(diagnostic);
    }
    Ok(Some(scope.partials.alloc(parsed.value)))
}

/// Renders a file that lies beside the page, or below it.
pub(super) fn include_relative<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let Some(include) = tag.arguments::<Include>() else { return Ok(()) };
    let name = file_name(include, context)?;
    let scope = host.scope;
    let page = scope.document().path();
    let folder = page.rfind('/').map_or("", |slash| &page[..=slash]);
    let Some(template) = file(host, &format!("{folder}{name}"), context)? else {
        let place = if folder.is_empty() { "the site's folder" } else { folder };
        return Err(missing(include, &name, place)
            .hint("the name is relative to the folder of the page, not of the include"));
    };
    render(include, template, context)
}

fn file_name<'s>(include: &'s Include, context: &mut Context<'_, 's>) -> Outcome<String> {
    match &include.file {
        File::Named(name) => Ok(name.clone()),
        File::Computed(template) => {
            let name = context.capture(|context| context.include(template))?;
            check_name(&name)?;
            Ok(name)
        }
    }
}

fn render<'s>(
    include: &'s Include,
    template: &'s Template,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let mut scope = Scope::new();
    if let Some(parameters) = &include.parameters {
        let mut values: Vec<(Text<'s>, Val<'s>)> = Vec::with_capacity(parameters.len());
        for (name, parameter) in parameters {
            let value = match parameter {
                Parameter::Text(text) => Val::text(text.as_str()),
                Parameter::Variable(variable) => context.evaluate(variable)?,
            };
            // A name that is given twice has its last value, in its first place.
            match values.iter_mut().find(|(known, _)| **known == **name) {
                Some((_, known)) => *known = value,
                None => values.push((Text::Borrowed(name), value)),
            }
        }
        scope.insert(Text::Borrowed("include"), Val::map(values));
    }
    context.scoped(scope, |context| context.include(template))
}

fn missing(include: &Include, name: &str, folder: &str) -> Box<Problem> {
    let words = format!("Could not locate the included file '{name}' in any of [\"{folder}\"].");
    let mut problem = Problem::new(
        MISSING_INCLUDE,
        ProblemKind::Render,
        format!("there is no file `{name}` to include"),
    )
    .in_ruby(words)
    .at(include.name.clone());
    problem.label = format!("not in `{folder}`");
    problem
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Vec<String>)> {
        let parsed = parse(Markup::new(text, 0)).ok()?;
        let include = parsed.downcast::<Include>().ok()?;
        let name = match include.file {
            File::Named(name) => name,
            File::Computed(template) => template.source().text().to_owned(),
        };
        let parameters = include.parameters.unwrap_or_default().into_iter();
        let parameters = parameters.map(|(name, parameter)| match parameter {
            Parameter::Text(text) => format!("{name}={text}"),
            Parameter::Variable(_) => format!("{name}:variable"),
        });
        Some((name, parameters.collect()))
    }

    #[test]
    fn names_and_parameters_are_read_as_jekyll_reads_them() {
        for (text, name, parameters) in [
            (" a/b.html ", "a/b.html", &[][..]),
            (
                "a.html x=\"1 \\\"2\\\"\" y='3' z=page.a-b",
                "a.html",
                &["x=1 \"2\"", "y=3", "z:variable"],
            ),
            ("a.html\n  x = \"한글\"\n", "a.html", &["x=한글"]),
            ("{{ page.kind }}.html x=1", "{{ page.kind }}.html", &["x:variable"]),
            ("head/{{ a | b: 'c' }}/{{ d }}.md", "head/{{ a | b: 'c' }}/{{ d }}.md", &[]),
        ] {
            let expected = parameters.iter().map(|&p| p.to_owned()).collect();
            assert_eq!(read(text), Some((name.to_owned(), expected)), "{text}");
        }
        for text in
            ["", "../a.html", "a//b", "a.html x", "a.html x=\"1\"y=2", "a.html x=\"1", "a b=|"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
