//! R.

use crate::markdown::highlight::scan::{Rules, Scan, Words, is_space};

static KEYWORDS: Words = Words::new("if else for while repeat in next break function");

static CONSTANTS: Words =
    Words::new("NULL Inf TRUE FALSE NaN NA NA_integer_ NA_real_ NA_complex_ NA_character_");

static BUILTINS: Words = Words::new("LETTERS letters month.abb month.name pi T F");

/// Functions that R doesn't write in R.
static PRIMITIVES: Words = Words::new(
    "
    Arg Conj Im Mod Re UseMethod abs acos acosh all any anyNA as.call as.character as.complex
    as.double as.environment as.integer as.logical as.null.default as.numeric as.raw asin asinh
    atan atanh attr attributes baseenv browser c call ceiling class cos cosh cospi cummax cummin
    cumprod cumsum digamma dim dimnames emptyenv exp expression floor forceAndCall gamma gc.time
    globalenv interactive invisible is.array is.atomic is.call is.character is.complex is.double
    is.environment is.expression is.finite is.function is.infinite is.integer is.language is.list
    is.logical is.matrix is.na is.name is.nan is.null is.numeric is.object is.pairlist is.raw
    is.recursive is.single is.symbol lazyLoadDBfetch length lgamma list log max min missing names
    nargs nzchar oldClass on.exit pos.to.env proc.time prod quote range rep retracemem return
    round seq.int seq_along seq_len sign signif sin sinh sinpi sqrt standardGeneric substitute sum
    switch tan tanh tanpi tracemem trigamma trunc unclass untracemem xtfrm",
);

pub struct R;

fn in_name(c: char) -> bool {
    matches!(c, '.' | '_') || c.is_alphanumeric()
}

/// The end of a name; 0 for none.
fn name(scan: &Scan<'_, '_>) -> usize {
    let begins = |c: char| c.is_alphabetic();
    match scan.char_at(0) {
        Some('.') => {
            let more = scan.char_at(1).is_some_and(|c| matches!(c, '.' | '_') || begins(c));
            if more { scan.run_chars(1, in_name) } else { 1 }
        }
        Some(c) if begins(c) => scan.run_chars(0, in_name),
        _ => 0,
    }
}

fn number(scan: &mut Scan<'_, '_>) -> bool {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let suffix = |at: usize| at + usize::from(matches!(scan.byte(at), b'L' | b'i'));
    let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
    if scan.byte(0) == b'0' && scan.byte(1) | 32 == b'x' && hex > 2 {
        let power = digits(hex + 1);
        let has_power = scan.byte(hex) | 32 == b'p' && power > hex + 1;
        return scan.emit("mh", suffix(if has_power { power } else { hex }));
    }
    let start = usize::from(matches!(scan.byte(0), b'+' | b'-'));
    let whole = digits(start);
    let fraction = digits(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    if end == start {
        return false;
    }
    let sign = end + 1 + usize::from(matches!(scan.byte(end + 1), b'+' | b'-'));
    let power = digits(sign);
    let has_power = scan.byte(end) | 32 == b'e' && power > sign;
    scan.emit("m", suffix(if has_power { power } else { end }))
}

impl Rules for R {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let byte = scan.byte(0);
        if is_space(byte) {
            return scan.emit("w", scan.spaces(0));
        }
        match byte {
            b'#' => {
                let class = if scan.byte(1) == b'\'' { "cd" } else { "c1" };
                return scan.emit(class, scan.line(0));
            }
            b'`' => {
                if let Some(end) = scan.find(2, "`") {
                    return scan.byte(1) != b'`' && scan.emit("n", end + 1);
                }
            }
            b'\'' | b'"' => {
                let class = if byte == b'"' { "s2" } else { "s1" };
                return scan.guarded(byte, 1, true).is_some_and(|end| scan.emit(class, end));
            }
            b'%' => {
                if let Some(end) = scan.through(1, "%") {
                    return scan.emit("o", end);
                }
            }
            _ => {}
        }
        if number(scan) {
            return true;
        }
        let word = scan.ahead(name(scan));
        let class = match word {
            _ if scan.byte(word.len()) == b'(' && PRIMITIVES.has(word) => "nf",
            _ if KEYWORDS.has(word) => "k",
            _ if CONSTANTS.has(word) => "kc",
            _ if BUILTINS.has(word) => "nb",
            _ => "n",
        };
        if scan.some(class, word.len()) {
            return true;
        }
        if b"[]{}();,".contains(&byte) {
            return scan.emit("p", 1);
        }
        b"-<>?*+^/!=~$@:%&|".contains(&byte) && scan.emit("o", 1)
    }
}
