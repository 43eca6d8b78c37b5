//! Dates as readers like them. They come as text (`2026-01-04`, `2026-01-04T09:00:00+09:00`,
//! `2026-01-04 09:00:00 +0900`), and text that is no date is shown as it is.

use crate::date::{Date, MONTHS, Moment, Zone};
use crate::quantity::Language;

/// How much of a date is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateStyle {
    /// `2026년 1월 4일`, `January 4, 2026`.
    Long,
    /// `2026. 1. 4.`, `4 Jan 2026`.
    Short,
    /// `1월 4일`, `4 Jan`.
    Day,
}

/// A date in a reader's language.
pub fn show(date: &str, style: DateStyle, language: Language) -> String {
    let Some(day) = day(date) else { return date.to_owned() };
    let (year, month, day) = (day.year(), day.month(), day.day());
    let at = usize::try_from(month).unwrap_or_default().saturating_sub(1);
    let name = MONTHS.get(at).copied().unwrap_or_default();
    let short_name = name.get(..3).unwrap_or(name);
    match (language, style) {
        (Language::Korean, DateStyle::Long) => format!("{year}년 {month}월 {day}일"),
        (Language::Korean, DateStyle::Short) => format!("{year}. {month}. {day}."),
        (Language::Korean, DateStyle::Day) => format!("{month}월 {day}일"),
        (Language::English, DateStyle::Long) => format!("{name} {day}, {year}"),
        (Language::English, DateStyle::Short) => format!("{day} {short_name} {year}"),
        (Language::English, DateStyle::Day) => format!("{day} {short_name}"),
    }
}

/// A date for machines: `2026-01-04` or `2026-01-04T09:00:00+09:00`, whatever way it was written;
/// a time without an offset is in UTC. `None` for text that is no date.
pub fn machine(date: &str) -> Option<String> {
    match Date::parse(date) {
        Some(day) => Some(day.to_string()),
        None => Moment::parse(date, &Zone::utc()).ok().map(|moment| moment.xmlschema()),
    }
}

/// The day that a text names, with or without a time behind it.
fn day(date: &str) -> Option<Date> {
    Date::parse(date).or_else(|| Some(Moment::parse(date, &Zone::utc()).ok()?.date()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_shown_in_the_reader_s_language() {
        let date = "2026-01-04T09:00:00+09:00";
        assert_eq!(show(date, DateStyle::Long, Language::Korean), "2026년 1월 4일");
        assert_eq!(show(date, DateStyle::Day, Language::Korean), "1월 4일");
        assert_eq!(show(date, DateStyle::Long, Language::English), "January 4, 2026");
        assert_eq!(show(date, DateStyle::Short, Language::English), "4 Jan 2026");
    }

    #[test]
    fn what_is_no_date_stays() {
        for text in ["", "어제", "2026-13-01", "2026-02-30", "2026-01-99"] {
            assert_eq!(show(text, DateStyle::Long, Language::Korean), text);
            assert_eq!(machine(text), None);
        }
    }

    #[test]
    fn machines_get_rfc_3339() {
        assert_eq!(machine("2026-01-04").as_deref(), Some("2026-01-04"));
        let expected = Some("2026-01-04T09:00:00+09:00");
        assert_eq!(machine("2026-01-04 09:00:00 +0900").as_deref(), expected);
        assert_eq!(machine("2026-01-04T09:00:00+09:00").as_deref(), expected);
        assert_eq!(
            machine("2026-01-04 09:00:00 UTC").as_deref(),
            Some("2026-01-04T09:00:00+00:00")
        );
        assert_eq!(machine("2026/1/4").as_deref(), Some("2026-01-04T00:00:00+00:00"));
        assert_eq!(show("2026/1/4", DateStyle::Short, Language::Korean), "2026. 1. 4.");
    }
}
