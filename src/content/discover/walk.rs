//! Which files there are, and what each may be.

use std::fs;
use std::path::{Path, PathBuf};

use super::load::unreadable;
use super::{
    CACHE_TAG, LINK_NOT_FOLLOWED, MAX_COUNT, MAX_FOLDERS, POST_WITHOUT_DATE, TOO_MANY_FOLDERS,
    UNNAMEABLE,
};
use crate::content::document::file_date;
use crate::content::filter::Filter;
use crate::content::{Config, Role, github};
use crate::diagnostic::{Diagnostic, Staged};
use crate::scenario::lock;
use crate::span::{Place, Source};
use crate::value::Value;

/// The folder of the site's own Tera templates.
const TEMPLATES: &str = "templates";

/// The folder of posts in a site without `_posts`.
const PLAIN_POSTS: &str = "posts";

/// What a file may be.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Plan {
    /// A text for certain.
    Text(Role),
    /// A page if it has front matter, else copied.
    PageOrPlain,
    /// A page in any case; without front matter it may be copied besides.
    Loose {
        /// Whether it is.
        copied: bool,
    },
    /// A document of the collection if it has front matter, else copied.
    CollectionFile(String),
    /// A page if it has front matter, else a template.
    PageOrTemplate,
}

/// A file that belongs to the site.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) path: String,
    pub(super) location: PathBuf,
    pub(super) plan: Plan,
}

/// What the walk finds.
pub(super) struct Walked {
    pub(super) candidates: Vec<Candidate>,
    /// Ruby files in the folder of plugins.
    pub(super) ruby_files: Vec<String>,
}

/// Walks the source folder.
pub(super) fn walk(
    root: &Path,
    real_root: &Path,
    real_destination: &Path,
    config: &Config,
) -> Staged<Walked> {
    let mut walk = Walk {
        root,
        real_root,
        real_destination,
        config,
        filter: Filter::new(&config.include, &config.exclude),
        plain_posts: !root.join(&config.collections_dir).join("_posts").is_dir(),
        candidates: Vec::new(),
        diagnostics: Vec::new(),
        folders: 0,
    };
    walk.site_folder("", 0);
    walk.collections();
    walk.whole_folder(&config.data_dir.clone(), is_data, Role::Data);
    for folder in [&config.layouts_dir, &config.includes_dir, &config.sass_dir] {
        walk.whole_folder(&folder.clone(), |_| true, Role::Theme);
    }
    walk.included_files();
    let ruby_files = walk.ruby_files();
    Staged::new(Walked { candidates: walk.candidates, ruby_files }, walk.diagnostics)
}

fn is_data(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    crate::content::data::EXTENSIONS.contains(&extension)
}

struct Walk<'w> {
    root: &'w Path,
    real_root: &'w Path,
    real_destination: &'w Path,
    config: &'w Config,
    filter: Filter,
    plain_posts: bool,
    candidates: Vec<Candidate>,
    diagnostics: Vec<Diagnostic>,
    folders: usize,
}

/// An entry of a folder: a file or a folder that may be entered.
struct Entry {
    name: String,
    is_folder: bool,
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

impl Walk<'_> {
    /// A folder whose entries are pages, files and folders like itself.
    fn site_folder(&mut self, folder: &str, depth: usize) {
        let Some(entries) = self.entries(folder, depth) else { return };
        let may_hold_posts = self.config.collections_dir.is_empty()
            || folder.starts_with(&self.config.collections_dir);
        for entry in entries {
            let path = join(folder, &entry.name);
            let role = match entry.name.as_str() {
                "_posts" => Some(Role::Post),
                "_drafts" if self.config.show_drafts => Some(Role::Draft),
                _ => None,
            };
            if let (Some(role), true, true) = (role, entry.is_folder, may_hold_posts) {
                self.posts(&path, role);
            }
            if !self.filter.accepts(folder, &entry.name, entry.is_folder) {
                continue;
            }
            if entry.is_folder {
                self.site_folder(&path, depth + 1);
            } else if path != lock::FILE {
                let plan = self.plan(&path);
                self.add(path, plan);
            }
        }
    }

    /// What a file of the site may be, by its path.
    fn plan(&self, path: &str) -> Plan {
        match path.split_once('/') {
            Some((TEMPLATES, _)) => Plan::PageOrTemplate,
            Some((PLAIN_POSTS, _)) if self.plain_posts => {
                let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
                let is_post =
                    file_date(path).is_some() && self.config.is_markdown_extension(extension);
                if is_post { Plan::Text(Role::Post) } else { self.page_plan(path) }
            }
            _ => self.page_plan(path),
        }
    }

