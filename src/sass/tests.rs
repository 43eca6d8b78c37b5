//! Errors, bounds and source maps; what CSS comes out is in `tests/sass/`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::value::Value;

struct Folder(BTreeMap<&'static str, &'static str>);

impl Files for Folder {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        self.0.get(path).map(|text| Source::new(path, *text))
    }
}

fn run(text: &str, files: &[(&'static str, &'static str)]) -> Result<Compiled, Box<Diagnostic>> {
    let source = Source::new("assets/main.scss", format!("---\n---\n{text}"));
    let text = Mapped::from_source(&source, 8..source.text().len());
    let load_paths = ["_sass".to_owned()];
    let sheet = Sheet {
        path: "assets/main.scss",
        text: &text,
        syntax: Syntax::Scss,
        style: Style::Compact,
        load_paths: &load_paths,
        source_map: true,
    };
    compile(&sheet, &Folder(files.iter().copied().collect()))
}

#[track_caller]
fn error(text: &str, files: &[(&'static str, &'static str)]) -> (String, String, String) {
    let error = *run(text, files).expect_err("the sheet is wrong");
    let place = error.place.clone().expect("the mistake has a place");
    (error.code.0.to_owned(), format!("{place:?}"), place.text().to_owned())
}

fn is(code: &str, place: &str, text: &str) -> (String, String, String) {
    (code.to_owned(), place.to_owned(), text.to_owned())
}

#[test]
fn a_mistake_has_the_place_where_its_author_made_it() {
    let found = error("a { b: c; d { color: $x; } }", &[]);
    assert_eq!(found, is("E0802", "assets/main.scss:3:22", "$x"));
    let partial = [("_sass/_p.scss", "/* c */\n.p { q: r;\n  가: $y }")];
    assert_eq!(error("@import 'p';", &partial), is("E0802", "_sass/_p.scss:3:6", "$y"));
    let missing = error("a { b: c }\n@import \"p\", \"nowhere\";", &partial[..0]);
    assert_eq!(missing, is("E0803", "assets/main.scss:4:9", "\"p\""));
    let found = error(
        "@import 'a';",
        &[("_sass/_a.scss", "@import 'b';"), ("_sass/b.scss", "@import 'a'")],
    );
    assert_eq!(found, is("E0804", "_sass/b.scss:1:9", "'a'"));
    assert_eq!(error("a { b: c; @for }", &[]).0, "E0801");
    assert_eq!(error("a { b: 1px + 1s }", &[]), is("E0801", "assets/main.scss:3:8", "1px + 1s"));
}

#[test]
fn nothing_runs_without_end() {
    let places = [
        ("@function f() { @return f() }\na { b: f() }", "f() }"),
        ("@mixin m { @include m }\n@include m;", ""),
        ("@while true { }", ""),
        ("a { @while true { b: c } }", ""),
        ("@for $i from 1 through 100000000 { }", ""),
        ("@import 'x';", ""),
    ];
    for (text, _) in places {
        let files: Vec<(String, String)> = (0..30)
            .map(|n| {
                (format!("_sass/x{n}.scss"), format!("@import 'x{0}'; @import 'x{0}';", n + 1))
            })
            .collect();
        let mut files: Vec<(&'static str, &'static str)> =
            files.into_iter().map(|(path, text)| (&*path.leak(), &*text.leak())).collect();
        files.push(("_sass/x.scss", "@import 'x0';"));
        files.push(("_sass/x30.scss", "a { b: c }"));
        assert_eq!(run(text, &files).unwrap_err().code, ENDLESS, "{text}");
    }
    for text in ["a\n  b: c\n@media /* d", "a\n  b: c /**", "@media /* d *"] {
        // The compiler would look for the comment's end for ever.
        assert_eq!(run("@import 'p';", &[("_sass/_p.sass", text)]).unwrap_err().code.0, "E0801");
    }
    for text in [
        "a {".repeat(100_000),
        format!("a {{ b: {}", "(".repeat(100_000)),
        format!("a {{ b: {}", "not ".repeat(100_000)),
        format!("a {{ b: 1{} }}", " + 1".repeat(100_000)),
        "@mixin m($n) { @supports (a: b) { c { d: e } @if $n > 0 { @include m($n - 1) } } }\n\
         @include m(300);"
            .to_owned(),
        format!("{}d: e{}", "a, b, c { ".repeat(30), "}".repeat(30)),
    ] {
        assert_eq!(run(&text, &[]).unwrap_err().code, ENDLESS, "{}", &text[..40]);
    }
}

#[test]
fn an_open_comment_of_the_indented_syntax_ends() {
    for text in ["a /*", "a /* *", "a\n  b: c /* *", "/*", "a /* *\n"] {
        let source = Source::new("a.sass", text);
        let text = &Mapped::from_source(&source, 0..text.len());
        let (syntax, style, load_paths) = (Syntax::Sass, Style::Compact, &[]);
        let sheet = Sheet { path: "a.sass", text, syntax, style, load_paths, source_map: true };
        let _done = compile(&sheet, &Folder(BTreeMap::new()));
    }
}

