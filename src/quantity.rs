//! Quantities with units: reading them (`250ms`, `100/s`, `512MB`, `5%`) and showing them in a
//! reader's language. The one file where a number meets a unit or a locale.

mod exact;
pub mod prose;

use std::fmt;

/// The language of generated labels, captions and numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Korean.
    #[default]
    Korean,
    /// English, and what every other locale falls back on.
    English,
}

impl Language {
    /// The language of a `lang` or `locale` such as `ko`, `ko-KR` or `en_US`.
    pub fn from_locale(locale: &str) -> Self {
        let primary = locale.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("ko") { Self::Korean } else { Self::English }
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Korean => "ko",
            Self::English => "en",
        }
    }
}

/// What a quantity measures, which decides what it may be compared with and added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// A bare number: a count, a ratio. Base unit: one.
    Number,
    /// A length of time. Base unit: nanosecond.
    Duration,
    /// Events in time. Base unit: one a second.
    Rate,
    /// An amount of data. Base unit: byte; KB, MB, GB and TB are powers of 1024, as AWS means them
    /// for memory and packages.
    DataSize,
    /// A share of a whole. Base unit: the whole, so `5%` is 0.05.
    Percent,
    /// An amount of money. Base unit: US dollar.
    Money,
}

impl Dimension {
    /// What the dimension is called in a message.
    pub fn name(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Duration => "duration",
            Self::Rate => "rate",
            Self::DataSize => "size",
            Self::Percent => "percentage",
            Self::Money => "amount of money",
        }
    }

    /// Examples of how such a quantity is written, for messages about a missing unit.
    pub fn examples(self) -> &'static str {
        match self {
            Self::Number => "`10`",
            Self::Duration => "`250ms`, `1.5s`, `15m`",
            Self::Rate => "`100/s`, `30/m`",
            Self::DataSize => "`512MB`, `10GB`",
            Self::Percent => "`5%`",
            Self::Money => "`0.2USD`",
        }
    }
}

/// Units by the way they are written, with their dimension and their size in its base unit.
const UNITS: [(&str, Dimension, f64); 29] = [
    ("ns", Dimension::Duration, 1.0),
    ("us", Dimension::Duration, 1e3),
    ("µs", Dimension::Duration, 1e3),
    ("ms", Dimension::Duration, 1e6),
    ("s", Dimension::Duration, 1e9),
    ("초", Dimension::Duration, 1e9),
    ("m", Dimension::Duration, 60e9),
    ("min", Dimension::Duration, 60e9),
    ("분", Dimension::Duration, 60e9),
    ("h", Dimension::Duration, 3600e9),
    ("시간", Dimension::Duration, 3600e9),
    ("d", Dimension::Duration, 86400e9),
    ("일", Dimension::Duration, 86400e9),
    ("/s", Dimension::Rate, 1.0),
    ("/m", Dimension::Rate, 1.0 / 60.0),
    ("/min", Dimension::Rate, 1.0 / 60.0),
    ("/h", Dimension::Rate, 1.0 / 3600.0),
    ("B", Dimension::DataSize, 1.0),
    ("KB", Dimension::DataSize, 1024.0),
    ("KiB", Dimension::DataSize, 1024.0),
    ("MB", Dimension::DataSize, 1048576.0),
    ("MiB", Dimension::DataSize, 1048576.0),
    ("GB", Dimension::DataSize, 1073741824.0),
    ("GiB", Dimension::DataSize, 1073741824.0),
    ("TB", Dimension::DataSize, 1099511627776.0),
    ("%", Dimension::Percent, 0.01),
    ("USD", Dimension::Money, 1.0),
    ("$", Dimension::Money, 1.0),
    ("달러", Dimension::Money, 1.0),
];

/// The dimension of a unit and its size in the dimension's base unit; `None` for an unknown unit.
pub fn unit(name: &str) -> Option<(Dimension, f64)> {
    let &(_, dimension, size) = UNITS.iter().find(|(unit, ..)| *unit == name)?;
    Some((dimension, size))
}

