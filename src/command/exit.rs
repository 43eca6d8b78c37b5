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

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Success => Self::SUCCESS,
            Exit::Broken => Self::from(1),
            Exit::Unable => Self::from(2),
            Exit::Bug => Self::from(101),
        }
    }
}
