//! Numbers, characters and strings of C and C++.

use crate::markdown::highlight::scan::Scan;

/// Suffixes of numbers with a meaning of their own in C++.
const UNITS: &[&str] = &["min", "ms", "us", "ns", "if", "il", "y", "d", "h", "s", "i"];

/// The end of a character in quotes.
pub fn character(scan: &Scan<'_, '_>, from: usize) -> Option<usize> {
    let end = match scan.char_at(from)? {
        '\'' | '\n' => return None,
        '\\' => {
            let octal = scan.run(from + 1, |byte| matches!(byte, b'0'..=b'7')).min(from + 4);
            let hex = scan.run(from + 2, |byte| byte.is_ascii_hexdigit()).min(from + 4);
            let guarded = scan.char_at(from + 1).filter(|c| *c != '\n')?.len_utf8();
            let hex = if scan.byte(from + 1) == b'x' && hex > from + 2 { hex } else { from };
            let ends = [from + 1 + guarded, octal, hex];
            let fits = |end: &usize| *end > from + 1 && scan.byte(*end) == b'\'';
            ends.into_iter().find(fits)?
        }
        c => from + c.len_utf8(),
    };
    (scan.byte(end) == b'\'').then_some(end + 1)
}

/// The end of the letters `l` and `u` behind a number.
fn suffix(scan: &Scan<'_, '_>, from: usize) -> usize {
    scan.run(from, |byte| matches!(byte, b'l' | b'L' | b'u' | b'U'))
}

/// The end of an exponent and its suffix; `None` where none stands.
fn exponent(scan: &Scan<'_, '_>, from: usize, digits: impl Fn(usize) -> usize) -> Option<usize> {
    if !matches!(scan.byte(from), b'e' | b'E') {
        return None;
    }
    let start = from + 1 + usize::from(matches!(scan.byte(from + 1), b'+' | b'-'));
    let end = digits(start);
    (end > start).then(|| suffix(scan, end))
}

pub fn number_c(scan: &Scan<'_, '_>) -> Option<(&'static str, usize)> {
    let digits = |from| scan.run(from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let fraction = if scan.byte(whole) == b'.' { digits(whole + 1) } else { whole };
    if fraction > 1 || whole > 0 {
        let end = exponent(scan, fraction, digits).or_else(|| exponent(scan, whole, digits));
        if let Some(end) = end {
            return Some(("mf", end));
        }
    }
    if whole == 0 {
        return None;
    }
    let hex = scan.run(2, |byte| byte.is_ascii_hexdigit());
    if scan.byte(0) == b'0' && matches!(scan.byte(1), b'x' | b'X') && hex > 2 {
        return Some(("mh", suffix(scan, hex)));
    }
    let octal = scan.run(1, |byte| matches!(byte, b'0'..=b'7'));
    if scan.byte(0) == b'0' && octal > 1 {
        return Some(("mo", suffix(scan, octal)));
    }
    Some(("mi", suffix(scan, whole)))
}

/// The end of digits that quotes may group.
fn grouped(scan: &Scan<'_, '_>, from: usize, fits: impl Fn(u8) -> bool) -> usize {
    let mut at = from;
    loop {
        let quote = usize::from(at > from && scan.byte(at) == b'\'');
        if !fits(scan.byte(at + quote)) {
            return at;
        }
        at += quote + 1;
    }
}

pub fn number_cpp(scan: &Scan<'_, '_>) -> Option<(&'static str, usize)> {
    let digits = |from| grouped(scan, from, |byte| byte.is_ascii_digit());
    let whole = digits(0);
    let dot = scan.byte(whole) == b'.';
    let fraction = if dot { digits(whole + 1) } else { whole };
    if whole > 0 {
        let fits = |at: usize| {
            let rest = &scan.text[scan.at + at..];
            let fits = |unit: &&&str| rest.starts_with(**unit) && scan.word_ends(at + unit.len());
            UNITS.iter().find(fits).map(|unit| at + unit.len())
        };
        let fraction = if fraction > whole + 1 { fraction } else { whole };
        if let Some(end) = fits(fraction) {
            return Some(("mx", end));
        }
    }
    if dot && (whole > 0 || fraction > whole + 1) {
        return Some(("mf", exponent(scan, fraction, digits).unwrap_or(fraction)));
    }
    if whole == 0 {
        return None;
    }
    if let Some(end) = exponent(scan, whole, digits) {
        return Some(("mf", end));
    }
    if scan.byte(0) == b'0' {
        let hex = grouped(scan, 2, |byte| byte.is_ascii_hexdigit());
        if matches!(scan.byte(1), b'x' | b'X') && hex > 2 {
            return Some(("mh", suffix(scan, hex)));
        }
        let binary = grouped(scan, 2, |byte| matches!(byte, b'0' | b'1'));
        if scan.byte(1) == b'b' && binary > 2 {
            return Some(("mb", binary));
        }
        let octal = grouped(scan, 1, |byte| matches!(byte, b'0'..=b'7'));
        if octal > 1 {
            return Some(("mo", suffix(scan, octal)));
        }
    }
    Some(("mi", suffix(scan, whole)))
}

/// The length of a string that ends with a parenthesis and the author's delimiter.
pub fn raw_string(scan: &Scan<'_, '_>) -> Option<usize> {
    const DELIMITER_MAX: usize = 16;
    /// Longer strings are looked at as code: each delimiter is searched for anew.
    const LENGTH_MAX: usize = 16 * 1024;
    let prefix = scan.first(&["u8", "u", "U", "L"]);
    if !scan.starts_at(prefix, "R\"") {
        return None;
    }
    let rest = &scan.rest().as_bytes()[prefix + 2..];
    let rest = &rest[..rest.len().min(LENGTH_MAX)];
    let open = rest.iter().take(DELIMITER_MAX + 1).position(|&byte| byte == b'(')?;
    let close = [b")", &rest[..open], b"\""].concat();
    let end = rest[open..].windows(close.len()).position(|window| window == close)?;
    Some(prefix + 2 + open + end + close.len())
}
