//! How wide text will be. Fonts are unknown when a page is built, so widths come from a table that
//! was measured in one usual Korean face (Pretendard), with slack for the others.

use std::borrow::Cow;

/// What other faces may be wider, as a factor.
const SLACK: f64 = 1.08;

/// The advance of a character in em.
fn advance(c: char) -> f64 {
    match c {
        ' ' => 0.25,
        '\u{202f}' | '\u{2009}' => 0.2,
        '0'..='9' => 0.60,
        'i' | 'j' | 'l' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | '·' => 0.28,
        'f' | 't' | 'r' | 'I' | '(' | ')' | '[' | ']' | '/' | '-' => 0.38,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.87,
        'A'..='Z' => 0.67,
        '\u{0}'..='\u{2ff}' => 0.57,
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7a3}' => 0.87,
        '\u{2e80}'..='\u{a4cf}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' => 1.0,
        '\u{1f000}'..='\u{1faff}' => 1.3,
        _ => 0.7,
    }
}

/// How wide a text is at most, in pixels.
pub fn width(text: &str, size: f64) -> f64 {
    text.chars().map(advance).sum::<f64>() * size * SLACK
}

/// The text, cut with an ellipsis where it is wider than `room`. At least one character stays.
pub fn fit(text: &str, size: f64, room: f64) -> Cow<'_, str> {
    if width(text, size) <= room {
        return Cow::Borrowed(text);
    }
    let mut used = width("…", size);
    let mut end = text.chars().next().map_or(0, char::len_utf8);
    for (at, c) in text.char_indices() {
        used += advance(c) * size * SLACK;
        if used > room {
            break;
        }
        end = end.max(at + c.len_utf8());
    }
    Cow::Owned(format!("{}…", text[..end].trim_end()))
}

/// The text in at most `most` lines that fit the room, broken at spaces where there are any; the
/// last one is cut where it has to be.
pub fn lines(text: &str, size: f64, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    // What keeps a number and its unit together is no place to break.
    let breaks = |c: char| c.is_whitespace() && !matches!(c, '\u{a0}' | '\u{202f}');
    for word in text.split(breaks).filter(|word| !word.is_empty()) {
        let full = lines.len() >= most.max(1);
        match lines.last_mut() {
            Some(line) if full || width(&format!("{line} {word}"), size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.iter().map(|line| fit(line, size, room).into_owned()).collect()
}

/// Moves positions as little as possible so that neighbours are `gap` apart and all lie between
/// `least` and `most`, as far as there is room. The order of the input stays.
pub fn spread(wanted: &[f64], gap: f64, least: f64, most: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by(|&a, &b| wanted[a].total_cmp(&wanted[b]));
    let mut placed = wanted.to_vec();
    let mut floor = least;
    for &index in &order {
        placed[index] = placed[index].max(floor);
        floor = placed[index] + gap;
    }
    let mut ceiling = most;
    for &index in order.iter().rev() {
        placed[index] = placed[index].min(ceiling);
        ceiling = placed[index] - gap;
    }
    placed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hangul_is_wider_than_digits_and_text_is_cut_to_its_room() {
        assert!(width("가나다", 14.0) > width("123", 14.0));
        assert_eq!(fit("orders", 14.0, 100.0), "orders");
        let cut = fit("주문을-처리하는-아주-긴-이름의-함수", 14.0, 100.0);
        assert!(cut.ends_with('…') && width(&cut, 14.0) <= 100.0, "{cut}");
        assert_eq!(fit("가나", 14.0, 0.0), "가…");
        assert_eq!(fit("", 14.0, -1.0), "…");
    }

    #[test]
    fn long_titles_take_a_second_line_and_are_cut_there() {
        assert_eq!(lines("orders에 100 예약", 14.0, 500.0, 2), ["orders에 100 예약"]);
        assert_eq!(lines("orders에 100 예약", 14.0, 60.0, 2), ["orders에", "100 예약"]);
        let cut = lines("가나다 라마바 사아자 차카타", 14.0, 60.0, 2);
        assert_eq!(cut, ["가나다", "라마바…"]);
        assert!(lines(" ", 14.0, 60.0, 2).is_empty());
    }

    #[test]
    fn labels_make_room_for_each_other() {
        assert_eq!(spread(&[10.0, 11.0, 50.0], 15.0, 0.0, 100.0), [10.0, 25.0, 50.0]);
        assert_eq!(spread(&[99.0, 98.0], 10.0, 0.0, 100.0), [100.0, 90.0]);
        assert_eq!(spread(&[], 10.0, 0.0, 100.0), [0.0; 0]);
    }
}
