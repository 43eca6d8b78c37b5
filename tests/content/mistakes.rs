//! What is said of files that can't be read as they are, while the others still are.

use bogi::content::discover::discover;
use bogi::content::{Options, config, discover as codes, front_matter, reading};
use bogi::diagnostic::Code;
use bogi::yaml;

use super::sites::{Site, shown};

/// What is said of a site, sorted.
fn said(site: &Site) -> Vec<String> {
    let mut diagnostics = site.read().diagnostics;
    diagnostics.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
    diagnostics.iter().map(shown).collect()
}

#[test]
fn a_post_that_cannot_stand_hides_no_other() {
    let site = Site::new(&[
        ("_posts/2026-01-01-a.md", "---\ntitle: x\n본문\n"),
        ("_posts/2026-01-02-b.md", "---\ntitle: foo: bar\n---\n"),
        ("_posts/2026-01-03-c.md", "---\ndate: 2026-02-30\n---\n"),
        ("_posts/2026-02-30-d.md", "---\n---\n"),
        ("_posts/2026-01-05-e.md", "---\npermalink: /../../etc/\n---\n"),
        ("_posts/2026-01-06-f.md", "---\npermalink: /:titel/\n---\n"),
        ("_posts/2026-01-07-g.md", "---\n- a\n---\n"),
        ("_posts/2026-01-08-h.md", "---\ntags: {a: b}\ntitle: [a]\n---\n"),
        ("_posts/i.md", "---\n---\n"),
        ("_posts/2026-01-09-ok.md", "---\ndate: 내일\n---\n"),
        ("ok.md", "---\ndate: 내일\n---\n"),
    ]);
    site.write("_posts/2026-01-10-k.md", b"---\ntitle: \xc7\xd1\xb1\xdb\n---\n");
    assert_eq!(
        said(&site),
        [
            "E0205 _posts/2026-01-01-a.md:1:1 [---] front matter that is never closed",
            "E0001 _posts/2026-01-02-b.md:2:11 [:] a second colon in an unquoted value",
            "W0221 _posts/2026-01-03-c.md:2:7 [2026-02-30] there is no day 30 in 2026-02; it is \
         taken for 2026-03-02",
            "E0215 _posts/2026-01-05-e.md:2:12 [/../../etc/] the permalink leads out of the site",
            "E0215 _posts/2026-01-06-f.md:2:12 [/:titel/] the permalink has an unknown placeholder \
         `:titel`",
            "E0202 _posts/2026-01-07-g.md:2:1 [- a] the front matter is a list, not a map",
            "W0217 _posts/2026-01-08-h.md:2:7 [{a: b}] `tags` is a map, where a list of words is \
         needed",
            "W0217 _posts/2026-01-08-h.md:3:8 [[a]] `title` is a list, where text is needed",
            "E0214 _posts/2026-01-09-ok.md:2:7 [내일] `내일` isn't a date",
            "E0010 _posts/2026-01-10-k.md:2:8 [\u{fffd}] `_posts/2026-01-10-k.md` isn't UTF-8",
            "W0221 _posts/2026-02-30-d.md:1:1 [] there is no day 30 in 2026-02; it is taken for \
         2026-03-02",
            "W0212 _posts/i.md:1:1 [] `_posts/i.md` is no post: its name has no date",
        ]
    );
    let content = site.read().value;
    let paths: Vec<&str> = content.documents.iter().map(|document| document.path()).collect();
    let posts = ["2026-01-01-a", "2026-01-02-b", "2026-01-08-h", "2026-01-03-c", "2026-02-30-d"];
    let mut expected = posts.map(|name| format!("_posts/{name}.md")).to_vec();
    expected.push("ok.md".to_owned());
    assert_eq!(paths, expected);
}

#[test]
fn configuration_is_told_with_its_place() {
    let site = Site::new(&[(
        "_config.yml",
        "title: [a]\nexclude: foo\nfuture: maybe\ntimezone: Asia/Soul\npaginate: many\n\
         defaults:\n- scope: { path: x }\ncollections: 3\n",
    )]);
    assert_eq!(
        said(&site),
        [
            "E0203 _config.yml:1:8 [[a]] `title` is a list, where text is needed",
            "E0203 _config.yml:2:10 [foo] `exclude` is text, where a list is needed",
            "E0203 _config.yml:3:9 [maybe] `future` is text, where `true` or `false` is needed",
            "E0204 _config.yml:4:11 [Asia/Soul] there is no time zone `Asia/Soul`",
            "E0203 _config.yml:5:11 [many] `paginate` is text, where a count is needed",
            "E0203 _config.yml:7:3 [scope: { path: x }] a set of `defaults` without `values`",
            "E0203 _config.yml:8:14 [3] `collections` is a number, where a list or a map is needed",
        ]
    );
    assert_eq!(
        said(&Site::new(&[("_config.yml", "- a\n")])),
        ["E0202 _config.yml:1:1 [- a] the configuration is a list, not a map",]
    );
    assert_eq!(
        said(&Site::new(&[("_config.yml", "a: 1\na: 2\n")])),
        ["W0001 _config.yml:2:1 [a] the key `a` is given twice",]
    );
}

