//! The commands: thin users of the pipeline. Only here is printed, is the clock read, and does the
//! process end.

pub mod arguments;
pub mod build;
pub mod check;
pub mod completions;
pub mod exit;
pub mod explain;
pub mod lock;
pub mod man;
pub mod new;
pub mod report;
pub mod run;
pub mod selecting;
pub mod serve;
pub mod shell;
pub mod site;

use clap::Parser;

use arguments::{Arguments, Command};
use exit::Exit;

/// Reads the process's arguments and runs one command.
pub fn main() -> Exit {
    // clap prints its own messages and ends the process with 2 for arguments it doesn't know.
    let arguments = Arguments::parse();
    if arguments.command.wants_trace() {
        trace_panics();
    }
    match std::panic::catch_unwind(|| dispatch(&arguments)) {
        Ok(exit) => exit,
        Err(_) => {
            let shell = shell::Shell::new(shell::Verbosity::Normal, false);
            shell.error_text(
                "\nerror: this is a bug in bogi, not in your site\n\nhint: report it with the \
                 message above and the file that causes it\n",
            );
            Exit::Bug
        }
    }
}

/// Lets a bug in bogi show the way that led to it, as Jekyll's `--trace` does.
fn trace_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let shell = shell::Shell::new(shell::Verbosity::Normal, false);
        let trace = std::backtrace::Backtrace::force_capture();
        shell.error_text(&format!("{panic}\n{trace}\n"));
    }));
}

fn dispatch(arguments: &Arguments) -> Exit {
    match &arguments.command {
        Command::Build(arguments) => build::build(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Serve(arguments) => serve::serve(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Completions { shell } => completions::completions(*shell),
        Command::Man { dir } => man::man(dir.as_deref()),
        Command::Bless(arguments) => lock::bless::bless(arguments),
        Command::Diff(arguments) => lock::diff::diff(arguments),
        Command::Explain { code } => explain::explain(code.as_deref()),
    }
}
