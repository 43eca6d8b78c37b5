//! Dockerfiles.

use super::shell::Shell;
use crate::markdown::highlight::scan::{Rules, Scan, is_space, is_word_byte, run};

const KEYWORDS: &[&str] = &[
    "FROM",
    "MAINTAINER",
    "CMD",
    "LABEL",
    "EXPOSE",
    "ENV",
    "ADD",
    "COPY",
    "ENTRYPOINT",
    "VOLUME",
    "USER",
    "WORKDIR",
    "ARG",
    "STOPSIGNAL",
    "HEALTHCHECK",
    "SHELL",
];

pub struct Docker {
    /// Whether a command for the shell is open.
    running: bool,
    shell: Shell,
}

impl Docker {
    pub fn new() -> Self {
        Self { running: false, shell: Shell::new() }
    }

    fn instruction(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.ahead(scan.word(0)).to_ascii_uppercase();
        let line = scan.line(0);
        if word == "FROM" && from_as(scan, line) {
            return true;
        }
        let next = scan.spaces(word.len());
        if word == "ONBUILD" && next > word.len() {
            let second = scan.ahead(scan.word(next))[next..].to_ascii_uppercase();
            if let Some(name) = KEYWORDS.iter().find(|name| second.starts_with(**name)) {
                scan.emit("k", word.len());
                scan.emit("w", next - word.len());
                scan.emit("k", name.len());
                return scan.emit("s", scan.line(0));
            }
            if second == "RUN" {
                return self.command(scan, next + second.len());
            }
        }
        if KEYWORDS.contains(&word.as_str()) && scan.word_ends(word.len()) {
            scan.emit("k", word.len());
            return scan.emit("s", line - word.len());
        }
        word == "RUN" && self.command(scan, word.len())
    }

    /// Opens a command behind a word that ends at a place ahead.
    fn command(&mut self, scan: &mut Scan<'_, '_>, end: usize) -> bool {
        let start = scan.spaces(end);
        if start == end {
            return false;
        }
        self.running = true;
        self.shell = Shell::new();
        scan.emit("k", start)
    }

    fn run(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'\n' => {
                self.running = false;
                return scan.emit("", 1);
            }
            b'\\' => return scan.char_at(1).is_some_and(|c| scan.emit("se", 1 + c.len_utf8())),
            _ => {}
        }
        let mut end = 0;
        loop {
            end = scan.run(end, |byte| byte != b'\n' && byte != b'\\');
            if scan.byte(end) != b'\\' || scan.is_line_end(end + 1) {
                break;
            }
            end += 1 + scan.char_at(end + 1).map_or(0, char::len_utf8);
        }
        run(&mut self.shell, scan.ahead(end), scan.out);
        scan.at += end;
        true
    }
}

/// An image with a name for it.
fn from_as(scan: &mut Scan<'_, '_>, line: usize) -> bool {
    let bytes = scan.ahead(line).as_bytes();
    let image = scan.blanks(4);
    let is_as = |at: &usize| {
        is_space(bytes[*at])
            && bytes[at + 1..at + 3].eq_ignore_ascii_case(b"as")
            && is_space(bytes[at + 3])
    };
    let Some(gap) = (image..line.saturating_sub(3)).rev().find(is_as) else { return false };
    if image == 4 {
        return false;
    }
    scan.emit("k", 4);
    scan.emit("w", image - 4);
    scan.emit("s", gap - image);
    scan.emit("w", 1);
    scan.emit("k", 2);
    scan.emit("w", scan.spaces(0));
    scan.emit("s", scan.line(0))
}

impl Rules for Docker {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if self.running {
            return self.run(scan);
        }
        if is_space(scan.byte(0)) {
            return scan.emit("", scan.spaces(0));
        }
        if scan.is_line_start() && self.instruction(scan) {
            return true;
        }
        if scan.byte(0) == b'#' {
            return scan.emit("c", scan.line(0));
        }
        let word = scan.word(0);
        if scan.some("", word) {
            return true;
        }
        scan.emit("", scan.run(0, |byte| !is_word_byte(byte)))
    }
}
