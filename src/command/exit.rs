//! The exit codes, all of them.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Done, and everything that was checked holds: 0.
    Success,
    /// The site was understood and something in it does not hold (an expectation, a link, a page
    /// with a mistake): 1.
    Broken,
    /// It could not be done: bad arguments, unreadable configuration, a folder that can't be
    /// written: 2.
    Unable,
    /// A bug in bogi itself: 101.
    Bug,
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Broken => 1,
            Self::Unable => 2,
            Self::Bug => 101,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
