//! Where spans may begin.

/// The bytes at which a span may begin, or end.
const STARTS: [bool; 256] = {
    let mut table = [false; 256];
    let starts = b"<*_`[\\$&!{-~>. ]\"'";
    let mut at = 0;
    while at < starts.len() {
        table[starts[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a text holds nothing but text: no span, no typographic character.
pub fn is_plain(text: &str) -> bool {
    span_start(text.as_bytes(), 0, false).is_none()
}

/// The next offset at which a span may begin, or with `bracket` end at one.
pub(super) fn span_start(bytes: &[u8], from: usize, bracket: bool) -> Option<usize> {
    let mut at = from;
    while let Some(found) = bytes[at..].iter().position(|&b| STARTS[usize::from(b)]) {
        at += found;
        let next = |ahead: usize| bytes.get(at + ahead).copied().unwrap_or(0);
        let starts = match bytes[at] {
            b'!' => next(1) == b'[',
            b'{' => next(1) == b':',
            b'-' => next(1) == b'-',
            b'~' => next(1) == b'~',
            b'>' => next(1) == b'>',
            b'.' => next(1) == b'.' && next(2) == b'.',
            b' ' => match next(1) {
                b' ' => next(2) == b'\n',
                b'<' | b'>' => next(2) == next(1),
                _ => false,
            },
            b']' => bracket,
            _ => true,
        };
        if starts {
            return Some(at);
        }
        at += 1;
    }
    None
}
