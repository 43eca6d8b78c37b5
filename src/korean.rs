//! Korean particles after computed text: which form fits depends on how the text is *read*.

/// How the last syllable of a text sounds, which is all that a particle asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ends in a vowel: 초, 2, MB.
    Vowel,
    /// It ends in ㄹ, which 으로 treats as a vowel: 일, 1, 8.
    Rieul,
    /// It ends in another consonant: 분, 10, 건.
    Consonant,
}

/// Pairs of particles: the form after a consonant, the form after a vowel, and whether ㄹ counts as
/// a vowel.
const PARTICLES: [(&str, &str, bool); 14] = [
    ("은", "는", false),
    ("이", "가", false),
    ("을", "를", false),
    ("과", "와", false),
    ("으로", "로", true),
    ("아", "야", false),
    ("이나", "나", false),
    ("이라", "라", false),
    ("이란", "란", false),
    ("이다", "다", false),
    ("이었", "였", false),
    ("이며", "며", false),
    ("이고", "고", false),
    ("이지", "지", false),
];

/// The form of a particle that fits after `text`. The particle may be named by either of its forms
/// or by both (`은`, `는`, `은/는`, `은(는)`), and more may follow a form (`으로는`, `이라면`).
/// `None` when it is no particle that changes.
pub fn particle(text: &str, particle: &str) -> Option<String> {
    let name = particle.split(['/', '(']).next().unwrap_or_default().trim();
    let ending = ending(text);
    // The longest form first, so that 이라 isn't taken for 이.
    let mut best: Option<(usize, String)> = None;
    for &(consonant, vowel, rieul_as_vowel) in &PARTICLES {
        for form in [consonant, vowel] {
            let Some(rest) = name.strip_prefix(form) else { continue };
            if best.as_ref().is_some_and(|(length, _)| *length >= form.len()) {
                continue;
            }
            let as_vowel = match ending {
                Ending::Vowel => true,
                Ending::Rieul => rieul_as_vowel,
                Ending::Consonant => false,
            };
            let fitting = if as_vowel { vowel } else { consonant };
            best = Some((form.len(), format!("{fitting}{rest}")));
        }
    }
    best.map(|(_, form)| form)
}

/// How a text ends when it is read aloud. Hangul tells it by its last jamo; a number is read in
/// Sino-Korean (`10` 십, `1,000` 천, `1.5` 일점오), a unit by its Korean name (`ms` 밀리초,
/// `MB` 메가바이트), `$5` as 오 달러, capitals letter by letter, other Latin words by their
/// last sound as it is usually transcribed. What is in brackets at the end is not read.
pub fn ending(text: &str) -> Ending {
    let text = strip_unread(text);
    if text.starts_with('$') {
        return Ending::Vowel;
    }
    let Some(last) = text.chars().next_back() else { return Ending::Vowel };
    if let Some(ending) = hangul_ending(last) {
        return ending;
    }
    if last.is_ascii_digit() {
        return number_ending(text);
    }
    if last == '%' {
        return Ending::Vowel;
    }
    latin_ending(text)
}

/// Drops quotes, closing punctuation and a bracketed tail.
fn strip_unread(text: &str) -> &str {
    let mut text = text.trim_end();
    loop {
        let closed = match text.chars().next_back() {
            Some(')') => text.rfind('('),
            Some(']') => text.rfind('['),
            _ => None,
        };
        let shorter = match closed {
            Some(open) if open > 0 => text[..open].trim_end(),
            _ => text.trim_end_matches(|c: char| "\"'`*_.,!?’”)]}>".contains(c)).trim_end(),
        };
        if shorter.len() == text.len() {
            return text;
        }
        text = shorter;
    }
}

/// Unicode arranges the syllables by lead, vowel and tail; 28 tails, ㄹ is the eighth.
fn hangul_ending(syllable: char) -> Option<Ending> {
    let index = u32::from(syllable).checked_sub(0xAC00).filter(|&index| index < 11_172)?;
    Some(match index % 28 {
        0 => Ending::Vowel,
        8 => Ending::Rieul,
        _ => Ending::Consonant,
    })
}

