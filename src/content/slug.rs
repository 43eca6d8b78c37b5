//! Slugs: text as part of a URL, as Jekyll's `slugify` makes it.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// How much of a text a slug keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Everything but spaces.
    Raw,
    /// Letters of any script and digits.
    Default,
    /// Those and the signs that a URL path may hold: `._~!$&'()+,;=@`.
    Pretty,
    /// ASCII letters and digits.
    Ascii,
    /// As `Default`, after accents are taken from Latin letters; letters of other scripts go.
    Latin,
}

/// A text as a slug: runs of what the mode doesn't keep become one hyphen, hyphens at the ends go,
/// letters become small unless `cased`.
pub fn slugify(text: &str, mode: Mode, cased: bool) -> String {
    let text = match mode {
        Mode::Latin => Cow::Owned(transliterate(text)),
        _ => Cow::Borrowed(text),
    };
    let mut slug = String::with_capacity(text.len());
    let mut in_gap = false;
    for c in text.chars() {
        if keeps(mode, c) {
            in_gap = false;
            slug.push(c);
        } else if !in_gap {
            in_gap = true;
            slug.push('-');
        }
    }
    let slug = slug.strip_prefix('-').unwrap_or(&slug);
    let slug = slug.strip_suffix('-').unwrap_or(slug);
    if cased { slug.to_owned() } else { downcase(slug) }
}

/// Ruby's `downcase`: letter by letter, whatever stands around it (a final sigma stays σ).
pub fn downcase(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).collect()
}

fn keeps(mode: Mode, c: char) -> bool {
    match mode {
        Mode::Raw => !c.is_ascii_whitespace() && c != '\u{b}',
        Mode::Default | Mode::Latin => is_letter_mark_or_digit(c),
        Mode::Pretty => is_letter_mark_or_digit(c) || "._~!$&'()+,;=@".contains(c),
        Mode::Ascii => c.is_ascii_alphanumeric(),
    }
}

/// Unicode's categories L, M and Nd.
pub fn is_letter_mark_or_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    matches!(c.general_category_group(), GeneralCategoryGroup::Letter | GeneralCategoryGroup::Mark)
        || c.general_category() == GeneralCategory::DecimalNumber
}

/// Latin letters without their accents, as far as Ruby's `I18n` knows them (up to U+017E); every
/// other character outside of ASCII is a question mark.
fn transliterate(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii() => plain.push(c),
            '\u{c0}'..='\u{17e}' => match spelled_out(c) {
                Some(letters) => plain.push_str(letters),
                None => {
                    let base = std::iter::once(c).nfd().next().filter(char::is_ascii_alphabetic);
                    plain.push(base.unwrap_or('?'));
                }
            },
            _ => plain.push('?'),
        }
    }
    plain
}

/// The letters up to U+017E that aren't an ASCII letter and an accent.
fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'Æ' => "AE",
        'æ' => "ae",
        'Ð' | 'Đ' => "D",
        'ð' | 'đ' => "d",
        '×' => "x",
        'Ø' => "O",
        'ø' => "o",
        'Þ' => "Th",
        'þ' => "th",
        'ß' => "ss",
        'Ħ' => "H",
        'ħ' => "h",
        'ı' => "i",
        'Ĳ' => "IJ",
        'ĳ' => "ij",
        'ĸ' => "k",
        'Ŀ' | 'Ł' => "L",
        'ŀ' | 'ł' => "l",
        'ŉ' => "'n",
        'Ŋ' => "NG",
        'ŋ' => "ng",
        'Œ' => "OE",
        'œ' => "oe",
        'Ŧ' => "T",
        'ŧ' => "t",
        _ => return None,
    })
}

/// A file's name as a title: `hello-wORLD` becomes `Hello World`.
pub fn titleize(slug: &str) -> String {
    let words = slug.split('-').map(|word| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| {
            first.to_uppercase().chain(letters.flat_map(char::to_lowercase)).collect()
        })
    });
    words.collect::<Vec<String>>().join(" ").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_keep_what_the_mode_says() {
        for (text, mode, cased, slug) in [
            ("AWS Lambda: 동시성!", Mode::Default, false, "aws-lambda-동시성"),
            ("AWS_Lambda v1.2", Mode::Pretty, true, "AWS_Lambda-v1.2"),
            ("The _cönfig.yml file", Mode::Default, false, "the-cönfig-yml-file"),
            ("The _cönfig.yml file", Mode::Ascii, false, "the-c-nfig-yml-file"),
            ("a  b", Mode::Raw, false, "a-b"),
            ("① 시작 Ⅳ", Mode::Default, false, "시작"),
            ("１２", Mode::Default, false, "１２"),
            ("…", Mode::Default, false, ""),
            ("Crème brûlée, Œuvre; 이름", Mode::Latin, false, "creme-brulee-oeuvre"),
            ("ΟΔΟΣ", Mode::Default, false, "οδοσ"),
        ] {
            assert_eq!(slugify(text, mode, cased), slug, "{text}");
        }
        assert_eq!(titleize("hello-wORLD-동시성"), "Hello World 동시성");
    }
}
