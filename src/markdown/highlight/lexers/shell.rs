//! Shells, and what their terminals show.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space, is_word, run};
use crate::markdown::highlight::tokens::Tokens;

static KEYWORDS: Words = Words::new(
    "
    continue do done elif else esac fi for function if in return select then until while",
);

/// What shells and the usual tools bring.
static BUILTINS: Words = Words::new(
    "
    alias bg bind break builtin caller cd command compgen complete declare dirs disown enable eval
    exec exit export false fc fg getopts hash help history jobs let local logout mapfile popd pushd
    pwd read readonly set shift shopt source suspend test time times trap true type typeset ulimit
    umask unalias unset wait

    arch awk b2sum base32 base64 basename cat chcon chgrp chmod chown chroot cksum comm cp csplit
    cut date dd df dir dircolors dirname du echo env expand expr factor fmt fold grep groups gunzip
    gzip head hostid hostname id install join kill link ln logname ls md5sum mkdir mkfifo mknod
    mktemp mv nice nl nohup nproc numfmt od paste pathchk pr printenv printf ptx readlink realpath
    rm rmdir runcon sed seq sha1sum sha224sum sha256sum sha384sum sha512sum shred shuf sleep sort
    split stat stdbuf stty sudo sum sync tac tail tar tee timeout touch tr truncate tsort tty uname
    unexpand uniq unlink uptime users vdir wc who whoami yes",
);

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    Double,
    /// A string with C's escapes.
    Ansi,
    Single,
    /// `${…}`
    Curly,
    /// `$(…)`
    Paren,
    /// Parentheses within `$(…)`.
    Inner,
    Math,
    Case,
    Stanza,
    Backticks,
    Heredoc,
    HeredocLine,
}

pub struct Shell {
    stack: Vec<State>,
    /// The word that ends the document that is open.
    end: String,
}

impl Shell {
    pub fn new() -> Self {
        Self { stack: vec![State::Root], end: String::new() }
    }

    fn enter(
        &mut self,
        scan: &mut Scan<'_, '_>,
        class: &'static str,
        length: usize,
        state: State,
    ) -> bool {
        self.stack.push(state);
        scan.emit(class, length)
    }

    fn leave(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, length: usize) -> bool {
        self.stack.pop();
        scan.emit(class, length)
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'#' {
            return scan.emit("c", scan.line(0));
        }
        let word = scan.any_word();
        // A word takes the spaces up to the next with it.
        let spaces = scan.spaces(word.len());
        let end = if scan.char_at(spaces).is_some_and(is_word) { spaces } else { word.len() };
        if KEYWORDS.has(word) {
            return scan.emit("k", end);
        }
        if word == "case" {
            return self.enter(scan, "k", word.len(), State::Case);
        }
        if BUILTINS.has(word) && !matches!(scan.byte(end), b'.' | b'-') {
            return scan.emit("nb", end);
        }
        if scan.byte(0) == b'.' && is_space(scan.byte(1)) {
            return scan.emit("nb", 1);
        }
        let name = scan.word(0);
        if name > 0 && scan.byte(name) == b'=' {
            scan.emit("nv", name);
            return scan.emit("o", 1);
        }
        if b"[]{}()!=>".contains(&scan.byte(0)) {
            return scan.emit("o", 1);
        }
        let operator = scan.first(&["&&", "||", "<<<"]);
        scan.some("o", operator) || self.heredoc(scan) || self.data(scan)
    }

    /// Opens a document within the text.
    fn heredoc(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let opening = scan.first(&["<<-", "<<"]);
        if opening == 0 {
            return false;
        }
        let quote = scan.spaces(opening);
        let quoted = usize::from(matches!(scan.byte(quote), b'"' | b'\''));
        let slash = quote + quoted;
        let word = slash + usize::from(scan.byte(slash) == b'\\');
        let end = scan.word(word);
        if end == word || quoted > 0 && scan.byte(end) != scan.byte(quote) {
            return false;
        }
        scan.ahead(end)[word..].clone_into(&mut self.end);
        scan.emit("o", opening);
        scan.emit("", quote - opening);
        scan.emit("sh", word - quote);
        scan.emit("no", end - word);
        self.enter(scan, "sh", quoted, State::Heredoc)
    }

