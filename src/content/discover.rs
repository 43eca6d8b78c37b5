//! The walk of the source folder: the only reader of it. Which file is what is decided here, by
//! Jekyll's rules; what is in the files is for later stages.

mod again;
mod files;
mod load;
pub mod reader;
pub mod theme;
mod walk;

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::{Known, Options, Sources, config};
use crate::date::Zone;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::Source;

pub use again::Last;
pub use files::Files;

/// A text that isn't UTF-8.
pub const NOT_UTF8: Code = Code("E0010");

/// A text file of more than [`MAX_TEXT`] bytes.
pub const TOO_LARGE: Code = Code("E0011");

/// No source folder, or one that can't be read.
pub const NO_SOURCE: Code = Code("E0207");

/// A destination that is the source folder or above it.
pub const DESTINATION_HOLDS_SOURCE: Code = Code("E0208");

/// A file or folder that can't be read.
pub const UNREADABLE: Code = Code("E0209");

/// A file or folder whose name isn't UTF-8.
pub const UNNAMEABLE: Code = Code("W0210");

/// A symbolic link that leaves the site, leads back above itself, or leads nowhere.
pub const LINK_NOT_FOLLOWED: Code = Code("W0211");

/// A file in `_posts` without a date in its name.
pub const POST_WITHOUT_DATE: Code = Code("W0212");

/// Folders inside each other beyond [`MAX_FOLDERS`], or more than [`MAX_COUNT`] of them.
pub const TOO_MANY_FOLDERS: Code = Code("E0213");

/// The largest text file that is read, in bytes.
pub const MAX_TEXT: u64 = 16 << 20;

/// The file that marks a folder as a cache (bford.info/cachedir).
const CACHE_TAG: &str = "CACHEDIR.TAG";

/// How deep folders may lie inside each other.
pub const MAX_FOLDERS: usize = 64;

/// How many folders a site may have; links can make many of few.
pub const MAX_COUNT: usize = 100_000;

/// Walks the source folder once and reads its text files.
///
/// A file that can't be read is left out with a diagnostic. Folders that hold a `CACHEDIR.TAG` are
/// caches and not entered, nor is the destination.
///
/// # Errors
/// A diagnostic when there is no source folder, a configuration file that was asked for isn't
/// there, or the destination is the source or above it.
pub fn discover(options: &Options) -> Result<Staged<Sources>, Box<Diagnostic>> {
    discover_again(options, None)
}

/// The same for a caller who has discovered the site before: what is known isn't read again.
///
/// # Errors
/// As [`discover`].
pub fn discover_again(
    options: &Options,
    known: Option<&Known>,
) -> Result<Staged<Sources>, Box<Diagnostic>> {
    real_folder(&options.source)?;
    if let Some(sources) = known.and_then(|known| again::sources(known, options)) {
        return Ok(sources);
    }
    let mut diagnostics = Vec::new();
    let sources = config_sources(options)?;
    let zone = options.zone.as_deref().and_then(Zone::named).unwrap_or_else(Zone::utc);
    let mut config = config::load(&sources, &zone).collect_into(&mut diagnostics);
    let root = root(options, &config);
    let real_root = real_folder(&root)?;
    let theme = theme::find(&config, &root, &options.gem_paths);
    let of_theme = theme.as_ref().and_then(theme::ThemeFolder::config);
    let ignored = config.get("ignore_theme_config").is_some_and(|value| value.is_truthy());
    if let Some(file) = of_theme.filter(|_| !ignored) {
        // The site's files have been read, and what is wrong with them has been said.
        let mut all = vec![load::read_text(&file, "_config.yml of the theme")?];
        all.extend(sources);
        config = config::load(&all, &zone).value;
    }
    config.theme_is_here = theme.is_some();
    // A theme in the site's `vendor` is no part of the site.
    config.exclude.extend(theme.as_ref().and_then(|theme| theme.path_within(&root)));
    override_config(&mut config, options);
    let destination = match &options.destination {
        Some(destination) => destination.clone(),
        None => PathBuf::from(&config.destination),
    };
    let real_destination = real_path(&destination);
    if real_root.starts_with(&real_destination)
        || is_source_folder(&real_root, &real_destination, &config)
    {
        let message =
            format!("the destination `{}` holds the site's sources", destination.display());
        return Err(Box::new(
            Diagnostic::new(DESTINATION_HOLDS_SOURCE, message)
                .at(config.place_of_key("destination").filter(|_| options.destination.is_none()))
                .note("everything in the destination is replaced by the built site")
                .hint("choose a folder of its own, for instance `_site`"),
        ));
    }
    let walked = walk::walk(&root, &real_root, &real_destination, &config);
    let walk::Walked { mut candidates, ruby_files } = walked.collect_into(&mut diagnostics);
    match &theme {
        Some(theme) => {
            let more = theme.candidates(&config, &candidates, &mut diagnostics);
            candidates.extend(more);
        }
        None => diagnostics.extend(theme::missing(&config)),
    }
    let (texts, files) =
        load::load_all(candidates, known.map(|known| &known.files)).collect_into(&mut diagnostics);
    let reader = reader::Reader::new(root.clone(), real_root.clone());
    let value = Sources { root, destination, config, texts, files, reader, ruby_files };
    let staged = Staged::new(value, diagnostics);
    if let Some(known) = known {
        again::keep(known, options, &real_root, &staged);
    }
    Ok(staged)
}

