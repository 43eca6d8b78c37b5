//! Which files become what, and under which URL.

use bogi::content::document::Layout;
use bogi::content::{Kind, Options};
use bogi::value::Value;

use super::sites::{Site, document};

#[test]
fn a_post_of_minimal_mistakes_is_understood() {
    let site = Site::new(&[
        ("_config.yml", "title: 공부\ntimezone: Asia/Seoul\npermalink: /:categories/:title/\n"),
        (
            "posts/2026-01-04-aws-saa-lambda.md",
            "---\nlayout: single\ntitle:  \"AWS SAA 준비(Lambda)\"\ncategories: [AWS SAA]\n\
             tags: [AWS SAA]\ntoc: true\nauthor_profile: true\n---\n\n\n## 람다\n",
        ),
    ]);
    let content = site.content();
    let post = document(&content, "posts/2026-01-04-aws-saa-lambda.md");
    assert_eq!(post.kind, Kind::Post);
    assert_eq!(post.title, "AWS SAA 준비(Lambda)");
    assert_eq!(post.categories, ["AWS SAA"]);
    assert_eq!(post.tags, ["AWS SAA"]);
    assert_eq!(post.layout, Layout::Named("single".into()));
    assert_eq!(post.url, "/aws%20saa/aws-saa-lambda/");
    assert_eq!(post.output_path.as_deref(), Some("aws saa/aws-saa-lambda/index.html"));
    assert_eq!(post.date.as_ref().unwrap().to_string(), "2026-01-04 00:00:00 +0900");
    assert_eq!(post.text(), "## 람다\n");
    assert_eq!(post.get("toc"), Some(&Value::Bool(true)));
    assert_eq!(post.place_of_key("layout").line_column(), (2, 9));
    assert_eq!(post.place_of_key("layout").text(), "single");
}

#[test]
fn files_take_the_role_of_their_place() {
    let page = "---\n---\nx\n";
    let site = Site::new(&[
        ("_config.yml", "collections: { notes: { output: true }, hidden: {} }\n"),
        ("_posts/2026-01-01-a.md", "no front matter\n"),
        ("aws/_posts/deep/2026-01-02-b.md", page),
        ("posts/2026-01-03-no-post-here.md", page),
        ("_drafts/c.md", page),
        ("_notes/sub/d.md", page),
        ("_notes/e.png", "png"),
        ("_hidden/f.md", page),
        ("about.md", page),
        ("README", "plain"),
        ("_data/nav/main.yml", "- a\n"),
        ("_layouts/post.html", "layout"),
        ("templates/page.html", "template"),
        ("cache/CACHEDIR.TAG", ""),
        ("cache/x.md", page),
        ("_site/old.html", page),
        ("node_modules/x/readme.md", page),
    ]);
    let content = site.content();
    let urls: Vec<(&str, &str, bool)> = content
        .documents
        .iter()
        .map(|document| (document.path(), document.url.as_str(), document.output_path.is_some()))
        .collect();
    assert_eq!(
        urls,
        [
            ("_posts/2026-01-01-a.md", "/2026/01/01/a.html", true),
            ("aws/_posts/deep/2026-01-02-b.md", "/aws/2026/01/02/b.html", true),
            ("_notes/sub/d.md", "/notes/sub/d.html", true),
            ("_hidden/f.md", "/hidden/f.html", false),
            ("posts/2026-01-03-no-post-here.md", "/posts/2026-01-03-no-post-here.html", true),
            ("about.md", "/about.html", true),
        ]
    );
    let files: Vec<(&str, Option<&str>)> = content
        .static_files
        .iter()
        .map(|file| (file.path.as_str(), file.output_path.as_deref()))
        .collect();
    assert_eq!(files, [("README", Some("README")), ("_notes/e.png", Some("notes/e.png"))]);
    assert_eq!(content.theme_file("templates/page.html").unwrap().text(), "template");
    assert!(content.theme_file("_layouts/post.html").is_some());
    let nav = content.data.get("nav").and_then(|nav| nav.get("main")).unwrap();
    assert_eq!(nav.as_array().unwrap().len(), 1);
    let drafts = Options { drafts: true, ..site.options() };
    let content = site.read_with(&drafts).value;
    assert_eq!(document(&content, "_drafts/c.md").kind, Kind::Draft);
}

#[test]
fn words_come_from_folders_and_front_matter() {
    let site = Site::new(&[
        ("a/_posts/2026-01-01-x.md", "---\ncategories: b c\ncategory: d e\ntags: f g\n---\n"),
        ("_posts/2026-01-02-y.md", "---\ncategories: [AWS SAA, b, b]\ntag: h i\ntags: j\n---\n"),
    ]);
    let content = site.content();
    let x = document(&content, "a/_posts/2026-01-01-x.md");
    assert_eq!(x.categories, ["a", "b", "c", "d e"]);
    assert_eq!(x.tags, ["f", "g"]);
    let y = document(&content, "_posts/2026-01-02-y.md");
    assert_eq!(y.categories, ["AWS SAA", "b"]);
    assert_eq!(y.tags, ["h i"]);
    assert_eq!(y.title, "Y");
}

