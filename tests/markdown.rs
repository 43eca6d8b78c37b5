//! What Markdown becomes: the pages of `tests/markdown/` hold cases, each of a sentence, kramdown's
//! options as YAML if there are some, the Markdown and the HTML that kramdown makes of it; and what
//! holds for any text.

#[path = "../fuzz/check.rs"]
mod check;

use std::fmt::Write as _;

use bogi::markdown::options::Input;
use bogi::markdown::{Host, Options, fences, mark, render};
use bogi::span::{Mapped, Source};
use bogi::yaml;
use proptest::prelude::*;

struct Plain;

impl Host for Plain {
    fn mark(&self, index: usize) -> Option<(String, String)> {
        Some((format!("<output id=\"m{index}\">"), "</output>".to_owned()))
    }
}

fn html(text: &str) -> String {
    render(text, &Options::default(), &Plain).html
}

/// A case of a page.
#[derive(Default)]
struct Case {
    title: String,
    options: String,
    markdown: String,
    html: Option<String>,
}

/// The cases of a page. Fences are of four back-ticks.
fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut open: Option<&str> = None;
    for line in page.lines() {
        if let Some(info) = line.strip_prefix("````") {
            open = if open.is_some() { None } else { Some(info) };
            if let Some(info) = open {
                let title = title.clone();
                if cases.last().is_none_or(|case| case.html.is_some()) {
                    cases.push(Case { title, ..Case::default() });
                }
                if let (Some(case), "html") = (cases.last_mut(), info) {
                    case.html = Some(String::new());
                }
            }
        } else if let (Some(info), Some(case)) = (open, cases.last_mut()) {
            let block = match info {
                "yaml" => &mut case.options,
                "html" => case.html.get_or_insert_default(),
                _ => &mut case.markdown,
            };
            let _written = writeln!(block, "{line}");
        } else if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_owned();
        }
    }
    cases
}

/// Options as `_config.yml` has them under `kramdown`.
fn options(text: &str) -> Options {
    let mut options = Options::default();
    let source = Source::new("options.yml", text);
    let node = yaml::load(&Mapped::from_source(&source, 0..text.len())).unwrap().value;
    for (name, value) in node.to_value().as_map().into_iter().flatten() {
        options.set(name, value).unwrap();
    }
    options
}

