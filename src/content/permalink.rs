//! Permalinks: the one place where a URL is made, and where a URL becomes a file's path.

use std::collections::BTreeSet;
use std::fmt;

use super::slug::{Mode, slugify};
use crate::date::Moment;

/// Why there is no URL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PermalinkError {
    /// The pattern is empty.
    Empty,
    /// The pattern has a placeholder that nobody knows.
    UnknownPlaceholder(String),
    /// The URL has a part `..` or one that no file can have.
    LeavesTheSite,
}

impl fmt::Display for PermalinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "an empty permalink"),
            Self::UnknownPlaceholder(name) => {
                write!(f, "the permalink has an unknown placeholder `:{name}`")
            }
            Self::LeavesTheSite => write!(f, "the permalink leads out of the site"),
        }
    }
}

impl std::error::Error for PermalinkError {}

/// The placeholders of a document's permalink, for a "did you mean".
pub const PLACEHOLDERS: [&str; 25] = [
    "categories",
    "title",
    "year",
    "month",
    "day",
    "slug",
    "slugified_categories",
    "collection",
    "path",
    "name",
    "output_ext",
    "i_month",
    "i_day",
    "short_month",
    "long_month",
    "short_year",
    "y_day",
    "week",
    "w_year",
    "w_day",
    "short_day",
    "long_day",
    "hour",
    "minute",
    "second",
];

/// The pattern of one of Jekyll's styles.
pub fn style_pattern(style: &str) -> Option<&'static str> {
    Some(match style {
        "none" => "/:categories/:title:output_ext",
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        _ => return None,
    })
}

/// The pattern with the ending that a site's style gives to pages and collections.
fn with_style_suffix(pattern: &str, style: &str) -> String {
    let suffix = match style {
        "pretty" => "/",
        "date" | "ordinal" | "none" => ":output_ext",
        _ if style.ends_with('/') => "/",
        _ if style.ends_with(":output_ext") => ":output_ext",
        _ => "",
    };
    format!("{pattern}{suffix}")
}

/// A URL path from the site's root and the file below the destination that serves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// The URL path, beginning with a slash; parts from names are percent-encoded.
    pub url: String,
    /// The file's path, `/` as separator.
    pub output_path: String,
}

/// What the URL of a post or of a document of a collection is made of.
#[derive(Clone, Copy, Debug)]
pub struct DocumentParts<'d> {
    /// The collection's label.
    pub collection: &'d str,
    /// The path within the collection, without extension.
    pub cleaned_path: &'d str,
    /// The file's name without extension, with the date.
    pub basename: &'d str,
    /// The slug, of front matter or file name.
    pub slug: &'d str,
    /// The categories.
    pub categories: &'d [String],
    /// The date.
    pub date: &'d Moment,
    /// The extension of what it becomes, with its point.
    pub output_extension: &'d str,
}

/// The extension, with its point, that a permalink gives to its page; `None` if it has none.
pub fn extension_of(permalink: &str) -> Option<&str> {
    if permalink.ends_with('/') {
        return None;
    }
    let name = permalink.rsplit('/').next().unwrap_or(permalink);
    // Behind a point at the end stands an extension without letters.
    extension(name).or_else(|| name.ends_with('.').then_some("."))
}

/// The extension of a file's name with its point, as Ruby's `File.extname`: not for `.name` and
/// not for `name.`.
pub fn extension(name: &str) -> Option<&str> {
    let stem = name.trim_start_matches('.');
    let hidden = name.len() - stem.len();
    let at = stem.rfind('.')?;
    (at + 1 < stem.len()).then(|| &name[hidden + at..])
}

/// The address of a post or of a document of a collection. The pattern is its own permalink, or
/// its collection's.
///
/// # Errors
/// [`PermalinkError`], when the pattern can't be filled or leads out of the site.
pub fn document_address(
    pattern: &str,
    parts: &DocumentParts<'_>,
) -> Result<Address, PermalinkError> {
    check_pattern(pattern)?;
    let url = sanitize(&expand(pattern, |name| placeholder(name, parts))?);
    let mut path = if url.ends_with('/') { format!("{url}index.html") } else { url.clone() };
    if !url.ends_with('/') && !path.ends_with(parts.output_extension) {
        path.push_str(parts.output_extension);
    }
    Ok(Address { output_path: output_path(&path)?, url })
}

