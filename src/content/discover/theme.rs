//! The theme that a configuration names, where its gem lies on this machine or in the site.

use std::fs;
use std::path::{Path, PathBuf};

use super::load::unreadable;
use super::walk::{Candidate, Plan};
use super::{MAX_COUNT, MAX_FOLDERS};
use crate::content::{Config, Role};
use crate::diagnostic::{Code, Diagnostic};

/// A theme that isn't here.
pub const MISSING_THEME: Code = Code("W0220");

/// The name of the theme that bogi carries.
const BUILT_IN: &str = "bogi";

/// The folder of a theme's gem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThemeFolder(pub(super) PathBuf);

/// Looks for the theme of `theme:` among the gems of these folders (each as `GEM_PATH` names them)
/// and of the site's `vendor`. Of several versions the last one counts. The name may have no path
/// in it.
pub(super) fn find(config: &Config, root: &Path, gem_paths: &[PathBuf]) -> Option<ThemeFolder> {
    let name = config.get("theme")?.as_str()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    let mut folders: Vec<PathBuf> = gem_paths.iter().map(|path| path.join("gems")).collect();
    folders.push(root.join("vendor"));
    folders.push(root.join("vendor/gems"));
    // Bundler installs into `vendor/bundle/ruby/VERSION`.
    folders.extend(entries(&root.join("vendor/bundle/ruby")).into_iter().map(|v| v.join("gems")));
    let folder = folders.into_iter().find_map(|folder| {
        let mut found: Vec<(Vec<u64>, PathBuf)> = entries(&folder)
            .into_iter()
            .filter_map(|path| {
                let rest = path.file_name()?.to_str()?.strip_prefix(name)?;
                Some((version(rest)?, path))
            })
            .collect();
        found.sort();
        found.pop().map(|(_, path)| path)
    });
    folder.map(ThemeFolder)
}

/// The version behind a gem's name: `-4.24.0`, or nothing.
fn version(rest: &str) -> Option<Vec<u64>> {
    if rest.is_empty() {
        return Some(Vec::new());
    }
    let numbers = rest.strip_prefix('-')?;
    let is_version = numbers.starts_with(|c: char| c.is_ascii_digit());
    let number = |part: &str| part.parse().unwrap_or(0);
    is_version.then(|| numbers.split(['.', '-']).map(number).collect())
}

/// The folders in a folder, in the order of their names; none where it can't be read.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.path()).collect();
    paths.retain(|path| path.is_dir());
    paths.sort();
    paths
}

/// What to say of a theme that isn't here.
pub(super) fn missing(config: &Config) -> Option<Diagnostic> {
    let key = ["theme", "remote_theme"]
        .into_iter()
        .find(|key| config.get(key).is_some_and(|theme| theme.is_truthy()))?;
    let name = config.get(key)?.scalar_text()?;
    if name == BUILT_IN {
        return None;
    }
    let diagnostic = Diagnostic::new(MISSING_THEME, format!("the theme `{name}` isn't here"))
        .at(config.place_of_key(key))
        .note("layouts that the site doesn't have itself are those of bogi's own theme");
    Some(if key == "theme" {
        diagnostic.hint("unpack its gem into the site's `vendor/`, or name its place in `GEM_PATH`")
    } else {
        diagnostic
            .hint("copy the theme's `_layouts`, `_includes`, `_sass` and `assets` into the site")
    })
}

impl ThemeFolder {
    /// The theme's configuration, which lies under the site's own.
    pub(super) fn config(&self) -> Option<PathBuf> {
        let names = ["_config.yml", "_config.yaml"];
        names.into_iter().map(|name| self.0.join(name)).find(|path| path.is_file())
    }

    /// The theme's files under the names that they would have in the site, but for those that the
    /// site has itself.
    pub(super) fn candidates(
        &self,
        config: &Config,
        own: &[Candidate],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        let mut count = 0;
        let places = [
            ("_layouts", config.layouts_dir.as_str(), Plan::Text(Role::Theme)),
            ("_includes", config.includes_dir.as_str(), Plan::Text(Role::Theme)),
            ("_sass", config.sass_dir.as_str(), Plan::Text(Role::Theme)),
            ("_data", config.data_dir.as_str(), Plan::Text(Role::Data)),
            ("assets", "assets", Plan::PageOrPlain),
        ];
        for (folder, name, plan) in places {
            let folder = self.0.join(folder);
            if folder.is_dir() {
                let mut walk =
                    Walk { plan: &plan, count: &mut count, found: &mut found, diagnostics };
                walk.folder(&folder, name, 0);
            }
        }
        found.retain(|candidate| !own.iter().any(|known| known.path == candidate.path));
        found
    }
}

struct Walk<'w> {
    plan: &'w Plan,
    count: &'w mut usize,
    found: &'w mut Vec<Candidate>,
    diagnostics: &'w mut Vec<Diagnostic>,
}

impl Walk<'_> {
    fn folder(&mut self, location: &Path, name: &str, depth: usize) {
        *self.count += 1;
        if depth > MAX_FOLDERS || *self.count > MAX_COUNT {
            return;
        }
        let listing = match fs::read_dir(location) {
            Ok(listing) => listing,
            Err(error) => {
                self.diagnostics.push(unreadable(name, &error));
                return;
            }
        };
        for entry in listing.flatten() {
            let Ok(file) = entry.file_name().into_string() else { continue };
            let Ok(kind) = entry.file_type() else { continue };
            let path = if name.is_empty() { file.clone() } else { format!("{name}/{file}") };
            if kind.is_dir() {
                self.folder(&entry.path(), &path, depth + 1);
            } else if kind.is_file() && !file.starts_with('.') {
                let plan = self.plan.clone();
                self.found.push(Candidate { path, location: entry.path(), plan });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        assert!(version("-4.24.0") > version("-4.9.0"));
        assert_eq!(version(""), Some(Vec::new()));
        assert_eq!(version("-skin"), None);
    }
}
