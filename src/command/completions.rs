//! `bogi completions`: what a shell needs to complete bogi's command line. The room of
//! `clap_complete`.

use clap::CommandFactory;
use clap_complete::Shell as Kind;

use crate::command::arguments::Arguments;
use crate::command::exit::Exit;
use crate::command::shell::{Shell, Verbosity};

/// Prints the completions for a shell.
pub fn completions(kind: Kind) -> Exit {
    let mut script = Vec::new();
    clap_complete::generate(kind, &mut Arguments::command(), "bogi", &mut script);
    Shell::new(Verbosity::Normal, false).data(&String::from_utf8_lossy(&script));
    Exit::Success
}
