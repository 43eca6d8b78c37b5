//! Noticing that files change. The room of `notify`.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use notify::event::{AccessKind, AccessMode, CreateKind, ModifyKind};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::command::serve::noise::is_noise;
use crate::command::serve::poll::Poll;
use crate::command::serve::preview::{Noticed, Preview};
use crate::content::discover::Places;
use crate::diagnostic::{Code, Diagnostic};

/// The system doesn't let bogi watch all folders.
pub const NOT_WATCHED: Code = Code("W1002");

/// What is watched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    /// The site's folder, without links.
    root: PathBuf,
    /// Folders elsewhere, with all that is in them: a theme's gem.
    folders: Vec<PathBuf>,
    /// Single files elsewhere: configuration.
    files: Vec<PathBuf>,
    /// Where the site is written.
    destination: PathBuf,
}

impl Area {
    /// The area of a site: its folder, its theme, and the configuration files that were named.
    pub fn new(places: &Places, config_files: &[PathBuf]) -> Self {
        let folders = places.theme.iter().filter(|theme| !theme.starts_with(&places.root));
        let absolute = |file: &PathBuf| std::path::absolute(file).ok();
        let real = |file: &PathBuf| file.canonicalize().ok();
        let files = config_files.iter().flat_map(|file| [absolute(file), real(file)]).flatten();
        Self {
            root: places.root.clone(),
            folders: folders.cloned().collect(),
            files: files.collect(),
            destination: places.destination.clone(),
        }
    }

    /// The site's folder, without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Whether a path is one of the site's sources.
    fn concerns(&self, path: &Path) -> bool {
        if self.files.iter().any(|file| file == path) {
            return true;
        }
        if path.starts_with(&self.destination) {
            return false;
        }
        let folders = std::iter::once(&self.root).chain(&self.folders);
        let inside = folders.filter_map(|folder| path.strip_prefix(folder).ok()).next();
        inside.is_some_and(|inside| inside != Path::new("") && !is_noise(inside))
    }

    /// Whether a path is the site's folder or one above it.
    fn holds(&self, path: &Path) -> bool {
        self.root.starts_with(path)
    }

    /// What was noticed by an event, and whether the watch has to be set up anew.
    fn read(&self, event: &Event) -> (Option<Noticed>, bool) {
        if event.need_rescan() {
            return (Some(Noticed::Unknown), false);
        }
        let comes_or_goes = matches!(
            event.kind,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_))
        );
        if comes_or_goes && event.paths.iter().any(|path| self.holds(path)) {
            return (Some(Noticed::Unknown), true);
        }
        let paths = event.paths.iter().filter(|path| self.concerns(path));
        let paths: Vec<PathBuf> = paths.cloned().collect();
        if paths.is_empty() {
            return (None, false);
        }
        let noticed = match event.kind {
            EventKind::Access(AccessKind::Close(AccessMode::Write)) => Noticed::Saved,
            // Reading is no change, or each rebuild would be followed by another.
            EventKind::Access(_) => return (None, false),
            // Files of a new folder may have come before anybody could watch it.
            EventKind::Create(CreateKind::Folder) => Noticed::Unknown,
            _ => Noticed::Changed(paths),
        };
        (Some(noticed), false)
    }
}

/// A watch that is kept.
pub struct Watch {
    area: Area,
    lost: Arc<AtomicBool>,
    _eyes: Eyes,
}

