//! A made-up site that shows everything the theme can: for the tests and for `examples/theme.rs`.

use std::sync::Arc;

use bogi::diagnostic::Staged;
use bogi::markdown::Heading;
use bogi::theme::assets::Assets;
use bogi::theme::templates::{SiteTemplate, Theme};
use bogi::theme::view::{
    ChecksView, LinkView, Neighbour, PageView, Paginator, PostSummary, SiteView, TermLink,
    TermView, TocEntry, YearView,
};
use bogi::value::{Map, Value};

/// The body of a note with every kind of element.
pub const BODY: &str = include_str!("body.html");

/// A map from pairs.
pub fn map<const N: usize>(entries: [(&str, Value); N]) -> Map {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// A map from pairs, as a value.
pub fn object<const N: usize>(entries: [(&str, Value); N]) -> Value {
    Value::Map(map(entries))
}

fn link(label: &str, url: &str) -> Value {
    object([("label", label.into()), ("url", url.into())])
}

fn item(title: &str, url: &str) -> Value {
    object([("title", title.into()), ("url", url.into())])
}

fn configuration() -> Map {
    let links = vec![link("블로그", "https://example.com/blog"), link("빈 링크", "")];
    let author = object([
        ("name", "김보기".into()),
        ("avatar", "/assets/avatar.svg".into()),
        ("bio", "클라우드를 직접 돌려 보며 배웁니다.".into()),
        ("location", "서울".into()),
        ("email", "bogi@example.com".into()),
        ("github", "bogi".into()),
        ("links", Value::Array(links)),
    ]);
    let footer = Value::Array(vec![link("저장소", "https://example.com/repository")]);
    map([
        ("title", "구름 위의 노트".into()),
        ("subtitle", "돌려 보는 AWS 공부".into()),
        ("description", "글 속의 예제가 실제로 실행되는 AWS 공부 노트입니다.".into()),
        ("url", "https://notes.example.com".into()),
        ("locale", "ko-KR".into()),
        ("breadcrumbs", Value::Bool(true)),
        ("author", author),
        ("footer", object([("links", footer)])),
    ])
}

fn data() -> Map {
    let main = Value::Array(vec![
        item("카테고리", "/categories/"),
        item("태그", "/tags/"),
        item("전체 글", "/posts/"),
        item("소개", "/about/"),
    ]);
    let lambda = object([
        ("title", "Lambda".into()),
        (
            "children",
            Value::Array(vec![
                item("동시성이란", "/lambda/concurrency/"),
                item("콜드 스타트", "/lambda/cold-start/"),
            ]),
        ),
    ]);
    map([("navigation", object([("main", main), ("lambda", Value::Array(vec![lambda]))]))])
}

fn term(name: &str, kind: &str) -> TermLink {
    TermLink { name: name.to_owned(), url: format!("/{kind}/{}/", name.replace(' ', "-")) }
}

/// Posts of a few years, newest first.
pub fn posts() -> Vec<Arc<PostSummary>> {
    let titles = [
        "Lambda 동시성: 예약하면 남은 함수는 어떻게 될까",
        "콜드 스타트는 언제 일어나나",
        "시끄러운 이웃을 재 보자",
        "프로비저닝된 동시성의 값",
        "초당 요청 수 한도는 왜 동시성의 열 배인가",
        "SQS 가시성 제한 시간과 두 번 처리되는 메시지",
        "아주 긴 제목도 줄이 자연스럽게 나뉘어야 한다: CloudFront Functions와 Lambda@Edge의 \
         경계에서 생기는 일들",
    ];
    let post = |(index, title): (usize, &&str)| {
        Arc::new(PostSummary {
            title: (*title).to_owned(),
            url: format!("/2026/post-{index}/"),
            date: Some(format!("202{}-0{}-1{index}T09:00:00+09:00", 6 - index / 4, 9 - index)),
            modified: None,
            excerpt:
                "동시성은 같은 순간에 처리 중인 요청의 수다. 예약은 그 함수의 몫을 지켜 주지만, \
                  같은 만큼을 다른 함수들의 풀에서 덜어 낸다. 얼마나 덜어 내는지 직접 돌려 \
                  확인해 보자."
                    .to_owned(),
            categories: vec![term("AWS SAA", "categories")],
            tags: vec![term("Lambda", "tags"), term("동시성", "tags")],
            read_minutes: Some(3 + index),
            teaser: None,
            checks: (index == 0).then_some(ChecksView { scenarios: 2, expectations: 7, held: 7 }),
        })
    };
    titles.iter().enumerate().map(post).collect()
}

fn term_view(name: &str, kind: &str, posts: Vec<Arc<PostSummary>>) -> TermView {
    let TermLink { name, url } = term(name, kind);
    TermView { slug: name.replace(' ', "-"), name, url, count: posts.len(), posts }
}

/// The site with everything set.
pub fn site() -> SiteView {
    let assets = Assets::new(&std::collections::BTreeMap::new());
    let posts = posts();
    let year = |year: &str| YearView {
        year: year.to_owned(),
        posts: posts
            .iter()
            .filter(|post| post.date.as_deref().is_some_and(|date| date.starts_with(year)))
            .cloned()
            .collect(),
    };
    SiteView {
        stylesheet: assets.stylesheet,
        icon: assets.icon,
        feed: Some("/feed.xml".to_owned()),
        year: Some("2026".to_owned()),
        categories: vec![term_view("AWS SAA", "categories", posts.clone())],
        tags: vec![
            term_view("Lambda", "tags", posts.clone()),
            term_view("동시성", "tags", posts[..3].to_vec()),
            term_view("C# & <.NET>", "tags", posts[3..4].to_vec()),
        ],
        years: vec![year("2026"), year("2025")],
        categories_url: Some("/categories/".to_owned()),
        tags_url: Some("/tags/".to_owned()),
        posts,
        ..SiteView::from_config(&configuration(), &data())
    }
}

/// The built-in theme for a site.
pub fn theme(site: &SiteView) -> Theme {
    let Staged { value, diagnostics } = Theme::new(&[], site);
    assert_eq!(diagnostics, []);
    value
}

/// The theme with templates of the site's own.
pub fn theme_with(overrides: &[(&str, &str)], site: &SiteView) -> Staged<Theme> {
    let overrides: Vec<SiteTemplate> = overrides
        .iter()
        .map(|(name, text)| SiteTemplate {
            name: (*name).to_owned(),
            source: bogi::span::Source::new(format!("templates/{name}"), *text),
        })
        .collect();
    Theme::new(&overrides, site)
}

fn headings() -> Vec<Heading> {
    let heading = |level: u8, id: &str, html: &str| Heading {
        level,
        id: id.to_owned(),
        html: html.to_owned(),
        no_toc: false,
    };
    vec![
        heading(2, "동시성이란", "동시성이란"),
        heading(3, "계산해-보기", "계산해 보기"),
        heading(3, "예약-동시성", "예약 동시성 <code>reserved</code>"),
        heading(2, "비교", "비교"),
        heading(2, "코드", "코드"),
        heading(2, "정리", "정리"),
    ]
}

/// A note with everything set.
pub fn note(site: &SiteView) -> PageView {
    let front_matter = map([
        ("layout", "single".into()),
        ("title", "Lambda 동시성: 예약하면 남은 함수는 어떻게 될까".into()),
        ("excerpt", "예약은 지켜 주는 만큼 빼앗는다. 얼마나 빼앗는지 돌려 보고 잰다.".into()),
        ("toc", Value::Bool(true)),
        ("toc_sticky", Value::Bool(true)),
        ("author_profile", Value::Bool(true)),
        ("share", Value::Bool(true)),
        ("related", Value::Bool(true)),
        ("last_modified_at", "2026-03-02".into()),
        ("sidebar", object([("nav", "lambda".into()), ("title", "Lambda 연재".into())])),
    ]);
    PageView {
        url: "/lambda/concurrency/".to_owned(),
        content: BODY.to_owned(),
        is_post: true,
        date: Some("2026-01-04T09:00:00+09:00".to_owned()),
        categories: vec![term("AWS SAA", "categories")],
        tags: vec![term("Lambda", "tags"), term("동시성", "tags")],
        contents: TocEntry::tree(&headings()),
        read_minutes: Some(6),
        checks: Some(ChecksView { scenarios: 2, expectations: 7, held: 7 }),
        previous: Some(Neighbour {
            title: "콜드 스타트는 언제 일어나나".to_owned(),
            url: "/2026/post-1/".to_owned(),
        }),
        next: Some(Neighbour {
            title: "시끄러운 이웃을 재 보자".to_owned(),
            url: "/2026/post-2/".to_owned(),
        }),
        related_posts: posts()[3..6].to_vec(),
        breadcrumbs: vec![
            LinkView { label: "홈".to_owned(), url: "/".to_owned() },
            LinkView { label: "AWS SAA".to_owned(), url: "/categories/AWS-SAA/".to_owned() },
        ],
        ..PageView::from_front_matter(&front_matter, site)
    }
}

/// A page with a URL and a title, and keys of the front matter.
pub fn page<const N: usize>(
    site: &SiteView,
    url: &str,
    title: &str,
    keys: [(&str, Value); N],
) -> PageView {
    let mut front_matter = map(keys);
    front_matter.insert("title".to_owned(), title.into());
    PageView { url: url.to_owned(), ..PageView::from_front_matter(&front_matter, site) }
}

/// One of the pages of a long list.
pub fn paginator(page: usize) -> Paginator {
    let urls: Vec<String> = (1..=9)
        .map(|number| if number == 1 { "/".to_owned() } else { format!("/page{number}/") })
        .collect();
    Paginator::new(page, &urls, 61, posts())
}

/// Every kind of page with its layout and the file that it is written to.
pub fn pages(site: &SiteView) -> Vec<(&'static str, &'static str, PageView)> {
    let profile = || [("author_profile", Value::Bool(true))];
    let home = PageView { paginator: Some(paginator(3)), ..page(site, "/", "", profile()) };
    let term = |index: usize| site.tags.get(index).cloned();
    let hero = object([
        ("overlay_image", "/assets/sky.svg".into()),
        ("actions", Value::Array(vec![link("읽기 시작", "/posts/")])),
    ]);
    let bright = object([("overlay_color", "#ffd54d".into())]);
    let wide = [("classes", "wide".into()), ("toc", Value::Bool(true))];
    let splash = [("header", hero), ("excerpt", "글 속의 예제가 실행됩니다.".into())];
    let body = |view: PageView| PageView { content: BODY.to_owned(), ..view };
    let contents = |view: PageView| PageView { contents: TocEntry::tree(&headings()), ..view };
    let tag = PageView { term: term(0), ..page(site, "/tags/Lambda/", "Lambda", []) };
    let category = PageView {
        term: site.categories.first().cloned(),
        ..page(site, "/categories/AWS-SAA/", "AWS SAA", [])
    };
    vec![
        ("home", "index.html", home),
        ("single", "note.html", note(site)),
        ("page", "page.html", body(page(site, "/about/", "소개", []))),
        ("page", "wide.html", contents(body(page(site, "/wide/", "넓은 글", wide)))),
        ("single", "bright.html", body(page(site, "/bright/", "밝은 머리", [("header", bright)]))),
        ("splash", "splash.html", body(page(site, "/splash/", "구름을 돌려 보다", splash))),
        ("posts", "posts.html", page(site, "/posts/", "전체 글", [])),
        ("categories", "categories.html", page(site, "/categories/", "카테고리", [])),
        ("tags", "tags.html", page(site, "/tags/", "태그", [])),
        ("category", "category.html", category),
        ("tag", "tag.html", tag),
        ("404", "404.html", page(site, "/404.html", "", [])),
    ]
}
