//! Jekyll's filters: the pages `tests/jekyll/filters*.md` say what they do; the rest holds bounds,
//! places and the determinism of draws.

use std::fmt::Write as _;

use bogi::date::{Date, Zone};
use bogi::jekyll::filters::{self, Expressions, FilterSite, Shelf};
use bogi::liquid::{
    Arguments, Context, Dialect, Family, Globals, Host, Limits, List, Lookup, Member, Mode,
    Options, Outcome, Problem, Template, Text, Val,
};
use bogi::span::{Mapped, Source};
use bogi::value::Value;
use proptest::prelude::*;

fn mapped(text: &str) -> Mapped {
    let source = Source::new("page.md", text);
    Mapped::from_source(&source, 0..source.text().len())
}

fn data(text: &str) -> Value {
    bogi::yaml::load(&mapped(text)).expect("the data of a page is YAML").value.to_value()
}

/// The data with its times shown in a zone, as a site's data are when they are read.
fn localised(value: &Value, zone: &Zone) -> Value {
    match value {
        Value::Time(moment) => Value::Time(moment.shown_in(zone)),
        Value::Array(all) => Value::Array(all.iter().map(|one| localised(one, zone)).collect()),
        Value::Map(map) => {
            let entries = map.iter();
            Value::Map(entries.map(|(key, one)| (key.clone(), localised(one, zone))).collect())
        }
        value => value.clone(),
    }
}

/// A site whose converters only show that they were called.
struct Site<'s> {
    url: &'s str,
    baseurl: &'s str,
    seed: u64,
    expressions: Expressions<'s>,
}

impl<'s> FilterSite<'s> for Site<'s> {
    fn url(&self) -> &str {
        self.url
    }

    fn baseurl(&self) -> &str {
        self.baseurl
    }

    fn markdownify(&self, text: &str) -> Outcome<String> {
        Ok(format!("<p>{text}</p>\n"))
    }

    fn smartify(&self, text: &str) -> Outcome<String> {
        Ok(text.replace("...", "…"))
    }

    fn scssify(&self, text: &str) -> Outcome<String> {
        match text.contains(':') {
            true => Ok(text.to_owned()),
            false => Err(Problem::render("expected \":\"")),
        }
    }

    fn sassify(&self, text: &str) -> Outcome<String> {
        Ok(text.to_owned())
    }

    fn expressions(&self) -> &Expressions<'s> {
        &self.expressions
    }

    fn seed(&self) -> u64 {
        self.seed
    }
}

impl<'s> Host<'s> for Site<'s> {
    fn filter(
        &self,
        name: &str,
        input: &Val<'s>,
        arguments: &Arguments<'s>,
        context: &mut Context<'_, 's>,
    ) -> Option<Outcome<Val<'s>>> {
        filters::apply(name, input, arguments, context, self)
    }

    fn filters(&self) -> &[&str] {
        &filters::NAMES
    }
}

/// The configuration of the site of a case.
#[derive(Clone, Debug, Default)]
struct Settings {
    url: String,
    baseurl: String,
    seed: u64,
    mode: Mode,
    options: Options,
}

impl Settings {
    /// Reads `url=… baseurl=… timezone=… strict` behind the word of a fence.
    fn of_words<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut settings = Self { mode: Mode::Warn, ..Self::default() };
        for word in words {
            match word.split_once('=') {
                Some(("url", url)) => settings.url = url.to_owned(),
                Some(("baseurl", baseurl)) => settings.baseurl = baseurl.to_owned(),
                Some(("timezone", zone)) => {
                    settings.options.zone = Zone::named(zone).expect("a time zone");
                }
                None if word == "strict" => settings.mode = Mode::Strict,
                _ => panic!("what is `{word}`?"),
            }
        }
        settings
    }
}

/// The page, and a line for each diagnostic: code, place, message.
fn run(text: &str, values: &Value, settings: &Settings) -> (String, String) {
    let template = Template::parse(&mapped(text), &Dialect::new(settings.mode));
    let shelf = Shelf::new();
    let site = Site {
        url: &settings.url,
        baseurl: &settings.baseurl,
        seed: settings.seed,
        expressions: Expressions::new(&shelf, settings.mode),
    };
    let values = localised(values, &settings.options.zone);
    let entries = values.as_map().into_iter().flatten();
    let globals: Globals<'_> =
        entries.map(|(name, value)| (name.as_str(), Val::from(value))).collect();
    let page = template.value.render(&site, globals, &settings.options);
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
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/jekyll");
    let mut failures = String::new();
    let mut cases = 0;
    for name in ["filters.md", "filters-text.md"] {
        let page = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        let mut fences = fences(&page).into_iter().peekable();
        let mut values = Value::Null;
        while let Some((info, content)) = fences.next() {
            let mut words = info.split(' ');
            match words.next() {
                Some("yaml") => values = data(&content),
                Some("liquid") => {
                    cases += 1;
                    let settings = Settings::of_words(words);
                    let (_, expected) = fences.next_if(|(info, _)| info == "text").unwrap();
                    let (page, _) = run(&content, &values, &settings);
                    if page != expected {
                        writeln!(failures, "{name}:\n{content}\n--- expected").unwrap();
                        writeln!(failures, "{expected}\n--- got\n{page}\n").unwrap();
                    }
                }
                other => panic!("{name}: what is a fence of `{other:?}`?"),
            }
        }
    }
    assert!(cases > 35, "only {cases} templates were found");
    assert!(failures.is_empty(), "{failures}");
}