#[test]
fn deep_and_long_sheets_that_end_are_compiled() {
    let recursion =
        "@mixin f($n) { @if $n > 0 { c { d: $n; @include f($n - 1) } } }\na { @include f(200) }";
    assert!(run(recursion, &[]).is_ok());
    let function =
        "@function f($n) { @if $n > 0 { @return f($n - 1) } @return 0 }\na { b: f(1000) }";
    assert!(run(function, &[]).unwrap().css.starts_with("a { b: 0; }"));
    let nested = format!("{}d: e{}", "a {".repeat(100), "}".repeat(100));
    assert!(run(&nested, &[]).is_ok());
}

#[test]
fn what_the_sheet_says_is_a_remark() {
    let compiled = run("@warn \"old\";\na { b: c }", &[]).unwrap();
    assert_eq!(compiled.warnings.len(), 1);
    assert_eq!(compiled.warnings[0].code, WARNED);
    assert_eq!(compiled.warnings[0].place.as_ref().unwrap().line_column().0, 3);
    assert!(compiled.warnings[0].message.ends_with("old"));
}

#[test]
fn the_source_map_leads_to_the_files() {
    let files = [("_sass/_p.scss", "// 한글\n.p { q: r }"), ("_sass/sub/_q.scss", ".q { r: s }")];
    let compiled = run("@import \"p\", \"sub/q\";\n.a { b: c; &:d { e: f } }", &files).unwrap();
    assert_eq!(compiled.imported, ["_sass/_p.scss", "_sass/sub/_q.scss"]);
    let css = ".p { q: r; }\n\n.q { r: s; }\n\n.a { b: c; }\n\n.a:d { e: f; }\n\n\
               /*# sourceMappingURL=main.css.map */";
    assert_eq!(compiled.css, css);
    let map: serde_json::Value = serde_json::from_str(&compiled.map.unwrap()).unwrap();
    assert_eq!(map["version"], 3);
    assert_eq!(map["file"], "main.css");
    assert_eq!(
        map["sources"],
        serde_json::json!(["main.scss", "_sass/_p.scss", "_sass/sub/_q.scss"])
    );
    assert_eq!(map["sourcesContent"][1], files[0].1);
    // Selector, property, value: of the partial's second line, then of the others.
    assert_eq!(map["mappings"], "ACCA,KAAK,GAAG;;ACDR,KAAK,GAAG;;AFCR,KAAK,GAAG;;AAAG,OAAM,GAAG");
}

#[test]
fn imports_are_looked_for_as_libsass_does() {
    let files = [
        ("_sass/_a.scss", "a { from: partial }"),
        ("_sass/a.scss", "a { from: plain }"),
        ("_sass/lib/_index.scss", "@import 'part', '../a'"),
        ("_sass/lib/_part.sass", "b\n  c: d\n"),
        ("_sass/v1.2.scss", "c { dots: kept }"),
        ("_sass/plain.css", "d { e: f }"),
        ("assets/own.scss", "e { beside: sheet }"),
        ("root.scss", "f { in: root }"),
    ];
    let text =
        "@import 'a', 'lib', 'v1.2', 'a.scss';\n@import \"plain\"; @import 'own'; @import 'root';";
    let css = run(text, &files).unwrap().css;
    let rules: Vec<&str> = css.lines().filter(|line| line.contains('{')).collect();
    let a = "a { from: partial; }";
    let expected = [
        a,
        "b { c: d; }",
        a,
        "c { dots: kept; }",
        "a { from: plain; }",
        "d { e: f; }",
        "e { beside: sheet; }",
        "f { in: root; }",
    ];
    assert_eq!(rules, expected);
}

#[test]
fn settings_are_read_as_jekyll_does() {
    let read = |pairs: &[(&str, &str)]| {
        let map = pairs.iter().map(|(k, v)| ((*k).to_owned(), Value::String((*v).to_owned())));
        Settings::read(Some(&map.collect()))
    };
    assert_eq!(Settings::read(None).style, Style::Compact);
    assert_eq!(read(&[("style", ":compressed")]).style, Style::Compressed);
    assert_eq!(read(&[("style", "pretty")]).style, Style::Compact);
    assert_eq!(read(&[("implementation", "sass-embedded")]).style, Style::Expanded);
    let settings = read(&[("sourcemap", "development"), ("load_paths", "./vendor/css/")]);
    assert!(settings.wants_source_map("development") && !settings.wants_source_map("production"));
    assert_eq!(settings.folders("_sass", None), ["vendor/css", "_sass"]);
}

#[test]
fn a_prepared_text_leads_back() {
    let text = "@mixin m { a: b }\n.x { c: d; @media print { e: f } .y { g: h } }\n@import 'z';";
    let prepared = scan::prepare(text, 0, true).unwrap();
    for word in ["a: b", "c: d", "e: f", "g: h", "z", ".y"] {
        let at = prepared.text.find(word).unwrap();
        assert_eq!(prepared.original(at), text.find(word).unwrap(), "{word}");
    }
    assert_eq!(prepared.text.lines().count(), text.lines().count());
}
