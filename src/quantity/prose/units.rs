//! The units of prose in Korean and English, longest first where one begins another.

use super::super::Dimension;

/// What a word behind a number makes of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Meaning {
    /// A unit, with its size in the dimension's base unit.
    Unit(Dimension, f64),
    /// A share of the second: `5/s`, `300 TPS`.
    PerSecond,
    /// What is counted: `5개`.
    Counter,
    /// A word that makes the number no quantity: `2025년`, `세 번째`, `6개월`.
    Nothing,
}

const SECOND: f64 = 1e9;
const KIB: f64 = 1024.0;

use Dimension::{DataSize, Duration, Money, Percent};
use Meaning::{Counter, Nothing, PerSecond, Unit};

/// Words that follow a number in Korean; they may be followed by a particle at once.
#[rustfmt::skip]
pub const KOREAN: &[(&str, Meaning)] = &[
    ("개월", Nothing), ("번째", Nothing), ("번 째", Nothing), ("자리", Nothing), ("회차", Nothing),
    ("개년", Nothing), ("일차", Nothing), ("분의", Nothing), ("시간대", Nothing), ("년대", Nothing),
    ("주년", Nothing), ("대역", Nothing), ("장애", Nothing), ("배치", Nothing), ("명령", Nothing),
    ("건너", Nothing), ("대상", Nothing), ("번호", Nothing), ("원", Nothing), ("월", Nothing),
    ("비트", Nothing), ("기가비트", Nothing), ("메가비트", Nothing), ("시", Nothing),
    ("단계", Nothing), ("층", Nothing), ("호", Nothing), ("대기", Nothing), ("초과", Nothing),
    ("분할", Nothing), ("분산", Nothing), ("일반", Nothing), ("일 때", Nothing), ("일때", Nothing),
    ("회사", Nothing), ("주소", Nothing), ("개발", Nothing), ("대응", Nothing),
    ("주일", Unit(Duration, 604_800.0 * SECOND)),
    ("나노초", Unit(Duration, 1.0)), ("마이크로초", Unit(Duration, 1e3)),
    ("밀리초", Unit(Duration, 1e6)), ("밀리세컨드", Unit(Duration, 1e6)),
    ("시간", Unit(Duration, 3600.0 * SECOND)), ("년", Nothing),
    ("초", Unit(Duration, SECOND)), ("분", Unit(Duration, 60.0 * SECOND)),
    ("일", Unit(Duration, 86_400.0 * SECOND)), ("주", Unit(Duration, 604_800.0 * SECOND)),
    ("킬로바이트", Unit(DataSize, KIB)), ("메가바이트", Unit(DataSize, KIB * KIB)),
    ("기가바이트", Unit(DataSize, KIB * KIB * KIB)),
    ("테라바이트", Unit(DataSize, KIB * KIB * KIB * KIB)),
    ("바이트", Unit(DataSize, 1.0)),
    ("퍼센트", Unit(Percent, 0.01)), ("달러", Unit(Money, 1.0)),
    ("가지", Counter), ("글자", Counter), ("문자", Counter), ("개", Counter), ("건", Counter),
    ("번", Counter), ("회", Counter), ("명", Counter), ("곳", Counter), ("대", Counter),
    ("장", Counter), ("배", Counter), ("자", Counter),
];