    fn data(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("", scan.spaces(0));
        }
        if byte == b'\\' && !scan.is_line_end(1) {
            return scan.emit("se", 1 + scan.char_at(1).map_or(0, char::len_utf8));
        }
        let double = scan.first(&["$\"", "\""]);
        if double > 0 {
            return self.enter(scan, "s2", double, State::Double);
        }
        if scan.starts("$'") {
            return self.enter(scan, "s1", 2, State::Ansi);
        }
        match byte {
            b'\'' => return self.enter(scan, "s1", 1, State::Single),
            b'*' => return scan.emit("k", 1),
            b';' => return scan.emit("p", 1),
            b'-' => {
                let option =
                    scan.run(1, |byte| matches!(byte, b'_' | b'-') || byte.is_ascii_alphanumeric());
                if option > 1 {
                    return scan.emit("nt", option);
                }
            }
            _ => {}
        }
        let text = scan.run(0, |byte| !is_space(byte) && !b"=*{}()$\"'`;\\<".contains(&byte));
        if scan.some("", text) {
            return true;
        }
        if byte == b'<' {
            return scan.emit("", 1);
        }
        self.interpolation(scan)
    }

    fn interpolation(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        match scan.byte(0) {
            b'\\' if scan.is_line_end(1) => scan.emit("se", 1),
            b'\\' => scan.emit("se", 1 + scan.char_at(1).map_or(0, char::len_utf8)),
            b'`' => self.enter(scan, "sb", 1, State::Backticks),
            b'$' => {
                if scan.starts("$((") {
                    return self.enter(scan, "k", 3, State::Math);
                }
                if scan.starts("$(") {
                    return self.enter(scan, "si", 2, State::Paren);
                }
                if scan.starts("${") {
                    let length = 2 + usize::from(scan.byte(2) == b'#');
                    return self.enter(scan, "k", length, State::Curly);
                }
                variable(scan)
            }
            _ => false,
        }
    }

    fn double(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let end = scan.first(&["\"", "$\"", "$#\""]);
        if end > 0 {
            return self.leave(scan, "s2", end);
        }
        if self.interpolation(scan) {
            return true;
        }
        let text = scan.run(0, |byte| !matches!(byte, b'"' | b'`' | b'\\' | b'$'));
        scan.some("s2", text)
    }

    fn single(&mut self, scan: &mut Scan<'_, '_>, ansi: bool) -> bool {
        match scan.byte(0) {
            b'\\' if ansi && !scan.is_line_end(1) => {
                scan.emit("se", 1 + scan.char_at(1).map_or(0, char::len_utf8))
            }
            b'\'' => self.leave(scan, "s1", 1),
            _ => {
                let first = scan.byte(0);
                let stops = |byte: u8| byte == b'\'' || ansi && first != b'\\' && byte == b'\\';
                scan.emit("s1", scan.run(0, |byte| !stops(byte)))
            }
        }
    }

    fn heredoc_text(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'\n' {
            return self.enter(scan, "sh", 1, State::HeredocLine);
        }
        let text = scan.run(0, |byte| !matches!(byte, b'$' | b'\n' | b'\\'));
        scan.some("sh", text)
            || self.interpolation(scan)
            || scan.byte(0) == b'$' && scan.emit("sh", 1)
    }

    /// A line of a document, which its word may end.
    fn heredoc_line(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.spaces(0);
        let end = scan.word(word);
        let next = scan.spaces(end);
        let Some(breaks) = scan.ahead(next)[end..].rfind('\n').filter(|_| end > word) else {
            self.stack.pop();
            return true;
        };
        let length = end + breaks + 1;
        if scan.ahead(end)[word..] != self.end {
            return scan.emit("sh", length);
        }
        self.stack.pop();
        self.leave(scan, "no", length)
    }

    fn curly(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.byte(0) == b'}' {
            return self.leave(scan, "k", 1);
        }
        if scan.starts(":-") {
            return scan.emit("k", 2);
        }
        let name = scan.word(0);
        if scan.some("nv", name) {
            return true;
        }
        let text = scan.run(0, |byte| !b"}:\"`'$".contains(&byte));
        scan.some("p", text) || self.root(scan)
    }

    fn math(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("))") {
            return self.leave(scan, "k", 2);
        }
        if b"-+*/%^|&!".contains(&scan.byte(0)) {
            return scan.emit("o", 1);
        }
        let digits = scan.run(0, |byte| byte.is_ascii_digit());
        if digits > 0 {
            let base = scan.word(digits + 1);
            let has_base = scan.byte(digits) == b'#' && base > digits + 1;
            return scan.emit("m", if has_base { base } else { digits });
        }
        self.root(scan)
    }
}

/// A variable: `$` and a word, or any one character.
fn variable(scan: &mut Scan<'_, '_>) -> bool {
    let hash = 1 + usize::from(scan.byte(1) == b'#');
    for start in [hash, 1] {
        let word = scan.word(start);
        if word > start {
            return scan.emit("nv", word);
        }
        if !scan.is_line_end(start) {
            return scan.emit("nv", start + scan.char_at(start).map_or(0, char::len_utf8));
        }
    }
    false
}

impl Rules for Shell {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        match self.stack.last().copied().unwrap_or(State::Root) {
            State::Root => self.root(scan),
            State::Double => self.double(scan),
            State::Ansi => self.single(scan, true),
            State::Single => self.single(scan, false),
            State::Curly => self.curly(scan),
            State::Paren if byte == b')' => self.leave(scan, "si", 1),
            State::Inner if byte == b')' => self.leave(scan, "o", 1),
            State::Paren | State::Inner if byte == b'(' => self.enter(scan, "o", 1, State::Inner),
            State::Paren | State::Inner => self.root(scan),
            State::Math => self.math(scan),
            State::Case => match byte {
                b'|' => scan.emit("p", 1),
                b')' => self.enter(scan, "p", 1, State::Stanza),
                _ if scan.any_word() == "esac" => self.leave(scan, "k", 4),
                _ => self.root(scan),
            },
            State::Stanza if scan.starts(";;") => self.leave(scan, "p", 2),
            State::Stanza => self.root(scan),
            State::Backticks if byte == b'`' => self.leave(scan, "sb", 1),
            State::Backticks => self.root(scan),
            State::Heredoc => self.heredoc_text(scan),
            State::HeredocLine => self.heredoc_line(scan),
        }
    }
}

/// What a terminal shows: prompts, commands and what they print.
pub fn console(code: &str, out: &mut Tokens) {
    let mut shell = Shell::new();
    for line in code.split_inclusive('\n') {
        let text = line.trim();
        let dots = text.strip_prefix('<').and_then(|text| text.strip_suffix('>')).unwrap_or(text);
        if !dots.is_empty() && dots.bytes().all(|byte| byte == b'.') {
            shell = Shell::new();
            out.push("c", line);
        } else if let Some(prompt) = line.find(['$', '#', '>', ';']) {
            let (prompt, command) = line.split_at(prompt + 1);
            let start = command.len() - command.trim_ascii_start().len();
            out.push("gp", prompt);
            out.push("w", &command[..start]);
            run(&mut shell, &command[start..], out);
        } else {
            shell = Shell::new();
            out.push("go", line);
        }
    }
}