/// Who sees what changes, as long as it lives.
enum Eyes {
    System(#[expect(dead_code, reason = "it only has to live")] RecommendedWatcher),
    Own(#[expect(dead_code, reason = "it only has to live")] Poll),
}

/// What watching gave: the watch, and what to say of it.
pub type Watching = (Watch, Option<Diagnostic>);

impl Watch {
    /// Watches an area, and tells the preview what changes there. Where the system refuses, or the
    /// user wishes so, files are looked at once a second instead.
    pub fn new(area: Area, preview: &Arc<Preview>, polls: bool) -> Watching {
        let lost = Arc::new(AtomicBool::new(false));
        if polls {
            return (Self::polling(area, preview, lost), None);
        }
        let handler = {
            let (preview, area, lost) = (Arc::clone(preview), area.clone(), Arc::clone(&lost));
            move |event: notify::Result<Event>| {
                let (noticed, is_lost) = match event {
                    Ok(event) => area.read(&event),
                    Err(_) => (Some(Noticed::Unknown), false),
                };
                if is_lost {
                    lost.store(true, Ordering::SeqCst);
                }
                if let Some(noticed) = noticed {
                    preview.notice(noticed);
                }
            }
        };
        // A link leads to what is in the site, and watched, or to what is no part of it.
        let config = Config::default().with_follow_symlinks(false);
        let watcher = RecommendedWatcher::new(handler, config);
        match watcher.and_then(|watcher| spread(watcher, &area)) {
            Ok(watcher) => (Self { area, lost, _eyes: Eyes::System(watcher) }, None),
            Err(error) => (Self::polling(area, preview, lost), Some(refused(&error))),
        }
    }

    fn polling(area: Area, preview: &Arc<Preview>, lost: Arc<AtomicBool>) -> Self {
        let mut places = vec![area.root.clone()];
        places.extend(area.folders.iter().chain(&area.files).cloned());
        let concerns = {
            let area = area.clone();
            move |path: &Path| area.concerns(path)
        };
        let preview = Arc::clone(preview);
        let changed = move |paths| preview.notice(Noticed::Changed(paths));
        let poll = Poll::new(places, concerns, changed);
        Self { area, lost, _eyes: Eyes::Own(poll) }
    }

    /// Whether the watch has to be set up anew to watch this area: it is another one, or the site's
    /// folder went away or came back.
    pub fn is_stale_for(&self, area: &Area) -> bool {
        self.area != *area || self.lost.load(Ordering::SeqCst)
    }

    /// What it watches.
    pub fn area(&self) -> &Area {
        &self.area
    }
}

/// Sets a watch on all of an area that is there.
fn spread<W: Watcher>(mut watcher: W, area: &Area) -> notify::Result<W> {
    // The folder above comes first: what is created while the watch is set up isn't missed then.
    let above = area.root.ancestors().skip(1).find(|folder| folder.is_dir());
    let above_files = area.files.iter().filter_map(|file| file.parent());
    for folder in above.into_iter().chain(above_files) {
        if !folder.starts_with(&area.root) {
            passing_missing(watcher.watch(folder, RecursiveMode::NonRecursive))?;
        }
    }
    for folder in std::iter::once(&area.root).chain(&area.folders) {
        if folder.is_dir() {
            passing_missing(watcher.watch(folder, RecursiveMode::Recursive))?;
        }
    }
    Ok(watcher)
}

/// A folder that went away in between is none that could be watched, and no failure.
fn passing_missing(result: notify::Result<()>) -> notify::Result<()> {
    match result {
        Err(error) => match &error.kind {
            notify::ErrorKind::PathNotFound | notify::ErrorKind::WatchNotFound => Ok(()),
            notify::ErrorKind::Io(io) if io.kind() == std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        },
        ok => ok,
    }
}

fn refused(error: &notify::Error) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(NOT_WATCHED, "the system doesn't watch all folders of the site")
            .note("files are looked at once a second instead, which takes longer and costs time");
    if matches!(error.kind, notify::ErrorKind::MaxFilesWatch) {
        return diagnostic
            .note("all watches that it allows are in use (`fs.inotify.max_user_watches`)")
            .hint("allow more: `sudo sysctl fs.inotify.max_user_watches=524288`");
    }
    diagnostic.note(format!("it says: {error}")).hint(
        "if it speaks of open files or instances, allow more: \
               `sudo sysctl fs.inotify.max_user_instances=1024`",
    )
}
