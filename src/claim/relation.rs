//! How a sentence means its quantity: exactly, about, at least, less than.

/// How a stated quantity relates to what it speaks of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relation {
    /// It is this much, as far as the digits that are written tell.
    #[default]
    Equal,
    /// It is about this much.
    About,
    /// It is not more: `300 ms 이하`, `at most 300 ms`.
    AtMost,
    /// It is less: `300 ms 미만`, `under 300 ms`.
    Below,
    /// It is not less: `300 ms 이상`, `at least 300 ms`.
    AtLeast,
    /// It is more: `300 ms 초과`, `over 300 ms`.
    Above,
}

use Relation::{About, Above, AtLeast, AtMost, Below};

/// Words right before a quantity.
const BEFORE: [(&str, Relation); 22] = [
    ("약", About),
    ("대략", About),
    ("거의", About),
    ("얼추", About),
    ("about", About),
    ("around", About),
    ("roughly", About),
    ("approximately", About),
    ("nearly", About),
    ("≈", About),
    ("~", About),
    ("많아야", AtMost),
    ("길어야", AtMost),
    ("at most", AtMost),
    ("no more than", AtMost),
    ("적어도", AtLeast),
    ("at least", AtLeast),
    ("under", Below),
    ("less than", Below),
    ("fewer than", Below),
    ("over", Above),
    ("more than", Above),
];

/// Words right behind a quantity.
const BEHIND: [(&str, Relation); 17] = [
    ("정도", About),
    ("쯤", About),
    ("가량", About),
    ("안팎", About),
    ("남짓", About),
    ("이하", AtMost),
    ("이내", AtMost),
    ("or less", AtMost),
    ("or fewer", AtMost),
    ("이상", AtLeast),
    ("or more", AtLeast),
    ("미만", Below),
    ("초과", Above),
    ("을 넘", Above),
    ("를 넘", Above),
    ("이 넘", Above),
    ("가 넘", Above),
];

/// The relation that the words around a quantity give it: `before` ends, and `behind` begins,
/// where the quantity does.
pub fn around(before: &str, behind: &str) -> Relation {
    let before = before.trim_end_matches([' ', '*', '_', '(', '\u{a0}']);
    let is_word = |word: &str| {
        let Some(head) = tail(before, word.len()) else { return false };
        let preceding = before[..before.len() - word.len()].chars().next_back();
        head.eq_ignore_ascii_case(word) && preceding.is_none_or(|c| !c.is_alphanumeric())
    };
    // `more than` ends in no other of these words, but `no more than` ends in `more than`.
    let of_before = BEFORE.iter().filter(|(word, _)| is_word(word));
    let of_before = of_before.max_by_key(|(word, _)| word.len());
    let behind = behind.trim_start_matches(['*', '_', ')']);
    let behind_word = behind.trim_start_matches([' ', '\u{a0}']);
    let of_behind = BEHIND.iter().find(|(word, _)| {
        let particle = word.contains('넘');
        if particle { behind.starts_with(word) } else { behind_word.starts_with(word) }
    });
    of_behind.or(of_before).map_or(Relation::Equal, |&(_, relation)| relation)
}

fn tail(text: &str, length: usize) -> Option<&str> {
    text.get(text.len().checked_sub(length)?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_around_say_how_a_quantity_is_meant() {
        for (before, behind, expected) in [
            ("제한 시간은 최대 ", "이다", Relation::Equal),
            ("평균은 약 ", "이다", About),
            ("예약 ", "은", Relation::Equal),
            ("p99는 ", " 이하다", AtMost),
            ("p99는 **", "** 미만", Below),
            ("", "를 넘는다", Above),
            ("no more than ", "", AtMost),
            ("more than ", "", Above),
            ("takes At least ", " of", AtLeast),
            ("", "쯤", About),
        ] {
            assert_eq!(around(before, behind), expected, "{before}…{behind}");
        }
    }
}