fn page(text: &str, values: &str) -> (String, String) {
    run(text, &data(values), &Settings { mode: Mode::Warn, ..Settings::default() })
}

#[test]
fn converters_are_the_sites() {
    let (text, said) = page(
        "{{ '글' | markdownify }}{{ nil | markdownify }}{{ 'a...' | smartify }} \
         {{ 'a: b' | scssify }} {{ 'a' | scssify }} {{ 'b' | sassify }} {{ nil | sassify }}",
        "a: 1",
    );
    assert_eq!(
        text,
        "<p>글</p>\n<p></p>\na… a: b Liquid error: expected \":\" b Liquid error: internal"
    );
    assert_eq!(said.lines().count(), 2);
}

#[test]
fn mistakes_in_an_expression_are_shown_where_they_are_written() {
    let (_, said) = page("글 {{ a | where_exp: \"x\", \"x.n > 'a' | size\" }}", "a: [{n: 1}]");
    assert_eq!(said, "E0304 1:37 `|` Expected end_of_string but found pipe");
    let (_, said) = page("글 {{ a | where_exp: \"x\", \"x.n > 'a'\" }}", "a: [{n: 1}]");
    assert_eq!(said, "E0305 1:31 `>` comparison of Integer with String failed");
    let computed = "{% assign e = \"x.n > 'a'\" %}\n{{ a | where_exp: \"x\", e }}";
    let (_, said) = page(computed, "a: [{n: 1}]");
    assert_eq!(said, "E0305 2:8 `where_exp` comparison of Integer with String failed");
}

/// Documents that know their neighbours.
struct Posts;