fn digit_ending(digit: char) -> Ending {
    match digit {
        '1' | '7' | '8' => Ending::Rieul,
        '0' | '3' | '6' => Ending::Consonant,
        _ => Ending::Vowel,
    }
}

/// A whole number ends in its last digit, or, if that is zero, in the name of its power of ten:
/// 십, 백, 천 and 만, 억 close with a consonant, 조 (10¹²) with a vowel. Behind a point digits are
/// read one by one.
fn number_ending(text: &str) -> Ending {
    let start = text
        .rfind(|c: char| !(c.is_ascii_digit() || c == ',' || c == '.'))
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let number = &text[start..];
    let last = number.chars().next_back().unwrap_or('0');
    if number.contains('.') || last != '0' {
        return digit_ending(last);
    }
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let zeros = digits.iter().rev().take_while(|&&digit| digit == '0').count();
    if zeros == digits.len() {
        return Ending::Consonant;
    }
    if (12..16).contains(&zeros) { Ending::Vowel } else { Ending::Consonant }
}

fn latin_ending(text: &str) -> Ending {
    let word_start = text
        .rfind(|c: char| !c.is_ascii_alphabetic() && c != 'µ')
        .map_or(0, |at| at + text[at..].chars().next().map_or(1, char::len_utf8));
    let word = &text[word_start..];
    // Units read as 밀리초, 초, 분, 시간, 메가바이트 …
    match word {
        "ns" | "us" | "µs" | "ms" | "s" | "B" | "KB" | "MB" | "GB" | "TB" => return Ending::Vowel,
        "min" | "h" => return Ending::Consonant,
        _ => {}
    }
    let spelled = word.chars().all(|c| c.is_ascii_uppercase());
    match word.chars().next_back() {
        Some('L' | 'R') if spelled => Ending::Rieul,
        Some('M' | 'N') if spelled => Ending::Consonant,
        _ if spelled => Ending::Vowel,
        Some('l') => Ending::Rieul,
        Some('b' | 'c' | 'k' | 'm' | 'n' | 'p' | 'q') => Ending::Consonant,
        Some('g') if word.ends_with("ng") => Ending::Consonant,
        Some('t') if ends_in_short_vowel(&word[..word.len() - 1]) => Ending::Consonant,
        _ => Ending::Vowel,
    }
}

/// `bucket` is 버킷, but `event` is 이벤트.
fn ends_in_short_vowel(stem: &str) -> bool {
    stem.ends_with(['a', 'e', 'i', 'o', 'u'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn particles_follow_how_the_text_is_read() {
        let cases = [
            ("6,000", "은", "은"),  // 육천
            ("2", "은", "는"),      // 이
            ("10", "이", "이"),     // 십
            ("1.5", "이/가", "가"), // 일점오
            ("1", "으로", "로"),    // 일
            ("3", "으로", "으로"),  // 삼
            ("8", "을", "을"),      // 팔
            ("15분", "을(를)", "을"),
            ("1.5초", "을", "를"),
            ("150\u{202f}ms", "은", "는"),     // 밀리초
            ("512\u{202f}MB", "로", "로"),     // 메가바이트
            ("5%", "을", "를"),                // 퍼센트
            ("$0.20", "을", "를"),             // 달러
            ("0", "은", "은"),                 // 영
            ("1,000,000,000,000", "은", "는"), // 일조
            ("100,000,000", "은", "은"),       // 일억
            ("SQS", "을", "를"),
            ("URL", "으로", "로"),
            ("bucket", "이", "이"),
            ("람다", "과", "와"),
            ("동시성(Concurrency)", "은", "은"),
            ("400", "으로는", "으로는"),
            ("2", "이라면", "라면"),
            ("2", "이다", "다"),
            ("10", "이다", "이다"),
            ("150\u{202f}ms", "이었다/였다", "였다"),
        ];
        for (text, name, expected) in cases {
            assert_eq!(particle(text, name).as_deref(), Some(expected), "{text} + {name}");
        }
        assert_eq!(particle("1", "에서"), None);
    }
}
