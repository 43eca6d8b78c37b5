//! What every command that reads a site does: options, clock, cache, pipeline, time by stage.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use crate::command::arguments::SiteArguments;
use crate::command::exit::Exit;
use crate::command::report::human;
use crate::command::shell::{Shell, Verbosity};
use crate::content::Options;
use crate::date::{Date, Moment, Zone};
use crate::diagnostic::{Code, Diagnostic};
use crate::output::cache::Cache;
use crate::pipeline::memory::Memory;
use crate::pipeline::selection::Selection;
use crate::pipeline::{self, Built, Request, Stage};

/// An argument that can't be used.
pub const BAD_ARGUMENT: Code = Code("E0702");

/// The cache's file below the site's folder.
const CACHE_FILE: &str = ".bogi-cache/entries";

/// A site that went through the pipeline.
pub struct Run {
    /// What came out.
    pub built: Built,
    /// Seconds by stage, in order.
    pub times: Vec<(Stage, f64)>,
    /// Seconds in all.
    pub seconds: f64,
}

/// The shell that the arguments ask for.
pub fn shell(site: &SiteArguments) -> Shell {
    let verbosity = match (site.quiet, site.verbose) {
        (true, _) => Verbosity::Quiet,
        (_, true) => Verbosity::Verbose,
        _ => Verbosity::Normal,
    };
    Shell::new(verbosity, site.all).with_originals(site.trace)
}

/// Runs the pipeline on the site and keeps its cache for the next time. What makes any site
/// impossible is said, and gives the exit code.
///
/// # Errors
/// The exit code to end with.
pub fn run(shell: &Shell, site: &SiteArguments, destination: Option<PathBuf>) -> Result<Run, Exit> {
    attempt(shell, site, destination, &Selection::default()).map_err(|diagnostics| {
        impossible(shell, &human::from_here(&diagnostics, &site.source, shell.style()));
        Exit::Unable
    })
}

/// Runs the pipeline on a part of the site and keeps its cache for the next time.
///
/// # Errors
/// What makes any site impossible, or the selection.
pub fn attempt(
    shell: &Shell,
    site: &SiteArguments,
    destination: Option<PathBuf>,
    selection: &Selection,
) -> Result<Run, Vec<Diagnostic>> {
    run_with(shell, Builder::new(site, destination).with_selection(selection.clone()))
}

/// Runs the pipeline as [`attempt`] does, and compares what the prose says with the catalogue
/// besides.
///
/// # Errors
/// What makes any site impossible, or the selection.
pub fn check(
    shell: &Shell,
    site: &SiteArguments,
    selection: &Selection,
) -> Result<Run, Vec<Diagnostic>> {
    let builder = Builder::new(site, None).judging_prose();
    run_with(shell, builder.with_selection(selection.clone()))
}

fn run_with(shell: &Shell, mut builder: Builder) -> Result<Run, Vec<Diagnostic>> {
    let run = builder.build(&Changes::Everything)?;
    if !builder.selection.is_everything() || run.built.stopped {
        builder.cache.keep_all();
    }
    if let Err(error) = builder.save_cache() {
        shell.detail("Cache", &format!("could not be saved: {error}"));
    }
    Ok(run)
}

/// What changed in a site since it was built last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changes {
    /// Nobody knows: anything may have.
    Everything,
    /// These files and folders at most, by absolute paths; what was removed or made among them.
    Files(BTreeSet<PathBuf>),
}

/// Builds one site, once or time after time.
pub struct Builder {
    options: Options,
    environment: String,
    today: Option<String>,
    cache: Cache,
    memory: Option<Memory>,
    judges_prose: bool,
    selection: Selection,
}

impl Builder {
    /// A builder of the site that the arguments name; its cache is read here.
    pub fn new(site: &SiteArguments, destination: Option<PathBuf>) -> Self {
        let options = Options {
            source: site.source.clone(),
            destination,
            config_files: site.config.clone(),
            drafts: site.drafts,
            future: site.future,
            unpublished: site.unpublished,
            strict_front_matter: site.strict_front_matter,
            limit_posts: site.limit_posts,
            zone: std::env::var("TZ").ok(),
            gem_paths: gem_paths(),
            baseurl: site.baseurl.clone(),
        };
        if let Some(jobs) = site.jobs {
            pipeline::use_threads(jobs);
        }
        let cache = if site.disable_disk_cache {
            Cache::in_memory()
        } else {
            Cache::open(&cache_file(&site.source))
        };
        let environment = std::env::var("JEKYLL_ENV").unwrap_or_else(|_| "development".to_owned());
        Self {
            options,
            environment,
            today: site.today.clone(),
            cache,
            memory: None,
            judges_prose: false,
            selection: Selection::default(),
        }
    }

