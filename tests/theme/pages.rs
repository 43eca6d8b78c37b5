//! Promises that hold for each kind of page.

use std::collections::BTreeSet;

use bogi::theme::view::{PageView, SiteView};
use bogi::value::Value;

use crate::html::{heading_levels, scripts, tags};
use crate::sample;

/// Every kind of page, from a site with everything set and from one with nothing set.
fn all_pages() -> Vec<(String, String)> {
    let site = sample::site();
    let theme = sample::theme(&site);
    let mut pages: Vec<(String, String)> = sample::pages(&site)
        .iter()
        .map(|(layout, file, view)| ((*file).to_owned(), theme.render(layout, view).unwrap()))
        .collect();
    let bare = SiteView::default();
    let theme = sample::theme(&bare);
    let layouts: Vec<&str> = theme.layouts().collect();
    for layout in layouts {
        let html = theme.render(layout, &PageView::default()).unwrap();
        pages.push((format!("bare {layout}"), html));
    }
    pages
}

#[test]
fn each_layout_of_the_vocabulary_is_there() {
    let theme = sample::theme(&SiteView::default());
    let names = [
        "single",
        "post",
        "posts",
        "page",
        "home",
        "archive",
        "categories",
        "tags",
        "category",
        "tag",
        "splash",
        "default",
        "404",
    ];
    for name in names {
        assert!(theme.has(name), "{name}");
    }
}

#[test]
fn a_page_has_a_language_a_title_and_one_first_heading() {
    for (name, html) in all_pages() {
        assert!(html.starts_with("<!doctype html>\n<html lang=\""), "{name}");
        assert!(!html.contains("lang=\"\""), "{name}");
        assert!(!html.contains("<title></title>"), "{name}");
        let levels = heading_levels(&html);
        let first = levels.iter().filter(|level| **level == 1).count();
        // `default` shows nothing but what the author wrote.
        assert_eq!(first, usize::from(name != "bare default"), "{name}: {levels:?}");
        for pair in levels.windows(2) {
            assert!(pair[1] <= pair[0] + 1, "{name}: {levels:?}");
        }
    }
}

#[test]
fn the_way_in_is_the_skip_link_and_ids_are_unique() {
    for (name, html) in all_pages() {
        let tags = tags(&html);
        let first_link = tags.iter().find(|tag| tag.name == "a").unwrap();
        assert_eq!(first_link.get("href"), Some("#main"), "{name}");
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|tag| tag.get("id")) {
            assert!(ids.insert(id), "{name}: {id}");
        }
        for tag in tags.iter().filter(|tag| tag.name == "a") {
            let Some(anchor) = tag.get("href").and_then(|href| href.strip_prefix('#')) else {
                continue;
            };
            assert!(ids.contains(anchor), "{name}: #{anchor}");
        }
        for landmark in ["main", "body"] {
            assert_eq!(tags.iter().filter(|tag| tag.name == landmark).count(), 1, "{name}");
        }
    }
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    for (name, html) in all_pages() {
        let mut requests = 1;
        for tag in tags(&html) {
            let address = match tag.name {
                "link" if matches!(tag.get("rel"), Some("stylesheet" | "icon")) => tag.get("href"),
                "script" | "img" | "iframe" | "source" => tag.get("src"),
                _ => None,
            };
            let Some(address) = address else { continue };
            requests += 1;
            let own =
                address.is_empty() || (address.starts_with('/') && !address.starts_with("//"));
            assert!(own, "{name}: {address}");
        }
        assert!(requests <= 4, "{name}: {requests} requests");
        assert!(!html.contains("@import") && !html.contains("fonts.g"), "{name}");
    }
}

#[test]
fn scripts_and_pages_stay_small() {
    for (name, html) in all_pages() {
        let size: usize = scripts(&html).iter().map(|script| script.len()).sum();
        assert!(size <= 3 << 10, "{name}: {size} bytes of scripts");
        let frame = html.len()
            - if html.contains("class=\"scenario-value") { sample::BODY.len() } else { 0 };
        assert!(frame <= 16 << 10, "{name}: {frame} bytes around the text");
    }
}

