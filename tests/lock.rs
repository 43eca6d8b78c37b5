//! The lock in a repository: revisions of git, files that are no lock, and one that is too large.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const POST: &str = "\
---
title: 글
---

```scenario
id: burst
functions: { orders: { duration: 200ms } }
events: [{ invoke: orders, at: 0s, count: 20 }]
```
";

fn bogi(site: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_bogi"));
    let output = command.args(arguments).current_dir(site).env("NO_COLOR", "1").output().unwrap();
    shown(&output)
}

fn shown(output: &Output) -> (i32, String) {
    let text = [&output.stdout[..], &output.stderr[..]].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("posts")).unwrap();
    fs::write(folder.path().join("posts/2026-01-02-a.md"), POST).unwrap();
    folder
}

fn git(site: &Path, arguments: &[&str]) -> bool {
    let identity = ["-c", "user.name=x", "-c", "user.email=x@example.com"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(site).output();
    output.is_ok_and(|output| output.status.success())
}

#[test]
fn a_branch_is_compared_with_its_base() {
    let folder = site();
    let site = folder.path();
    // Without git there is no revision to compare with.
    if !git(site, &["init", "--quiet"]) {
        return;
    }
    let (code, text) = bogi(site, &["diff", "HEAD"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("the site has no `scenario.lock`"), "{text}");
    assert_eq!(bogi(site, &["bless", "--yes"]).0, 0);
    let (code, text) = bogi(site, &["diff", "HEAD"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("there is no `scenario.lock` in `HEAD`: git says"), "{text}");
    assert!(git(site, &["add", "."]) && git(site, &["commit", "--quiet", "-m", "base"]));
    assert_eq!(bogi(site, &["diff", "HEAD"]), (0, "no measure moved\n".to_owned()));
    let slower = POST.replace("200ms", "300ms");
    fs::write(site.join("posts/2026-01-02-a.md"), slower).unwrap();
    assert_eq!(bogi(site, &["bless", "--yes"]).0, 0);
    let (code, text) = bogi(site, &["diff", "HEAD"]);
    assert_eq!(code, 0, "{text}");
    let row = text.lines().find(|line| line.contains(" orders.duration.p99 ")).unwrap();
    let cells: Vec<&str> = row.split_whitespace().collect();
    assert_eq!(cells, ["burst", "orders.duration.p99", "200ms", "300ms", "+50%"]);
    // The site need not be the repository's first folder, nor the one one stands in.
    let (code, text) = bogi(&site.join("posts"), &["diff", "HEAD", "--source", ".."]);
    assert_eq!((code, text.contains("1 scenario moved")), (0, true), "{text}");
}

#[test]
fn the_same_site_is_the_same_lock() {
    let (one, other) = (site(), site());
    assert_eq!(bogi(one.path(), &["bless", "--yes"]).0, 0);
    assert_eq!(bogi(other.path(), &["bless", "--yes", "--jobs", "1"]).0, 0);
    let lock = |site: &Path| fs::read_to_string(site.join("scenario.lock")).unwrap();
    assert_eq!(lock(one.path()), lock(other.path()));
    // Windows' ends of lines are no difference.
    fs::write(one.path().join("scenario.lock"), lock(one.path()).replace('\n', "\r\n")).unwrap();
    assert_eq!(bogi(one.path(), &["check"]).0, 0);
}

#[test]
fn what_is_no_lock_is_refused_at_once() {
    let folder = site();
    let lock = folder.path().join("scenario.lock");
    fs::write(&lock, b"format: 1\nfacts:\n  \xff: 3\n").unwrap();
    let (code, text) = bogi(folder.path(), &["check"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error[E0155]: `scenario.lock` is no text"), "{text}");
    fs::File::create(&lock).unwrap().set_len(200 << 20).unwrap();
    let (code, text) = bogi(folder.path(), &["check"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error[E0155]: the lock is too large: 200 MB"), "{text}");
    assert_eq!(bogi(folder.path(), &["bless", "--yes"]).0, 2);
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    let (code, text) = bogi(folder.path(), &["check"]);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("error[E0155]: cannot read `scenario.lock`"), "{text}");
}
