//! The `sass` settings of a site's configuration.

use super::Style;
use crate::value::{Map, Value};

/// When source maps are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SourceMaps {
    /// Always; the default.
    #[default]
    Always,
    /// Never.
    Never,
    /// When the site is built for development.
    Development,
}

/// What a site's `sass` settings say. `sass_dir` is the content's to know, which gives those files
/// their role; `line_comments` and `cache` change nothing here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// How CSS is laid out. An unknown style is the default, as in Jekyll; the default is
    /// [`Style::Compact`], or with `implementation: sass-embedded` [`Style::Expanded`].
    pub style: Style,
    /// When source maps are written.
    pub source_maps: SourceMaps,
    /// Further folders that imports are looked for in, in this order, before `sass_dir`. Patterns
    /// such as `node_modules/*` are not expanded.
    pub load_paths: Vec<String>,
}

impl Settings {
    /// Reads the settings from the configuration's `sass`.
    pub fn read(sass: Option<&Map>) -> Self {
        let get = |key: &str| sass.and_then(|sass| sass.get(key));
        let embedded = get("implementation").and_then(Value::as_str) == Some("sass-embedded");
        let default = if embedded { Style::Expanded } else { Style::Compact };
        let style = get("style").and_then(Value::as_str).and_then(Style::named);
        let source_maps = match get("sourcemap").and_then(Value::as_str) {
            Some("never") => SourceMaps::Never,
            Some("development") => SourceMaps::Development,
            _ => SourceMaps::Always,
        };
        let load_paths = match get("load_paths") {
            Some(Value::String(path)) => vec![clean(path)],
            Some(Value::Array(paths)) => {
                paths.iter().filter_map(Value::as_str).map(clean).collect()
            }
            _ => Vec::new(),
        };
        Self { style: style.unwrap_or(default), source_maps, load_paths }
    }

    /// Whether a source map is wanted in this environment (`JEKYLL_ENV`).
    pub fn wants_source_map(&self, environment: &str) -> bool {
        match self.source_maps {
            SourceMaps::Always => true,
            SourceMaps::Never => false,
            SourceMaps::Development => environment == "development",
        }
    }

    /// All folders that imports are looked for in: these, then the site's `sass_dir`, then what a
    /// theme brings.
    pub fn folders(&self, sass_dir: &str, theme: Option<&str>) -> Vec<String> {
        let own = self.load_paths.iter().map(String::as_str);
        let mut folders: Vec<String> = Vec::new();
        for folder in own.chain([sass_dir]).chain(theme) {
            let folder = clean(folder);
            if !folders.contains(&folder) {
                folders.push(folder);
            }
        }
        folders
    }
}

fn clean(path: &str) -> String {
    path.trim_start_matches("./").trim_matches('/').to_owned()
}
