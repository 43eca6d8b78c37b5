//! Building a site again and again: the one place of the preview that asks the pipeline.

use std::sync::Arc;

use crate::command::serve::snapshot::Snapshot;
use crate::command::site::{Builder, Changes};
use crate::pipeline::{Counts, Stage};

/// What builds a site again and again.
pub struct Rebuilder {
    builder: Builder,
    last: Option<Arc<Snapshot>>,
    reload: bool,
}

/// What a rebuild gave.
#[derive(Debug)]
pub struct Rebuilt {
    /// The site as it is served now.
    pub snapshot: Arc<Snapshot>,
    /// The site as it was served before; `None` the first time.
    pub last: Option<Arc<Snapshot>>,
    /// Counts, where there is a site.
    pub counts: Option<Counts>,
    /// The time of the build in seconds.
    pub seconds: f64,
    /// The seconds of each stage.
    pub times: Vec<(Stage, f64)>,
}

impl Rebuilder {
    /// What rebuilds a builder's site; with `reload` its pages get the script that reloads them.
    pub fn new(builder: Builder, reload: bool) -> Self {
        Self { builder, last: None, reload }
    }

    /// The builder.
    pub fn builder(&self) -> &Builder {
        &self.builder
    }

    /// Builds the site as its files stand now. A site that can't be built leaves the files of the
    /// last one, with what is wrong on each page.
    pub fn rebuild(&mut self, changes: &Changes) -> Rebuilt {
        let (snapshot, counts, seconds, times) = match self.builder.build(changes) {
            Ok(run) => {
                let counts = run.built.counts;
                (Snapshot::of(run.built, self.reload), Some(counts), run.seconds, run.times)
            }
            Err(found) => {
                let last = self.last.as_deref();
                (Snapshot::without_site(last, found, self.reload), None, 0.0, Vec::new())
            }
        };
        let snapshot = Arc::new(snapshot);
        let last = self.last.replace(Arc::clone(&snapshot));
        Rebuilt { snapshot, last, counts, seconds, times }
    }
}