/// All units that [`unit()`] knows, for a "did you mean".
pub fn unit_names() -> impl Iterator<Item = &'static str> {
    UNITS.iter().map(|&(name, ..)| name)
}

/// An amount of something measurable, in the base unit of its dimension.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Quantity {
    /// The amount in the dimension's base unit; never NaN.
    pub amount: f64,
    /// What it measures.
    pub dimension: Dimension,
}

/// Why a text is no quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParseError {
    /// The text doesn't begin with a number.
    NotANumber,
    /// The number is too large or too small to be represented.
    OutOfRange,
    /// There is a number, but what follows is no unit.
    UnknownUnit(String),
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotANumber => write!(f, "not a number"),
            Self::OutOfRange => write!(f, "number out of range"),
            Self::UnknownUnit(unit) => write!(f, "unknown unit `{unit}`"),
        }
    }
}

impl std::error::Error for ParseError {}

impl Quantity {
    /// A quantity from an amount in the dimension's base unit.
    pub const fn new(amount: f64, dimension: Dimension) -> Self {
        Self { amount, dimension }
    }

    /// A bare number.
    pub const fn number(amount: f64) -> Self {
        Self::new(amount, Dimension::Number)
    }

    /// A length of time in nanoseconds.
    pub const fn nanoseconds(nanoseconds: f64) -> Self {
        Self::new(nanoseconds, Dimension::Duration)
    }

    /// Reads `250ms`, `1.5 s`, `100/s`, `512MB`, `5%`, `0.2USD`, `$0.2`, `1,000` or `1_000`.
    /// A number without a unit is a [`Dimension::Number`].
    ///
    /// # Errors
    /// [`ParseError`], when the text is no number followed by a unit that [`unit()`] knows.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if let Some(amount) = text.strip_prefix('$') {
            return Ok(Self::new(parse_number(amount)?, Dimension::Money));
        }
        let split = number_length(text);
        let amount = parse_number(&text[..split])?;
        let unit_text = text[split..].trim();
        if unit_text.is_empty() {
            return Ok(Self::number(amount));
        }
        let (dimension, size) =
            unit(unit_text).ok_or_else(|| ParseError::UnknownUnit(unit_text.to_owned()))?;
        let amount = amount * size;
        if !amount.is_finite() {
            return Err(ParseError::OutOfRange);
        }
        Ok(Self::new(amount, dimension))
    }

    /// The whole nanoseconds of a duration, rounded to the nearest; `None` for another dimension,
    /// a negative amount, or one that doesn't fit.
    pub fn as_nanoseconds(self) -> Option<u64> {
        let fits = self.dimension == Dimension::Duration
            && self.amount >= 0.0
            && self.amount < u64::MAX as f64;
        fits.then(|| self.amount.round() as u64)
    }

    /// The quantity in a reader's language: `150 ms`, `1.5초`, `초당 100건`, `512 MB`, `5%`,
    /// `$0.20`, `12,000`. Between a number and a Latin unit stands a narrow no-break space.
    pub fn display(self, language: Language) -> String {
        match self.dimension {
            Dimension::Number => format_number(self.amount),
            Dimension::Duration => format_duration(self.amount, language),
            Dimension::Rate => match language {
                Language::Korean => format!("초당 {}건", format_number(self.amount)),
                Language::English => format!("{}/s", format_number(self.amount)),
            },
            Dimension::DataSize => format_size(self.amount),
            Dimension::Percent => format!("{}%", format_number(self.amount * 100.0)),
            Dimension::Money => format_money(self.amount),
        }
    }

    /// The quantity as the scenario language writes it, ASCII only, for messages and logs:
    /// `150ms`, `100/s`, `512MB`, `5%`, `0.2USD`, `12000`.
    pub fn code(self) -> String {
        let (size, suffix) = match self.dimension {
            Dimension::Number => (1.0, ""),
            Dimension::Duration => duration_unit(self.amount),
            Dimension::Rate => (1.0, "/s"),
            Dimension::DataSize => size_unit(self.amount),
            Dimension::Percent => (0.01, "%"),
            Dimension::Money => (1.0, "USD"),
        };
        format!("{}{suffix}", round_significant(self.amount / size))
    }
}

