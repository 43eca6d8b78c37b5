//! The same inputs give the same bytes: this repository's blog, built on one thread and on eight,
//! in two folders, with and without a cache; and a chain of posts that show each other.

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
    assert!(output.status.success(), "the site builds without errors:\n{talk}");
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

/// Every post prints the one before it, and every layout the finished page before it, from the
/// innermost of many includes. Bodies and pages that are made on demand may not nest as deeply as
/// the chain is long.
#[test]
fn a_chain_of_posts_that_show_each_other_is_the_same_on_any_number_of_threads() {
    const POSTS: usize = 300;
    const INCLUDES: usize = 40;
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    for part in ["_posts", "_layouts", "_includes"] {
        fs::create_dir_all(site.join(part)).unwrap();
    }
    let write = |path: &str, text: &str| fs::write(site.join(path), text).unwrap();
    let deep = |value: &str, name: &str| {
        format!(
            "{{% assign n = include.n | plus: 1 %}}{{% if n < {INCLUDES} %}}\
             {{% include {name} n=n %}}{{% else %}}{{{{ {value} }}}}{{% endif %}}"
        )
    };
    write("_includes/body.html", &deep("page.previous.content | strip_html", "body.html"));
    write("_includes/page.html", &deep("page.previous.output | size", "page.html"));
    write("_layouts/post.html", "{{ content }}{% include page.html n=0 %}");
    for post in 0..POSTS {
        let path = format!("_posts/{}-01-01-{post}.md", 1700 + post);
        write(&path, &format!("---\nlayout: post\n---\n{post} {{% include body.html n=0 %}}\n"));
    }
    let first = build(&site, "1", &[]);
    let page = &String::from_utf8_lossy(&first["/1703/01/01/3.html"]);
    assert!(page.starts_with("<p>3 2 1 0</p>\n"), "{page}");
    for jobs in ["2", "3", "16"] {
        assert!(build(&site, jobs, &[]) == first, "{jobs} threads");
    }
}
