//! `bogi explain`: the page of a diagnostic.

use rust_embed::RustEmbed;

use crate::command::exit::Exit;
use crate::command::shell::{Shell, Verbosity};
use crate::diagnostic::closest;

/// The pages, which are the tests of the messages at the same time.
#[derive(RustEmbed)]
#[folder = "tests/messages"]
struct Pages;

/// Prints the page of a code.
pub fn explain(code: &str) -> Exit {
    let shell = Shell::new(Verbosity::Normal, false);
    let name = code.trim().to_uppercase();
    if let Some(page) = Pages::get(&format!("{name}.md")) {
        shell.data(&String::from_utf8_lossy(&page.data));
        return Exit::Success;
    }
    let mut codes: Vec<String> =
        Pages::iter().filter_map(|file| file.strip_suffix(".md").map(str::to_owned)).collect();
    codes.sort();
    shell.error_text(&format!("error: there is no diagnostic `{code}`\n"));
    match closest(&name, codes.iter().map(String::as_str)) {
        Some(near) => shell.error_text(&format!("\nhint: did you mean `{near}`?\n")),
        None => shell.error_text(&format!("\nhint: the codes are {}\n", codes.join(", "))),
    }
    Exit::Unable
}