/// The pattern of a collection that has none of its own.
pub fn collection_pattern(style: &str) -> String {
    with_style_suffix("/:collection/:path", style)
}

/// What the URL of a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct PageParts<'d> {
    /// The folder, relative to the site's.
    pub folder: &'d str,
    /// The file's name without extension.
    pub basename: &'d str,
    /// The extension of what it becomes, with its point.
    pub output_extension: &'d str,
}

/// The address of a page: its own permalink, or one by the site's style.
///
/// # Errors
/// [`PermalinkError`], when the permalink is empty or leads out of the site.
pub fn page_address(
    permalink: Option<&str>,
    style: &str,
    parts: &PageParts<'_>,
) -> Result<Address, PermalinkError> {
    let is_html = matches!(parts.output_extension, ".html" | ".xhtml" | ".htm");
    let own = match permalink {
        Some(pattern) => pattern.to_owned(),
        None if !is_html => "/:path/:basename:output_ext".to_owned(),
        None if parts.basename == "index" => "/:path/".to_owned(),
        None => with_style_suffix("/:path/:basename", style),
    };
    check_pattern(&own)?;
    // A page knows three placeholders only; a colon before another word is text.
    let mut url = own;
    let values = [
        (":path", parts.folder),
        (":basename", parts.basename),
        (":output_ext", parts.output_extension),
    ];
    for (name, value) in values {
        url = url.replace(name, &escape_path(value));
    }
    let url = sanitize(&url);
    let mut path = if url.ends_with('/') { format!("{url}index") } else { url.clone() };
    if !path.ends_with(parts.output_extension) {
        path.push_str(parts.output_extension);
    }
    Ok(Address { output_path: output_path(&path)?, url })
}

/// The address of a file that is copied: where it lies. Points before the extension's own are
/// dropped (`a..png` is served as `a.png`), as Jekyll does.
///
/// # Errors
/// [`PermalinkError::LeavesTheSite`], when the name decodes to such a path.
pub fn static_address(path: &str) -> Result<Address, PermalinkError> {
    let path = path.trim_start_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = extension(name).unwrap_or_default();
    let stem = path.strip_suffix(extension).unwrap_or(path);
    let url = format!("/{}{extension}", stem.trim_end_matches('.'));
    Ok(Address { output_path: output_path(&url)?, url })
}

/// The address of a file that is copied from a collection, by the collection's pattern.
///
/// # Errors
/// [`PermalinkError`], as for its documents.
pub fn collection_file_address(
    pattern: &str,
    collection: &str,
    cleaned_path: &str,
    extension: &str,
) -> Result<Address, PermalinkError> {
    check_pattern(pattern)?;
    let name = cleaned_path.rsplit('/').next().unwrap_or(cleaned_path);
    let mut url = pattern.to_owned();
    let values = [
        (":collection", collection),
        (":path", cleaned_path),
        (":output_ext", ""),
        (":name", name),
        (":title", ""),
    ];
    for (placeholder, value) in values {
        url = url.replace(placeholder, &escape_path(value));
    }
    let url = format!("{}{extension}", sanitize(&url).trim_end_matches('/'));
    Ok(Address { output_path: output_path(&url)?, url })
}

/// Replaces `:name` by its value. A placeholder that ends in `_` may be one that is followed by an
/// underscore.
fn expand(pattern: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, PermalinkError> {
    let mut out = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        out.push_str(&rest[..at]);
        let tail = &rest[at + 1..];
        let end = tail.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(tail.len());
        let name = &tail[..end];
        rest = &tail[end..];
        if name.is_empty() {
            out.push(':');
        } else if let Some(text) = value(name) {
            out.push_str(&escape_path(&text));
        } else if let Some(text) = name.strip_suffix('_').and_then(&value) {
            out.push_str(&escape_path(&text));
            out.push('_');
        } else {
            return Err(PermalinkError::UnknownPlaceholder(name.to_owned()));
        }
    }
    out.push_str(rest);
    Ok(out)
}

