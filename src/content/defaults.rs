//! Front matter defaults: the `defaults` of the configuration. The room of `globset`.

use globset::{GlobBuilder, GlobMatcher};

use super::config::deep_merge;
use crate::value::Map;

/// The sets of defaults in the configuration's order.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The sets.
    pub sets: Vec<DefaultSet>,
}

/// Values for the files in a scope.
#[derive(Clone, Debug)]
pub struct DefaultSet {
    /// A prefix of paths, or a pattern if it has a `*`; empty for all.
    pub path: String,
    /// `posts`, `pages` or a collection's label; `None` for all.
    pub kind: Option<String>,
    /// The values.
    pub values: Map,
    /// For a pattern: what it matches, and the folder that is cut off before comparing.
    pattern: Option<GlobMatcher>,
    collections_prefix: String,
}

impl DefaultSet {
    /// A set for a scope. The names of types in the singular are accepted, as in Jekyll.
    pub fn new(path: &str, kind: Option<&str>, values: Map, collections_dir: &str) -> Self {
        let kind = kind.map(|kind| match kind {
            "page" => "pages",
            "post" => "posts",
            "draft" => "drafts",
            kind => kind,
        });
        let collections_prefix =
            if collections_dir.is_empty() { String::new() } else { format!("{collections_dir}/") };
        let pattern = path.contains('*').then(|| {
            let pattern = path.trim_start_matches('/').trim_end_matches('/');
            GlobBuilder::new(pattern).literal_separator(true).build().ok()
        });
        let pattern = pattern.flatten().map(|glob| glob.compile_matcher());
        Self {
            path: path.to_owned(),
            kind: kind.map(str::to_owned),
            values,
            pattern,
            collections_prefix,
        }
    }

    /// Whether the set is for a file. The path is relative to the collections' folder for
    /// documents of collections.
    fn applies(&self, path: &str, kind: Option<&str>) -> bool {
        if self.kind.is_some() && self.kind.as_deref() != kind {
            return false;
        }
        if self.path.is_empty() {
            return true;
        }
        let path = path.strip_prefix('/').unwrap_or(path);
        if !self.path.contains('*') {
            let scope = self.path.strip_prefix(&self.collections_prefix).unwrap_or(&self.path);
            return path.starts_with(scope);
        }
        // Jekyll expands the pattern against the files that exist and takes each as a prefix:
        // the file itself and the folders above it are those that can match.
        let Some(pattern) = &self.pattern else { return false };
        // With a slash at its end it is for folders.
        let whole = (!self.path.ends_with('/')).then_some(path.len());
        let ends = path.match_indices('/').map(|(at, _)| at).chain(whole);
        ends.into_iter().any(|end| {
            let part = path.get(..end).unwrap_or_default();
            let in_collections = format!("{}{part}", self.collections_prefix);
            pattern.is_match(part) || pattern.is_match(in_collections)
        })
    }

    /// The scope's path as precedence measures it.
    fn measured_path(&self) -> usize {
        match self.path.strip_prefix('/') {
            Some(rest) => rest.strip_suffix('/').unwrap_or(rest).chars().count(),
            None => self.path.chars().count(),
        }
    }

    /// Whether this set's values go over those of the strongest before it: the longer path wins,
    /// then the one with a type, then the later.
    fn precedes(&self, old: &Self) -> bool {
        let (new_length, old_length) = (self.measured_path(), old.measured_path());
        if new_length != old_length {
            return new_length > old_length;
        }
        self.kind.is_some() || old.kind.is_none()
    }
}

impl Defaults {
    /// The values for a file: those of all sets that apply, merged deeply by precedence.
    /// `kind` is `pages`, `posts`, a collection's label, or `None` for a static file.
    pub fn values_for(&self, path: &str, kind: Option<&str>) -> Map {
        let mut values = Map::new();
        let mut strongest: Option<&DefaultSet> = None;
        for set in self.sets.iter().filter(|set| set.applies(path, kind)) {
            if strongest.is_none_or(|old| set.precedes(old)) {
                deep_merge(&mut values, set.values.clone());
                strongest = Some(set);
            } else {
                let mut under = set.values.clone();
                deep_merge(&mut under, std::mem::take(&mut values));
                values = under;
            }
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    fn set(path: &str, kind: Option<&str>, layout: &str) -> DefaultSet {
        let values = [("layout".to_owned(), Value::from(layout))].into_iter().collect();
        DefaultSet::new(path, kind, values, "")
    }

    fn layout(sets: &[DefaultSet], path: &str, kind: &str) -> Option<String> {
        let defaults = Defaults { sets: sets.to_vec() };
        defaults.values_for(path, Some(kind)).get("layout")?.as_str().map(str::to_owned)
    }

    #[test]
    fn the_longer_path_wins_then_the_type_then_the_later() {
        let sets = [
            set("_posts/aws", None, "long"),
            set("", Some("posts"), "typed"),
            set("", None, "all"),
        ];
        assert_eq!(layout(&sets, "_posts/aws/a.md", "posts").as_deref(), Some("long"));
        assert_eq!(layout(&sets, "_posts/a.md", "posts").as_deref(), Some("typed"));
        assert_eq!(layout(&sets, "a.md", "pages").as_deref(), Some("all"));
        let sets = [set("", Some("post"), "first"), set("", Some("posts"), "later")];
        assert_eq!(layout(&sets, "_posts/a.md", "posts").as_deref(), Some("later"));
        assert_eq!(layout(&sets, "a.md", "pages"), None);
    }

    #[test]
    fn a_path_is_a_prefix_and_a_star_a_pattern() {
        let sets = [set("foo", None, "prefix")];
        assert_eq!(layout(&sets, "foobar.md", "pages").as_deref(), Some("prefix"));
        let sets = [set("notes/*/deep", None, "star")];
        assert_eq!(layout(&sets, "notes/a/deep/x.md", "pages").as_deref(), Some("star"));
        assert_eq!(layout(&sets, "notes/a/b/deep/x.md", "pages"), None);
    }
}
