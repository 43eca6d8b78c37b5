//! What code in a language becomes: the pages of `tests/highlight/` hold cases, each of a sentence,
//! the code and the HTML that Rouge 3.30 makes of it.

use std::fmt::Write as _;

use bogi::markdown::highlight::highlight;

/// The blocks of a page in fences of four back-ticks: language and text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut blocks: Vec<(String, String)> = Vec::new();
    let mut open = false;
    for line in page.lines() {
        if let Some(language) = line.strip_prefix("````") {
            if !open {
                blocks.push((language.to_owned(), String::new()));
            }
            open = !open;
        } else if let (true, Some((_, text))) = (open, blocks.last_mut()) {
            let _written = writeln!(text, "{line}");
        }
    }
    blocks
}

#[test]
fn code_has_rouges_tokens() {
    let mut count = 0;
    let mut wrong = String::new();
    for entry in std::fs::read_dir("tests/highlight").unwrap() {
        let path = entry.unwrap().path();
        let page = std::fs::read_to_string(&path).unwrap();
        let blocks = blocks(&page);
        let (cases, rest) = blocks.as_chunks::<2>();
        assert!(rest.is_empty(), "{} has code without HTML", path.display());
        for [(language, code), (_, expected)] in cases {
            count += 1;
            let found = highlight(language, code).unwrap_or_default();
            // A page's block ends with a line break, which the last token may hold.
            let found = if found.ends_with('\n') { found } else { found + "\n" };
            if found != *expected {
                let _written =
                    writeln!(wrong, "{} {language}:\n{expected}--- found\n{found}", path.display());
            }
        }
    }
    assert!(count > 20, "only {count} cases were found");
    assert!(wrong.is_empty(), "{wrong}");
}
