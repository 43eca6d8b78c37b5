//! The typed view of the configuration's values, with a diagnostic for each that has a wrong type.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::{Collection, Config, ConfigFile, UNKNOWN_ZONE, WRONG_TYPE, builtin, deep_merge};
use crate::aws::catalogue::Catalogue;
use crate::content::defaults::{DefaultSet, Defaults};
use crate::content::{permalink, plugins};
use crate::date::{Moment, Zone};
use crate::diagnostic::{Diagnostic, Staged};
use crate::quantity::{Language, Quantity};
use crate::scenario;
use crate::span::Place;
use crate::value::{Map, Value};
use crate::yaml::Node;

/// Makes the typed view.
pub(super) fn view(
    files: Vec<ConfigFile>,
    values: Map,
    zone: &Zone,
    diagnostics: Vec<Diagnostic>,
) -> Staged<Config> {
    let mut reader = Reader { files, values, diagnostics };
    reader.complete();
    let locale = reader.optional_text("lang").or_else(|| reader.optional_text("locale"));
    let mut config = Config {
        title: reader.text("title"),
        description: reader.text("description"),
        url: reader.text("url").trim_end_matches('/').to_owned(),
        baseurl: permalink::clean_baseurl(&reader.text("baseurl")),
        language: locale.as_deref().map_or(Language::Korean, Language::from_locale),
        locale,
        timezone: reader.zone(zone),
        destination: reader.text("destination"),
        permalink: reader.text("permalink"),
        include: reader.list("include"),
        exclude: reader.list("exclude"),
        keep_files: reader.list("keep_files"),
        collections_dir: reader.folder("collections_dir"),
        layouts_dir: reader.folder("layouts_dir"),
        includes_dir: reader.folder("includes_dir"),
        data_dir: reader.folder("data_dir"),
        plugins_dir: reader.folder("plugins_dir"),
        plugins: plugins::turned_on(&reader.values),
        cache_dir: reader.folder("cache_dir"),
        sass_dir: sass_dir(&reader.values),
        markdown_extensions: extensions(&reader.text("markdown_ext")),
        excerpt_separator: reader.text("excerpt_separator"),
        paginate: reader.count("paginate").filter(|&count| count > 0),
        paginate_path: reader.text("paginate_path"),
        show_drafts: reader.flag("show_drafts"),
        future: reader.flag("future"),
        unpublished: reader.flag("unpublished"),
        limit_posts: reader.count("limit_posts").unwrap_or(0),
        ..Config::default()
    };
    config.collections = reader.collections(&config.permalink);
    config.defaults = reader.defaults(&config.collections_dir, &config.timezone);
    config.quotas = reader.quotas();
    config.files = reader.files;
    config.values = reader.values;
    Staged::new(config, reader.diagnostics)
}

fn sass_dir(values: &Map) -> String {
    let given = values.get("sass").and_then(|sass| sass.get("sass_dir")).and_then(Value::as_str);
    given.unwrap_or("_sass").trim_matches('/').to_owned()
}

fn extensions(list: &str) -> Vec<String> {
    let each = list.split(',').map(|extension| extension.trim().to_ascii_lowercase());
    each.filter(|extension| !extension.is_empty()).collect()
}

struct Reader {
    files: Vec<ConfigFile>,
    values: Map,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// Adds what Jekyll adds to the author's values.
    fn complete(&mut self) {
        if let Some(Value::Array(excludes)) = self.values.get_mut("exclude") {
            for exclude in builtin::EXCLUDES {
                if !excludes.iter().any(|given| given.as_str() == Some(exclude)) {
                    excludes.push(exclude.into());
                }
            }
        }
    }

    fn node(&self, key: &str) -> Option<(&ConfigFile, &Node)> {
        self.files.iter().rev().find_map(|file| Some((file, file.node.get(key)?)))
    }

    fn place(&self, key: &str) -> Option<Place> {
        let (file, node) = self.node(key)?;
        file.text.locate(node.range.clone())
    }

    fn wrong_type(&mut self, key: &str, wanted: &str, hint: &str) {
        let kind = self.node(key).map_or("something else", |(_, node)| node.kind());
        self.diagnostics.push(
            Diagnostic::new(WRONG_TYPE, format!("`{key}` is {kind}, where {wanted} is needed"))
                .at(self.place(key))
                .hint(hint),
        );
    }

