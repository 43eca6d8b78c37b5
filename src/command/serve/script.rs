//! The one tag that is added to a served page.

/// Where the page's script is served from. Nothing of a site lies there: names that begin with `_`
/// are Jekyll's.
pub const PATH: &str = "/_bogi/reload.js";

/// A page with its script tag: before its last `</body>`, or at its end.
pub fn insert(page: &[u8], tag: &str) -> Vec<u8> {
    let element = element(tag);
    let at = last_body_end(page).unwrap_or(page.len());
    let (before, after) = page.split_at(at);
    [before, element.as_bytes(), after].concat()
}

/// The tag, with the entity tag of the page that it stands in.
pub fn element(tag: &str) -> String {
    format!("<script src=\"{PATH}\" data-page=\"{tag}\" defer></script>")
}

fn last_body_end(page: &[u8]) -> Option<usize> {
    const END: &[u8] = b"</body>";
    let starts = page.windows(END.len());
    starts.enumerate().rev().find(|(_, window)| window.eq_ignore_ascii_case(END)).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_tag_stands_before_the_end_of_the_body() {
        for (page, before) in [
            ("<html><body>글</body></html>", "<html><body>글"),
            ("<p>a</BODY>\n", "<p>a"),
            ("<p>no end", "<p>no end"),
            ("", ""),
        ] {
            let out = String::from_utf8(insert(page.as_bytes(), "ab")).unwrap();
            let element = element("ab");
            assert_eq!(out.matches("<script").count(), 1);
            assert_eq!(out.replace(&element, ""), page);
            assert!(out.starts_with(&format!("{before}{element}")));
        }
    }
}
