//! The configuration: `_config.yml` or `_config.toml` over Jekyll's defaults, as plain values for
//! templates and as a typed view for the program.

mod builtin;
mod merge;
mod toml_file;
mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;

use super::defaults::Defaults;
use super::plugins::Plugin;
use crate::date::Zone;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::quantity::{Language, Quantity};
use crate::span::{Mapped, Place, Source};
use crate::value::{Map, Value};
use crate::yaml::{self, Node, NodeValue};

pub use merge::{deep_merge, localize, localize_map};

/// A configuration file that isn't there.
pub const MISSING: Code = Code("E0201");

/// A configuration or front matter that isn't a map of keys and values.
pub const NOT_A_MAP: Code = Code("E0202");

/// A value of another type than its key needs.
pub const WRONG_TYPE: Code = Code("E0203");

/// A time zone that nobody knows.
pub const UNKNOWN_ZONE: Code = Code("E0204");

/// A configuration file as its author wrote it.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    /// The file's text.
    pub text: Mapped,
    /// Its values with places.
    pub node: Node,
}

/// What the configuration says of a collection.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Collection {
    /// Whether its documents become pages.
    pub output: bool,
    /// Its permalink pattern.
    pub permalink: Option<String>,
    /// The front-matter key by which it is sorted, instead of date and path.
    pub sort_by: Option<String>,
    /// File names that come in this order.
    pub order: Option<Vec<String>>,
    /// All that the configuration says of it.
    pub metadata: Map,
}

/// The configuration of a site.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// The files that were read, in the order in which they override each other.
    pub files: Vec<ConfigFile>,
    /// Everything, with Jekyll's defaults below it: what templates see as `site`.
    pub values: Map,
    /// `title`.
    pub title: String,
    /// `description`.
    pub description: String,
    /// `url`: scheme and host without a slash at the end; empty if not given.
    pub url: String,
    /// `baseurl`: empty, or with a slash at the beginning and none at the end.
    pub baseurl: String,
    /// `lang`, or else `locale`; Korean if neither is given.
    pub locale: Option<String>,
    /// The language of generated labels.
    pub language: Language,
    /// `timezone`; UTC if not given.
    pub timezone: Zone,
    /// `destination`, relative to the site's folder.
    pub destination: String,
    /// `permalink`: a style's name or a pattern.
    pub permalink: String,
    /// `include`.
    pub include: Vec<String>,
    /// `exclude`, Jekyll's own included.
    pub exclude: Vec<String>,
    /// `keep_files`.
    pub keep_files: Vec<String>,
    /// `collections` with `posts` among them.
    pub collections: IndexMap<String, Collection>,
    /// `collections_dir`, empty for the site's folder.
    pub collections_dir: String,
    /// `layouts_dir`.
    pub layouts_dir: String,
    /// `includes_dir`.
    pub includes_dir: String,
    /// `data_dir`.
    pub data_dir: String,
    /// `plugins_dir`.
    pub plugins_dir: String,
    /// What `plugins` and the theme's gem turn on, each once.
    pub plugins: Vec<Plugin>,
    /// `sass.sass_dir`.
    pub sass_dir: String,
    /// `cache_dir`.
    pub cache_dir: String,
    /// `defaults`.
    pub defaults: Defaults,
    /// `markdown_ext`, in lower case, without points.
    pub markdown_extensions: Vec<String>,
    /// `excerpt_separator`.
    pub excerpt_separator: String,
    /// `paginate`: posts on a page of the home page.
    pub paginate: Option<usize>,
    /// `paginate_path`.
    pub paginate_path: String,
    /// Whether the gem of `theme` was found.
    pub theme_is_here: bool,
    /// `show_drafts`, or `--drafts`.
    pub show_drafts: bool,
    /// `future`.
    pub future: bool,
    /// `unpublished`.
    pub unpublished: bool,
    /// `limit_posts`; 0 is all.
    pub limit_posts: usize,
    /// `quotas`: the facts of the catalogue that are others in the site's account.
    pub quotas: BTreeMap<String, Quantity>,
}

impl Config {
    /// The value of a key, Jekyll's defaults included.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key)
    }

    /// Whether another configuration says the same, in the same files at the same places.
    pub fn is_same(&self, other: &Self) -> bool {
        let texts = |config: &Self| -> Vec<String> {
            config.files.iter().map(|file| file.text.text().to_owned()).collect()
        };
        self.values == other.values
            && self.baseurl == other.baseurl
            && self.exclude == other.exclude
            && self.theme_is_here == other.theme_is_here
            && self.timezone == other.timezone
            && texts(self) == texts(other)
    }

    /// Where the value of a key stands: in the last file that gives it.
    pub fn place_of_key(&self, key: &str) -> Option<Place> {
        self.files.iter().rev().find_map(|file| {
            let value = file.node.get(key)?;
            file.text.locate(value.range.clone())
        })
    }

    /// Where the value of a collection's key stands.
    pub fn place_of_collection_key(&self, label: &str, key: &str) -> Option<Place> {
        self.files.iter().rev().find_map(|file| {
            let value = file.node.get("collections")?.get(label)?.get(key)?;
            file.text.locate(value.range.clone())
        })
    }

    /// Whether a plugin is turned on.
    pub fn uses(&self, plugin: Plugin) -> bool {
        self.plugins.contains(&plugin)
    }

    /// Whether a file's extension (without its point) is one of Markdown.
    pub fn is_markdown_extension(&self, extension: &str) -> bool {
        self.markdown_extensions.iter().any(|known| known.eq_ignore_ascii_case(extension))
    }
}

/// Reads configuration files, later ones over earlier ones, over Jekyll's defaults. `zone` is the
/// site's where they name none.
///
/// A file that isn't YAML (or TOML, if it is called so) or isn't a map is left out with an error; a
/// value of a wrong type is an error, and the default stands in its place.
pub fn load(sources: &[Arc<Source>], zone: &Zone) -> Staged<Config> {
    let mut diagnostics = Vec::new();
    let mut files = Vec::new();
    let mut values = builtin::values();
    for source in sources {
        let text = Mapped::from_source(source, 0..source.text().len());
        let is_toml = source.path().to_ascii_lowercase().ends_with(".toml");
        let loaded = match is_toml {
            true => toml_file::load(&text).map(Staged::clean),
            false => yaml::load(&text),
        };
        let node = match loaded {
            Ok(staged) => staged.collect_into(&mut diagnostics),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                continue;
            }
        };
        match &node.value {
            NodeValue::Mapping(mapping) => deep_merge(&mut values, mapping.to_map()),
            NodeValue::Null => {}
            _ => {
                let message = format!("the configuration is {}, not a map", node.kind());
                diagnostics.push(
                    Diagnostic::new(NOT_A_MAP, message)
                        .at(text.locate(node.range.clone()))
                        .hint("write lines such as `title: 나의 블로그`"),
                );
                continue;
            }
        }
        files.push(ConfigFile { text, node });
    }
    view::view(files, values, zone, diagnostics)
}