    fn optional_text(&mut self, key: &str) -> Option<String> {
        match self.values.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Array(_) | Value::Map(_)) => {
                self.wrong_type(key, "text", &format!("write `{key}: …` on one line"));
                builtin::values().get(key).and_then(Value::as_str).map(str::to_owned)
            }
            Some(value) => value.scalar_text(),
        }
    }

    fn text(&mut self, key: &str) -> String {
        self.optional_text(key).unwrap_or_default()
    }

    fn folder(&mut self, key: &str) -> String {
        let text = self.text(key);
        text.trim_start_matches("./").trim_matches('/').to_owned()
    }

    fn flag(&mut self, key: &str) -> bool {
        match self.values.get(key) {
            None | Some(Value::Null) => false,
            Some(Value::Bool(value)) => *value,
            Some(_) => {
                self.wrong_type(key, "`true` or `false`", &format!("write `{key}: true`"));
                false
            }
        }
    }

    fn count(&mut self, key: &str) -> Option<usize> {
        match self.values.get(key) {
            None | Some(Value::Null) => None,
            Some(Value::Integer(number)) if *number >= 0 => usize::try_from(*number).ok(),
            Some(_) => {
                self.wrong_type(key, "a count", &format!("write `{key}: 10`"));
                None
            }
        }
    }

    fn list(&mut self, key: &str) -> Vec<String> {
        match self.values.get(key) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => items.iter().filter_map(Value::scalar_text).collect(),
            Some(value) => {
                let text = value.scalar_text();
                let item = text.clone().unwrap_or_else(|| "…".to_owned());
                self.wrong_type(key, "a list", &format!("write `{key}: [{item}]`"));
                text.into_iter().collect()
            }
        }
    }

    fn zone(&mut self, otherwise: &Zone) -> Zone {
        let Some(name) = self.optional_text("timezone") else { return otherwise.clone() };
        Zone::named(&name).unwrap_or_else(|| {
            self.diagnostics.push(
                Diagnostic::new(UNKNOWN_ZONE, format!("there is no time zone `{name}`"))
                    .at(self.place("timezone"))
                    .hint("write a name of the IANA database, for instance `Asia/Seoul`"),
            );
            Zone::utc()
        })
    }

    /// The collections: a list of labels, or a map from labels to what is said of each.
    fn collections(&mut self, style: &str) -> IndexMap<String, Collection> {
        let mut given: Vec<(String, Map)> = vec![("posts".to_owned(), Map::new())];
        match self.values.get("collections").cloned().unwrap_or_default() {
            Value::Null => {}
            Value::Array(labels) => {
                given.extend(labels.iter().filter_map(Value::scalar_text).map(|l| (l, Map::new())));
            }
            Value::Map(map) => {
                for (label, value) in map {
                    match value {
                        Value::Map(metadata) => given.push((label, metadata)),
                        _ => given.push((label, Map::new())),
                    }
                }
            }
            _ => self.wrong_type("collections", "a list or a map", "write `collections: [notes]`"),
        }
        let mut collections: IndexMap<String, Collection> = IndexMap::new();
        for (label, metadata) in given {
            let label: String = label
                .chars()
                .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
                .collect();
            let entry = collections.entry(label).or_default();
            deep_merge(&mut entry.metadata, metadata);
        }
        for (label, collection) in &mut collections {
            if label == "posts" {
                collection.metadata.insert("output".to_owned(), Value::Bool(true));
                let pattern = permalink::style_pattern(style).unwrap_or(style);
                let own = collection.metadata.entry("permalink".to_owned()).or_default();
                if !own.is_truthy() {
                    *own = pattern.into();
                }
            }
            let metadata = &collection.metadata;
            let text = |key: &str| metadata.get(key).and_then(Value::as_str).map(str::to_owned);
            collection.output = metadata.get("output").is_some_and(Value::is_truthy);
            collection.permalink = text("permalink");
            collection.sort_by = text("sort_by");
            collection.order = metadata
                .get("order")
                .and_then(Value::as_array)
                .map(|names| names.iter().filter_map(Value::scalar_text).collect());
        }
        let as_value = |(label, collection): (&String, &Collection)| {
            (label.clone(), Value::Map(collection.metadata.clone()))
        };
        let as_values = collections.iter().map(as_value).collect();
        self.values.insert("collections".to_owned(), Value::Map(as_values));
        collections
    }

    fn defaults(&mut self, collections_dir: &str, zone: &Zone) -> Defaults {
        let sets = match self.values.get("defaults").cloned().unwrap_or_default() {
            Value::Null => return Defaults::default(),
            Value::Array(sets) => sets,
            _ => {
                self.wrong_type("defaults", "a list", "begin each set with `- scope:`");
                return Defaults::default();
            }
        };
        let mut out = Vec::new();
        for (index, set) in sets.iter().enumerate() {
            let scope = set.get("scope").cloned().unwrap_or_default();
            let values = set.get("values").and_then(Value::as_map).cloned();
            let scope_fits = matches!(scope, Value::Map(_) | Value::Null);
            let (Some(values), true) = (values, scope_fits) else {
                self.bad_default(index);
                continue;
            };
            let path = scope.get("path").and_then(Value::as_str).unwrap_or_default();
            let kind = scope.get("type").and_then(Value::scalar_text);
            let mut values = super::merge::localize_map(values, zone);
            // A date by default is a time, whatever it is written as.
            if let Some(date) = values.get_mut("date")
                && let Some(moment) = date.scalar_text().and_then(|t| Moment::parse(&t, zone).ok())
            {
                *date = Value::Time(moment);
            }
            out.push(DefaultSet::new(path, kind.as_deref(), values, collections_dir));
        }
        Defaults { sets: out }
    }

    /// The facts of the catalogue that the site sets: each file's over those of the files before.
    fn quotas(&mut self) -> BTreeMap<String, Quantity> {
        let mut quotas = BTreeMap::new();
        for file in &self.files {
            let Some(node) = file.node.get("quotas") else { continue };
            let read = scenario::site_quotas(&file.text, node, Catalogue::builtin());
            quotas.extend(read.collect_into(&mut self.diagnostics));
        }
        quotas
    }

    fn bad_default(&mut self, index: usize) {
        let place = self.node("defaults").and_then(|(file, node)| {
            let set = node.as_sequence()?.get(index)?;
            file.text.locate(set.range.clone())
        });
        self.diagnostics.push(
            Diagnostic::new(WRONG_TYPE, "a set of `defaults` without `values`")
                .at(place)
                .hint("a set is `scope: { path: \"\", type: posts }` and `values: { … }`"),
        );
    }
}
