//! Compiles one style sheet of a site, to compare with other compilers of Sass:
//! `cargo run --example sass SITE assets/css/main.scss [STYLE] [FOLDER…]`.
//! The CSS goes to standard output, the source map to a file if `MAP` names one.

use std::path::PathBuf;
use std::sync::Arc;

use bogi::sass::{Files, Sheet, Style, Syntax, compile};
use bogi::span::{Mapped, Source};

struct Folder(PathBuf);

impl Files for Folder {
    fn source(&self, path: &str) -> Option<Arc<Source>> {
        let location = self.0.join(path);
        let text = location.is_file().then(|| std::fs::read_to_string(location).ok())??;
        Some(Source::new(path, text))
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [root, path, rest @ ..] = arguments.as_slice() else {
        eprintln!("sass SITE SHEET [STYLE] [FOLDER…]");
        std::process::exit(2);
    };
    let style = rest.first().and_then(|name| Style::named(name)).unwrap_or_default();
    let mut load_paths: Vec<String> = rest.iter().skip(1).cloned().collect();
    if load_paths.is_empty() {
        load_paths.push("_sass".to_owned());
    }
    let files = Folder(PathBuf::from(root));
    let Some(source) = files.source(path) else {
        eprintln!("{path}: can't be read");
        std::process::exit(1);
    };
    // Front matter, as far as an example has to know it.
    let text = source.text();
    let mut start = 0;
    if text.starts_with("---") {
        let mut lines = text.split_inclusive('\n');
        start += lines.next().map_or(0, str::len);
        for line in lines {
            start += line.len();
            if line.trim_end() == "---" {
                break;
            }
        }
    }
    let mapped = Mapped::from_source(&source, start..text.len());
    let syntax = Syntax::of_path(path).unwrap_or(Syntax::Scss);
    let load_paths = &load_paths;
    let sheet = Sheet { path, text: &mapped, syntax, style, load_paths, source_map: true };
    match compile(&sheet, &files) {
        Ok(compiled) => {
            print!("{}", compiled.css);
            if let (Ok(target), Some(map)) = (std::env::var("MAP"), compiled.map) {
                let _written = std::fs::write(target, map);
            }
        }
        Err(error) => {
            eprintln!("{}: {:?} {}\n{:?}", error.code.0, error.place, error.message, error.notes);
            std::process::exit(1);
        }
    }
}
