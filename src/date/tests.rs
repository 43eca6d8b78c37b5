//! What dates promise: the forms that are read, the days that are refused, Ruby's patterns.

use super::*;

fn seoul() -> Zone {
    Zone::named("Asia/Seoul").unwrap()
}

#[test]
fn a_time_without_an_offset_is_local() {
    for (text, shown) in [
        ("2024-01-02", "2024-01-02 00:00:00 +0900"),
        ("2024-1-2", "2024-01-02 00:00:00 +0900"),
        ("24-1-2", "2024-01-02 00:00:00 +0900"),
        ("20240102", "2024-01-02 00:00:00 +0900"),
        ("2024/01/02 10:20", "2024-01-02 10:20:00 +0900"),
        ("2024-01-02T10:20:30Z", "2024-01-02 10:20:30 UTC"),
        ("2024-01-02 10:20:30 UTC", "2024-01-02 10:20:30 UTC"),
        ("2024-01-02 10:20:30 -0330", "2024-01-02 10:20:30 -0330"),
        ("2024-01-02T10:20:30.123+09:00", "2024-01-02 10:20:30 +0900"),
        ("Tue, 02 Jan 2024 10:20:30 +0900", "2024-01-02 10:20:30 +0900"),
        ("January 2nd, 2024 3:04 pm", "2024-01-02 15:04:00 +0900"),
        ("2 Jan 2024 12:30am", "2024-01-02 00:30:00 +0900"),
        ("2024-01-02 10:20:30 +0000", "2024-01-02 10:20:30 +0000"),
    ] {
        let moment = Moment::parse(text, &seoul()).unwrap();
        assert_eq!(moment.to_string(), shown, "{text}");
    }
}

#[test]
fn days_and_times_that_do_not_exist_are_refused() {
    let error = |text: &str| Moment::parse(text, &seoul()).unwrap_err();
    assert_eq!(error("2026-02-30"), DateError::NoSuchDay { year: 2026, month: 2, day: 30 });
    assert_eq!(error("2026-13-01"), DateError::NoSuchDay { year: 2026, month: 13, day: 1 });
    assert_eq!(error("2026-01-01 25:00"), DateError::NoSuchTime);
    for text in ["", "soon", "12", "2026", "10:20", "내일", "3월 10일", "2026-W10-3"] {
        assert_eq!(error(text), DateError::NotADate, "{text}");
    }
    assert_eq!(Date::parse("2026-02-30"), None);
    assert!(Date::parse("2024-02-29").is_some());
}

#[test]
fn what_says_nothing_of_a_date_is_passed_over() {
    for (text, shown) in [
        ("2024-03-10 soon", "2024-03-10 00:00:00 +0900"),
        ("2024-03-10 오후 1:02", "2024-03-10 01:02:00 +0900"),
        ("2024-03-10 (일) at 10:20", "2024-03-10 10:20:00 +0900"),
        ("1-2-3-4", "2001-02-03 00:00:00 +0900"),
        ("10/03/2024", "2024-03-10 00:00:00 +0900"),
        ("10-Mar-2024 10am", "2024-03-10 10:00:00 +0900"),
        ("Mar 2024", "2024-03-01 00:00:00 +0900"),
        ("'24", "2024-01-01 00:00:00 +0900"),
        ("2024-070", "2024-03-10 00:00:00 +0900"),
        ("20240310T010203Z", "2024-03-10 01:02:03 UTC"),
        ("20240310010203", "2024-03-10 01:02:03 +0900"),
        ("Sun Mar 10 10:20:30 +0100 2024", "2024-03-10 10:20:30 +0100"),
        // Names that Ruby doesn't know here, and numbers that aren't whole.
        ("2024-03-10 10:20 JST", "2024-03-10 10:20:00 +0900"),
        ("2024-03-10 10:20 UTC+3", "2024-03-10 10:20:00 +0900"),
        ("2024-03-10 10:20 Asia/Tokyo", "2024-03-10 10:20:00 +0900"),
        ("2024-03-10 10:20 -5", "2024-03-10 10:20:00 +0900"),
        ("2024-03-10 10:20 -05", "2024-03-10 10:20:00 -0500"),
        ("2024-03-10 10:20 PST", "2024-03-10 10:20:00 -0800"),
    ] {
        let moment = Moment::parse(text, &seoul()).unwrap();
        assert_eq!(moment.to_string(), shown, "{text}");
    }
    let new_york = Zone::named("America/New_York").unwrap();
    let parse = |text| Moment::parse(text, &new_york).unwrap().to_string();
    assert_eq!(parse("2024-03-10 10:20 KST"), "2024-03-10 10:20:00 -0400");
    assert_eq!(parse("2024-11-03 01:30"), "2024-11-03 01:30:00 -0500");
    assert_eq!(parse("2024-03-10 02:30"), "2024-03-10 03:30:00 -0400");
}

#[test]
fn patterns_are_ruby_s() {
    let moment = Moment::parse("2024-01-02 03:04:05.678 +0900", &seoul()).unwrap();
    for (pattern, shown) in [
        ("%-d %B %Y", "2 January 2024"),
        ("%^b %e %j", "JAN  2 002"),
        ("%H:%M:%S.%L", "03:04:05.678"),
        ("%I %l %p %P", "03  3 AM am"),
        ("%z %:z %::z", "+0900 +09:00 +09:00:00"),
        ("%a %A %u %w", "Tue Tuesday 2 2"),
        ("%G-W%V-%u %U %W", "2024-W01-2 00 01"),
        ("%y %C %-m %_m %05d", "24 20 1  1 00002"),
        ("%10A|%-H|%3N", "   Tuesday|3|678"),
        ("%D %F %T %R", "01/02/24 2024-01-02 03:04:05 03:04"),
        ("100%% %Q 년%", "100% %Q 년%"),
        ("%Y년 %-m월 %-d일", "2024년 1월 2일"),
        ("[%Z]", "[KST]"),
        ("%#p %#B", "am JANUARY"),
    ] {
        assert_eq!(moment.strftime(pattern), shown, "{pattern}");
    }
    assert_eq!(moment.xmlschema(), "2024-01-02T03:04:05+09:00");
    assert_eq!(moment.rfc822(), "Tue, 02 Jan 2024 03:04:05 +0900");
    assert_eq!(moment.in_zone(&seoul()).strftime("%Z"), "KST");
}

#[test]
fn a_zoneless_time_is_universal_and_shown_locally() {
    let date = Date::new(2013, 4, 9).unwrap();
    let clock = Clock { hour: 23, minute: 22, second: 0, nanosecond: 0 };
    let zone = Zone::named("America/New_York").unwrap();
    let moment = Moment::without_zone(date, clock).unwrap();
    assert_eq!(moment.shown_in(&zone).to_string(), "2013-04-09 19:22:00 -0400");
    let kept = Moment::with_offset(date, clock, 9 * 3600).unwrap();
    assert_eq!(kept.shown_in(&zone).to_string(), "2013-04-09 23:22:00 +0900");
}
