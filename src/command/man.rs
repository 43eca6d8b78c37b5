//! `bogi man`: manual pages of bogi and its commands. The room of `clap_mangen`.

use std::fs;
use std::io;
use std::path::Path;

use clap::{Command, CommandFactory};

use crate::command::arguments::Arguments;
use crate::command::exit::Exit;
use crate::command::shell::{Shell, Verbosity};
use crate::command::site;
use crate::diagnostic::Diagnostic;
use crate::output::settle::CANNOT_WRITE;

/// Prints bogi's manual page, or writes those of all commands into a folder.
pub fn man(folder: Option<&Path>) -> Exit {
    let shell = Shell::new(Verbosity::Normal, false);
    let command = with_full_names(Arguments::command());
    let pages = match folder {
        None => page(&command).map(|page| shell.data(&page)),
        Some(folder) => write_all(&command, folder).map(|count| {
            shell.status("Wrote", &format!("{count} pages → {}", folder.display()));
        }),
    };
    match pages {
        Ok(()) => Exit::Success,
        Err(error) => {
            let place = folder.unwrap_or(Path::new("standard output")).display();
            let words = format!("cannot write `{place}`: {}", error.kind());
            site::impossible(&shell, &[Diagnostic::new(CANNOT_WRITE, words)]);
            Exit::Unable
        }
    }
}

/// Gives each command the name that its page has: `bogi-build`.
fn with_full_names(command: Command) -> Command {
    let names: Vec<String> =
        command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let rename = |command: Command, name: &String| {
        let full = format!("bogi-{name}");
        command.mut_subcommand(name, |command| command.display_name(full))
    };
    names.iter().fold(command, rename)
}

fn page(command: &Command) -> io::Result<String> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

fn write_all(command: &Command, folder: &Path) -> io::Result<usize> {
    fs::create_dir_all(folder)?;
    let mut count = 0;
    for command in std::iter::once(command).chain(command.get_subcommands()) {
        let name = command.get_display_name().unwrap_or(command.get_name());
        fs::write(folder.join(format!("{name}.1")), page(command)?)?;
        count += 1;
    }
    Ok(count)
}