/// Words of Latin letters; no letter or digit may follow them.
#[rustfmt::skip]
pub const LATIN: &[(&str, Meaning)] = &[
    ("nanoseconds", Unit(Duration, 1.0)), ("ns", Unit(Duration, 1.0)),
    ("microseconds", Unit(Duration, 1e3)), ("us", Unit(Duration, 1e3)),
    ("µs", Unit(Duration, 1e3)), ("μs", Unit(Duration, 1e3)),
    ("milliseconds", Unit(Duration, 1e6)), ("millisecond", Unit(Duration, 1e6)),
    ("msec", Unit(Duration, 1e6)), ("ms", Unit(Duration, 1e6)),
    ("seconds", Unit(Duration, SECOND)), ("second", Unit(Duration, SECOND)),
    ("secs", Unit(Duration, SECOND)), ("sec", Unit(Duration, SECOND)),
    ("s", Unit(Duration, SECOND)),
    ("minutes", Unit(Duration, 60.0 * SECOND)), ("minute", Unit(Duration, 60.0 * SECOND)),
    ("mins", Unit(Duration, 60.0 * SECOND)), ("min", Unit(Duration, 60.0 * SECOND)),
    ("m", Unit(Duration, 60.0 * SECOND)),
    ("hours", Unit(Duration, 3600.0 * SECOND)), ("hour", Unit(Duration, 3600.0 * SECOND)),
    ("hrs", Unit(Duration, 3600.0 * SECOND)), ("hr", Unit(Duration, 3600.0 * SECOND)),
    ("h", Unit(Duration, 3600.0 * SECOND)),
    ("days", Unit(Duration, 86_400.0 * SECOND)), ("day", Unit(Duration, 86_400.0 * SECOND)),
    ("d", Unit(Duration, 86_400.0 * SECOND)),
    ("weeks", Unit(Duration, 604_800.0 * SECOND)), ("week", Unit(Duration, 604_800.0 * SECOND)),
    ("bytes", Unit(DataSize, 1.0)), ("byte", Unit(DataSize, 1.0)), ("b", Unit(DataSize, 1.0)),
    ("kilobytes", Unit(DataSize, KIB)), ("kib", Unit(DataSize, KIB)), ("kb", Unit(DataSize, KIB)),
    ("megabytes", Unit(DataSize, KIB * KIB)), ("mib", Unit(DataSize, KIB * KIB)),
    ("mb", Unit(DataSize, KIB * KIB)),
    ("gigabytes", Unit(DataSize, KIB * KIB * KIB)), ("gib", Unit(DataSize, KIB * KIB * KIB)),
    ("gb", Unit(DataSize, KIB * KIB * KIB)),
    ("terabytes", Unit(DataSize, KIB * KIB * KIB * KIB)),
    ("tib", Unit(DataSize, KIB * KIB * KIB * KIB)), ("tb", Unit(DataSize, KIB * KIB * KIB * KIB)),
    ("%", Unit(Percent, 0.01)), ("percent", Unit(Percent, 0.01)),
    ("usd", Unit(Money, 1.0)), ("dollars", Unit(Money, 1.0)),
    ("/s", PerSecond), ("/sec", PerSecond), ("tps", PerSecond), ("rps", PerSecond),
    ("qps", PerSecond),
    ("months", Nothing), ("month", Nothing), ("years", Nothing), ("year", Nothing),
];

/// The meaning of the longest unit at the beginning of a text, and its length.
pub fn meaning_at(text: &str) -> Option<(Meaning, usize)> {
    let korean = KOREAN.iter().filter(|(word, _)| text.starts_with(word));
    if let Some((word, meaning)) = korean.max_by_key(|(word, _)| word.len()) {
        return Some((*meaning, word.len()));
    }
    let latin = LATIN.iter().filter(|(word, _)| {
        let length = word.len();
        let begins = text.get(..length).is_some_and(|head| head.eq_ignore_ascii_case(word));
        let next = text.get(length..).and_then(|rest| rest.chars().next());
        begins && (*word == "%" || next.is_none_or(|c| !c.is_ascii_alphanumeric() && c != '_'))
    });
    // A single letter means a unit only in one case: `5B` are bytes, `5M` are no minutes.
    let latin = latin.filter(|(word, _)| {
        let head = &text[..word.len()];
        match *word {
            "b" => head == "B",
            "s" | "m" | "h" | "d" => head == *word,
            _ => true,
        }
    });
    latin.max_by_key(|(word, _)| word.len()).map(|(word, meaning)| (*meaning, word.len()))
}
