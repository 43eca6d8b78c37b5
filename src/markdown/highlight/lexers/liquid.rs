//! Liquid.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Root,
    /// What stands behind `{%`.
    Tag,
    Output,
    Filters,
    Condition,
    When,
    Comment,
    Raw,
    Assign,
    Include,
    /// An output within an include.
    Embedded,
    /// Arguments of a tag; those that are variables.
    Arguments,
    Variables,
}

pub struct Liquid {
    stack: Vec<State>,
}

impl Liquid {
    pub fn new() -> Self {
        Self { stack: vec![State::Root] }
    }

    fn enter(&mut self, state: State) -> bool {
        self.stack.push(state);
        true
    }

    fn reset(&mut self) -> bool {
        self.stack = vec![State::Root];
        true
    }

    fn root(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let text = scan.run(0, |byte| byte != b'{');
        if scan.some("", text) {
            return true;
        }
        let state = match scan.byte(1) {
            b'%' => State::Tag,
            b'{' => State::Output,
            _ => return scan.emit("", 1),
        };
        open(scan);
        self.enter(state)
    }

    fn tag(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.any_word();
        let end = word.len();
        let state = match word {
            "if" | "elsif" | "unless" | "case" => Some(("kr", State::Condition)),
            "when" => Some(("kr", State::When)),
            "assign" | "echo" => Some(("nt", State::Assign)),
            "include" | "render" => Some(("nt", State::Include)),
            _ => None,
        };
        if let Some((class, state)) = state {
            scan.emit(class, end);
            return self.enter(state);
        }
        if let Some(closed) = self.whole(scan) {
            return closed;
        }
        if scan.starts("cycle") && is_space(scan.byte(5)) {
            return self.cycle(scan);
        }
        if self.iteration(scan) {
            return true;
        }
        let name = scan.run(0, |byte| byte != b'%' && !is_space(byte));
        if name == 0 {
            return false;
        }
        scan.emit("nt", name);
        scan.emit("w", scan.spaces(0));
        self.enter(State::Arguments)
    }

    /// Tags that have no arguments, and those with a name alone: their end is seen at once.
    fn whole(&mut self, scan: &mut Scan<'_, '_>) -> Option<bool> {
        let name = scan.first(&["else", "capture", "increment", "decrement", "comment", "raw"]);
        let known = scan.ahead(name);
        if matches!(known, "capture" | "increment" | "decrement") {
            let start = scan.spaces(name);
            let variable = scan.run(start, |byte| byte != b'%' && !is_space(byte));
            let gap = scan.spaces(variable);
            let close = scan.first_at(gap, &["-%}", "%}"]);
            if start > name && variable > start && close > 0 {
                scan.emit("nt", name);
                scan.emit("w", start - name);
                scan.emit("nv", variable - start);
                scan.emit("w", gap - variable);
                self.stack.pop();
                return Some(scan.emit("p", close));
            }
        }
        let closing = |name: usize| {
            (name > 0).then(|| {
                let gap = scan.spaces(name);
                (name, gap, scan.first_at(gap, &["-%}", "%}"]))
            })
        };
        let found = |(_, _, close): &(usize, usize, usize)| *close > 0;
        if let Some((name, gap, close)) = closing(name).filter(found) {
            let class = if known == "else" { "kr" } else { "nt" };
            match known {
                "comment" => self.stack.push(State::Comment),
                "raw" => self.stack.push(State::Raw),
                _ => drop(self.stack.pop()),
            }
            scan.emit(class, name);
            scan.emit("w", gap - name);
            return Some(scan.emit("p", close));
        }
        let reserved = scan.first(&["endif", "endunless", "endcase"]);
        let any = scan.run(0, |byte| byte != b'%' && !is_space(byte));
        let any = if scan.starts("end") && any > 3 { any } else { 0 };
        for (end, class) in [(reserved, "kr"), (any, "nt")] {
            if let Some((end, gap, close)) = closing(end).filter(found) {
                self.stack.pop();
                scan.emit(class, end);
                scan.emit("w", gap - end);
                return Some(scan.emit("p", close));
            }
        }
        None
    }

    fn cycle(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let start = scan.spaces(5);
        let name = scan.run(start, |byte| byte != b':' && !is_space(byte));
        let colon = scan.spaces(name);
        scan.emit("nt", 5);
        scan.emit("w", start - 5);
        if scan.byte(colon - start) == b':' {
            let class = string_class(scan.ahead(name - start), "na");
            scan.emit(class, name - start);
            scan.emit("w", colon - name);
            scan.emit("p", 1);
            scan.emit("w", scan.spaces(0));
        }
        self.enter(State::Variables)
    }

