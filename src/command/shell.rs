//! The terminal: data to standard output, talk to standard error. The one file that prints.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use crate::command::report::human::Style;

/// The width of the column in which the verb of a line stands, as in cargo.
const VERB_WIDTH: usize = 12;
/// The width that frames are cut to where there is no terminal.
const WIDTH_WITHOUT_TERMINAL: usize = 140;

/// How many bytes of an answer are read.
const ANSWER_MAX: u64 = 1_000;

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// Errors only.
    Quiet,
    /// The usual.
    Normal,
    /// What is done, too.
    Verbose,
}

/// Where a command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Shell {
    verbosity: Verbosity,
    colour: bool,
    all: bool,
    originals: bool,
}

impl Shell {
    /// A shell on the process's standard streams; no colour where standard error is no terminal or
    /// `NO_COLOR` is set.
    pub fn new(verbosity: Verbosity, all: bool) -> Self {
        let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = io::stderr().is_terminal() && !refused;
        Self { verbosity, colour, all, originals: false }
    }

    /// Whether frames show Jekyll's own words, too.
    pub fn with_originals(self, originals: bool) -> Self {
        Self { originals, ..self }
    }

    /// How frames are drawn.
    pub fn style(&self) -> Style {
        Style {
            colour: self.colour,
            width: WIDTH_WITHOUT_TERMINAL,
            all: self.all,
            originals: self.originals,
        }
    }

    /// Whether only errors are said.
    pub fn is_quiet(&self) -> bool {
        self.verbosity == Verbosity::Quiet
    }

    /// A line of progress: a verb, right-aligned, and what it was done to.
    pub fn status(&self, verb: &str, text: &str) {
        if self.verbosity != Verbosity::Quiet {
            self.line(verb, text);
        }
    }

    /// A line for those who asked for more.
    pub fn detail(&self, verb: &str, text: &str) {
        if self.verbosity == Verbosity::Verbose {
            self.line(verb, text);
        }
    }

    fn line(&self, verb: &str, text: &str) {
        let padding = " ".repeat(VERB_WIDTH.saturating_sub(verb.chars().count()));
        let (on, off) = if self.colour { ("\x1b[1;32m", "\x1b[0m") } else { ("", "") };
        self.error_text(&format!("{padding}{on}{verb}{off} {text}\n"));
    }

    /// Text for standard error as it is. A closed stream is no reason to fail.
    pub fn error_text(&self, text: &str) {
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Asks for a yes. `None` where nobody can answer, because standard input or standard error is
    /// no terminal.
    pub fn ask(&self, question: &str) -> Option<bool> {
        if !(io::stdin().is_terminal() && io::stderr().is_terminal()) {
            return None;
        }
        self.error_text(&format!("{question} [y/N] "));
        let mut answer = String::new();
        // No answer is no.
        let read = io::stdin().lock().take(ANSWER_MAX).read_line(&mut answer);
        let is_yes = ["y", "yes"].contains(&answer.trim().to_lowercase().as_str());
        Some(read.is_ok() && is_yes)
    }

    /// Data for standard output as it is. A closed stream is no reason to fail.
    pub fn data(&self, text: &str) {
        let _ = io::stdout().lock().write_all(text.as_bytes());
    }
}