/// The length of the number at the beginning of a text.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut end = usize::from(matches!(bytes.first(), Some(b'-' | b'+')));
    while let Some(&byte) = bytes.get(end) {
        let next_is_digit = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        if byte.is_ascii_digit() || (matches!(byte, b'.' | b',' | b'_') && next_is_digit) {
            end += 1;
        } else {
            break;
        }
    }
    end
}

fn parse_number(text: &str) -> Result<f64, ParseError> {
    let digits: String = text.trim().chars().filter(|c| !matches!(c, ',' | '_')).collect();
    let digits = digits.strip_prefix('+').unwrap_or(&digits);
    if !digits.bytes().any(|byte| byte.is_ascii_digit()) || number_length(digits) != digits.len() {
        return Err(ParseError::NotANumber);
    }
    let number: f64 = digits.parse().map_err(|_| ParseError::NotANumber)?;
    if number.is_finite() { Ok(number) } else { Err(ParseError::OutOfRange) }
}

/// Rounds to what a reader can use: whole numbers stay, large ones lose their fraction, others
/// keep four significant digits.
fn round_significant(number: f64) -> f64 {
    if number == 0.0 || !number.is_finite() || number.fract() == 0.0 {
        return number;
    }
    if number.abs() >= 10_000.0 {
        return number.round();
    }
    let mut scale = 1.0;
    while number.abs() * scale < 1000.0 && scale < 1e15 {
        scale *= 10.0;
    }
    (number * scale).round() / scale
}

