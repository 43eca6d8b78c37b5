//! Wildcards and policy variables: `*` stands for any text, `?` for one character,
//! `${aws:username}` for what the request's context says.
//!
//! Source: IAM User Guide, "IAM policy elements: Variables and tags" and "IAM JSON policy elements:
//! Resource".

use crate::aws::iam::context::Context;

/// A part of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// Any text, also none.
    Any,
    /// One character.
    One,
    /// This character.
    Character(char),
}

/// A text with wildcards, its variables filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

/// How the characters of a written pattern count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wildcards {
    /// `*` and `?` are wildcards.
    Read,
    /// They stand for themselves.
    Literal,
}

impl Pattern {
    /// A pattern without variables.
    pub fn new(text: &str) -> Self {
        Self(text.chars().map(piece).collect())
    }

    /// A pattern whose variables are filled in from a context. What comes from the context is never
    /// a wildcard. `None` when a variable has no value: then the element that holds it matches
    /// nothing.
    pub fn with_variables(text: &str, wildcards: Wildcards, context: &Context) -> Option<Self> {
        let mut pieces = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, inside, after)) = next_variable(rest) {
            pieces.extend(pieces_of(before, wildcards));
            pieces.extend(value(inside, context)?.chars().map(Piece::Character));
            rest = after;
        }
        pieces.extend(pieces_of(rest, wildcards));
        Some(Self(pieces))
    }

    /// Whether the whole of a text fits.
    pub fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut piece) = (0, 0);
        // Where the last `*` stands, and up to where of the text it reaches so far.
        let mut star: Option<(usize, usize)> = None;
        while let Some(&character) = text.get(at) {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    star = Some((piece, at));
                    piece += 1;
                }
                Some(Piece::One) => {
                    piece += 1;
                    at += 1;
                }
                Some(Piece::Character(wanted)) if *wanted == character => {
                    piece += 1;
                    at += 1;
                }
                _ => {
                    let Some((star_piece, reached)) = star else { return false };
                    star = Some((star_piece, reached + 1));
                    piece = star_piece + 1;
                    at = reached + 1;
                }
            }
        }
        self.0.get(piece..).unwrap_or_default().iter().all(|piece| *piece == Piece::Any)
    }

    /// The pattern in small letters, for comparisons that ignore case.
    pub fn lowercase(self) -> Self {
        let lower = |piece: Piece| match piece {
            Piece::Character(c) => c.to_lowercase().map(Piece::Character).collect(),
            piece => vec![piece],
        };
        Self(self.0.into_iter().flat_map(lower).collect())
    }

    /// The pattern in at most `parts` parts between colons.
    pub fn split_at_colons(&self, parts: usize) -> Vec<Self> {
        let colon = |piece: &Piece| *piece == Piece::Character(':');
        self.0.splitn(parts, colon).map(|part| Self(part.to_vec())).collect()
    }

    /// Whether the pattern is one `*`.
    pub fn is_everything(&self) -> bool {
        self.0 == [Piece::Any]
    }
}

fn pieces_of(text: &str, wildcards: Wildcards) -> Vec<Piece> {
    match wildcards {
        Wildcards::Read => text.chars().map(piece).collect(),
        Wildcards::Literal => text.chars().map(Piece::Character).collect(),
    }
}

fn piece(character: char) -> Piece {
    match character {
        '*' => Piece::Any,
        '?' => Piece::One,
        other => Piece::Character(other),
    }
}

/// The text before the first variable, what stands in its braces, and the text after it.
fn next_variable(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("${")?;
    let (inside, after) = rest.split_once('}')?;
    Some((before, inside, after))
}

/// The names of a text's variables.
pub fn variables(text: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = text;
    while let Some((_, inside, after)) = next_variable(rest) {
        names.push(inside.split(',').next().unwrap_or_default().trim());
        rest = after;
    }
    names
}

/// The value of a variable: a special character, a context key's value, or the default behind a
/// comma.
fn value(inside: &str, context: &Context) -> Option<String> {
    if ["*", "?", "$"].contains(&inside) {
        return Some(inside.to_owned());
    }
    let (key, default) = match inside.split_once(',') {
        Some((key, default)) => (key, Some(default.trim())),
        None => (inside, None),
    };
    let found = context.single(key.trim()).map(str::to_owned);
    found.or_else(|| Some(default?.trim_matches('\'').to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let mut context = Context::default();
        context.set("aws:username", &["jin"]);
        context.set("aws:PrincipalTag/team", &["*"]);
        context
    }

    fn filled(text: &str) -> Option<Pattern> {
        Pattern::with_variables(text, Wildcards::Read, &context())
    }

    #[test]
    fn wildcards_match_as_in_a_shell() {
        let cases = [
            ("s3:*", "s3:GetObject", true),
            ("s3:Get*", "s3:PutObject", false),
            ("s3:Get?bject", "s3:GetObject", true),
            ("s3:Get?bject", "s3:Getbject", false),
            ("*", "", true),
            ("?", "", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("**a", "a", true),
            ("", "", true),
            ("", "a", false),
            ("주문/*", "주문/2026/1.json", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Pattern::new(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    /// The matcher agrees with a slow one by definition, on all short texts of two letters.
    #[test]
    fn the_matcher_agrees_with_the_definition() {
        fn slow(pattern: &[char], text: &[char]) -> bool {
            match pattern.split_first() {
                None => text.is_empty(),
                Some(('*', rest)) => (0..=text.len()).any(|at| slow(rest, &text[at..])),
                Some(('?', rest)) => !text.is_empty() && slow(rest, &text[1..]),
                Some((c, rest)) => text.first() == Some(c) && slow(rest, &text[1..]),
            }
        }
        fn words(alphabet: &[char], most: usize) -> Vec<Vec<char>> {
            let mut all = vec![Vec::new()];
            let mut last = all.clone();
            for _ in 0..most {
                let longer = |word: &Vec<char>| {
                    let word = word.clone();
                    alphabet.iter().map(move |&c| [word.clone(), vec![c]].concat())
                };
                last = last.iter().flat_map(longer).collect();
                all.extend(last.clone());
            }
            all
        }
        let texts = words(&['a', 'b'], 5);
        for pattern in words(&['a', 'b', '*', '?'], 4) {
            let written: String = pattern.iter().collect();
            for text in &texts {
                let said: String = text.iter().collect();
                let expected = slow(&pattern, text);
                assert_eq!(Pattern::new(&written).matches(&said), expected, "{written} {said}");
            }
        }
    }

    #[test]
    fn variables_are_filled_in_and_are_no_wildcards() {
        let home = filled("arn:aws:s3:::home/${aws:username}/*").unwrap();
        assert!(home.matches("arn:aws:s3:::home/jin/a.txt"));
        assert!(!home.matches("arn:aws:s3:::home/ann/a.txt"));
        let star = filled("team-${aws:PrincipalTag/team}").unwrap();
        assert!(star.matches("team-*") && !star.matches("team-a"));
        assert_eq!(filled("${aws:userid}/x"), None);
        assert!(filled("${aws:userid, 'none'}/x").unwrap().matches("none/x"));
        assert!(filled("a${*}b").unwrap().matches("a*b"));
        assert!(!filled("a${*}b").unwrap().matches("axb"));
        assert!(filled("${AWS:UserName}").unwrap().matches("jin"));
        assert!(filled("${open").unwrap().matches("${open"));
    }

    #[test]
    fn names_of_variables_are_found() {
        assert_eq!(variables("a/${aws:username}/${s3:prefix, 'x'}"), ["aws:username", "s3:prefix"]);
        assert!(variables("a/*").is_empty());
    }
}
