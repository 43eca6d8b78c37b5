//! Liquid: the pages under `tests/liquid/` say what templates do; the rest holds bounds, places
//! and objects of a host, and that no text makes the engine fail.

use std::fmt::Write as _;
use std::sync::Arc;

use bogi::diagnostic::Staged;
use bogi::liquid::{
    Alone, Context, CustomTag, Dialect, Globals, Host, Limits, Lookup, Missing, Mode, Object,
    Options, Outcome, Shape, Template, Text, Val,
};
use bogi::span::{Mapped, Source};
use bogi::value::Value;
use proptest::prelude::*;

fn mapped(text: &str) -> Mapped {
    let source = Source::new("page.md", text);
    Mapped::from_source(&source, 0..source.text().len())
}

fn parse(text: &str, mode: Mode) -> Staged<Template> {
    Template::parse(&mapped(text), &Dialect::new(mode))
}

fn data(text: &str) -> Value {
    let node = bogi::yaml::load(&mapped(text)).expect("the data of a page is YAML");
    node.value.to_value()
}

fn globals(data: &Value) -> Globals<'_> {
    let entries = data.as_map().into_iter().flatten();
    entries.map(|(name, value)| (name.as_str(), Val::from(value))).collect()
}

/// The page, and a line for each diagnostic: code, place, message.
fn run(text: &str, values: &Value, mode: Mode, options: &Options) -> (String, String) {
    let template = parse(text, mode);
    let page = template.value.render(&Alone, globals(values), options);
    let plain = template.value.render_text(&Alone, globals(values), options);
    assert_eq!(page.value.text(), plain.value, "text with and without places differ");
    let mut said = String::new();
    for diagnostic in template.diagnostics.iter().chain(&page.diagnostics) {
        let place = diagnostic.place.as_ref().expect("diagnostics of Liquid have a place");
        let (line, column) = place.line_column();
        let shown = place.text();
        let code = diagnostic.code.0;
        writeln!(said, "{code} {line}:{column} `{shown}` {}", diagnostic.message).unwrap();
    }
    (page.value.text().to_owned(), said.trim_end().to_owned())
}

/// The fences of a page: info string and content without its last line break.
fn fences(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut open: Option<(String, Vec<&str>)> = None;
    for line in page.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(info)) => open = Some((info.to_owned(), Vec::new())),
            (Some(_), Some("")) => {
                let (info, lines) = open.take().unwrap();
                found.push((info, lines.join("\n")));
            }
            (Some((_, lines)), _) => lines.push(line),
            (None, None) => {}
        }
    }
    found
}

#[test]
fn pages_hold() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/liquid");
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let mut failures = String::new();
    let mut cases = 0;
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let page = std::fs::read_to_string(&path).unwrap();
        let mut fences = fences(&page).into_iter().peekable();
        let mut values = Value::Null;
        while let Some((info, content)) = fences.next() {
            let mut words = info.split(' ');
            match words.next() {
                Some("yaml") => values = data(&content),
                Some("liquid") => {
                    cases += 1;
                    let mut mode = Mode::Lax;
                    let mut options = Options::default();
                    for word in words {
                        match word {
                            "warn" => mode = Mode::Warn,
                            "strict" => mode = Mode::Strict,
                            "strict_variables" => options.strict_variables = true,
                            "strict_filters" => options.strict_filters = true,
                            _ => panic!("{name}: what is `{word}`?"),
                        }
                    }
                    let expected = fences.next_if(|(info, _)| info == "text");
                    let expected = expected.map(|(_, text)| text).unwrap_or_default();
                    let said = fences.next_if(|(info, _)| info == "diagnostics");
                    let said = said.map(|(_, text)| text).unwrap_or_default();
                    let got = run(&content, &values, mode, &options);
                    if got != (expected.clone(), said.clone()) {
                        let (page, diagnostics) = got;
                        writeln!(failures, "{name}:\n{content}\n--- expected").unwrap();
                        writeln!(failures, "{expected}\n{said}\n--- got").unwrap();
                        writeln!(failures, "{page}\n{diagnostics}\n").unwrap();
                    }
                }
                other => panic!("{name}: what is a fence of `{other:?}`?"),
            }
        }
    }
    assert!(cases > 40, "only {cases} templates were found");
    assert!(failures.is_empty(), "{failures}");
}

