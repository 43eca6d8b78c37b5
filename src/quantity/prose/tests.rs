//! What sentences state, and what only looks like it.

use super::*;

/// The quantities of a text as `where it is written = what it means`.
fn read_all(text: &str) -> Vec<String> {
    let code = |stated: &Stated| {
        let each = if stated.per_second { " each second" } else { "" };
        format!("{} = {}{each}", &text[stated.range.clone()], stated.quantity.code())
    };
    quantities(text).iter().map(code).collect()
}

#[test]
fn quantities_are_found_as_sentences_write_them() {
    for (text, expected) in [
        ("최대 15분이다", &["15분 = 15m"][..]),
        ("900초(15분)", &["900초 = 15m", "15분 = 15m"]),
        ("a 15-minute limit, 900 seconds", &["15-minute = 15m", "900 seconds = 15m"]),
        (
            "256KB, 256 KiB, 6 메가바이트",
            &["256KB = 256KB", "256 KiB = 256KB", "6 메가바이트 = 6MB"],
        ),
        ("10,240MB와 4kb", &["10,240MB = 10GB", "4kb = 4KB"]),
        ("동시에 1,000개, 1만 건", &["1,000개 = 1000", "1만 건 = 10000"]),
        ("1만 2천 건과 백만 건", &["1만 2천 건 = 12000", "백만 건 = 1000000"]),
        ("초당 **1만** 건", &["초당 **1만** 건 = 10000/s"]),
        ("두 번 재시도", &["두 번 = 2"]),
        ("초당 1,000건", &["초당 1,000건 = 1000/s"]),
        ("1초에 최대 1,000개", &["1초에 최대 1,000개 = 1000/s"]),
        ("분당 60건", &["분당 60건 = 1/s"]),
        ("3,000 messages per second", &["3,000 messages per second = 3000/s"]),
        ("300 TPS, 1MB/s", &["300 TPS = 300/s", "1MB/s = 1MB each second"]),
        ("초당 2MB", &["초당 2MB = 2MB each second"]),
        ("$0.20, 0.2달러", &["$0.20 = 0.2USD", "0.2달러 = 0.2USD"]),
        ("12.3%와 5 percent", &["12.3% = 12.3%", "5 percent = 5%"]),
        ("1시간 30분", &["1시간 30분 = 1.5h"]),
        ("1~15분", &["1 = 1m", "15분 = 15m"]),
        ("128MB ~ 10GB", &["128MB = 128MB", "10GB = 10GB"]),
    ] {
        assert_eq!(read_all(text), expected, "{text}");
    }
}

#[test]
fn names_dates_and_ordinals_are_no_quantities() {
    for text in [
        "us-east-1",
        "SAA-C03",
        "EC2",
        "2025년 8월",
        "2025-08-01",
        "12:30",
        "v1.2.3",
        "10.0.0.0/16",
        "세 번째",
        "6개월",
        "3분의 1",
        "400,000 GB-초",
        "python3.13",
        "한다",
        "두고",
        "100Mbps",
    ] {
        assert_eq!(read_all(text), [""; 0], "{text}");
    }
}

#[test]
fn the_quantity_before_a_place_may_be_emphasised() {
    for (text, expected) in [
        ("최대 15분", Some("15분")),
        ("최대 **15분**", Some("15분")),
        ("(최대 6 MB)", Some("6 MB")),
        ("15분이다", None),
        ("", None),
    ] {
        let found = ending_at(text, text.len());
        assert_eq!(found.map(|stated| &text[stated.range]), expected, "{text}");
    }
}

#[test]
fn the_right_text_keeps_the_author_s_unit() {
    for (text, value, expected) in [
        ("10분", "15m", "15분"),
        ("600초", "15m", "900초"),
        ("256KB", "1MB", "1 MB"),
        ("초당 500건", "1000/s", "초당 1,000건"),
        ("1GB", "512MB", "512 MB"),
        ("3 layers", "5", "5"),
    ] {
        let stated = quantities(text).remove(0);
        assert_eq!(stated.restated(text, Quantity::parse(value).unwrap()), expected, "{text}");
    }
}

#[test]
fn any_text_is_read_without_panic() {
    for text in ["$", "1만 ", "초당", "9".repeat(400).as_str(), "1,", "1.", "한", "…1만\u{202f}건"]
    {
        quantities(text);
        ending_at(text, text.len());
    }
}
