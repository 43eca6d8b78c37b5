//! Which entries of a folder belong to the site: Jekyll's `include` and `exclude`.

/// The rules by which entries are kept or left out.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl Filter {
    /// Rules from the patterns of the configuration.
    pub fn new(include: &[String], exclude: &[String]) -> Self {
        let clean = |pattern: &String| pattern.trim_start_matches('/').to_owned();
        let kept = |pattern: &String| !pattern.is_empty();
        Self {
            include: include.iter().map(clean).filter(kept).collect(),
            exclude: exclude
                .iter()
                .filter(|pattern| !include.contains(pattern))
                .map(clean)
                .filter(kept)
                .collect(),
        }
    }

    /// Whether an entry belongs to the site. `folder` is relative to the source (empty for the
    /// source itself), `entry` relative to the folder.
    pub fn accepts(&self, folder: &str, entry: &str, is_folder: bool) -> bool {
        if entry.ends_with('.') {
            return false;
        }
        let name = entry.rsplit('/').next().unwrap_or(entry);
        let included = matches_any(&self.include, entry, is_folder)
            || matches_any(&self.include, name, is_folder);
        let path = if folder.is_empty() { entry.to_owned() } else { format!("{folder}/{entry}") };
        if self.excludes(&path, is_folder) && !included {
            return false;
        }
        included || !(is_special(entry) || is_special(name) || entry.ends_with('~'))
    }

    /// Whether a pattern of `exclude` names a path, relative to the source.
    pub fn excludes(&self, path: &str, is_folder: bool) -> bool {
        matches_any(&self.exclude, path, is_folder)
    }
}

fn is_special(name: &str) -> bool {
    name.starts_with(['.', '_', '#', '~'])
}

/// A pattern matches as a shell pattern, as a prefix, or, with a slash at its end, a folder.
fn matches_any(patterns: &[String], path: &str, is_folder: bool) -> bool {
    patterns.iter().any(|pattern| {
        path.starts_with(pattern.as_str())
            || is_folder && pattern.strip_suffix('/') == Some(path)
            || fnmatch(pattern, path)
    })
}

/// Ruby's `File.fnmatch` without flags: `*` and `?` match slashes too, `[…]` a set (`[^…]` and
/// `[!…]` its complement), a backslash takes the next character as it is.
fn fnmatch(pattern: &str, text: &str) -> bool {
    let pattern: Vec<char> = pattern.chars().collect();
    let text: Vec<char> = text.chars().collect();
    let (mut p, mut t) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        if pattern.get(p) == Some(&'*') {
            p += 1;
            retry = Some((p, t));
            continue;
        }
        if p == pattern.len() && t == text.len() {
            return true;
        }
        match text.get(t).and_then(|&c| match_one(&pattern, p, c)) {
            Some(next) => (p, t) = (next, t + 1),
            None => match retry {
                Some((after_star, from)) if from < text.len() => {
                    (p, t) = (after_star, from + 1);
                    retry = Some((after_star, from + 1));
                }
                _ => return false,
            },
        }
    }
}

/// Where the pattern goes on if its element at `p` matches a character.
fn match_one(pattern: &[char], p: usize, c: char) -> Option<usize> {
    match pattern.get(p)? {
        '?' => Some(p + 1),
        '[' => match_set(pattern, p + 1, c),
        '\\' => match pattern.get(p + 1) {
            Some(&literal) => (literal == c).then_some(p + 2),
            None => (c == '\\').then_some(p + 1),
        },
        &literal => (literal == c).then_some(p + 1),
    }
}

fn match_set(pattern: &[char], mut p: usize, c: char) -> Option<usize> {
    let negated = matches!(pattern.get(p), Some('^' | '!'));
    p += usize::from(negated);
    let mut found = false;
    loop {
        let mut low = *pattern.get(p)?;
        if low == ']' {
            return (found != negated).then_some(p + 1);
        }
        if low == '\\' {
            p += 1;
            low = *pattern.get(p)?;
        }
        let mut high = low;
        if pattern.get(p + 1) == Some(&'-') && pattern.get(p + 2).is_some_and(|&c| c != ']') {
            high = *pattern.get(p + 2)?;
            p += 2;
        }
        found |= (low..=high).contains(&c);
        p += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let own = |list: &[&str]| list.iter().map(|&s| s.to_owned()).collect::<Vec<_>>();
        Filter::new(&own(include), &own(exclude))
    }

    #[test]
    fn special_names_are_left_out_unless_included() {
        let plain = filter(&[".htaccess"], &[]);
        for name in [".git", "_layouts", "#x#", "~x", "x~", "x."] {
            assert!(!plain.accepts("", name, false), "{name}");
        }
        for name in [".htaccess", "about.md", "이름.md"] {
            assert!(plain.accepts("", name, false), "{name}");
        }
        assert!(plain.accepts("sub", ".htaccess", false));
        assert!(filter(&["_pages"], &[]).accepts("", "_pages", true));
    }

    #[test]
    fn an_exclude_is_a_pattern_or_a_prefix() {
        let filter = filter(&["kept.md"], &["foo", "*.log", "vendor/bundle/", "/docs", "kept.md"]);
        assert!(!filter.accepts("", "foobar.html", false));
        assert!(!filter.accepts("a/b", "x.log", false));
        assert!(!filter.accepts("vendor", "bundle", true));
        assert!(filter.accepts("vendor", "bundler.md", false));
        assert!(!filter.accepts("", "docs", true));
        assert!(filter.accepts("a", "docs", true));
        assert!(filter.accepts("", "kept.md", false));
    }

    #[test]
    fn shell_patterns_match_as_in_ruby() {
        for (pattern, text, matches) in [
            ("*", "a/b", true),
            ("a*c", "a/b/c", true),
            ("a?c", "abc", true),
            ("[a-c]x", "bx", true),
            ("[^a-c]x", "bx", false),
            ("\\*", "*", true),
            ("a*b*c", "a1b2b3c", true),
            ("a", "ab", false),
            ("[", "[", false),
            ("**/x", "a/b/x", true),
        ] {
            assert_eq!(fnmatch(pattern, text), matches, "{pattern} {text}");
        }
    }
}
