//! What style sheets become: the pages of `tests/sass/` hold cases, each of a sentence, the sheet,
//! files that it imports, and the CSS; and what holds for any text.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use bogi::sass::{Compiled, Files, Sheet, Style, Syntax, compile};
use bogi::span::{Mapped, Source};
use proptest::prelude::*;

#[derive(Default)]
struct Folder(BTreeMap<String, Arc<Source>>);

impl Files for Folder {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        self.0.get(path).cloned()
    }
}

fn run(
    text: &str,
    syntax: Syntax,
    style: Style,
    source_map: bool,
    files: &Folder,
) -> Result<Compiled, String> {
    let path = "assets/main.scss";
    let source = Source::new(path, text);
    let text = &Mapped::from_source(&source, 0..text.len());
    let load_paths = &["_sass".to_owned()];
    let sheet = Sheet { path, text, syntax, style, load_paths, source_map };
    compile(&sheet, files).map_err(|error| format!("{}: {}", error.code.0, error.message))
}

/// Runs the cases of a page; gives what is wrong with it and how many cases it has. A fence `scss`
/// or `sass` is a sheet, with a path a file; `css STYLE` is what the sheet before becomes.
fn replay(page: &str, wrong: &mut String) -> usize {
    let mut count = 0;
    let mut title = String::new();
    let mut open: Option<(String, String)> = None;
    let mut sheet = (Syntax::Scss, String::new());
    let mut files = Folder::default();
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("````") {
            let Some((info, text)) = open.take() else {
                open = Some((info.to_owned(), String::new()));
                continue;
            };
            let (kind, rest) = info.split_once(' ').unwrap_or((&*info, ""));
            if kind == "css" {
                count += 1;
                let style = Style::named(rest).unwrap_or_default();
                let found = run(&sheet.1, sheet.0, style, false, &files).map(|done| done.css);
                let found = found.unwrap_or_else(|error| error);
                if found.trim_end() != text.trim_end() {
                    let _written = writeln!(wrong, "{title} ({rest})\n{text}--- found\n{found}");
                }
            } else if rest.is_empty() {
                sheet = (Syntax::of_path(&format!("x.{kind}")).unwrap(), text);
            } else {
                files.0.insert(rest.to_owned(), Source::new(rest, text));
            }
        } else if let Some((_, text)) = &mut open {
            let _written = writeln!(text, "{line}");
        } else if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_owned();
            files = Folder::default();
        }
    }
    count
}

#[test]
fn pages_of_cases_hold() {
    let mut count = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir("tests/sass").unwrap() {
        let page = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        count += replay(&page, &mut wrong);
    }
    assert!(count > 20, "only {count} cases were found");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn the_last_line_names_the_source_map() {
    let files = Folder::default();
    let found = run(".a { color:red; }", Syntax::Scss, Style::Compact, true, &files).unwrap();
    assert_eq!(found.css, ".a { color: red; }\n\n/*# sourceMappingURL=main.css.map */");
    assert!(found.map.is_some());
    let found = run("", Syntax::Scss, Style::Compact, true, &files).unwrap();
    assert_eq!(found.css, "");
}

const PIECES: &[&str] = &[
    "a",
    ".b",
    "&",
    ":hover",
    " { ",
    "{",
    "}",
    "; ",
    ": ",
    "$x",
    "$x: 1px;",
    "#{",
    "(",
    ")",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "// c\n",
    "/* c */",
    "/*",
    "*/",
    "@if true {",
    "@else {",
    "@for $i from 1 \
     through 3 {",
    "@mixin m {",
    "@include m;",
    "@include m { b: c }",
    "@content;",
    "@function f() \
     {",
    "@return 1;",
    "@extend .b;",
    "%p",
    "@media print {",
    "@import 'p';",
    "@import 'p', \
     url(x);",
    "@at-root ",
    "@debug 1;",
    "--x: { y: z };",
    "b: c;",
    "b: -1px + $x;",
    "url(a;b",
    "!important",
    "글",
    "\u{F0001}",
    "\u{F0001}d0:0",
    "\n",
    "\t",
    "@keyframes k { from {",
    "1e999px",
    "rgb(1,2,3)",
    "calc(1px + 2%)",
    "nth-child( 2n + 1 )",
    "[a='b']",
    "@charset \"x\";",
    "~",
    ">",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 256,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_is_compiled_or_has_a_message(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40),
        indented in any::<bool>(),
    ) {
        let mut files = Folder::default();
        files.0.insert("_sass/_p.scss".to_owned(), Source::new("_sass/_p.scss", "p { q: r }"));
        let syntax = if indented { Syntax::Sass } else { Syntax::Scss };
        let text = pieces.concat();
        for style in [Style::Compact, Style::Nested, Style::Expanded, Style::Compressed] {
            let first = run(&text, syntax, style, true, &files);
            prop_assert_eq!(&first, &run(&text, syntax, style, true, &files));
            if let Ok(compiled) = first && !text.contains('\u{F0001}') {
                prop_assert!(!compiled.css.contains('\u{F0001}'), "{text:?}\n{}", compiled.css);
            }
        }
    }
}
