//! `{% gist %}`, as jekyll-gist 1.5 writes it where it can't reach the network: the script alone.
//! The code for browsers without scripts (`<noscript>`) lies on GitHub's servers, which a build
//! never asks.

use super::text::quoted;

/// The gist and the file that the tag's markup names: `user/1234567 file.rb`. Where templates have
/// a variable of one of these names, its value stands in the name's place. `None` for markup that
/// names no gist.
pub fn parse(markup: &str) -> Option<(&str, &str)> {
    let markup = markup.trim();
    let words: Vec<&str> = markup.split_ascii_whitespace().collect();
    match words[..] {
        [] => None,
        [id] => Some((id, "")),
        [id, file] if markup.len() == id.len() + 1 + file.len() => Some((id, file)),
        _ => markup.contains('/').then_some((markup, "")),
    }
}

/// The HTML of a gist, or of one file of it; `file` is empty for all.
pub fn gist(id: &str, file: &str) -> String {
    let file = if file.is_empty() { String::new() } else { format!("?file={}", quoted(file)) };
    format!("<script src=\"https://gist.github.com/{}.js{file}\"> </script>", quoted(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gist_is_named_with_or_without_user_and_file() {
        assert_eq!(parse(" kim/123 "), Some(("kim/123", "")));
        assert_eq!(parse("123 a.rb"), Some(("123", "a.rb")));
        assert_eq!(parse("kim/1 2 3"), Some(("kim/1 2 3", "")));
        assert_eq!(parse("1 2 3"), None);
        assert_eq!(parse(" "), None);
        assert_eq!(
            gist("kim/1", "a.rb"),
            "<script src=\"https://gist.github.com/kim/1.js?file=a.rb\"> </script>"
        );
    }
}