    fn iteration(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let word = scan.first(&["for", "tablerow"]);
        let start = scan.spaces(word);
        let fits = |byte: u8| matches!(byte, b'_' | b'-') || byte.is_ascii_alphanumeric();
        let name = scan.run(start, fits);
        let within = scan.spaces(name);
        let list = scan.spaces(within + 2);
        let heads = word > 0 && start > word && name > start && within > name;
        if !heads || !scan.starts_at(within, "in") || list == within + 2 {
            return false;
        }
        let mut end = list;
        loop {
            match scan.byte(end) {
                quote @ (b'"' | b'\'') => {
                    let close = scan.run(end + 1, |byte| byte != quote);
                    if scan.is_end(close) {
                        break;
                    }
                    end = close + 1;
                }
                b'%' | b',' | b'|' => break,
                byte if scan.is_end(end) || is_space(byte) => break,
                _ => end += 1,
            }
        }
        if end == list {
            return false;
        }
        scan.emit("nt", word);
        scan.emit("w", start - word);
        scan.emit("nv", name - start);
        scan.emit("w", within - name);
        scan.emit("nt", 2);
        scan.emit("w", list - within - 2);
        let class = string_class(scan.ahead(end - list), "nv");
        scan.emit(class, end - list);
        scan.emit("w", scan.spaces(0));
        self.enter(State::Arguments)
    }

    /// The end of a tag or an output.
    fn closes(&mut self, scan: &mut Scan<'_, '_>, ends: &[&str]) -> bool {
        let end = scan.first(ends);
        scan.some("p", end) && self.reset()
    }

    /// The text of a comment or of `raw`, up to its end.
    fn verbatim(&mut self, scan: &mut Scan<'_, '_>, class: &'static str, end: &str) -> bool {
        let text = scan.run(0, |byte| byte != b'{');
        if scan.some(class, text) {
            return true;
        }
        let mark = scan.first(&["{%-", "{%"]);
        let name = scan.spaces(mark);
        let gap = scan.spaces(name + end.len());
        let close = scan.first_at(gap, &["-%}", "%}"]);
        if mark == 0 || !scan.starts_at(name, end) || close == 0 {
            return scan.emit(class, 1);
        }
        scan.emit("p", mark);
        scan.emit("w", name - mark);
        scan.emit("nt", end.len());
        scan.emit("w", gap - name - end.len());
        scan.emit("p", close);
        self.reset()
    }

    fn include(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        if scan.starts("{{") {
            open(scan);
            return self.enter(State::Embedded);
        }
        if matches!(scan.any_word(), "with" | "for") {
            return scan.emit("nt", scan.word(0));
        }
        let part = |byte: u8| matches!(byte, b'_' | b'-') || byte.is_ascii_alphanumeric();
        let mut end = scan.run(0, |byte| byte == b'/' || part(byte));
        let first = end;
        let mut last = 0;
        while end > 0 && scan.byte(end) == b'.' && part(scan.byte(end + 1)) {
            end = scan.run(end + 1, part);
            last = end;
        }
        while last > first + 1 && scan.byte(last - 1) == b'-' {
            last -= 1;
        }
        if last > first + 1 && scan.word_ends(last) {
            return scan.emit("", last);
        }
        self.closes(scan, &["-%}", "%}"]) || arguments(scan, true)
    }
}

const BLOCK_ENDS: &[&str] = &["-%}", "%}"];
const OUTPUT_ENDS: &[&str] = &["-}}", "}}"];

/// What opens a tag or an output, and the spaces behind it.
fn open(scan: &mut Scan<'_, '_>) {
    let length = 2 + usize::from(scan.byte(2) == b'-');
    scan.emit("p", length);
    scan.emit("w", scan.spaces(0));
}

