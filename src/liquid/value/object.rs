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

impl<'s> Lookup<'s> {
    /// The value, or nil.
    pub fn or_nil(self) -> Val<'s> {
        match self {
            Self::Found(value) => value,
            Self::Absent | Self::Missing(_) => Val::Nil,
        }
    }
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

    /// Its keys, for those who print it whole; `None` where it has none.
    fn keys(&self) -> Option<Vec<Text<'s>>> {
        None
    }

    /// What `contains` answers; `None` where it can't be asked.
    fn contains(&self, _needle: &Val<'s>) -> Option<bool> {
        None
    }
}

/// Objects that the host keeps together and knows by their numbers: the documents of a site. A
/// member costs two words, and a list of members nothing at all.
pub trait Family<'s> {
    /// The value of a member of one of the objects.
    fn get(&'s self, index: usize, key: &str) -> Lookup<'s>;

    /// What `{{ object }}` prints.
    fn to_output(&'s self, index: usize) -> Text<'s>;

    /// The keys of one of the objects, for those who print it whole.
    fn keys(&'s self, index: usize) -> Vec<Text<'s>>;
}

/// One object of a [`Family`].
#[derive(Clone, Copy)]
pub struct Member<'s> {
    /// The objects that it is one of.
    pub family: &'s dyn Family<'s>,
    /// Its number among them.
    pub index: usize,
}

impl<'s> Member<'s> {
    /// The value of a member.
    pub fn get(&self, key: &str) -> Lookup<'s> {
        self.family.get(self.index, key)
    }

    /// What `{{ object }}` prints.
    pub fn to_output(&self) -> Text<'s> {
        self.family.to_output(self.index)
    }

    /// Its keys.
    pub fn keys(&self) -> Vec<Text<'s>> {
        self.family.keys(self.index)
    }

    /// Whether both are the same object.
    pub fn is(&self, other: &Self) -> bool {
        self.index == other.index && std::ptr::addr_eq(self.family, other.family)
    }
}