#[test]
fn computed_text_points_at_its_output_and_literal_text_at_itself() {
    let text = "첫 줄 {{ a }}\n{% for x in b %}- 항목 {{ x }}\n{% endfor %}끝";
    let values = data("a: 값\nb: [가, 나]\n");
    let template = parse(text, Mode::Lax).value;
    let page = template.render(&Alone, globals(&values), &Options::default()).value;
    assert_eq!(page.text(), "첫 줄 값\n- 항목 가\n- 항목 나\n끝");
    let place = |needle: &str| {
        let at = page.text().find(needle).unwrap();
        page.locate(at..at + needle.len()).unwrap()
    };
    assert_eq!(place("값").text(), "{{ a }}");
    assert_eq!(place("나").text(), "{{ x }}");
    assert_eq!(place("끝").line_column(), (3, 13));
}

/// An object that knows one member, and has something to say about all others.
struct Known;

impl<'s> Object<'s> for Known {
    fn get(&self, key: &str) -> Lookup<'s> {
        if key == "throttles" {
            return Lookup::Found(Val::object(Marked));
        }
        Lookup::Missing(Box::new(Missing {
            message: format!("there is no value `{key}`"),
            hints: vec!["did you mean `throttles`?".to_owned()],
            replacement: "⚠".to_owned(),
            ..Missing::default()
        }))
    }

    fn to_output(&self) -> Text<'s> {
        Text::Borrowed("known")
    }
}

/// A number whose output carries an invisible character.
struct Marked;

impl<'s> Object<'s> for Marked {
    fn get(&self, _key: &str) -> Lookup<'s> {
        Lookup::Absent
    }

    fn to_output(&self) -> Text<'s> {
        Text::Borrowed("\u{F0B00}10\u{F0B02}")
    }

    fn as_value(&self) -> Option<Val<'s>> {
        Some(Val::from(10))
    }
}

/// A host with a filter, a block tag and a tag whose body isn't read.
struct House;

impl<'s> Host<'s> for House {
    fn tag(&self, tag: &'s CustomTag, context: &mut Context<'_, 's>) -> Outcome<()> {
        match tag.name() {
            "twice" => {
                context.render(tag.body())?;
                context.render(tag.body())
            }
            _ => context.write_source(tag.raw()),
        }
    }

