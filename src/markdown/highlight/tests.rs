//! Tests of highlighting.

use proptest::prelude::*;

use super::*;
use crate::escape;

/// Languages with a lexer of their own, and some that grammars read.
const LANGUAGES: &[&str] = &[
    "apache",
    "c",
    "clojure",
    "console",
    "cpp",
    "csharp",
    "css",
    "diff",
    "docker",
    "go",
    "gradle",
    "groovy",
    "html",
    "ini",
    "java",
    "javascript",
    "json",
    "jsp",
    "kotlin",
    "liquid",
    "nginx",
    "lua",
    "properties",
    "python",
    "r",
    "ruby",
    "shell",
    "sql",
    "swift",
    "toml",
    "typescript",
    "xml",
    "yaml",
];

/// The text of marked code.
fn plain(html: &str) -> String {
    html.split('<')
        .enumerate()
        .map(|(index, piece)| match piece.split_once('>') {
            Some((_, text)) if index > 0 => text,
            _ => piece,
        })
        .collect()
}

#[test]
fn rouges_names_are_the_languages() {
    assert!(highlight("python", "x = 1\n").is_some());
    assert!(highlight("py", "x = 1\n").is_some());
    for name in ["python:app.py", "js{1,3}", "Python", "python3", "파이썬", "plaintext", ""] {
        assert_eq!(highlight(name, "x\n"), None, "{name}");
    }
}

#[test]
fn long_code_stays_plain() {
    assert_eq!(highlight("js", &"x".repeat(MAX_LINE + 1)), None);
    assert_eq!(highlight("js", &"x\n".repeat(MAX_CODE)), None);
}

#[test]
fn grammars_give_classes_too() {
    let html = highlight("lua", "local x = \"가\" -- 말\n").unwrap();
    assert!(html.contains("<span class=\"s2\">\"가\"</span>"), "{html}");
    assert_eq!(plain(&html), "local x = \"가\" -- 말\n");
}

/// Beginnings and ends of all that languages have.
const PIECES: &[&str] = &[
    " ",
    "\n",
    "\t",
    "\\",
    "\"",
    "'",
    "`",
    "\"\"\"",
    "'''",
    "#",
    "//",
    "/*",
    "*/",
    "--",
    "<!--",
    "-->",
    "<",
    ">",
    "</",
    "/>",
    "<%",
    "%>",
    "<%=",
    "<script>",
    "</script>",
    "<style>",
    "{",
    "}",
    "{{",
    "}}",
    "{%",
    "%}",
    "${",
    "#{",
    "$(",
    "$((",
    "))",
    "(",
    ")",
    "[",
    "]",
    ";",
    ":",
    "::",
    ",",
    ".",
    "..",
    "...",
    "?",
    "!",
    "@",
    "@\"",
    "$@\"",
    "$",
    "%",
    "%w[",
    "^",
    "&",
    "&amp;",
    "*",
    "**",
    "+",
    "-",
    "=",
    "==",
    "=>",
    "|",
    "~",
    "<<EOF",
    "EOF",
    "<<~A",
    "A",
    "R\"(",
    ")\"",
    "0x",
    "1_0",
    "1.5e3",
    "0",
    "7",
    "f\"",
    "r'",
    "b",
    "a",
    "class ",
    "def ",
    "struct X",
    "import ",
    "using ",
    "package ",
    "fun ",
    "val ",
    "case ",
    "esac",
    "if",
    "#if 0",
    "#endif",
    "#include <a>",
    "for ",
    "in ",
    "raw %}",
    "endraw",
    "template <",
    "new ",
    "return ",
    "FROM a AS b",
    "RUN ",
    "\n- ",
    "\n  ",
    "key: ",
    "|",
    "---",
    "@@",
    "url(",
    "__END__",
    "=begin",
    "\n=end",
    "가",
    "나다",
    "é",
    "·",
    "\u{200d}",
    "\u{a0}",
    "😀",
    "\r\n",
    "\u{b}",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 2000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_code_is_lost(
        language in prop::sample::select(LANGUAGES),
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60),
    ) {
        let code = pieces.concat();
        let html = highlight(language, &code);
        prop_assert_eq!(html.map(|html| plain(&html)), Some(escape::text(&code).into_owned()));
    }
}
