//! The objects that a site's templates see. Each answers to the names that Jekyll's drop of that
//! kind answers to; see <https://jekyllrb.com/docs/variables/>.

pub mod collection;
pub mod document;
pub mod paginator;
pub mod site;
pub mod static_file;

use crate::liquid::{Lookup, Text, Val};
use crate::value::Map;

/// A small map of its own.
pub(super) fn single<'s, const N: usize>(entries: [(&'s str, Val<'s>); N]) -> Val<'s> {
    Val::map(entries.into_iter().map(|(key, value)| (Text::Borrowed(key), value)).collect())
}

/// What front matter or configuration says to a key.
fn of_map<'s>(map: &'s Map, key: &str) -> Lookup<'s> {
    match map.get(key) {
        Some(value) => Lookup::Found(value.into()),
        None => Lookup::Absent,
    }
}

/// The keys of an object that answers to names of its own and to those of a map.
fn keys<'s>(own: &[&'s str], map: &'s Map) -> Vec<Text<'s>> {
    let rest = map.keys().map(String::as_str).filter(|key| !own.contains(key));
    own.iter().copied().chain(rest).map(Text::Borrowed).collect()
}
