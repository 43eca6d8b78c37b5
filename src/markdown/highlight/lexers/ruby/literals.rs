//! Numbers, variables, symbols and characters of Ruby.

use crate::markdown::highlight::scan::{Scan, is_space, is_word_byte};

/// The end of digits from a place ahead; signs may stand between groups of them.
fn digits(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = scan.run(from, &fits);
    while at > from && scan.byte(at) == b'_' && fits(scan.byte(at + 1)) {
        at = scan.run(at + 1, &fits);
    }
    at
}

pub fn number(scan: &Scan<'_, '_>) -> Option<(&'static str, usize)> {
    let decimal = |from| digits(scan, from, |byte| byte.is_ascii_digit());
    let whole = decimal(0);
    if whole == 0 {
        return None;
    }
    if scan.byte(0) == b'0' {
        let start = 1 + usize::from(scan.byte(1) == b'_');
        let octal = digits(scan, start, |byte| matches!(byte, b'0'..=b'7'));
        let hex = digits(scan, 2, |byte| byte.is_ascii_hexdigit());
        let binary = digits(scan, 2, |byte| matches!(byte, b'0' | b'1'));
        match scan.byte(1) {
            _ if octal > start => return Some(("mo", octal)),
            b'x' if hex > 2 => return Some(("mh", hex)),
            b'b' if binary > 2 => return Some(("mb", binary)),
            _ => {}
        }
    }
    let fraction = decimal(whole + 1);
    let end = if scan.byte(whole) == b'.' && fraction > whole + 1 { fraction } else { whole };
    let sign = end + 1 + usize::from(matches!(scan.byte(end + 1), b'+' | b'-'));
    let power = scan.run(sign, |byte| byte.is_ascii_digit());
    let float = if scan.byte(end) | 32 == b'e' && power > sign { power } else { end };
    Some(if float > whole { ("mf", float) } else { ("mi", whole) })
}

/// Variables of classes, instances and of the program.
pub fn variable(scan: &Scan<'_, '_>) -> Option<(&'static str, usize)> {
    let mark = scan.first(&["@@", "@"]);
    if mark > 0 {
        let end = scan.name(mark);
        return (end > 0).then_some((if mark == 2 { "vc" } else { "vi" }, end));
    }
    if scan.byte(0) != b'$' || scan.is_end(1) {
        return None;
    }
    let word = scan.word(1);
    if word > 1 {
        return Some(("vg", word));
    }
    if b"!@&`'+~=/\\,;.<>_*$?:\"".contains(&scan.byte(1)) {
        return Some(("vg", 2));
    }
    let option = scan.byte(1) == b'-' && b"0adFiIlpvw".contains(&scan.byte(2)) && !scan.is_end(2);
    option.then_some(("vg", 3))
}

/// The length of a symbol, other than those in double quotes.
pub fn symbol(scan: &Scan<'_, '_>) -> Option<usize> {
    const OPERATORS: &[&str] = &[
        "**", "-@", "+@", "/", "%", "&", "|", "^", "`", "~", "[]=", "[]", "<<", ">>", "<=>", "<>",
        "<=", "<", "===", "==",
    ];
    if scan.byte(0) != b':' {
        return None;
    }
    let name = scan.name(1 + scan.first_at(1, &["@@", "@"]));
    if name > 0 {
        return Some(name + usize::from(matches!(scan.byte(name), b'!' | b'?')));
    }
    let operator = scan.first_at(1, OPERATORS);
    if operator > 0 {
        return Some(1 + operator);
    }
    if scan.byte(1) == b'\'' { scan.guarded(b'\'', 2, true) } else { None }
}

/// The length of an escape from a place ahead; 0 for none.
pub fn escape(scan: &Scan<'_, '_>, from: usize) -> usize {
    if scan.byte(from) != b'\\' {
        return 0;
    }
    match scan.byte(from + 1) {
        b'x' => {
            let end = scan.run(from + 2, |byte| byte.is_ascii_hexdigit());
            end.min(from + 4) - from
        }
        b'0'..=b'7' => {
            let end = scan.run(from + 1, |byte| matches!(byte, b'0'..=b'7'));
            end.min(from + 4) - from
        }
        _ => scan.char_at(from + 1).filter(|c| *c != '\n').map_or(0, |c| 1 + c.len_utf8()),
    }
}

/// The length of a character behind a question mark.
pub fn character(scan: &Scan<'_, '_>) -> Option<usize> {
    if scan.byte(0) != b'?' {
        return None;
    }
    let mut at = 1;
    while scan.byte(at) == b'\\'
        && matches!(scan.byte(at + 1), b'M' | b'C')
        && scan.byte(at + 2) == b'-'
    {
        at += 3;
    }
    let known = b"\\abefnrstv#\"'x01234567".contains(&scan.byte(at + 1)) && !scan.is_end(at + 1);
    let is_escape = known && (scan.byte(at + 1) != b'x' || scan.byte(at + 2).is_ascii_hexdigit());
    let escaped = if is_escape { escape(scan, at) } else { 0 };
    let one = scan.char_at(at).filter(|c| !u8::try_from(*c).is_ok_and(is_space));
    let one = one.map_or(0, char::len_utf8);
    let fits = |length: &usize| *length > 0 && !is_word_byte(scan.byte(at + length));
    [escaped, one].into_iter().find(fits).map(|length| at + length)
}

/// The length of a method's name in its definition from a place ahead; 0 for none.
pub fn function_name(scan: &Scan<'_, '_>, from: usize) -> usize {
    const OPERATORS: &[&str] = &[
        "**", "*", "-@", "+@", "-", "+", "/", "%", "&", "|", "^", "`", "~", "[]=", "[]", "<<", "<",
        ">>", ">", "===", "==",
    ];
    let name = scan.name(from);
    if name > 0 {
        return name + usize::from(matches!(scan.byte(name), b'!' | b'?')) - from;
    }
    scan.first_at(from, OPERATORS)
}