/// Where the files of a site lie that a change is to be noticed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Places {
    /// The site's folder, without links and dots.
    pub root: PathBuf,
    /// Where the site is written, which nobody has to watch; it need not exist.
    pub destination: PathBuf,
    /// The folder of the theme's gem, if the site has one and it is here.
    pub theme: Option<PathBuf>,
}

/// Where a site's files lie, as its configuration says now. One that can't be read counts as one
/// that says nothing.
///
/// # Errors
/// When there is no source folder, or no configuration file that was asked for.
pub fn places(options: &Options) -> Result<Places, Box<Diagnostic>> {
    real_folder(&options.source)?;
    let sources = config_sources(options)?;
    let config = config::load(&sources, &Zone::utc()).value;
    let root = root(options, &config);
    let theme = theme::find(&config, &root, &options.gem_paths);
    let destination = options.destination.clone();
    let destination = destination.unwrap_or_else(|| PathBuf::from(&config.destination));
    Ok(Places {
        root: real_folder(&root)?,
        destination: real_path(&destination),
        theme: theme.and_then(|theme| theme.0.canonicalize().ok()),
    })
}

/// The site's folder: the command's, or the configuration's `source` where the command names none.
fn root(options: &Options, config: &config::Config) -> PathBuf {
    match config.get("source").and_then(|source| source.as_str()) {
        Some(source) if options.source == Path::new(".") => PathBuf::from(source),
        _ => options.source.clone(),
    }
}

fn real_folder(folder: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    folder.canonicalize().ok().filter(|path| path.is_dir()).ok_or_else(|| {
        let message = format!("there is no folder `{}`", folder.display());
        Box::new(Diagnostic::new(NO_SOURCE, message).hint("name the site's folder with --source"))
    })
}

/// Whether the destination is one of the folders that the site is read from, or lies inside one.
fn is_source_folder(root: &Path, destination: &Path, config: &config::Config) -> bool {
    let Ok(inside) = destination.strip_prefix(root) else { return false };
    let read = [
        "posts",
        "_posts",
        "_drafts",
        "templates",
        "assets",
        ".git",
        &config.layouts_dir,
        &config.includes_dir,
        &config.data_dir,
        &config.sass_dir,
    ];
    let collections = config.collections.keys().map(|label| format!("_{label}"));
    let mut folders = read.into_iter().map(str::to_owned).chain(collections);
    folders.any(|folder| !folder.is_empty() && inside.starts_with(&folder))
}

/// The configuration files: those of the options, or the one in the site's folder, if any.
fn config_sources(options: &Options) -> Result<Vec<Arc<Source>>, Box<Diagnostic>> {
    if options.config_files.is_empty() {
        let names = ["_config.yml", "_config.yaml", "_config.toml"];
        // A file that is there and can't be read is no missing one: a site with defaults in its
        // place would be another site.
        let exists = |name: &&&str| options.source.join(name).symlink_metadata().is_ok();
        let Some(name) = names.iter().find(exists) else { return Ok(Vec::new()) };
        return load::read_text(&options.source.join(name), name).map(|source| vec![source]);
    }
    let mut sources = Vec::new();
    for file in &options.config_files {
        if !file.is_file() {
            let message = format!("there is no configuration file `{}`", file.display());
            return Err(Box::new(
                Diagnostic::new(config::MISSING, message)
                    .hint("paths after --config are relative to the working directory"),
            ));
        }
        let name = file.strip_prefix(&options.source).unwrap_or(file).display().to_string();
        sources.push(load::read_text(file, &name.replace('\\', "/"))?);
    }
    Ok(sources)
}

/// Puts what a command says over the configuration, in the typed view and in the values that
/// templates see.
fn override_config(config: &mut config::Config, options: &Options) {
    use crate::value::Value;
    for (asked, flag, key) in [
        (options.drafts, &mut config.show_drafts, "show_drafts"),
        (options.future, &mut config.future, "future"),
        (options.unpublished, &mut config.unpublished, "unpublished"),
    ] {
        if asked {
            *flag = true;
            config.values.insert(key.to_owned(), Value::Bool(true));
        }
    }
    if options.strict_front_matter {
        config.values.insert("strict_front_matter".to_owned(), Value::Bool(true));
    }
    if let Some(limit) = options.limit_posts {
        config.limit_posts = limit;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        config.values.insert("limit_posts".to_owned(), Value::Integer(limit));
    }
    if let Some(baseurl) = &options.baseurl {
        config.baseurl = super::permalink::clean_baseurl(baseurl);
        config.values.insert("baseurl".to_owned(), Value::String(config.baseurl.clone()));
    }
}

/// Where a path leads that need not exist yet: links in its existing part are followed, and `..`
/// leads to the folder above what it stands behind.
fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut real = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                real.pop();
            }
            Component::CurDir => {}
            part => {
                real.push(part);
                real = real.canonicalize().unwrap_or(real);
            }
        }
    }
    real
}