#[test]
fn pages_of_cases_hold() {
    let mut count = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir("tests/markdown").unwrap() {
        let path = entry.unwrap().path();
        let page = std::fs::read_to_string(&path).unwrap();
        for case in cases(&page) {
            count += 1;
            let found = render(&case.markdown, &options(&case.options), &Plain).html;
            let expected = case.html.unwrap_or_default();
            if found.trim() != expected.trim() {
                let (path, title) = (path.display(), case.title);
                let _written = writeln!(wrong, "{path}: {title}\n{expected}--- found\n{found}");
            }
        }
    }
    assert!(count > 30, "only {count} cases were found");
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_destination_knows_where_it_is_written() {
    let text = "- 글 [링크](a.html)\n\n> > ![그림](b.png \"제목\")\n\n[참조]\n\n[참조]: /c/\n\
                <img src=\"d.png\">\n";
    let links = render(text, &Options::default(), &Plain).links;
    let found: Vec<(&str, &str)> =
        links.iter().map(|link| (link.destination.as_str(), &text[link.range.clone()])).collect();
    assert_eq!(found[..3], [("a.html", "a.html"), ("b.png", "b.png"), ("/c/", "/c/")]);
    assert_eq!(found[3].0, "d.png");
    assert!(links[3].alt_missing && !links[1].alt_missing);
}

#[test]
fn fences_are_found_wherever_they_stand() {
    let text = "글\n```yaml scenario\nx\n```\n```yaml\na: 1\n```\n\
                - 항목\n\n  ```json\n  {}\n\n  ```\n\
                > ~~~ bash\n> ls\n> ~~~\n````md\n```\n안\n```\n````\n";
    let found = fences(text);
    let languages: Vec<&str> = found.iter().map(|fence| fence.language.as_str()).collect();
    assert_eq!(languages[1..], ["json", "bash", "md"]);
    let code = |index: usize| -> String {
        found[index].lines.iter().map(|line| &text[line.clone()]).collect()
    };
    assert_eq!(code(1), "{}\n\n");
    assert_eq!(code(2), "ls\n");
    assert_eq!(&text[found[2].body.clone()], "> ls\n");
    assert_eq!(&text[found[2].info.clone()], "bash");
    assert_eq!(code(3), "```\n안\n```\n");
}

#[test]
fn marks_become_the_hosts_html_in_prose_only() {
    let value = mark::wrap(7, "1,000");
    let shown = "<output id=\"m7\">1,000</output>";
    let prose = html(&format!("값은 **{value}**이다. _{value}_\n"));
    assert_eq!(prose, format!("<p>값은 <strong>{shown}</strong>이다. <em>{shown}</em></p>\n"));
    let code = html(&format!("`{value}` [가](/{value} \"{value}\")\n"));
    assert!(!code.contains("output") && code.contains("href=\"/1,000\""), "{code}");
    let heading = render(&format!("# 값 {value}\n"), &Options::default(), &Plain);
    assert_eq!(heading.headings[0].id, "값-1000");
    assert!(html(&format!("| {value} | b |\n|---|---|\n| c | {value} |\n")).contains(shown));
}

#[test]
fn a_host_replaces_code_blocks() {
    struct Figures;
    impl Host for Figures {
        fn code_block(&self, language: &str, code: &str) -> Option<String> {
            (language == "scenario").then(|| format!("<figure>{}</figure>\n", code.trim()))
        }
    }
    let text = "1. 하나\n\n   ```scenario\n   id: x\n   ```\n2. 둘\n";
    let found = render(text, &Options::default(), &Figures).html;
    assert!(found.contains("<figure>id: x</figure>"), "{found}");
}

/// Whether tags are closed in the order in which they were opened.
fn balanced(html: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at..];
        if rest.starts_with("<!--") || rest.starts_with("<?") {
            let end = if rest.starts_with("<?") { "?>" } else { "-->" };
            rest = rest.find(end).map_or("", |end| &rest[end..]);
            continue;
        }
        let closing = rest.starts_with("</");
        let name =
            rest[1 + usize::from(closing)..].split([' ', '>', '/']).next().unwrap_or_default();
        let mut quoted = false;
        let end = rest.find(|c| {
            quoted ^= c == '"';
            c == '>' && !quoted
        });
        let Some(end) = end else { return Err(format!("tag without end: {rest}")) };
        if closing {
            if open.pop() != Some(name) {
                return Err(format!("</{name}> closes nothing in\n{html}"));
            }
        } else if !rest[..end].ends_with('/') {
            open.push(name);
        }
        rest = &rest[end..];
        if matches!(name, "script" | "style") && !closing {
            rest = rest.find("</").map_or("", |end| &rest[end..]);
        }
    }
    if open.is_empty() { Ok(()) } else { Err(format!("{open:?} stay open in\n{html}")) }
}

/// Pieces of which kramdown's syntax is made.
const PIECES: &[&str] = &[
    "가나",
    "word",
    " ",
    "  ",
    "    ",
    "\n",
    "\n\n",
    "\t",
    "*",
    "**",
    "_",
    "__",
    "***",
    "`",
    "``",
    "```",
    "```rust\n",
    "~~",
    "~~~",
    "[",
    "]",
    "](a)",
    "](<b c> \"t\")",
    "![",
    "[^1]",
    "[^1]: ",
    "[a]: /b\n",
    "(",
    ")",
    "|",
    "|---|:-:|\n",
    "- ",
    "* ",
    "+ ",
    "1. ",
    "> ",
    ">",
    "# ",
    "###### ",
    "===\n",
    "---\n",
    "***\n",
    ": ",
    "{: .c #i}",
    "{: .c}\n",
    "{:toc}\n",
    "{:.no_toc}",
    "{:a: b}\n",
    "{::comment}",
    "{:/comment}",
    "{::nomarkdown}\n",
    "{:/}\n",
    "{::options parse_block_html=\"true\" /}\n",
    "^\n",
    "<b>",
    "</b>",
    "<div>",
    "</div>",
    "<div markdown=\"1\">",
    "<p markdown=\"span\">",
    "</p>",
    "<br>",
    "<!-- x -->",
    "<!--",
    "<script>",
    "</script>",
    "<u>",
    "</u>",
    "<a href=\"x\">",
    "</a>",
    "<https://a.b>",
    "$$",
    "$",
    "\\",
    "\\\n",
    "\\*",
    "&amp;",
    "&",
    "&lt;",
    "\"",
    "'",
    "--",
    "...",
    "<<",
    ">>",
    "*[가]: 나\n",
    "[ ] ",
    "[x] ",
    "<용어>",
    "\u{2e3f}",
    "\u{F0B00}",
    "\u{F0B01}",
    "\u{F0B02}",
    "\u{F0C80}",
    "\u{F0C2A}",
    "\u{100000}",
    "\u{101000}",
    "\r\n",
    "\r",
    "\0",
    "🚀",
];

