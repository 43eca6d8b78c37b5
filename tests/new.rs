//! `bogi new`, `bogi completions` and `bogi man`.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn bogi(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bogi"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("TZ", "Asia/Seoul")
        .output()
        .unwrap()
}

#[track_caller]
fn good(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_new_site_builds_and_holds_in_both_languages() {
    for language in ["ko", "en"] {
        let folder = tempfile::tempdir().unwrap();
        good(&bogi(folder.path(), &["new", "site", "notes", "--lang", language]));
        let root = folder.path().join("notes");
        good(&bogi(&root, &["check", "--strict"]));
        let said = bogi(&root, &["build"]);
        good(&said);
        let said = String::from_utf8(said.stderr).unwrap();
        assert!(said.contains("1 scenario"), "{said}");
        let home = fs::read_to_string(root.join("_site/index.html")).unwrap();
        assert!(home.contains("first-requests"), "the post is on the home page");
        // A second time it refuses, and with `--force` it keeps what is there.
        assert_eq!(bogi(folder.path(), &["new", "site", "notes"]).status.code(), Some(2));
        fs::write(root.join("_config.yml"), "title: mine\n").unwrap();
        fs::remove_file(root.join("about.md")).unwrap();
        good(&bogi(folder.path(), &["new", "site", "notes", "--force"]));
        assert_eq!(fs::read_to_string(root.join("_config.yml")).unwrap(), "title: mine\n");
        assert!(root.join("about.md").exists());
    }
}

#[test]
fn a_post_is_named_by_its_title_as_jekyll_names_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let new = |arguments: &[&str]| {
        bogi(root, &[&["new", "post", "--today", "2026-11-22"], arguments].concat())
    };
    good(&new(&["한국어 제목: \"동시성\"이란?"]));
    let path = root.join("_posts/2026-11-22-한국어-제목-동시성-이란.md");
    let text = fs::read_to_string(&path).unwrap();
    let expected = "---\ntitle: \"한국어 제목: \\\"동시성\\\"이란?\"\n\
                    date: 2026-11-22 09:00:00 +0900\n\
                    ---\n\n";
    assert_eq!(text, expected);
    // Nothing is overwritten by itself.
    fs::write(&path, "mine").unwrap();
    assert_eq!(new(&["한국어 제목: 동시성 이란"]).status.code(), Some(2));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    good(&new(&["한국어 제목: 동시성 이란", "--force"]));
    good(&new(&["Draft One", "--draft"]));
    let draft = fs::read_to_string(root.join("_drafts/draft-one.md")).unwrap();
    assert_eq!(draft, "---\ntitle: \"Draft One\"\n---\n\n");
    // A site with `posts/` keeps its posts there.
    let other = root.join("other");
    fs::create_dir_all(other.join("posts")).unwrap();
    good(&new(&["하나", "--source", "other"]));
    assert!(other.join("posts/2026-11-22-하나.md").exists());
    good(&bogi(&other, &["build"]));
    assert!(other.join("_site").exists());
}

#[test]
fn a_post_of_now_is_not_in_the_future() {
    let folder = tempfile::tempdir().unwrap();
    good(&bogi(folder.path(), &["new", "post", "지금"]));
    let said = bogi(folder.path(), &["build"]);
    assert!(String::from_utf8_lossy(&said.stderr).contains("Built 1 page"), "{said:?}");
}

#[test]
fn shells_and_man_get_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let commands = ["build", "check", "serve", "new", "run", "explain"];
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = good(&bogi(folder.path(), &["completions", shell]));
        for command in commands {
            assert!(script.contains(command), "{shell} doesn't know {command}");
        }
    }
    let page = good(&bogi(folder.path(), &["man"]));
    assert!(page.contains(".TH bogi 1") && page.contains("serve"), "{page}");
    good(&bogi(folder.path(), &["man", "--dir", "man"]));
    for command in commands {
        let page = fs::read_to_string(folder.path().join(format!("man/bogi-{command}.1"))).unwrap();
        assert!(page.contains(&format!(".TH bogi-{command} 1")), "{page}");
    }
    assert!(folder.path().join("man/bogi.1").exists());
}