#[test]
fn the_mode_is_set_before_the_style_sheet_is_asked_for() {
    for (name, html) in all_pages() {
        let script = html.find("localStorage.getItem").expect("a script sets the mode");
        assert!(script < html.find("rel=\"stylesheet\"").unwrap(), "{name}");
    }
}

#[test]
fn what_authors_write_can_t_become_markup() {
    let evil = "</script><script>alert(1)</script>\"><img src=x onerror=1>'";
    let mut site = sample::site();
    site.title = evil.to_owned();
    site.description = Some(evil.to_owned());
    site.footer_links[0].label = evil.to_owned();
    site.navigation[0].title = evil.to_owned();
    site.navigation[0].url = Some(evil.to_owned());
    for post in &mut site.posts {
        let post = std::sync::Arc::make_mut(post);
        post.title = evil.to_owned();
        post.excerpt = evil.to_owned();
    }
    let theme = sample::theme(&site);
    for (layout, file, mut view) in sample::pages(&site) {
        view.title = evil.to_owned();
        view.tagline = Some(evil.to_owned());
        view.description = evil.to_owned();
        view.content = String::new();
        view.is_post = true;
        view.date = Some(evil.to_owned());
        view.classes = evil.to_owned();
        view.data.insert("toc_label".to_owned(), Value::from(evil));
        if let Some(author) = &mut view.author {
            author.name = evil.to_owned();
        }
        if let Some(previous) = &mut view.previous {
            previous.title = evil.to_owned();
        }
        let html = theme.render(layout, &view).unwrap();
        assert!(!html.contains("<script>alert") && !html.contains("<img src=x"), "{file}: {html}");
    }
}

#[test]
fn the_front_matter_of_minimal_mistakes_does_what_it_did() {
    let site = sample::site();
    let theme = sample::theme(&site);
    let note = sample::note(&site);
    let html = theme.render("single", &note).unwrap();
    assert!(html.contains("<nav class=\"contents sticky\""));
    assert!(html.contains("<a href=\"#예약-동시성\">예약 동시성 <code>reserved</code></a>"));
    assert!(html.contains("김보기") && html.contains("Lambda 연재"));
    assert!(html.contains("<time datetime=\"2026-01-04T09:00:00+09:00\">2026년 1월 4일</time>"));
    assert!(html.contains("고침 <time datetime=\"2026-03-02\">2026년 3월 2일</time>"));
    assert!(html.contains("6분 읽기") && html.contains("기대 7개 중 7개 성립"));
    assert!(html.contains("함께 읽을 글") && html.contains("rel=\"prev\""));

    let mut silent = note.clone();
    let off = ["toc", "author_profile", "share", "related", "read_time", "show_date"];
    for key in off {
        silent.data.insert(key.to_owned(), Value::Bool(false));
    }
    silent.sidebar = Vec::new();
    let html = theme.render("single", &silent).unwrap();
    for absent in ["목차", "김보기</p>", "공유하기", "함께 읽을 글", "6분 읽기", "1월 4일</time>"]
    {
        assert!(!html.contains(absent), "{absent}");
    }
}

#[test]
fn an_english_page_speaks_english() {
    let site = sample::site();
    let theme = sample::theme(&site);
    let page = PageView { lang: "en".to_owned(), ..sample::note(&site) };
    let html = theme.render("post", &page).unwrap();
    assert!(html.starts_with("<!doctype html>\n<html lang=\"en\">"));
    for words in ["Skip to content", "January 4, 2026", "6 minutes read", "On this page"] {
        assert!(html.contains(words), "{words}");
    }
}

#[test]
fn addresses_carry_the_baseurl() {
    let mut site = sample::site();
    site.baseurl = "/blog".to_owned();
    let theme = sample::theme(&site);
    for (layout, file, mut view) in sample::pages(&site) {
        view.content = String::new();
        let html = theme.render(layout, &view).unwrap();
        for tag in tags(&html) {
            for address in [tag.get("href"), tag.get("src")].into_iter().flatten() {
                let inside = !address.starts_with('/') || address.starts_with("/blog/");
                assert!(inside, "{file}: {address}");
            }
        }
        let canonical = "rel=\"canonical\" href=\"https://notes.example.com/blog/";
        assert!(html.contains(canonical), "{file}");
    }
}