fn placeholder(name: &str, parts: &DocumentParts<'_>) -> Option<String> {
    let date = |pattern: &str| Some(parts.date.strftime(pattern));
    match name {
        "collection" => Some(parts.collection.to_owned()),
        "path" => Some(parts.cleaned_path.to_owned()),
        "output_ext" => Some(parts.output_extension.to_owned()),
        "name" => Some(slugify(parts.basename, Mode::Default, false)),
        "title" => Some(slugify(parts.slug, Mode::Pretty, true)),
        "slug" => Some(slugify(parts.slug, Mode::Default, false)),
        "categories" => Some(joined(parts.categories.iter().map(|name| name.to_lowercase()))),
        "slugified_categories" => {
            Some(joined(parts.categories.iter().map(|name| slugify(name, Mode::Default, false))))
        }
        "year" => date("%Y"),
        "month" => date("%m"),
        "day" => date("%d"),
        "hour" => date("%H"),
        "minute" => date("%M"),
        "second" => date("%S"),
        "i_day" => date("%-d"),
        "i_month" => date("%-m"),
        "short_month" => date("%b"),
        "long_month" => date("%B"),
        "short_year" => date("%y"),
        "w_year" => date("%G"),
        "week" => date("%V"),
        "w_day" => date("%u"),
        "short_day" => date("%a"),
        "long_day" => date("%A"),
        "y_day" => date("%j"),
        _ => None,
    }
}

/// Parts with slashes between, each once.
fn joined(parts: impl Iterator<Item = String>) -> String {
    let mut seen = BTreeSet::new();
    let parts: Vec<String> = parts.filter(|part| seen.insert(part.clone())).collect();
    parts.join("/")
}

/// A part of a path with everything percent-encoded that a URL path can't hold (RFC 3986, `pchar`
/// and the slash). Question marks stay, as in Jekyll.
pub fn escape_path(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/?".contains(&byte) {
            out.push(char::from(byte));
        } else {
            push_percent(&mut out, byte);
        }
    }
    out
}

fn push_percent(out: &mut String, byte: u8) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    for half in [byte >> 4, byte & 15] {
        out.push(DIGITS.get(usize::from(half)).map_or('0', |&digit| char::from(digit)));
    }
}

/// Decodes percent sequences; one that isn't followed by two digits stays, and so does everything
/// if the result would not be UTF-8.
pub fn unescape_path(path: &str) -> String {
    let bytes = path.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|&byte| char::from(byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(u8::try_from(high * 16 + low).unwrap_or(b'?'));
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| path.to_owned())
}

/// Makes a URL path of what a pattern became: one slash at the beginning, none doubled, no `..`.
fn sanitize(text: &str) -> String {
    let text = format!("/{text}").replace("..", "/").replace("./", "");
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '/' || !out.ends_with('/') {
            out.push(c);
        }
    }
    out
}

/// A pattern may not be empty and may not climb: Jekyll would quietly make another URL of it.
fn check_pattern(pattern: &str) -> Result<(), PermalinkError> {
    if pattern.trim().is_empty() {
        return Err(PermalinkError::Empty);
    }
    let climbs = unescape_path(pattern).split(['/', '\\']).any(|part| part == "..");
    if climbs { Err(PermalinkError::LeavesTheSite) } else { Ok(()) }
}

/// The file below the destination for a URL path with a file's name.
fn output_path(url: &str) -> Result<String, PermalinkError> {
    let path = unescape_path(url);
    let path = path.trim_start_matches('/');
    let fits = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\0', '\\']);
    if path.split('/').all(fits) { Ok(path.to_owned()) } else { Err(PermalinkError::LeavesTheSite) }
}

/// A `baseurl` with a slash at its beginning and none at its end; empty for the root.
pub fn clean_baseurl(baseurl: &str) -> String {
    let trimmed = baseurl.trim().trim_matches('/');
    if trimmed.is_empty() { String::new() } else { format!("/{trimmed}") }
}

/// A URL path of the site under its `baseurl`.
pub fn join_baseurl(baseurl: &str, url: &str) -> String {
    format!("{}/{}", baseurl.trim_end_matches('/'), url.trim_start_matches('/'))
}

/// A URL for an `href`: what isn't ASCII is percent-encoded, what is encoded already stays.
pub fn encode_url(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            out.push(char::from(byte));
        } else {
            push_percent(&mut out, byte);
        }
    }
    out
}

#[cfg(test)]
mod tests;
