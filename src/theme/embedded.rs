//! The files of bogi's own theme, compiled into the binary. The room of the `rust-embed` crate.

use std::borrow::Cow;

use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "templates/"]
struct Templates;

#[derive(RustEmbed)]
#[folder = "assets/"]
struct Assets;

/// The templates by their names relative to `templates/`, sorted.
pub fn templates() -> Vec<(String, String)> {
    let mut templates: Vec<(String, String)> = Templates::iter()
        .filter(|name| name.ends_with(".html"))
        .filter_map(|name| {
            let file = Templates::get(&name)?;
            Some((name.into_owned(), String::from_utf8(file.data.into_owned()).ok()?))
        })
        .collect();
    templates.sort();
    templates
}

/// A file of `assets/` by its name; `None` when there is none.
pub fn asset(name: &str) -> Option<Cow<'static, [u8]>> {
    Assets::get(name).map(|file| file.data)
}