#[test]
fn a_destination_that_holds_the_source_is_refused() {
    let site = Site::new(&[("_config.yml", "destination: x\n"), ("sub/a.md", "---\n---\n")]);
    let refused = |destination: &str| {
        let destination = Some(site.path().join(destination));
        let source = site.path().join("sub");
        let options = Options { source, destination, ..Options::default() };
        discover(&options).err().map(|diagnostic| diagnostic.code)
    };
    for destination in ["sub", "sub/", ".", "sub/../sub", "sub/new/.."] {
        assert_eq!(refused(destination), Some(codes::DESTINATION_HOLDS_SOURCE), "{destination}");
    }
    assert_eq!(refused("sub/_site"), None);
    assert_eq!(refused("subs"), None);
    let nowhere = Options { source: site.path().join("nowhere"), ..Options::default() };
    assert_eq!(discover(&nowhere).unwrap_err().code, codes::NO_SOURCE);
    let missing = Options { config_files: vec![site.path().join("no.yml")], ..site.options() };
    assert_eq!(discover(&missing).unwrap_err().code, config::MISSING);
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_site_only() {
    use std::os::unix::fs::symlink;
    let outside = Site::new(&[("secret.md", "---\n---\n")]);
    let site = Site::new(&[("a/x.md", "---\n---\n"), ("b/y.md", "---\n---\n")]);
    let link = |target: &std::path::Path, name: &str| {
        symlink(target, site.path().join(name)).unwrap();
    };
    link(&outside.path().join("secret.md"), "secret.md");
    link(outside.path(), "folder");
    link(&site.path().join("a"), "c");
    link(site.path(), "a/up");
    link(&site.path().join("b"), "a/b");
    link(&site.path().join("a"), "b/a");
    link(&site.path().join("nowhere"), "nowhere");
    let staged = site.read();
    let mut paths: Vec<&str> =
        staged.value.documents.iter().map(|document| document.path()).collect();
    paths.sort_unstable();
    assert_eq!(paths, ["a/b/y.md", "a/x.md", "b/a/x.md", "b/y.md", "c/b/y.md", "c/x.md"]);
    let outcome = said(&site);
    assert!(outcome.iter().all(|said| said.starts_with("W0211")), "{outcome:?}");
    for said in [
        "W0211 a/up:1:1 [] the link `a/up` leads back to a folder that it is in",
        "W0211 folder:1:1 [] the link `folder` leads out of the site",
        "W0211 nowhere:1:1 [] the link `nowhere` leads nowhere",
        "W0211 secret.md:1:1 [] the link `secret.md` leads out of the site",
    ] {
        assert!(outcome.iter().any(|line| line == said), "{said}");
    }
}

#[test]
fn every_code_has_its_page() {
    let codes: [Code; 25] = [
        yaml::SYNTAX,
        yaml::TOO_DEEP,
        yaml::UNBOUNDED_EXPANSION,
        yaml::TOO_LONG,
        yaml::UNSUPPORTED_TAG,
        yaml::DUPLICATE_KEY,
        codes::NOT_UTF8,
        codes::TOO_LARGE,
        config::MISSING,
        config::NOT_A_MAP,
        config::WRONG_TYPE,
        config::UNKNOWN_ZONE,
        front_matter::UNCLOSED,
        bogi::content::data::BROKEN,
        codes::NO_SOURCE,
        codes::DESTINATION_HOLDS_SOURCE,
        codes::UNREADABLE,
        codes::UNNAMEABLE,
        codes::LINK_NOT_FOLLOWED,
        codes::POST_WITHOUT_DATE,
        codes::TOO_MANY_FOLDERS,
        reading::BAD_DATE,
        reading::BAD_PERMALINK,
        reading::FUTURE_POST,
        reading::UNFIT_VALUE,
    ];
    for code in codes {
        let page = format!("{}/tests/messages/{}.md", env!("CARGO_MANIFEST_DIR"), code.0);
        let text = std::fs::read_to_string(&page).unwrap_or_default();
        assert!(text.starts_with(&format!("# {}: ", code.0)), "{page}");
    }
}
