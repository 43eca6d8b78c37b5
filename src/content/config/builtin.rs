//! Jekyll 4.3's defaults.

use crate::value::{Map, Value};

/// What is excluded besides what the author says.
pub(super) const EXCLUDES: [&str; 10] = [
    ".sass-cache",
    ".jekyll-cache",
    "gemfiles",
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle/",
    "vendor/cache/",
    "vendor/gems/",
    "vendor/ruby/",
];

fn list(items: &[&str]) -> Value {
    Value::Array(items.iter().map(|&item| Value::from(item)).collect())
}

fn map<const N: usize>(entries: [(&str, Value); N]) -> Map {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The values that stand where a configuration says nothing.
pub(super) fn values() -> Map {
    let no = Value::Bool(false);
    map([
        ("destination", "_site".into()),
        ("collections_dir", "".into()),
        ("cache_dir", ".jekyll-cache".into()),
        ("plugins_dir", "_plugins".into()),
        ("layouts_dir", "_layouts".into()),
        ("data_dir", "_data".into()),
        ("includes_dir", "_includes".into()),
        ("collections", Value::Map(Map::new())),
        ("safe", no.clone()),
        ("include", list(&[".htaccess"])),
        ("exclude", list(&[])),
        ("keep_files", list(&[".git", ".svn"])),
        ("encoding", "utf-8".into()),
        ("markdown_ext", "markdown,mkdown,mkdn,mkd,md".into()),
        ("strict_front_matter", no.clone()),
        ("show_drafts", Value::Null),
        ("limit_posts", Value::Integer(0)),
        ("future", no.clone()),
        ("unpublished", no.clone()),
        ("whitelist", list(&[])),
        ("plugins", list(&[])),
        ("markdown", "kramdown".into()),
        ("highlighter", "rouge".into()),
        ("lsi", no.clone()),
        ("excerpt_separator", "\n\n".into()),
        ("incremental", no.clone()),
        ("detach", no.clone()),
        ("port", "4000".into()),
        ("host", "127.0.0.1".into()),
        ("baseurl", Value::Null),
        ("show_dir_listing", no.clone()),
        ("serving", no.clone()),
        ("permalink", "date".into()),
        ("paginate_path", "/page:num".into()),
        ("timezone", Value::Null),
        ("quiet", no.clone()),
        ("verbose", no),
        ("defaults", list(&[])),
        ("liquid", Value::Map(liquid())),
        ("kramdown", Value::Map(kramdown())),
    ])
}

fn liquid() -> Map {
    map([
        ("error_mode", "warn".into()),
        ("strict_filters", Value::Bool(false)),
        ("strict_variables", Value::Bool(false)),
    ])
}

fn kramdown() -> Map {
    map([
        ("auto_ids", Value::Bool(true)),
        ("toc_levels", Value::Array((1..=6).map(Value::Integer).collect())),
        ("entity_output", "as_char".into()),
        ("smart_quotes", "lsquo,rsquo,ldquo,rdquo".into()),
        ("input", "GFM".into()),
        ("hard_wrap", Value::Bool(false)),
        ("guess_lang", Value::Bool(true)),
        ("footnote_nr", Value::Integer(1)),
        ("show_warnings", Value::Bool(false)),
    ])
}
