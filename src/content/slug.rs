//! Slugs: text as part of a URL, as Jekyll's `slugify` makes it.

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
}

/// A text as a slug: runs of what the mode doesn't keep become one hyphen, hyphens at the ends go,
/// letters become small unless `cased`.
pub fn slugify(text: &str, mode: Mode, cased: bool) -> String {
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
    if cased { slug.to_owned() } else { slug.to_lowercase() }
}

fn keeps(mode: Mode, c: char) -> bool {
    match mode {
        Mode::Raw => !c.is_ascii_whitespace(),
        Mode::Default => is_letter_mark_or_digit(c),
        Mode::Pretty => is_letter_mark_or_digit(c) || "._~!$&'()+,;=@".contains(c),
        Mode::Ascii => c.is_ascii_alphanumeric(),
    }
}

/// Whether a character is of Unicode's categories L, M or Nd. The standard library counts
/// letter-like numbers (`Ⅳ`, `①`) to its alphanumerics and most combining marks to nothing, so both
/// are told apart by range.
pub fn is_letter_mark_or_digit(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_alphanumeric();
    }
    let decimal = c.is_numeric() && is_decimal_digit(c);
    let enclosed_letter = ('\u{24b6}'..='\u{24e9}').contains(&c);
    let squared_letter = ('\u{1f130}'..='\u{1f189}').contains(&c);
    let letter = c.is_alphabetic() && !c.is_numeric() && !enclosed_letter && !squared_letter;
    letter || decimal || is_mark(c)
}

/// Decimal digits stand in blocks of ten whose first code point is known for the scripts in use.
fn is_decimal_digit(c: char) -> bool {
    const ZEROS: [u32; 20] = [
        0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6,
        0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810, 0xa620, 0xff10,
    ];
    ZEROS.iter().any(|&zero| (zero..zero + 10).contains(&u32::from(c)))
}

fn is_mark(c: char) -> bool {
    matches!(u32::from(c),
        0x0300..=0x036f | 0x0483..=0x0489 | 0x0591..=0x05bd | 0x0610..=0x061a | 0x064b..=0x065f
        | 0x093a..=0x094f | 0x0e31..=0x0e3a | 0x0e47..=0x0e4e | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff
        | 0x20d0..=0x20f0 | 0x302a..=0x302f | 0x3099..=0x309a | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f
        | 0xe0100..=0xe01ef)
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
        ] {
            assert_eq!(slugify(text, mode, cased), slug, "{text}");
        }
        assert_eq!(titleize("hello-wORLD-동시성"), "Hello World 동시성");
    }
}