/// A number with thousands separated by commas and at most four significant digits behind the
/// point: `12,000`, `0.1234`, `66.67`.
pub fn format_number(number: f64) -> String {
    let rounded = round_significant(number);
    let plain = format!("{}", rounded.abs());
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, ""));
    let mut out = String::with_capacity(plain.len() + plain.len() / 3 + 1);
    if rounded < 0.0 {
        out.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if !fraction.is_empty() {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// The largest unit in which a duration is at least one.
fn duration_unit(nanoseconds: f64) -> (f64, &'static str) {
    let size = nanoseconds.abs();
    match size {
        _ if size >= 86400e9 && size % 86400e9 == 0.0 => (86400e9, "d"),
        _ if size >= 3600e9 && size % 360e9 == 0.0 => (3600e9, "h"),
        _ if size >= 60e9 && size % 6e9 == 0.0 => (60e9, "m"),
        _ if size >= 1e9 => (1e9, "s"),
        _ if size >= 1e6 => (1e6, "ms"),
        _ if size >= 1e3 => (1e3, "us"),
        _ if size > 0.0 => (1.0, "ns"),
        _ => (1e9, "s"),
    }
}

fn format_duration(nanoseconds: f64, language: Language) -> String {
    let (size, unit) = duration_unit(nanoseconds);
    let number = format_number(nanoseconds / size);
    let korean = match unit {
        "d" => "일",
        "h" => "시간",
        "m" => "분",
        "s" => "초",
        _ => "",
    };
    match (language, unit) {
        (Language::Korean, _) if !korean.is_empty() => format!("{number}{korean}"),
        (_, "us") => format!("{number}\u{202f}µs"),
        (_, "m") => format!("{number}\u{202f}min"),
        _ => format!("{number}\u{202f}{unit}"),
    }
}

/// The largest unit in which a size is at least one; the next smaller where only that one shows it
/// whole, so that 1,769 MB of memory stays what AWS calls it.
fn size_unit(bytes: f64) -> (f64, &'static str) {
    const UNITS: [(f64, &str); 5] = [
        (1099511627776.0, "TB"),
        (1073741824.0, "GB"),
        (1048576.0, "MB"),
        (1024.0, "KB"),
        (1.0, "B"),
    ];
    let at = UNITS.iter().position(|(size, _)| bytes.abs() >= *size).unwrap_or(UNITS.len() - 1);
    let is_short = |(size, _): &(f64, &str)| (bytes / size * 10.0).fract() == 0.0;
    let is_whole = |(size, _): &(f64, &str)| (bytes / size).fract() == 0.0;
    match UNITS.get(at + 1) {
        Some(smaller) if !is_short(&UNITS[at]) && is_whole(smaller) => *smaller,
        _ => UNITS[at],
    }
}

fn format_size(bytes: f64) -> String {
    let (size, unit) = size_unit(bytes);
    format!("{}\u{202f}{unit}", format_number(bytes / size))
}

/// Two decimals from a cent up, below that the significant digits: `$12.50`, `$0.0021`.
fn format_money(dollars: f64) -> String {
    let sign = if dollars < 0.0 { "-" } else { "" };
    let amount = dollars.abs();
    if amount == 0.0 || amount >= 0.01 {
        let cents = (amount * 100.0).round();
        let whole = format_number((cents / 100.0).floor());
        return format!("{sign}${whole}.{:02}", cents % 100.0);
    }
    format!("{sign}${}", format_number(amount))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_with_their_units() {
        let ms = Quantity::parse("250ms").unwrap();
        assert_eq!(ms.as_nanoseconds(), Some(250_000_000));
        assert_eq!(Quantity::parse("1.5 s").unwrap().as_nanoseconds(), Some(1_500_000_000));
        assert_eq!(Quantity::parse("15m").unwrap().dimension, Dimension::Duration);
        assert_eq!(Quantity::parse("100/s").unwrap(), Quantity::new(100.0, Dimension::Rate));
        assert_eq!(Quantity::parse("1GB").unwrap().amount, 1073741824.0);
        assert_eq!(Quantity::parse("5%").unwrap().amount, 0.05);
        assert_eq!(Quantity::parse("1,000").unwrap(), Quantity::number(1000.0));
        assert_eq!(Quantity::parse("$0.2").unwrap(), Quantity::parse("0.2USD").unwrap());
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        assert_eq!(Quantity::parse("soon"), Err(ParseError::NotANumber));
        assert_eq!(Quantity::parse(""), Err(ParseError::NotANumber));
        assert_eq!(Quantity::parse("-"), Err(ParseError::NotANumber));
        assert_eq!(Quantity::parse("3 weeks"), Err(ParseError::UnknownUnit("weeks".into())));
        for unit in ["", "TB", "d"] {
            let text = format!("{}{unit}", "9".repeat(if unit.is_empty() { 400 } else { 305 }));
            assert_eq!(Quantity::parse(&text), Err(ParseError::OutOfRange), "{unit}");
        }
    }

    #[test]
    fn quantities_are_shown_in_the_reader_s_language() {
        let show = |text: &str| Quantity::parse(text).unwrap().display(Language::Korean);
        assert_eq!(show("150ms"), "150\u{202f}ms");
        assert_eq!(show("900s"), "15분");
        assert_eq!(show("90s"), "1.5분");
        assert_eq!(show("61.23s"), "61.23초");
        assert_eq!(show("6h"), "6시간");
        assert_eq!(show("100/s"), "초당 100건");
        assert_eq!(show("10240MB"), "10\u{202f}GB");
        assert_eq!(show("1536MB"), "1.5\u{202f}GB");
        assert_eq!(show("1769MB"), "1,769\u{202f}MB");
        assert_eq!(show("12345678"), "12,345,678");
        assert_eq!(show("0.0123456"), "0.01235");
        assert_eq!(show("$1234.5"), "$1,234.50");
        assert_eq!(show("$0.0020833"), "$0.002083");
        assert_eq!(Quantity::parse("900s").unwrap().display(Language::English), "15\u{202f}min");
        assert_eq!(Quantity::parse("900s").unwrap().code(), "15m");
    }
}
