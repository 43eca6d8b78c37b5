//! `/tmp` of an environment: files that a handler downloads when they aren't there. They last as
//! long as the environment does, through resets too.
//!
//! A handler that has no room left removes the file that it used longest ago. One that can't ever
//! have room fails when the storage is full.

use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::rules::Settings;
use crate::sim::draw::Draw;
use crate::sim::random::Random;

/// What the requests of a function want of `/tmp`.
#[derive(Clone, Debug)]
pub(super) struct Wants {
    files: u64,
    choice: Random,
    download: Draw,
    /// How many files have room.
    room: usize,
}

/// What a request wants of `/tmp`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    file: u32,
    /// How long it takes to download the file.
    download: u64,
    room: usize,
}

/// What a request found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) hit: bool,
    /// How long the request downloads; 0 for a hit.
    pub(super) download: u64,
    /// Whether there can be no room for the file.
    pub(super) full: bool,
}

/// The files in `/tmp` of one environment, the one that was used last at the end.
pub(super) type Files = Vec<u32>;

impl Wants {
    pub(super) fn new(
        function: &Function,
        settings: &Settings,
        stream: impl Fn(&'static str) -> Random,
    ) -> Option<Self> {
        let cache = function.tmp_cache.as_ref()?;
        let room = match cache.size_mb {
            None | Some(0) => usize::MAX,
            Some(size) => {
                usize::try_from(settings.ephemeral_storage_mb / size).unwrap_or(usize::MAX)
            }
        };
        Some(Self {
            files: u64::from(cache.files).max(1),
            choice: stream("tmp file"),
            download: Draw::new(cache.download_duration, stream("tmp download")),
            room,
        })
    }

    /// What the next request wants: any of the files with equal chance.
    pub(super) fn next(&mut self) -> Wanted {
        let file = if self.files == 1 { 0 } else { self.choice.below(self.files) as u32 };
        Wanted { file, download: self.download.draw(), room: self.room }
    }
}

impl Wanted {
    /// Looks a file up, and downloads it where it isn't. A download that takes longer than
    /// `time_left` isn't kept.
    pub(super) fn find(self, files: &mut Files, time_left: u64) -> Found {
        let Self { file, download, room } = self;
        if let Some(at) = files.iter().position(|&known| known == file) {
            files.remove(at);
            files.push(file);
            return Found { hit: true, download: 0, full: false };
        }
        let full = room == 0;
        if !full && download <= time_left {
            if files.len() >= room {
                files.remove(0);
            }
            files.push(file);
        }
        Found { hit: false, download, full }
    }
}
