//! From the path of a request to a file of the site, as Jekyll's server finds it.

use std::fmt::Write as _;

use unicode_normalization::UnicodeNormalization;

use crate::command::serve::snapshot::Snapshot;

/// The files that stand for their folder.
const INDEXES: [&str; 6] =
    ["index.html", "index.htm", "index.xhtml", "index.xht", "index.xml", "index.json"];

/// What a path leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file of the site.
    File(String),
    /// The path where it is, as it goes into a `Location`.
    Elsewhere(String),
    /// Nothing.
    Nothing,
    /// Nothing that can be read as a path.
    Unreadable,
}

/// Finds what the path of a request leads to; `query` goes along to another place.
pub fn find(site: &Snapshot, path: &str, query: &str) -> Target {
    let Some(decoded) = decode(path) else { return Target::Unreadable };
    let base = decode(&site.baseurl).unwrap_or_default();
    let base = base.trim_end_matches('/');
    let Some(inside) = decoded.strip_prefix(base).filter(|rest| rest.starts_with('/')) else {
        let leads_home = decoded == "/" || decoded == base;
        let home = format!("{}/{query}", encode(base));
        return if leads_home { Target::Elsewhere(home) } else { Target::Nothing };
    };
    let inside = &inside[1..];
    look(site, inside, &|folder| format!("{}/{}/{query}", encode(base), encode(folder)))
        .or_else(|| {
            // Names may be written with composed or decomposed letters, in files as in links.
            let written = as_written(site, inside)?;
            look(site, &written, &|folder| format!("{}/{}/{query}", encode(base), encode(folder)))
        })
        .unwrap_or(Target::Nothing)
}

/// Looks a path up in Jekyll's order: the file, the folder's index, the page of that name.
fn look(site: &Snapshot, path: &str, location: &dyn Fn(&str) -> String) -> Option<Target> {
    if path.is_empty() || path.ends_with('/') {
        return index(site, path).map(Target::File);
    }
    if site.has(path) {
        return Some(Target::File(path.to_owned()));
    }
    if index(site, &format!("{path}/")).is_some() {
        return Some(Target::Elsewhere(location(path)));
    }
    let pages = [".html", ".xhtml"].map(|extension| format!("{path}{extension}"));
    pages.into_iter().find(|page| site.has(page)).map(Target::File)
}

fn index(site: &Snapshot, folder: &str) -> Option<String> {
    INDEXES.iter().map(|name| format!("{folder}{name}")).find(|path| site.has(path))
}

/// The beginning of a file's path that is the same letters as this path, written otherwise.
fn as_written(site: &Snapshot, path: &str) -> Option<String> {
    if path.is_ascii() {
        return None;
    }
    let wanted: String = path.nfc().collect();
    let same = |own: &&str| own.nfc().eq(wanted.chars());
    site.paths().filter(|own| !own.is_ascii()).find_map(|own| {
        let ends = own.match_indices('/').flat_map(|(at, _)| [at, at + 1]);
        let page = own.strip_suffix(".html");
        let parts = ends.filter_map(|end| own.get(..end)).chain(page).chain([own.as_str()]);
        parts.filter(|part| *part != path).find(same).map(str::to_owned)
    })
}

/// A path with its escapes resolved; `None` where one is no escape, gives no UTF-8, or gives a NUL.
/// What looks like `..` stays what it is: a name that no file has.
fn decode(path: &str) -> Option<String> {
    let mut out = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let byte = match byte {
            b'%' => {
                let (high, low) = (hexadecimal(bytes.next()?)?, hexadecimal(bytes.next()?)?);
                high << 4 | low
            }
            byte => byte,
        };
        if byte == 0 {
            return None;
        }
        out.push(byte);
    }
    String::from_utf8(out).ok()
}

fn hexadecimal(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// A path with everything escaped that has a meaning of its own in an address.
pub fn encode(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/!$&'()*+,;=:@".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn escapes_are_resolved_once() {
        assert_eq!(decode("/%EA%B0%80+%20%2e%252e").as_deref(), Some("/가+ .%2e"));
        assert_eq!(decode("/%"), None);
        assert_eq!(decode("/%e"), None);
        assert_eq!(decode("/%+1"), None);
        assert_eq!(decode("/%ff"), None);
        assert_eq!(decode("/a%00.html"), None);
    }

    proptest! {
        #[test]
        fn an_encoded_path_is_read_back(path in "[^\0]*") {
            prop_assert_eq!(decode(&encode(&path)), Some(path));
        }
    }
}
