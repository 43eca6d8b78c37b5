//! Whether a stated quantity holds.

use super::relation::Relation;
use crate::quantity::prose::Stated;
use crate::quantity::{Dimension, Quantity};

/// How far, as a share of the value, a quantity may be from one that the text calls it about.
pub const ABOUT: f64 = 0.05;
/// How far two equal quantities may differ by arithmetic alone.
const ROUNDING: f64 = 1e-9;

/// Where the value comes from, which decides what words such as `이하` mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A fact: it is itself the limit that `15분 이하` speaks of, so it has to be met exactly.
    Fact,
    /// A measure: it may lie anywhere below what `300 ms 이하` says, and is rounded as written.
    Measure,
}

/// Whether a value is as the text states it; `None` where the two can't be compared. `signed` is
/// whether the relation was asked for by a sign, so that it counts for facts too.
pub fn holds(
    stated: &Stated,
    relation: Relation,
    signed: bool,
    value: Quantity,
    origin: Origin,
) -> Option<bool> {
    if !comparable(stated, value) {
        return None;
    }
    let (said, is) = (stated.quantity.amount, value.amount);
    let slack = ROUNDING * is.abs().max(said.abs());
    let difference = (said - is).abs();
    let relation = match relation {
        Relation::About => Relation::About,
        _ if origin == Origin::Fact && !signed => Relation::Equal,
        relation => relation,
    };
    let rounded = match origin {
        Origin::Fact => 0.0,
        Origin::Measure => stated.step / 2.0,
    };
    Some(match relation {
        Relation::Equal => difference <= rounded + slack,
        Relation::About => difference <= (ABOUT * is.abs()).max(stated.step / 2.0) + slack,
        Relation::AtMost => is <= said + slack,
        Relation::Below => is < said - slack,
        Relation::AtLeast => is >= said - slack,
        Relation::Above => is > said + slack,
    })
}

/// Whether a stated quantity is of the kind of a value. A bare count may stand for a rate whose
/// second the sentence leaves out.
pub fn comparable(stated: &Stated, value: Quantity) -> bool {
    let said = stated.quantity.dimension;
    said == value.dimension || (said == Dimension::Number && value.dimension == Dimension::Rate)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quantity::prose::quantities;

    fn judge(text: &str, relation: Relation, value: &str, origin: Origin) -> Option<bool> {
        let stated = quantities(text).remove(0);
        holds(&stated, relation, false, Quantity::parse(value).unwrap(), origin)
    }

    #[test]
    fn measures_are_rounded_to_the_digits_that_are_written() {
        let measured = |text, value| judge(text, Relation::Equal, value, Origin::Measure);
        assert_eq!(measured("12.3%", "12.34%"), Some(true));
        assert_eq!(measured("12.3%", "12.36%"), Some(false));
        assert_eq!(measured("1,200건", "1200"), Some(true));
        assert_eq!(measured("1,200건", "1201"), Some(false));
        assert_eq!(measured("1.2만 건", "12400"), Some(true));
        assert_eq!(measured("3초", "3"), None);
        assert_eq!(judge("1.7GB", Relation::Equal, "1769MB", Origin::Fact), Some(false));
        assert_eq!(judge("900초", Relation::Equal, "15m", Origin::Fact), Some(true));
    }

    #[test]
    fn relations_are_those_of_the_words() {
        for (relation, value, expected) in [
            (Relation::AtMost, "300ms", true),
            (Relation::AtMost, "301ms", false),
            (Relation::Below, "300ms", false),
            (Relation::AtLeast, "300ms", true),
            (Relation::Above, "300ms", false),
            (Relation::Above, "301ms", true),
            (Relation::About, "290ms", true),
            (Relation::About, "250ms", false),
        ] {
            let found = judge("300 ms", relation, value, Origin::Measure);
            assert_eq!(found, Some(expected), "{relation:?} {value}");
        }
        // A limit is met exactly, whatever the words around it.
        assert_eq!(judge("20분", Relation::AtMost, "15m", Origin::Fact), Some(false));
    }
}
