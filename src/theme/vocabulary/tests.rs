//! What Minimal Mistakes' keys become.

use super::*;

fn object(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn entries(entries: &[(&str, Value)]) -> Map {
    entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
}

#[test]
fn the_configuration_of_the_theme_is_understood() {
    let author = object(&[
        ("name", "김보기".into()),
        ("email", "bogi@example.com".into()),
        ("github", "bogi".into()),
        (
            "links",
            Value::Array(vec![
                object(&[("label", "블로그".into()), ("url", "https://example.com".into())]),
                object(&[("label", "빈 주소".into())]),
            ]),
        ),
    ]);
    let item = object(&[("title", "소개".into()), ("url", "/about/".into())]);
    let config = entries(&[
        ("title", "구름 노트".into()),
        ("baseurl", "blog/".into()),
        ("url", "https://example.com/".into()),
        ("locale", "ko_KR".into()),
        ("author", author),
    ]);
    let data = entries(&[("navigation", object(&[("main", Value::Array(vec![item]))]))]);
    let site = SiteView::from_config(&config, &data);
    assert_eq!((site.baseurl.as_str(), site.locale.as_str()), ("/blog", "ko-KR"));
    assert_eq!(site.url, "https://example.com");
    assert_eq!(site.navigation[0].url.as_deref(), Some("/about/"));
    let author = site.author.as_ref().unwrap();
    let labels: Vec<&str> = author.links.iter().map(|link| link.label.as_str()).collect();
    assert_eq!(labels, ["Email", "GitHub", "블로그"]);
    let page = PageView::from_front_matter(&entries(&[("author", "손님".into())]), &site);
    assert_eq!(page.author.unwrap().name, "손님");
    assert_eq!(PageView::from_front_matter(&Map::new(), &site).author.unwrap().name, "김보기");
}

#[test]
fn a_value_of_the_wrong_kind_counts_as_not_written() {
    let odd = || Value::Array(vec![Value::Integer(1), Value::Null]);
    let keys = ["title", "author", "header", "sidebar", "classes", "excerpt", "lang", "footer"];
    let map: Map = keys.iter().map(|key| ((*key).to_owned(), odd())).collect();
    let data = entries(&[("navigation", odd()), ("authors", Value::Integer(3))]);
    let site = SiteView::from_config(&map, &data);
    let page = PageView::from_front_matter(&map, &site);
    assert_eq!((page.title.as_str(), page.lang.as_str()), ("", "ko-KR"));
    assert!(page.sidebar.is_empty() && page.author.is_none());
}

#[test]
fn a_number_may_be_a_title() {
    let site = SiteView::default();
    let page = PageView::from_front_matter(&entries(&[("title", Value::Integer(404))]), &site);
    assert_eq!(page.title, "404");
}

#[test]
fn only_colours_reach_a_style() {
    for bad in ["red;background:url(x)", "url(x)", "#fff\"", "expression{}"] {
        assert!(!is_color(bad), "{bad}");
    }
    for good in ["#333", "rebeccapurple", "rgba(0, 0, 0, 0.5)", "hsl(120 50% 40%)"] {
        assert!(is_color(good), "{good}");
    }
    assert!(is_light("#fff") && is_light("#ffcc00") && !is_light("#0b57a4") && !is_light("#333"));
    assert!(!is_light("#각") && !is_light("#12"));
}

#[test]
fn a_sidebar_names_a_menu() {
    let item = object(&[("title", "람다".into()), ("url", "/lambda/".into())]);
    let data = entries(&[("navigation", object(&[("docs", Value::Array(vec![item]))]))]);
    let site = SiteView::from_config(&Map::new(), &data);
    let front_matter = entries(&[("sidebar", object(&[("nav", "docs".into())]))]);
    let page = PageView::from_front_matter(&front_matter, &site);
    assert_eq!(page.sidebar[0].items[0].title, "람다");
}