    fn page_plan(&self, path: &str) -> Plan {
        match github::may_be_page(self.config, path) {
            Some(copied) => Plan::Loose { copied },
            None => Plan::PageOrPlain,
        }
    }

    fn add(&mut self, path: String, plan: Plan) {
        let location = self.root.join(&path);
        self.candidates.push(Candidate { path, location, plan });
    }

    /// The posts or drafts of a folder, with those in folders below it.
    fn posts(&mut self, folder: &str, role: Role) {
        let mut found = Vec::new();
        self.files_below(folder, "", false, 0, &mut found);
        for entry in found {
            if !self.filter.accepts(folder, &entry, false) {
                continue;
            }
            let path = join(folder, &entry);
            let fits = match role {
                Role::Post => file_date(&path).is_some(),
                _ => entry.rsplit('/').next().is_some_and(|name| name.contains('.')),
            };
            if fits {
                self.add(path, Plan::Text(role.clone()));
            } else {
                self.post_without_date(&path);
            }
        }
    }

    fn post_without_date(&mut self, path: &str) {
        let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
        if !self.config.is_markdown_extension(extension) {
            return;
        }
        let message = format!("`{path}` is no post: its name has no date");
        self.diagnostics.push(
            Diagnostic::new(POST_WITHOUT_DATE, message)
                .at(Place::start_of(&Source::new(path, "")))
                .hint("name it like `2026-01-04-title.md`, or move it to `_drafts`"),
        );
    }

    fn collections(&mut self) {
        for label in self.config.collections.keys() {
            if matches!(label.as_str(), "posts" | "data") {
                continue;
            }
            let folder = join(&self.config.collections_dir, &format!("_{label}"));
            if !self.root.join(&folder).is_dir() {
                continue;
            }
            let mut found = Vec::new();
            self.files_below(&folder, "", true, 0, &mut found);
            for entry in found {
                if self.filter.accepts(&folder, &entry, false) {
                    self.add(join(&folder, &entry), Plan::CollectionFile(label.clone()));
                }
            }
        }
    }

    /// All files of a folder that pages are made with.
    fn whole_folder(&mut self, folder: &str, wanted: impl Fn(&str) -> bool, role: Role) {
        if folder.is_empty() || !self.root.join(folder).is_dir() {
            return;
        }
        let mut found = Vec::new();
        self.files_below(folder, "", false, 0, &mut found);
        for entry in found {
            let path = join(folder, &entry);
            if wanted(&path) {
                self.add(path, Plan::Text(role.clone()));
            }
        }
    }

    /// The Ruby files in the folder of plugins. A site that is `safe` leaves them alone.
    fn ruby_files(&mut self) -> Vec<String> {
        let folder = self.config.plugins_dir.clone();
        let is_safe = self.config.get("safe").and_then(Value::as_bool) == Some(true);
        if is_safe || folder.is_empty() || !self.root.join(&folder).is_dir() {
            return Vec::new();
        }
        let mut found = Vec::new();
        self.files_below(&folder, "", false, 0, &mut found);
        found.retain(|path| path.ends_with(".rb"));
        found.iter().map(|path| join(&folder, path)).collect()
    }

    /// Files that `include` names by their path, wherever they are.
    fn included_files(&mut self) {
        for path in self.config.include.clone() {
            let path = path.trim_start_matches('/').to_owned();
            let inside = Path::new(&path)
                .components()
                .all(|part| matches!(part, std::path::Component::Normal(_)));
            let location = self.root.join(&path);
            if inside && location.is_file() && self.stays_inside(&location, &path) {
                let plan = self.page_plan(&path);
                self.add(path, plan);
            }
        }
    }

    /// Collects the files below a folder, as paths from it on.
    fn files_below(
        &mut self,
        folder: &str,
        below: &str,
        hidden: bool,
        depth: usize,
        out: &mut Vec<String>,
    ) {
        let Some(entries) = self.entries(&join(folder, below), depth) else { return };
        for entry in entries {
            if entry.name.starts_with('.') && !hidden {
                continue;
            }
            let path = join(below, &entry.name);
            if entry.is_folder {
                self.files_below(folder, &path, hidden, depth + 1, out);
            } else {
                out.push(path);
            }
        }
    }

