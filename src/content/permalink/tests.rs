//! Which URL and which file a permalink makes.

use super::*;
use crate::date::Zone;

fn address(pattern: &str) -> Result<(String, String), PermalinkError> {
    let date = Moment::parse("2026-01-04 09:08:07", &Zone::utc()).unwrap();
    let categories = ["AWS SAA".to_owned(), "클라우드".to_owned(), "aws saa".to_owned()];
    let parts = DocumentParts {
        collection: "posts",
        cleaned_path: "/2026-01-04-AWS_Lambda",
        basename: "2026-01-04-AWS_Lambda",
        slug: "AWS_Lambda 동시성",
        categories: &categories,
        date: &date,
        output_extension: ".html",
    };
    let pattern = style_pattern(pattern).unwrap_or(pattern);
    document_address(pattern, &parts).map(|address| (address.url, address.output_path))
}

const CATEGORIES: &str = "/aws%20saa/%ED%81%B4%EB%9D%BC%EC%9A%B0%EB%93%9C";
const SLUG: &str = "AWS_Lambda-%EB%8F%99%EC%8B%9C%EC%84%B1";

#[test]
fn every_style_has_its_url() {
    for (style, middle, end) in [
        ("date", "/2026/01/04/", ".html"),
        ("pretty", "/2026/01/04/", "/"),
        ("ordinal", "/2026/004/", ".html"),
        ("weekdate", "/2026/W01/Sun/", ".html"),
        ("none", "/", ".html"),
    ] {
        let (url, path) = address(style).unwrap();
        assert_eq!(url, format!("{CATEGORIES}{middle}{SLUG}{end}"), "{style}");
        let file = if end == "/" { "/index.html" } else { ".html" };
        assert_eq!(path, format!("aws saa/클라우드{middle}AWS_Lambda-동시성{file}"), "{style}");
    }
}

#[test]
fn every_placeholder_has_its_value() {
    for (pattern, url) in [
        ("/:collection/:path", "/posts/2026-01-04-AWS_Lambda"),
        ("/:name/", "/2026-01-04-aws-lambda/"),
        ("/:slug/", "/aws-lambda-%EB%8F%99%EC%8B%9C%EC%84%B1/"),
        ("/:slugified_categories/x", "/aws-saa/%ED%81%B4%EB%9D%BC%EC%9A%B0%EB%93%9C/x"),
        ("/:i_month-:i_day-:short_year/", "/1-4-26/"),
        ("/:short_month/:long_month/:short_day/:long_day/", "/Jan/January/Sun/Sunday/"),
        ("/:hour:minute:second/:y_day/:week/:w_year/:w_day/", "/090807/004/01/2026/7/"),
        ("/:year_:month/", "/2026_01/"),
        ("/a/b", "/a/b"),
        ("about/", "/about/"),
        ("/한글/", "/한글/"),
    ] {
        assert_eq!(address(pattern).unwrap().0, url, "{pattern}");
    }
    assert_eq!(address("/a/b").unwrap().1, "a/b.html");
    assert_eq!(address("/a/b.html").unwrap().1, "a/b.html");
    assert_eq!(address("/한글/").unwrap().1, "한글/index.html");
}

#[test]
fn what_makes_no_url_is_refused() {
    for (pattern, error) in [
        ("", PermalinkError::Empty),
        ("/:titel/", PermalinkError::UnknownPlaceholder("titel".to_owned())),
        ("/../x", PermalinkError::LeavesTheSite),
        ("/a/%2e%2E/x", PermalinkError::LeavesTheSite),
        ("/a%00b", PermalinkError::LeavesTheSite),
    ] {
        assert_eq!(address(pattern), Err(error), "{pattern}");
    }
}

#[test]
fn pages_follow_the_style_only_if_they_are_html() {
    let page = |permalink, style: &str, folder, basename, output_extension| {
        let parts = PageParts { folder, basename, output_extension };
        let address = page_address(permalink, style, &parts).unwrap();
        (address.url, address.output_path)
    };
    let own = |url: &str, path: &str| (url.to_owned(), path.to_owned());
    assert_eq!(page(None, "date", "", "about", ".html"), own("/about.html", "about.html"));
    assert_eq!(page(None, "pretty", "", "about", ".html"), own("/about/", "about/index.html"));
    assert_eq!(page(None, "pretty", "a", "index", ".html"), own("/a/", "a/index.html"));
    assert_eq!(page(None, "pretty", "", "feed", ".xml"), own("/feed.xml", "feed.xml"));
    assert_eq!(page(None, "/:title", "", "about", ".html"), own("/about", "about.html"));
    assert_eq!(
        page(None, "date", "글", "첫 글", ".html"),
        own("/%EA%B8%80/%EC%B2%AB%20%EA%B8%80.html", "글/첫 글.html")
    );
    assert_eq!(page(Some("/404.html"), "pretty", "", "x", ".html"), own("/404.html", "404.html"));
    assert_eq!(
        page(Some("/:title/"), "date", "", "x", ".html"),
        own("/:title/", ":title/index.html")
    );
}

#[test]
fn copied_files_stay_where_they_lie() {
    for (path, output) in [
        ("assets/그림 1.png", "assets/그림 1.png"),
        ("a/새 글..png", "a/새 글.png"),
        ("50%25.png", "50%.png"),
        (".htaccess", ".htaccess"),
    ] {
        assert_eq!(static_address(path).unwrap().output_path, output);
    }
    assert_eq!(static_address("a/%2e%2e/b"), Err(PermalinkError::LeavesTheSite));
}

#[test]
fn a_base_url_is_joined_without_doubled_slashes() {
    assert_eq!(clean_baseurl("blog/"), "/blog");
    assert_eq!(clean_baseurl("/"), "");
    assert_eq!(join_baseurl("/blog", "/a/"), "/blog/a/");
    assert_eq!(join_baseurl("", "/"), "/");
    assert_eq!(encode_url("/한/%ED%81%B4?a=b#c"), "/%ED%95%9C/%ED%81%B4?a=b#c");
}

#[test]
fn extensions_are_ruby_s() {
    assert_eq!(extension("a.tar.gz"), Some(".gz"));
    assert_eq!(extension(".htaccess"), None);
    assert_eq!(extension("a."), None);
    assert_eq!(extension_of("/a.b/c"), None);
    assert_eq!(extension_of("/feed.xml"), Some(".xml"));
}