#[test]
fn the_same_view_gives_the_same_bytes() {
    let site = sample::site();
    let (one, other) = (sample::theme(&site), sample::theme(&site));
    for (layout, file, view) in sample::pages(&site) {
        let elsewhere = std::thread::scope(|threads| {
            threads.spawn(|| other.render(layout, &view)).join().unwrap()
        });
        assert_eq!(one.render(layout, &view), elsewhere, "{file}");
    }
}

#[test]
fn structured_data_is_json_whatever_the_author_wrote() {
    let site = sample::site();
    let theme = sample::theme(&site);
    let title = "\"따옴표\" \\ </script><b> & \u{2028}";
    for modified in [None, Some("2026/03/02"), Some("\"}</script>")] {
        let front_matter = sample::map([
            ("title", title.into()),
            ("last_modified_at", modified.map_or(Value::Null, Value::from)),
        ]);
        let view = PageView {
            url: "/글/".to_owned(),
            is_post: true,
            date: Some("2026-01-04T09:00:00+09:00".to_owned()),
            ..PageView::from_front_matter(&front_matter, &site)
        };
        let html = theme.render("single", &view).unwrap();
        let data = html.split("<script type=\"application/ld+json\">").nth(1).unwrap();
        let data = data.split("</script>").next().unwrap();
        let data: serde_json::Value = serde_json::from_str(data).unwrap();
        assert_eq!(data["headline"], title);
        let changed = match modified {
            Some("2026/03/02") => "2026-03-02T00:00:00+00:00",
            _ => "2026-01-04T09:00:00+09:00",
        };
        assert_eq!(data["dateModified"], changed);
    }
}

#[test]
fn descriptions_and_locales_are_cut_and_written_as_filters_say() {
    let site = sample::site();
    let view = PageView {
        lang: "en-US".to_owned(),
        description: "낱말 ".repeat(100),
        ..PageView::default()
    };
    let html = sample::theme(&site).render("single", &view).unwrap();
    assert!(html.contains("property=\"og:locale\" content=\"en_US\""), "{html}");
    let description = html.split("name=\"description\" content=\"").nth(1).unwrap();
    assert!(description.split('"').next().unwrap().ends_with('…'), "{html}");
}

#[test]
fn no_link_of_front_matter_or_configuration_runs_a_script() {
    let script = "javascript:alert(1)";
    let link = || sample::object([("label", "가".into()), ("url", script.into())]);
    let author = sample::object([
        ("name", "나".into()),
        ("home", script.into()),
        ("links", Value::Array(vec![link()])),
    ]);
    let footer = sample::object([("links", Value::Array(vec![link()]))]);
    let item = sample::object([("title", "다".into()), ("url", script.into())]);
    let menus = sample::object([("main", Value::Array(vec![item]))]);
    let config = sample::map([("author", author), ("footer", footer)]);
    let site = SiteView::from_config(&config, &sample::map([("navigation", menus)]));
    let header = sample::object([
        ("actions", Value::Array(vec![link()])),
        ("image", script.into()),
        ("overlay_image", script.into()),
        ("teaser", script.into()),
    ]);
    let front_matter = sample::map([("header", header), ("author_profile", Value::Bool(true))]);
    let view = PageView::from_front_matter(&front_matter, &site);
    let theme = sample::theme(&site);
    for layout in ["single", "splash", "home"] {
        let html = theme.render(layout, &view).unwrap();
        assert!(!html.contains("javascript:"), "{html}");
        assert!(html.matches("href=\"#\"").count() >= 3, "{html}");
    }
}

#[test]
fn what_a_layout_shows_of_the_site_can_be_told() {
    let theme = sample::theme(&sample::site());
    for layout in ["single", "home", "category", "tag", "404", "posts"] {
        let fields = theme.site_fields(layout).as_ref();
        assert!(fields.is_some_and(|fields| fields.contains("title")), "{layout}: {fields:?}");
    }
    let single = theme.site_fields("single").as_ref().unwrap();
    assert!(!single.contains("posts") && !single.contains("tags"), "{single:?}");
}