    /// The entries of a folder in the order of their names; `None` for a folder that isn't
    /// entered.
    fn entries(&mut self, folder: &str, depth: usize) -> Option<Vec<Entry>> {
        let folder = folder.trim_end_matches('/');
        let location = self.root.join(folder);
        if depth > MAX_FOLDERS {
            let message = format!("more than {MAX_FOLDERS} folders inside each other");
            self.diagnostics.push(
                Diagnostic::new(TOO_MANY_FOLDERS, message)
                    .at(Place::start_of(&Source::new(folder, "")))
                    .hint("`exclude` the folder in `_config.yml` if it isn't part of the site"),
            );
            return None;
        }
        if !folder.is_empty() && location.join(CACHE_TAG).is_file() {
            return None;
        }
        self.folders += 1;
        if self.folders > MAX_COUNT {
            if self.folders == MAX_COUNT + 1 {
                let message = format!("the site has more than {MAX_COUNT} folders");
                self.diagnostics.push(
                    Diagnostic::new(TOO_MANY_FOLDERS, message)
                        .hint("`exclude` what isn't part of the site in `_config.yml`"),
                );
            }
            return None;
        }
        let mut entries = Vec::new();
        let listing = match fs::read_dir(&location) {
            Ok(listing) => listing,
            Err(error) => {
                self.diagnostics.push(unreadable(folder, &error));
                return None;
            }
        };
        for entry in listing {
            match entry {
                Ok(entry) => entries.extend(self.entry(folder, &entry)),
                Err(error) => self.diagnostics.push(unreadable(folder, &error)),
            }
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Some(entries)
    }

    fn entry(&mut self, folder: &str, entry: &fs::DirEntry) -> Option<Entry> {
        let location = entry.path();
        let Ok(name) = entry.file_name().into_string() else {
            let shown = join(folder, &entry.file_name().to_string_lossy());
            self.diagnostics.push(
                Diagnostic::new(UNNAMEABLE, format!("the name of `{shown}` isn't UTF-8"))
                    .at(Place::start_of(&Source::new(shown, "")))
                    .note("it is left out of the site")
                    .hint("rename it"),
            );
            return None;
        };
        let path = join(folder, &name);
        let kind = entry.file_type().ok()?;
        if !kind.is_symlink() {
            // Sockets, pipes and devices are no part of a site, and reading them may never end.
            let is_site = kind.is_dir() && self.is_destination(&location);
            return ((kind.is_dir() || kind.is_file()) && !is_site)
                .then_some(Entry { name, is_folder: kind.is_dir() });
        }
        // A link that the site leaves out anyway is not worth a word.
        let special = name.starts_with(['.', '#', '~']);
        if special || !self.filter.accepts(folder, name.trim_start_matches('_'), false) {
            return None;
        }
        if !self.stays_inside(&location, &path) {
            return None;
        }
        let metadata = fs::metadata(&location).ok()?;
        let is_site = metadata.is_dir() && self.is_destination(&location);
        ((metadata.is_dir() || metadata.is_file()) && !is_site)
            .then_some(Entry { name, is_folder: metadata.is_dir() })
    }

    fn is_destination(&self, location: &Path) -> bool {
        location.file_name() == self.real_destination.file_name()
            && location.canonicalize().is_ok_and(|real| real == self.real_destination)
            || fs::symlink_metadata(location).is_ok_and(|m| m.is_symlink())
                && location.canonicalize().is_ok_and(|real| real == self.real_destination)
    }

    /// Whether a link leads to something in the site that isn't a folder above it; says so if not.
    fn stays_inside(&mut self, location: &Path, path: &str) -> bool {
        let reason = match location.canonicalize() {
            Err(_) => "leads nowhere",
            Ok(real) if !real.starts_with(self.real_root) => "leads out of the site",
            Ok(real) => {
                // Each folder on the way may itself have been reached by a link.
                let mut above = location.ancestors().skip(1).take(MAX_FOLDERS + 1);
                let circle = above.any(|folder| {
                    folder.starts_with(self.root)
                        && folder.canonicalize().is_ok_and(|folder| folder.starts_with(&real))
                });
                if !circle {
                    return true;
                }
                "leads back to a folder that it is in"
            }
        };
        self.diagnostics.push(
            Diagnostic::new(LINK_NOT_FOLLOWED, format!("the link `{path}` {reason}"))
                .at(Place::start_of(&Source::new(path, "")))
                .note("it is left out of the site")
                .hint("copy what it should lead to into the site, or `exclude` it"),
        );
        false
    }
}
