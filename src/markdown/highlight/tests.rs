//! Tests of highlighting.

use super::*;
use crate::escape;

fn has(language: &str, code: &str, expected: &[&str]) {
    let html = highlight(language, code).unwrap_or_default();
    for piece in expected {
        assert!(html.contains(piece), "{language}: no {piece} in\n{html}");
    }
    let plain: String = html
        .split('<')
        .enumerate()
        .map(|(index, piece)| match piece.split_once('>') {
            Some((_, text)) if index > 0 => text,
            _ => piece,
        })
        .collect();
    assert_eq!(plain, escape::text(code), "{language} lost code");
}

#[test]
fn languages_of_the_blogs_get_rouges_classes() {
    has(
        "python",
        "def f(x):\n    return \"가\" + 1  # 말\n",
        &[
            "<span class=\"nf\">f</span>",
            "<span class=\"s2\">\"가\"</span>",
            "\"c1\"># 말</span>\n",
        ],
    );
    has(
        "json",
        "{\"키\": [1, true, \"x\"]}\n",
        &["<span class=\"nl\">\"키\"</span>", "<span class=\"kc\">true</span>"],
    );
    has(
        "yaml",
        "이름: 값 # 말\nlist:\n  - 1\n",
        &["<span class=\"na\">list</span>", "<span class=\"pi\">:</span>"],
    );
    has("bash", "echo \"$HOME\" # 말\n", &["<span class=\"nb\">echo</span>", "# 말</span>\n"]);
    has("console", "$ ls -l\n", &[]);
    has("java", "public class A { int x = 3; }\n", &["<span class=\"nc\">A</span>", "\"mi\">3"]);
    has("js", "const f = (a) => a + 'x';\n", &["\"s1\">'x'"]);
    has("typescript", "let x: number = 1;\n", &["\"mi\">1"]);
    has("sql", "SELECT a FROM t WHERE b = 'c';\n", &["\"k\">SELECT"]);
    has("terraform", "resource \"aws_lambda_function\" \"f\" {\n  timeout = 3\n}\n", &["\"mi\">3"]);
    has("dockerfile", "FROM rust:1\nRUN cargo build\n", &["\"k\">FROM"]);
    has("csharp", "class A { }\n", &["\"nc\">A"]);
    has("html", "<p class=\"a\">가</p>\n", &["\"na\">class"]);
    has("css", "p { color: #fff; }\n", &[]);
}

#[test]
fn names_may_carry_files_and_lines() {
    assert!(highlight("python:app.py", "x = 1\n").is_some());
    assert!(highlight("js{1,3}", "x\n").is_some());
    assert_eq!(highlight("plaintext", "x\n"), None);
    assert_eq!(highlight("no-such-language", "x\n"), None);
}

#[test]
fn long_code_stays_plain() {
    assert_eq!(highlight("js", &"x".repeat(MAX_LINE + 1)), None);
    assert_eq!(highlight("js", &"x\n".repeat(MAX_CODE)), None);
}