fn structured() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

/// Raw HTML and what passes through unread can be as wrong as its author likes.
fn has_own_html(text: &str) -> bool {
    text.contains("nomarkdown")
        || text.contains("<script")
        || text.contains("<!--")
        || text.contains("<?")
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 512,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_gives_balanced_html(text in "\\PC*") {
        let found = html(&text);
        if !has_own_html(&text) {
            prop_assert!(balanced(&found).is_ok(), "{:?}", balanced(&found));
        }
    }

    #[test]
    fn any_markup_gives_balanced_html(text in structured()) {
        let rendered = render(&text, &Options::default(), &Plain);
        if !has_own_html(&text) {
            let found = balanced(&rendered.html);
            prop_assert!(found.is_ok(), "{}\n{}", text, found.unwrap_err());
        }
        for link in &rendered.links {
            prop_assert!(text.get(link.range.clone()).is_some(), "{:?} in {text:?}", link);
        }
        for fence in fences(&text) {
            prop_assert!(text.get(fence.body.clone()).is_some(), "{:?} in {text:?}", fence);
            for line in &fence.lines {
                prop_assert!(text.get(line.clone()).is_some(), "{:?} in {text:?}", fence);
            }
        }
    }

    #[test]
    fn any_options_keep_what_the_fuzz_target_promises(options: u8, text in structured()) {
        let mut data = vec![options];
        data.extend(text.bytes());
        check::check(&data);
    }

    #[test]
    fn no_character_of_the_skeleton_is_left(text in structured()) {
        let found = html(&text);
        let left = found.chars().find(|&c| mark::is_mark(c));
        prop_assert!(left.is_none(), "{text:?}\n{found}");
        let own = |c: &char| matches!(*c, '\u{F0C00}'..='\u{F0C81}' | '\u{100000}'..='\u{10FFFF}');
        prop_assert!(found.chars().filter(own).count() <= text.chars().filter(own).count() * 2);
    }
}

#[test]
fn repetition_ends() {
    const LENGTH: usize = 100_000;
    let pieces = [
        "*",
        "**a ",
        "[",
        "![",
        "[a](",
        ">",
        "> ",
        "- ",
        "  - a\n",
        "`",
        "``a`",
        "<",
        "<b>",
        "<div>",
        "<!--",
        "<?",
        "{:",
        "{::comment}",
        "$$",
        "~~a",
        "|",
        "| a |\n",
        "```\n",
        "\"",
        "&a;",
        "[^1]",
        "<p markdown=\"1\">",
        "<a b=\"",
        "_*[a`<b>",
        "1. a\n    - b\n",
    ];
    let long_lines = ["<!-- a -->", "<br>", "\u{F0B00}", "\u{F0B00}\u{F0B01}", "{:/}"];
    for piece in pieces.into_iter().chain(long_lines) {
        let text = piece.repeat(LENGTH / piece.len());
        assert!(!html(&text).is_empty() || piece == "{::comment}", "{piece}");
    }
}

