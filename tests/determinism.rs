//! The same inputs give the same bytes: this repository's blog, built on one thread and on eight,
//! in two folders, with and without a cache.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What the blog is made of.
const PARTS: [&str; 7] =
    ["_config.yml", "_data", "about.md", "assets", "index.html", "posts", "templates"];

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        fs::copy(from, to).unwrap();
    }
}

fn files_below(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}/{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files_below(&entry.path(), &name, files);
        } else {
            files.insert(name, fs::read(entry.path()).unwrap());
        }
    }
}

fn build(site: &Path, jobs: &str, more: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let output = Command::new(env!("CARGO_BIN_EXE_bogi"))
        .args(["build", "--destination", "_site", "--jobs", jobs, "--today", "2026-11-22"])
        .args(more)
        .current_dir(site)
        .output()
        .unwrap();
    let talk = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "the blog of this repository builds without errors:\n{talk}");
    let mut files = BTreeMap::new();
    files_below(&site.join("_site"), "", &mut files);
    files
}

#[test]
fn the_blog_comes_out_the_same_on_any_number_of_threads_and_in_any_folder() {
    let folder = tempfile::tempdir().unwrap();
    let (one, many) = (folder.path().join("one"), folder.path().join("다른 폴더/many"));
    for site in [&one, &many] {
        fs::create_dir_all(site).unwrap();
        for part in PARTS {
            copy(Path::new(part), &site.join(part));
        }
    }
    let first = build(&one, "1", &["--disable-disk-cache"]);
    assert!(first.len() >= 25, "only {} files", first.len());
    let runs = [build(&many, "8", &[]), build(&many, "8", &[]), build(&one, "3", &[])];
    for other in runs {
        assert_eq!(first.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (path, bytes) in &first {
            assert!(other[path] == *bytes, "{path} differs");
        }
    }
}
