//! Objects that a host gives to its templates.

use super::{Text, Val};

/// What an object says to a key.
pub enum Lookup<'s> {
    /// The member's value.
    Found(Val<'s>),
    /// There is no such member: nil, or an undefined variable where the site is strict.
    Absent,
    /// There is no such member, and its author should know.
    Missing(Box<Missing>),
}

/// What to say about a member that isn't there.
#[derive(Clone, Debug, Default)]
pub struct Missing {
    /// What is wrong, one line.
    pub message: String,
    /// The words under the caret.
    pub label: String,
    /// Facts, a line each.
    pub notes: Vec<String>,
    /// Ways out, a line each.
    pub hints: Vec<String>,
    /// What the page shows instead.
    pub replacement: String,
}

/// An object whose members are computed when they are asked for.
pub trait Object<'s> {
    /// The value of a member.
    fn get(&self, key: &str) -> Lookup<'s>;

    /// What `{{ object }}` prints.
    fn to_output(&self) -> Text<'s>;

    /// How many elements it has, where it is something like a list or a map.
    fn size(&self) -> Option<usize> {
        None
    }

    /// The elements for a `for`, where it is something like a list; a map's are pairs.
    fn elements(&self) -> Option<Vec<Val<'s>>> {
        None
    }

    /// The value that stands for it in comparisons and arithmetic; itself when `None`.
    fn as_value(&self) -> Option<Val<'s>> {
        None
    }

    /// What `contains` answers; `None` where it can't be asked.
    fn contains(&self, _needle: &Val<'s>) -> Option<bool> {
        None
    }
}