#[test]
fn what_is_not_published_is_left_out() {
    let site = Site::new(&[
        ("_posts/2026-01-01-a.md", "---\npublished: false\n---\n"),
        ("_posts/2026-07-01-b.md", "---\n---\n"),
        ("_posts/2026-01-03-c.md", "---\n---\n"),
        ("_posts/2026-01-04-d.md", "---\n---\n"),
        ("p.md", "---\npublished: false\n---\n"),
    ]);
    let paths = |options: &Options| -> Vec<String> {
        let content = site.read_with(options).value;
        content.documents.iter().map(|document| document.path().to_owned()).collect()
    };
    let options = site.options();
    assert_eq!(paths(&options), ["_posts/2026-01-03-c.md", "_posts/2026-01-04-d.md"]);
    let newest = Options { limit_posts: Some(1), ..options.clone() };
    assert_eq!(paths(&newest), ["_posts/2026-01-04-d.md"]);
    let all = Options { future: true, unpublished: true, ..options };
    assert_eq!(paths(&all).len(), 5);
}

#[test]
fn several_configurations_override_each_other() {
    let site = Site::new(&[
        ("_config.yml", "title: a\nx: { y: 1, z: [1] }\nbaseurl: blog/\n"),
        ("more.yml", "title: ~\nx: { z: [2] }\nlang: en\n"),
        ("a.md", "---\n---\n"),
    ]);
    let files = ["_config.yml", "more.yml"].map(|name| site.path().join(name));
    let options = Options { config_files: files.into(), ..site.options() };
    let config = site.read_with(&options).value.config;
    assert_eq!(config.title, "a");
    assert_eq!(config.baseurl, "/blog");
    assert_eq!(config.language.tag(), "en");
    assert_eq!(config.get("x").unwrap().get("y"), Some(&Value::Integer(1)));
    assert_eq!(config.get("x").unwrap().get("z").unwrap().as_array().unwrap().len(), 1);
    assert_eq!(config.place_of_key("baseurl").unwrap().text(), "blog/");
    let options = Options { baseurl: Some("/".into()), ..options };
    assert_eq!(site.read_with(&options).value.config.baseurl, "");
}

#[test]
fn defaults_lie_under_front_matter() {
    let site = Site::new(&[
        (
            "_config.yml",
            "defaults:\n- scope: { path: '', type: posts }\n  values: { layout: post, toc: true }\n\
             - scope: { path: '' }\n  values: { layout: page }\n",
        ),
        ("_posts/2026-01-01-a.md", "---\ntoc: false\n---\n"),
        ("_posts/2026-01-02-b.md", "---\nlayout: none\n---\n"),
        ("_posts/2026-01-03-c.md", "---\nlayout:\n---\n"),
        ("p.md", "---\n---\n"),
        ("q.md", "---\nlayout: null\n---\n"),
    ]);
    let content = site.content();
    let layout = |path: &str| document(&content, path).layout.clone();
    assert_eq!(layout("_posts/2026-01-01-a.md"), Layout::Named("post".into()));
    assert_eq!(layout("_posts/2026-01-02-b.md"), Layout::None);
    assert_eq!(layout("_posts/2026-01-03-c.md"), Layout::Named("post".into()));
    assert_eq!(layout("p.md"), Layout::Named("page".into()));
    assert_eq!(layout("q.md"), Layout::Unset);
    let a = document(&content, "_posts/2026-01-01-a.md");
    assert_eq!(a.get("toc"), Some(&Value::Bool(false)));
}

#[test]
fn dates_are_shown_in_the_site_s_zone() {
    let site = Site::new(&[
        ("_config.yml", "timezone: America/New_York\n"),
        // Psych takes a time with seconds and without an offset as UTC; without seconds it is
        // text, which Ruby reads as local time.
        ("_posts/2026-01-01-a.md", "---\ndate: 2013-04-09 23:22:00\n---\n"),
        ("_posts/2026-01-01-b.md", "---\ndate: 2013-04-09 23:22\n---\n"),
        ("_posts/2026-01-01-c.md", "---\ndate: 2013-04-09 23:22:00 +0900\n---\n"),
    ]);
    let content = site.content();
    let dates: Vec<String> =
        content.posts().map(|post| post.date.as_ref().unwrap().to_string()).collect();
    assert_eq!(
        dates,
        ["2013-04-09 10:22:00 -0400", "2013-04-09 19:22:00 -0400", "2013-04-09 23:22:00 -0400",]
    );
    assert_eq!(document(&content, "_posts/2026-01-01-c.md").url, "/2013/04/09/c.html");
}
