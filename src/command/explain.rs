//! `bogi explain`: the page of a diagnostic, or a list of all.

use std::fmt::Write;

use rust_embed::RustEmbed;

use crate::command::exit::Exit;
use crate::command::shell::{Shell, Verbosity};
use crate::diagnostic::closest;

/// The pages, which are the tests of the messages at the same time.
#[derive(RustEmbed)]
#[folder = "tests/messages"]
struct Pages;

/// The page of a code; `None` for a code that isn't there.
pub fn page(code: &str) -> Option<String> {
    let page = Pages::get(&format!("{code}.md"))?;
    Some(String::from_utf8_lossy(&page.data).into_owned())
}

/// What a page's code stands for: its first line without the code.
pub fn title(page: &str) -> &str {
    let line = page.lines().next().unwrap_or_default();
    line.split_once(": ").map_or(line, |(_, title)| title)
}

/// All codes in their order.
fn codes() -> Vec<String> {
    let names = Pages::iter().filter_map(|file| file.strip_suffix(".md").map(str::to_owned));
    let mut codes: Vec<String> = names.collect();
    codes.sort();
    codes
}

/// Prints the page of a code; without one, a line for each code there is.
pub fn explain(code: Option<&str>) -> Exit {
    let shell = Shell::new(Verbosity::Normal, false);
    let Some(code) = code else {
        let mut list = String::new();
        for code in codes() {
            let page = page(&code).unwrap_or_default();
            let _ = writeln!(list, "{code}  {}", title(&page));
        }
        shell.data(&list);
        return Exit::Success;
    };
    let name = code.trim().to_uppercase();
    if let Some(page) = page(&name) {
        shell.data(&page);
        return Exit::Success;
    }
    shell.error_text(&format!("error: there is no diagnostic `{code}`\n"));
    match closest(&name, codes().iter().map(String::as_str)) {
        Some(near) => shell.error_text(&format!("\nhint: did you mean `{near}`?\n")),
        None => shell.error_text("\nhint: `bogi explain` lists all codes\n"),
    }
    Exit::Unable
}