#[test]
fn searches_and_definitions_have_bounds() {
    const LENGTH: usize = 200_000;
    let marks = |number: usize| -> String {
        (0..16).map(|bit| if number >> bit & 1 == 0 { '`' } else { '~' }).collect()
    };
    let fences: String = (0..LENGTH / 20).map(|n| format!("{}\n", marks(n))).collect();
    let attributes: String = (0..LENGTH / 8).map(|n| format!(" a{n}")).collect();
    let lists: String = (0..LENGTH / 12).map(|n| format!("{{: a{n}=\"b\"}}\n")).collect();
    let images = format!("[{}](x)", "[a] *b* ".repeat(LENGTH / 8));
    for text in [
        fences,
        format!("<p{attributes}>글</p>\n<b{attributes}>글</b>\n"),
        format!("글\n{lists}\n[a]: b\n{lists}"),
        images,
        format!("![_{}", "_".repeat(LENGTH)),
        "[a](b \"".repeat(LENGTH / 8),
        "[a](<b> \"".repeat(LENGTH / 10),
        "[a](<".repeat(LENGTH / 5),
    ] {
        assert!(!html(&text).is_empty());
    }
    let long = "b".repeat(4000);
    let many = "x ".repeat(16);
    let nested = format!(
        "{{:z: a=\"{long}\"}}\n{{:y: {} }}\n{{:x: {} }}\n\n{}",
        "z ".repeat(16),
        "y ".repeat(16),
        format!("글\n{{: {many}}}\n\n").repeat(1000)
    );
    let links = format!("[a]: /{long}\n\n{}", "[a] ".repeat(20_000));
    let short = format!("*[a]: {long}\n\n{}", "a ".repeat(20_000));
    for text in [nested, links, short] {
        assert!(html(&text).len() < 1 << 25);
    }
}

#[test]
fn an_info_word_reaches_the_host_as_it_is_written() {
    struct Echo;
    impl Host for Echo {
        fn code_block(&self, language: &str, _code: &str) -> Option<String> {
            Some(format!("{}\n", language.escape_unicode()))
        }
    }
    let language = "scenario\u{F0B20}12";
    let fence = format!("```{language}");
    let text =
        format!("- 가\n\n  {fence}\n  a\n  ```\n\n<div markdown=\"1\">\n{fence}\nb\n```\n</div>\n");
    let found = render(&text, &Options::default(), &Echo).html;
    assert_eq!(found.matches(&language.escape_unicode().to_string()).count(), 2, "{found}");
    let languages: Vec<String> = fences(&text).into_iter().map(|fence| fence.language).collect();
    assert_eq!(languages, [language, language]);
}

#[test]
fn deep_nesting_ends() {
    let lists: String = (0..500).map(|depth| format!("{}- a\n", "  ".repeat(depth))).collect();
    let quotes: String = (0..500).map(|depth| format!("{}a\n", ">".repeat(depth))).collect();
    let divs = "<div markdown=\"1\">\n".repeat(500);
    for text in [lists, quotes, divs] {
        assert!(balanced(&html(&text)).is_ok());
    }
}

#[test]
fn text_that_is_likely_meant_otherwise_is_remarked_on() {
    let text = "글\n| a | b |\n|---|---|\n\n```yaml\na\n";
    let rendered = render(text, &Options::default(), &Plain);
    let found: Vec<(&str, &str)> = rendered
        .remarks
        .iter()
        .map(|(range, remark)| (remark.code.0, &text[range.clone()]))
        .collect();
    assert_eq!(found, [("W0401", "| a | b |"), ("W0402", "```yaml")]);
    let good =
        "글\n\n| a | b |\n|---|---|\n| c | d |\n\n```yaml\na\n```\n\n`` ```js `` 글 ```x```\n";
    assert!(render(good, &Options::default(), &Plain).remarks.is_empty());
    let text =
        "#제목\n\n글\n##둘 # 셋\n\n#aws #lambda\n\n#1 이슈\n\n# 하나\n\n#######일곱\n\n    #코드\n";
    let headings = render(text, &Options::default(), &Plain).remarks;
    let found: Vec<(&str, &str)> =
        headings.iter().map(|(range, remark)| (remark.code.0, &text[range.clone()])).collect();
    assert_eq!(found, [("W0404", "#"), ("W0404", "##")]);
    let kramdown = Options { input: Input::Kramdown, ..Options::default() };
    assert!(render(text, &kramdown, &Plain).remarks.is_empty());
}