impl<'s> Family<'s> for Posts {
    fn get(&'s self, index: usize, key: &str) -> Lookup<'s> {
        let other = |index| Val::Member(Member { family: self, index });
        Lookup::Found(match key {
            "title" => Val::from(format!("글 {index}")),
            "url" => Val::from(format!("/{index}/")),
            "date" => Date::new(2026, 1, [3, 1, 2][index]).map_or(Val::Nil, Val::Date),
            "next" if index < 2 => other(index + 1),
            "previous" if index > 0 => other(index - 1),
            "next" | "previous" => Val::Nil,
            _ => return Lookup::Absent,
        })
    }

    fn to_output(&'s self, _index: usize) -> Text<'s> {
        "본문".into()
    }

    fn keys(&'s self, _index: usize) -> Vec<Text<'s>> {
        ["title", "next", "previous"].map(Text::from).to_vec()
    }
}

#[test]
fn documents_are_elements_like_maps() {
    let (posts, shelf) = (Posts, Shelf::new());
    let print = |text: &str| {
        let template = Template::parse(&mapped(text), &Dialect::new(Mode::Warn)).value;
        let expressions = Expressions::new(&shelf, Mode::Warn);
        let site = Site { url: "", baseurl: "/b", seed: 0, expressions };
        let all = Val::List(List::Members(&posts, &[0, 1, 2]));
        let page = template.render(&site, Globals::from([("p", all)]), &Options::default());
        assert!(page.diagnostics.is_empty(), "{:?}", page.diagnostics);
        page.value.text().to_owned()
    };
    let titles = "map: 'title' | join: ', '";
    assert_eq!(print(&format!("{{{{ p | sort | {titles} }}}}")), "글 1, 글 2, 글 0");
    assert_eq!(print(&format!("{{{{ p | sort: 'date' | {titles} }}}}")), "글 1, 글 2, 글 0");
    assert_eq!(print("{{ p | where: 'next.title', '글 2' | map: 'title' }}"), "글 1");
    assert_eq!(print("{{ p | where_exp: 'x', 'x.next == nil' | map: 'title' }}"), "글 2");
    assert_eq!(print("{{ p | group_by_exp: 'x', 'x.next' | size }}"), "3");
    assert_eq!(print("{{ p[1] | relative_url }}"), "/b/1/");
    // A list's elements show their neighbours, and those show theirs without their neighbours.
    let short = |index: usize| format!(r#"{{"title":"글 {index}"}}"#);
    let second = |next: String, previous: String| {
        format!(r#"{{"title":"글 1","next":{next},"previous":{previous}}}"#)
    };
    let first =
        format!(r#"[{{"title":"글 0","next":{},"previous":null}}]"#, second(short(2), short(0)));
    assert_eq!(print("{{ p | pop: 2 | jsonify }}"), first);
    assert!(print("{{ p[0] | inspect }}").starts_with("{\n  &quot;title&quot;: &quot;글 0&quot;,"));
}

#[test]
fn draws_depend_on_the_page_and_nothing_else() {
    let values = data("a: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]");
    let draw = |seed| {
        let settings = Settings { seed, ..Settings::default() };
        let (text, said) = run("{{ a | sample }} {{ a | sample: 4 | join }}", &values, &settings);
        assert_eq!(said, "");
        text
    };
    assert_eq!(draw(1), draw(1));
    let different: std::collections::BTreeSet<String> = (0..20).map(draw).collect();
    assert!(different.len() > 10, "{different:?}");
    let (all, _) = page("{{ a | sample: 99 | sort | join }}", "a: [3, 1, 2]");
    assert_eq!(all, "1 2 3");
    let (none, _) = page("{{ a | sample | inspect }}{{ a | sample: 3 | jsonify }}", "a: []");
    assert_eq!(none, "nil[]");
}

#[test]
fn no_filter_works_without_end() {
    let bound = |text: &str| {
        let limits = Limits { work: 1 << 22, ..Limits::default() };
        let options = Options { limits, ..Options::default() };
        let settings = Settings { options, ..Settings::default() };
        let (_, said) = run(text, &data("a: [{n: 1}]"), &settings);
        assert!(said.contains("E0309"), "{text}: {said}");
    };
    let long = "{% assign l = (1..100000) | where_exp: 'x', 'true' %}";
    for filter in [
        "where_exp: 'x', 'x == 1'",
        "find: 'a.b', 1",
        "group_by_exp: 'x', 'x | modulo: 7'",
        "sort",
        "push: 1",
        "sample: 5",
    ] {
        bound(&format!("{long}{{% for i in (1..1000) %}}{{{{ l | {filter} }}}}{{% endfor %}}"));
    }
    bound("{{ (1..9999999999) | where: 'a', 1 }}");
    bound(
        "{% for i in (1..10000) %}{% capture e %}x == {{ i }}{% endcapture %}\
         {{ a | where_exp: 'x', e }}{% endfor %}",
    );
}

const FILTERS: &str = "where: 'b', V;where_exp: 'x', V;find: V, V;find_exp: 'x', 'x.b == V';\
    group_by: V;group_by_exp: 'x', 'x.b | size';sort;sort: V, 'last';push: V;pop: V;shift: V;\
    unshift: V;sample: V;array_to_sentence_string: V;date_to_xmlschema;date_to_string: 'ordinal';\
    date_to_rfc822;slugify: 'latin';slugify: V;xml_escape;cgi_escape;uri_escape;jsonify;inspect;\
    relative_url;absolute_url;strip_index;normalize_whitespace;number_of_words: 'auto';to_integer;\
    markdownify";
const VALUES: &str = "a;h;s;n;h.c.d;(1..3);'é글';1.5;-3;nil;empty;blank;'//h:0/.././%zz';\
    'http://u@:한.글.:80/?a=%2b&b#가';'2026-01-04';99999999999999999999;'a.b.';'x.b == 1'";

fn one_of(choices: &'static str) -> impl Strategy<Value = &'static str> {
    prop::sample::select(choices.split(';').map(str::trim).collect::<Vec<_>>())
}

proptest! {
    #[test]
    fn no_values_make_a_filter_fail(
        input in one_of(VALUES), argument in one_of(VALUES),
        first in one_of(FILTERS), second in one_of(FILTERS),
    ) {
        let text = format!("{{{{ {input} | {first} | {second} }}}}").replace('V', argument);
        page(&text, "a: [3, {b: 1}, null, [1, x]]\nh: {b: 1, c: {d: 이름}}\ns: 글 하나\nn: -7\n");
    }

    #[test]
    fn no_text_makes_a_url_fail_and_urls_stay_as_they_are(text in "[ -~가-힣ᄀ-ᇿ]{0,20}") {
        let values = Value::Map([("s".to_owned(), Value::from(text))].into_iter().collect());
        let settings = Settings { url: "https://가.나".to_owned(), ..Settings::default() };
        let once = "{{ s | relative_url | jsonify }}";
        let twice = "{{ s | relative_url | relative_url | jsonify }}";
        let (once, said) = run(once, &values, &settings);
        run("{{ s | absolute_url }}{{ s | uri_escape }}", &values, &settings);
        if said.is_empty() {
            let (twice, said) = run(twice, &values, &settings);
            // A path may turn out to begin with two slashes, which then name a host.
            prop_assert!(once == twice || !said.is_empty() || once.starts_with("\"//"));
        }
    }
}
