//! Permalinks: the one place where a URL is made.

/// A URL path of the site under its `baseurl`.
pub fn join_baseurl(baseurl: &str, url: &str) -> String {
    format!("{}/{}", baseurl.trim_end_matches('/'), url.trim_start_matches('/'))
}
