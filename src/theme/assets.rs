//! The files that every page of the theme needs: one style sheet and an icon, under names that
//! change with their content, so that browsers may keep them for ever.

use std::collections::BTreeMap;

use super::embedded;

/// A file to publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Its URL relative to the site's root.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The theme's published files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The files, sorted by path.
    pub files: Vec<Asset>,
    /// The style sheet's URL, for [`SiteView::stylesheet`](super::view::SiteView::stylesheet).
    pub stylesheet: String,
    /// The icon's URL, for [`SiteView::icon`](super::view::SiteView::icon).
    pub icon: String,
}

/// The parts of the style sheet in their order: pages, figures, and what a site adds.
const STYLE_PARTS: [&str; 3] = ["site.css", "scenario.css", "custom.css"];

impl Assets {
    /// The theme's files. `site_files` are the files of the site's own `assets/` by their names
    /// relative to it: `site.css`, `scenario.css` and `icon.svg` take the place of the theme's,
    /// `custom.css` is added at the end of the style sheet.
    pub fn new(site_files: &BTreeMap<String, Vec<u8>>) -> Self {
        let file = |name: &str| {
            let own = site_files.get(name).cloned();
            own.or_else(|| embedded::asset(name).map(std::borrow::Cow::into_owned))
        };
        let mut style = String::new();
        for bytes in STYLE_PARTS.iter().filter_map(|name| file(name)) {
            compact(&String::from_utf8_lossy(&bytes), &mut style);
        }
        let stylesheet = published("style", "css", style.into_bytes());
        let icon = published("icon", "svg", file("icon.svg").unwrap_or_default());
        let paths = (stylesheet.path.clone(), icon.path.clone());
        let mut files = vec![stylesheet, icon];
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Self { files, stylesheet: paths.0, icon: paths.1 }
    }
}

/// A file under a name with the hash of its content.
fn published(name: &str, extension: &str, bytes: Vec<u8>) -> Asset {
    let path = format!("/assets/{name}-{:016x}.{extension}", fnv1a(&bytes));
    Asset { path, bytes }
}

/// The 64-bit Fowler–Noll–Vo hash, variant 1a: it tells versions of a file apart, and guards
/// nothing.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// Appends CSS without its comments and with a single space for each run of white space; strings
/// stay as they are.
fn compact(css: &str, out: &mut String) {
    let mut chars = css.chars().peekable();
    let mut quote = None;
    while let Some(c) = chars.next() {
        match quote {
            Some(open) => {
                out.push(c);
                if c == '\\' {
                    out.extend(chars.next());
                } else if c == open {
                    quote = None;
                }
            }
            None if c == '/' && chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            None if c.is_ascii_whitespace() => {
                if !out.ends_with([' ', '\n', '{', '}', ';', ',']) && !out.is_empty() {
                    out.push(' ');
                }
            }
            None => {
                quote = (c == '"' || c == '\'').then_some(c);
                if c == '{' && out.ends_with(' ') {
                    out.pop();
                }
                out.push(c);
            }
        }
    }
    out.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn css_loses_what_browsers_skip_and_nothing_else() {
        let mut out = String::new();
        let css = "/* a { } */\na > b ,\n  c::before {\n  content: \"/* \\\" */  x\";\n\
            \n  margin: 0 auto;\n}\n";
        compact(css, &mut out);
        assert_eq!(out, "a > b ,c::before{content: \"/* \\\" */  x\";margin: 0 auto;}\n");
        let mut out = String::new();
        compact("/* never ends", &mut out);
        assert_eq!(out, "\n");
    }

    #[test]
    fn a_site_s_file_takes_the_place_of_the_theme_s_and_changes_the_name() {
        let own = Assets::new(&BTreeMap::new());
        let site = BTreeMap::from([("site.css".to_owned(), b"p{color:red}".to_vec())]);
        let other = Assets::new(&site);
        assert_ne!(own.stylesheet, other.stylesheet);
        assert_eq!(own.icon, other.icon);
        let style = other.files.iter().find(|file| file.path == other.stylesheet).unwrap();
        assert!(style.bytes.starts_with(b"p{color:red}"));
    }
}