    /// The same for a part of the site.
    pub fn with_selection(self, selection: Selection) -> Self {
        Self { selection, ..self }
    }

    /// The same for building time after time: what hasn't changed is taken over.
    pub fn with_memory(self) -> Self {
        Self { memory: Some(Memory::default()), ..self }
    }

    /// The same for a check: quantities of the prose are compared with the catalogue.
    pub fn judging_prose(self) -> Self {
        Self { judges_prose: true, ..self }
    }

    /// What the site is built with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Builds the site as its files stand now. What is made is the same whatever `changes` says;
    /// it tells where work of the last time can be taken over.
    ///
    /// # Errors
    /// What makes any site impossible.
    pub fn build(&mut self, changes: &Changes) -> Result<Run, Vec<Diagnostic>> {
        let now = now(self.today.as_deref()).map_err(|found| vec![*found])?;
        if let (Some(memory), Changes::Files(files)) = (&self.memory, changes) {
            memory.changed(files.iter().map(PathBuf::as_path), true);
        } else if let Some(memory) = &self.memory {
            memory.changed([], false);
        }
        let begin = Instant::now();
        let mut marks: Vec<(Stage, Instant)> = Vec::new();
        let clock = || u64::try_from(begin.elapsed().as_nanos()).unwrap_or(u64::MAX);
        let request = Request {
            options: &self.options,
            cache: &self.cache,
            now: &now,
            environment: &self.environment,
            memory: self.memory.as_ref(),
            judges_prose: self.judges_prose,
            selection: &self.selection,
            clock: &clock,
        };
        let built = pipeline::run(&request, &mut |stage| marks.push((stage, Instant::now())))?;
        if self.memory.is_some() {
            self.cache.bound();
        }
        let end = Instant::now();
        let ends = marks.iter().skip(1).map(|&(_, at)| at).chain([end]);
        let times = marks
            .iter()
            .zip(ends)
            .map(|(&(stage, at), next)| (stage, next.duration_since(at).as_secs_f64()))
            .collect();
        let seconds = end.duration_since(begin).as_secs_f64();
        Ok(Run { built, times, seconds })
    }

    /// Keeps the cache for the next process.
    ///
    /// # Errors
    /// When its file can't be written, which costs time and not correctness.
    pub fn save_cache(&self) -> io::Result<()> {
        self.cache.save()
    }
}

/// The folders of gems that Ruby's variables name.
fn gem_paths() -> Vec<PathBuf> {
    let named = ["GEM_PATH", "GEM_HOME"].into_iter().filter_map(std::env::var_os);
    named.flat_map(|paths| std::env::split_paths(&paths).collect::<Vec<_>>()).collect()
}

fn cache_file(source: &Path) -> PathBuf {
    source.join(CACHE_FILE)
}

/// The present, or midnight of the day that the arguments name.
///
/// # Errors
/// When the day can't be read.
pub fn now(today: Option<&str>) -> Result<Moment, Box<Diagnostic>> {
    let unusable = |text: &str| {
        let message = format!("`{text}` is no day");
        Box::new(Diagnostic::new(BAD_ARGUMENT, message).hint("write it like `--today 2026-11-22`"))
    };
    if let Some(text) = today {
        let date = Date::parse(text).ok_or_else(|| unusable(text))?;
        return date.at_midnight(&Zone::utc()).ok_or_else(|| unusable(text));
    }
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = i64::try_from(elapsed.as_secs()).unwrap_or(i64::MAX);
    Moment::from_unix_seconds(seconds).ok_or_else(|| unusable("the machine's clock"))
}

/// Says what made a site impossible.
pub fn impossible(shell: &Shell, diagnostics: &[Diagnostic]) {
    shell.error_text(&human::frames(diagnostics, shell.style()));
}

/// Says how long each stage took, when that was asked for.
pub fn profile(shell: &Shell, times: &[(Stage, f64)], settle: Option<f64>) {
    let named = times.iter().map(|&(stage, seconds)| (format!("{stage:?}"), seconds));
    for (name, seconds) in named.chain(settle.map(|seconds| ("Settle".to_owned(), seconds))) {
        shell.status(&name, &format!("{:.3}s", seconds));
    }
}