    fn visible(&self, text: Text<'s>) -> Text<'s> {
        let plain: String =
            text.chars().filter(|c| !('\u{F0B00}'..='\u{F0B19}').contains(c)).collect();
        Text::from(plain)
    }
}

fn in_house(text: &str) -> Staged<Mapped> {
    let dialect = Dialect::new(Mode::Lax).tag("twice", Shape::Block, |_| Ok(Box::new(()))).tag(
        "code",
        Shape::Raw,
        |_| Ok(Box::new(())),
    );
    let template = Template::parse(&mapped(text), &dialect);
    assert!(template.diagnostics.is_empty(), "{:?}", template.diagnostics);
    let globals = Globals::from([("known", Val::object(Known))]);
    template.value.render(&House, globals, &Options::default())
}

#[test]
fn a_missing_member_is_reported_where_it_stands() {
    let page = in_house("그래서 {{ known.throtles }} 번");
    assert_eq!(page.value.text(), "그래서 ⚠ 번");
    let [diagnostic] = &page.diagnostics[..] else { panic!("{:?}", page.diagnostics) };
    assert_eq!(diagnostic.code.0, "E0308");
    assert_eq!(diagnostic.place.as_ref().unwrap().text(), "throtles");
    assert_eq!(diagnostic.hints, ["did you mean `throttles`?"]);
}

#[test]
fn a_particle_looks_at_the_text_without_marks_and_keeps_them() {
    let page = in_house("{{ known.throttles | josa: \"이/가\" }}");
    assert_eq!(page.value.text(), "\u{F0B00}10\u{F0B02}이");
    let page =
        in_house("{{ known.throttles | plus: 1 }} {% if known.throttles > 9 %}많다{% endif %}");
    assert_eq!(page.value.text(), "11 많다");
}

#[test]
fn a_host_adds_tags() {
    let page = in_house("{% twice %}{{ 1 }}{% endtwice %}{% code %}{{ {% {% endcode %}");
    assert_eq!(page.value.text(), "11{{ {% ");
}

#[test]
fn templates_are_shared_between_threads() {
    let template = Arc::new(parse("{{ 'a' | upcase }}", Mode::Lax).value);
    let pages: Vec<_> = (0..4)
        .map(|_| {
            let template = Arc::clone(&template);
            std::thread::spawn(move || {
                template.render_text(&Alone, Globals::new(), &Options::default()).value
            })
        })
        .map(|thread| thread.join().unwrap())
        .collect();
    assert_eq!(pages, ["A"; 4]);
}

fn limit(text: &str, limits: Limits) -> String {
    let template = parse(text, Mode::Lax).value;
    let options = Options { limits, ..Options::default() };
    let page = template.render_text(&Alone, Globals::new(), &options);
    let first = page.diagnostics.first().unwrap_or_else(|| panic!("{}", page.value.len()));
    assert_eq!(first.code.0, "E0309", "{first:?}");
    first.message.clone()
}

#[test]
fn what_grows_without_end_is_stopped() {
    let doubling = "{% assign x = 'ab' %}{% for i in (1..1000000) %}\
                    {% assign x = x | append: x %}{% endfor %}";
    assert_eq!(limit(doubling, Limits::default()), "a value has more than 16777216 bytes");
    let capture = "{% capture x %}ab{% endcapture %}{% for i in (1..1000000) %}\
                   {% capture x %}{{ x }}{{ x }}{% endcapture %}{% endfor %}";
    limit(capture, Limits::default());
    let replace = "{% assign x = 'a' %}{% for i in (1..100) %}\
                   {% assign x = x | replace: '', x %}{% endfor %}";
    limit(replace, Limits::default());
    limit("{% for i in (1..1000000000) %}.{% endfor %}", Limits::default());
    limit("{{ (1..1000000000) | join }}", Limits::default());
    let nested = "{% for i in (1..9000) %}{% for j in (1..9000) %}{% endfor %}{% endfor %}";
    limit(nested, Limits { steps: 100_000, ..Limits::default() });
    let limits = Limits { work: 1 << 22, ..Limits::default() };
    let often = |body: String| format!("{{% for i in (1..100000) %}}{body}{{% endfor %}}");
    let terms = "a or ".repeat(1000);
    limit(&often(format!("{{% if {terms} a %}}{{% endif %}}")), limits.clone());
    let members = ".size".repeat(1000);
    limit(&often(format!("{{{{ i.size{members} }}}}")), limits.clone());
    limit(&often(format!("{{% assign x = i {} %}}", "| plus: 1 ".repeat(1000))), limits.clone());
    let arguments = "allow_false: 1, ".repeat(1000);
    limit(&often(format!("{{% assign x = i | default: 1, {arguments} %}}")), limits.clone());
    let cases = "{% else %}".repeat(1000);
    limit(&often(format!("{{% case 1 %}}{{% when 2 %}}{cases}{{% endcase %}}")), limits.clone());
    let changed = format!("{{% ifchanged %}}{}{{% endifchanged %}}", "text".repeat(1000));
    limit(&often(changed), limits);
    let output = "{% for i in (1..100000) %}0123456789{% endfor %}";
    limit(output, Limits { output: 10_000, ..Limits::default() });
}

#[test]
fn blocks_nest_to_a_bound() {
    let deep =
        |depth: usize| format!("{}x{}", "{% if true %}".repeat(depth), "{% endif %}".repeat(depth));
    let (page, said) = run(&deep(99), &Value::Null, Mode::Lax, &Options::default());
    assert_eq!((page.as_str(), said.as_str()), ("x", ""));
    let template = parse(&deep(100_000), Mode::Lax);
    assert!(template.diagnostics.iter().any(|diagnostic| diagnostic.code.0 == "E0309"));
}

#[test]
fn numbers_at_the_end_of_their_range_are_numbers() {
    let least = "-170141183460469231731687303715884105728";
    let text = format!(
        "{{{{ 'abc' | truncate: {least} }}}}{{% for i in (1..3) limit: {least} %}}x{{% endfor %}}\
         {{{{ 'abc' | slice: {least}, 1 }}}}{{% tablerow i in (1..3) offset: {least} %}}{{{{ i }}}}\
         {{% endtablerow %}}{{{{ {least} | minus: 1 | abs | size }}}}"
    );
    let (page, said) = run(&text, &Value::Null, Mode::Lax, &Options::default());
    assert!(page.starts_with("...<tr class=\"row1\">\n<td class=\"col1\">1</td>"), "{page}");
    assert_eq!(said, "");
}

proptest! {
    #[test]
    fn no_text_makes_it_fail(text in r"([ -~가-힣\n]|\{\{|\}\}|\{%|%\}|-)*") {
        for mode in [Mode::Lax, Mode::Warn, Mode::Strict] {
            run(&text, &Value::Null, mode, &Options::default());
        }
    }

    #[test]
    fn no_template_makes_it_fail(parts in prop::collection::vec(part(), 0..12)) {
        let values =
            data("a: [3, 1, x, null, [1, 2]]\nh: {b: 1, c: {d: 이름}}\ns: 글 하나\nn: -7\n");
        let options = Options { limits: Limits { steps: 20_000, ..Limits::default() },
            ..Options::default() };
        for mode in [Mode::Lax, Mode::Warn] {
            run(&parts.concat(), &values, mode, &options);
        }
    }
}

const VALUES: &str = "a;h;s;n;h.c.d;a[0];a.size;(1..3);(n..99999999999);'é글';1.5;-3;nil;\
    empty;blank;forloop;99999999999999999999;x[;\";h['c']['d']";
const FILTERS: &str = ";| size;| plus: n;| divided_by: 0;| split: '';| join: a;| sort;\
    | map: 'b';| slice: -2, 99;| truncate: n;| truncatewords: 0;| replace: '', s;| round: n;\
    | times: 1e9;| modulo: 0.0;| josa: '은';| date: '%Y %Q';| uniq;| concat: a;| where: 'b', 1;\
    | url_decode;| strip_html;| at_least: s;|||";
const TAGS: &str = "{% if V F %};{% if V == V %};{% elsif V contains V %};{% else %};\
    {% endif %};{% unless V < V %};{% endunless %};{% for x in V %};{% endfor %};\
    {% for x in V limit: V offset: continue reversed %};{% break %};{% continue %};{% case V %};\
    {% when V, V or V %};{% endcase %};{% assign a = V F %};{% capture s %};{% endcapture %};\
    {% cycle V: V, V %};{% increment n %};{% tablerow x in V cols: V %};{% endtablerow %};\
    {% raw %};{% endraw %};{% comment %};{% endcomment %};{% ifchanged %};{% endifchanged %};\
    {{ V F F }};{{- V F -}}; 글\n;{%;{{;}};{% nothing %};{% decrement V %}";

fn one_of(choices: &'static str) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices.split(';').collect::<Vec<_>>())
}

/// Pieces of templates, whole and broken.
fn part() -> impl Strategy<Value = String> {
    let value = || one_of(VALUES);
    let filter = || one_of(FILTERS);
    (one_of(TAGS), value(), value(), filter(), filter()).prop_map(|(tag, v, w, f, g)| {
        tag.replacen('V', v, 1).replace('V', w).replacen('F', f, 1).replace('F', g)
    })
}

/// A host whose only file includes itself.
struct Mirror<'t>(&'t std::sync::OnceLock<Template>);

impl<'s> Host<'s> for Mirror<'s> {
    fn tag(&self, _tag: &'s CustomTag, context: &mut Context<'_, 's>) -> Outcome<()> {
        self.0.get().map_or(Ok(()), |template| context.include(template))
    }
}

#[test]
fn an_include_of_itself_is_stopped() {
    let dialect = Dialect::new(Mode::Lax).tag("include", Shape::Inline, |_| Ok(Box::new(())));
    let text = "{% for i in (1..2) %}{% if true %}{% include me %}{% endif %}{% endfor %}";
    let file = std::sync::OnceLock::from(Template::parse(&mapped(text), &dialect).value);
    let template = file.get().unwrap();
    let options =
        Options { limits: Limits { steps: 50_000, ..Limits::default() }, ..Options::default() };
    let page = template.render(&Mirror(&file), Globals::new(), &options);
    assert!(page.value.text().contains("Liquid error: Nesting too deep"));
    assert!(page.diagnostics.iter().all(|diagnostic| diagnostic.code.0 == "E0309"));
}
