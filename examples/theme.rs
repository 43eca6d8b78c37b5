//! Writes every kind of page of the built-in theme into a folder, to look at:
//! `cargo run --example theme -- FOLDER`.

use std::path::{Path, PathBuf};

use bogi::theme::assets::Assets;

#[path = "../tests/theme/sample.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod sample;

/// A portrait and a picture for the pages.
const PICTURES: [(&str, &str); 2] = [
    (
        "assets/avatar.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 96 96'>\
         <rect width='96' height='96' fill='#8fb8de'/><circle cx='48' cy='40' r='18' fill='#fff'/>\
         <path d='M12 96a36 30 0 0 1 72 0z' fill='#fff'/></svg>",
    ),
    (
        "assets/sky.svg",
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1200 400'>\
         <rect width='1200' height='400' fill='#5b8fc7'/>\
         <path d='M0 320q300-160 600-60t600-40v180H0z' fill='#e8f1fa'/></svg>",
    ),
];

fn main() -> std::io::Result<()> {
    let folder = std::env::args().nth(1).map_or_else(|| PathBuf::from("/tmp/theme"), PathBuf::from);
    let site = sample::site();
    let theme = sample::theme(&site);
    for (layout, file, view) in sample::pages(&site) {
        match theme.render(layout, &view) {
            Ok(html) => write(&folder, file, html.as_bytes())?,
            Err(diagnostic) => println!("{file}: {diagnostic:#?}"),
        }
    }
    for asset in Assets::new(&std::collections::BTreeMap::new()).files {
        write(&folder, asset.path.trim_start_matches('/'), &asset.bytes)?;
    }
    for (file, text) in PICTURES {
        write(&folder, file, text.as_bytes())?;
    }
    println!("{}", folder.display());
    Ok(())
}

fn write(folder: &Path, file: &str, bytes: &[u8]) -> std::io::Result<()> {
    let path = folder.join(file);
    std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
    std::fs::write(path, bytes)
}