/// The class of what may hold a string.
fn string_class(text: &str, other: &'static str) -> &'static str {
    let holds = |quote: char| text.matches(quote).count() > 1;
    if holds('\'') {
        "s1"
    } else if holds('"') {
        "s2"
    } else {
        other
    }
}

/// A filter's name behind its bar.
fn filter(scan: &mut Scan<'_, '_>, stops: &[u8]) -> bool {
    let start = scan.spaces(1);
    if scan.byte(0) != b'|' || scan.name(start) == 0 {
        return false;
    }
    let end = scan.run(start, |byte| !stops.contains(&byte) && !is_space(byte));
    scan.emit("p", 1);
    scan.emit("w", start - 1);
    scan.emit("nf", end - start)
}

/// Spaces, constants, strings and numbers.
fn literal(scan: &mut Scan<'_, '_>) -> bool {
    let blanks = scan.run(0, |byte| matches!(byte, b' ' | b'\t'));
    if scan.some("w", blanks) {
        return true;
    }
    let word = scan.any_word();
    if matches!(word, "false" | "true" | "nil") {
        return scan.emit("kc", word.len());
    }
    for (quote, class) in [("'", "s1"), ("\"", "s2")] {
        if scan.starts(quote)
            && let Some(end) = scan.through(1, quote)
        {
            return scan.emit(class, end);
        }
    }
    if scan.byte(0) == b'-' {
        return scan.emit("o", 1);
    }
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let fraction = digits(whole + 1);
    if whole > 0 && scan.byte(whole) == b'.' && fraction > whole + 1 {
        return scan.emit("mf", fraction);
    }
    scan.some("mi", whole)
}

fn variable(scan: &mut Scan<'_, '_>) -> bool {
    let word = scan.any_word();
    if let Some(rest) = scan.rest().strip_prefix("forloop.") {
        let stop = |c: char| c.is_whitespace() || "%}|:".contains(c);
        let run = &rest[..rest.find(stop).unwrap_or(rest.len())];
        let end = run.trim_end_matches(|c: char| !c.is_alphanumeric() && c != '_').len();
        if end > 0 {
            return scan.emit("nb", "forloop.".len() + end);
        }
    }
    match word {
        "empty" | "blank" => return scan.emit("nb", word.len()),
        "first" | "last" | "size" => return scan.emit("nf", word.len()),
        _ => {}
    }
    let member = scan.byte(0) == b'.' && scan.word(1) > 1;
    if member || matches!(scan.byte(0), b'[' | b']') {
        return scan.emit("p", 1);
    }
    if scan.name(0) == 0 {
        return false;
    }
    let end = scan.run(0, |byte| matches!(byte, b'_' | b'-') || byte.is_ascii_alphanumeric());
    scan.emit("nv", end + usize::from(scan.byte(end) == b'?'))
}

fn generic(scan: &mut Scan<'_, '_>) -> bool {
    literal(scan) || variable(scan)
}

/// Arguments of a tag or a filter.
fn arguments(scan: &mut Scan<'_, '_>, variables: bool) -> bool {
    if literal(scan) {
        return true;
    }
    let name = scan.run(0, |byte| !matches!(byte, b'=' | b':') && !is_space(byte));
    let equals = scan.spaces(name);
    if name > 0 && matches!(scan.byte(equals), b'=' | b':') {
        scan.emit("na", name);
        scan.emit("w", equals - name);
        return scan.emit("o", 1);
    }
    if matches!(scan.byte(0), b',' | b':') {
        return scan.emit("p", 1);
    }
    if variables && variable(scan) {
        return true;
    }
    let text = scan.run(0, |byte| !is_space(byte));
    scan.some("", text)
}

impl Rules for Liquid {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let state = self.stack.last().copied().unwrap_or(State::Root);
        match state {
            State::Root => self.root(scan),
            State::Tag => self.tag(scan),
            State::Output => {
                if filter(scan, b"}|:") {
                    return self.enter(State::Filters);
                }
                self.closes(scan, OUTPUT_ENDS) || generic(scan)
            }
            State::Filters => {
                filter(scan, b"%}|:")
                    || self.closes(scan, OUTPUT_ENDS)
                    || self.closes(scan, BLOCK_ENDS)
                    || arguments(scan, true)
            }
            State::Condition => {
                let operator = scan.first(&["==", "!=", "<=", ">=", "<", ">"]);
                if scan.some("o", operator) {
                    return true;
                }
                let word = scan.any_word();
                if matches!(word, "and" | "or" | "contains") {
                    return scan.emit("ow", word.len());
                }
                self.closes(scan, BLOCK_ENDS) || generic(scan)
            }
            State::When => self.closes(scan, BLOCK_ENDS) || generic(scan),
            State::Comment => self.verbatim(scan, "c", "endcomment"),
            State::Raw => self.verbatim(scan, "", "endraw"),
            State::Assign => {
                if scan.byte(0) == b'=' {
                    return scan.emit("o", 1);
                }
                if filter(scan, b"%|:") {
                    return self.enter(State::Filters);
                }
                self.closes(scan, BLOCK_ENDS) || generic(scan)
            }
            State::Include => self.include(scan),
            State::Embedded => {
                let end = scan.first(OUTPUT_ENDS);
                if filter(scan, b"}|:") {
                    return true;
                }
                if end > 0 {
                    self.stack.pop();
                    return scan.emit("p", end);
                }
                arguments(scan, true)
            }
            State::Arguments => {
                if scan.any_word() == "reversed" {
                    return scan.emit("na", "reversed".len());
                }
                self.closes(scan, BLOCK_ENDS) || arguments(scan, false)
            }
            State::Variables => self.closes(scan, BLOCK_ENDS) || arguments(scan, true),
        }
    }
}
