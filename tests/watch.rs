//! The preview follows its files, whatever writes them. Nothing here is about time: what has to
//! come is waited for, and what must not happen is looked for after something else that did.

#[path = "serve/preview.rs"]
mod preview;

use std::fs;
use std::path::Path;

use preview::{Preview, Site};

const SITE: &[(&str, &str)] = &[
    ("_config.yml", "title: 이름\n"),
    ("_layouts/default.html", "<html><body>{{ site.title }} {{ content }}</body></html>"),
    ("_sass/_ink.scss", "$ink: #111111;\n"),
    ("main.scss", "---\n---\n@import \"ink\";\na { color: $ink; }\n"),
    ("a.md", "---\nlayout: default\n---\n처음\n"),
    ("b.md", "---\nlayout: default\n---\n둘째\n"),
    ("file.txt", "1"),
];

fn page(text: &str) -> String {
    format!("---\nlayout: default\n---\n{text}\n")
}

/// Changes a file that nothing else waits for, until that is seen: what came before it has been
/// noticed then, too.
#[track_caller]
fn settle(site: &Site, preview: &Preview, text: &str) {
    site.write("b.md", page(text));
    preview.shows("/b", |shown| shown.contains(text));
}

/// Saves as editors do.
fn save(path: &Path, text: &str, how: usize) {
    let beside = |name: &str| path.with_file_name(name);
    match how {
        // Truncate and write.
        0 => fs::write(path, text).unwrap(),
        // Another name first, then renamed.
        1 => {
            fs::write(beside(".a.md.tmp~"), text).unwrap();
            fs::rename(beside(".a.md.tmp~"), path).unwrap();
        }
        // Vim: tries the folder, moves the old file away, writes, removes the old one.
        2 => {
            fs::write(beside("4913"), "").unwrap();
            fs::remove_file(beside("4913")).unwrap();
            fs::write(beside(".a.md.swp"), "swap").unwrap();
            fs::rename(path, beside("a.md~")).unwrap();
            fs::write(path, text).unwrap();
            fs::remove_file(beside("a.md~")).unwrap();
            fs::remove_file(beside(".a.md.swp")).unwrap();
        }
        // Emacs: a lock, a backup, the text.
        _ => {
            let _ = fs::write(beside(".#a.md"), "me");
            fs::copy(path, beside("a.md~")).unwrap();
            fs::write(path, text).unwrap();
            let _ = fs::remove_file(beside(".#a.md"));
        }
    }
}

#[test]
fn each_way_to_save_gives_one_rebuild() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    for how in 0..4 {
        let words = format!("저장 {how}");
        let before = preview.rebuilds();
        save(&site.root.join("a.md"), &page(&words), how);
        preview.shows("/a", |shown| shown.contains(&words));
        settle(&site, &preview, &format!("뒤 {how}"));
        preview::eventually(|| (preview.rebuilds() >= before + 2).then_some(())).unwrap();
        assert_eq!(preview.rebuilds(), before + 2, "way {how}:\n{}", preview.said());
    }
}

#[test]
fn everything_that_pages_are_made_of_is_followed() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    site.write("_config.yml", "title: 새 이름\n");
    preview.shows("/a", |shown| shown.contains("새 이름"));
    site.write("_layouts/default.html", "<html><body>틀 {{ content }}</body></html>");
    preview.shows("/a", |shown| shown.contains("틀"));
    site.write("_sass/_ink.scss", "$ink: #222222;\n");
    preview.shows("/main.css", |shown| shown.contains("#222222"));
    site.write("file.txt", "2");
    preview.shows("/file.txt", |shown| shown == "2");
    site.write("new/deep/c.md", page("새 폴더"));
    preview.shows("/new/deep/c", |shown| shown.contains("새 폴더"));
    site.write("new/deep/c.md", page("다시"));
    preview.shows("/new/deep/c", |shown| shown.contains("다시"));
    fs::rename(site.root.join("new"), site.root.join("old")).unwrap();
    preview.shows("/old/deep/c", |shown| shown.contains("다시"));
    site.write("old/deep/c.md", page("옮긴 뒤"));
    preview.shows("/old/deep/c", |shown| shown.contains("옮긴 뒤"));
    fs::remove_dir_all(site.root.join("old")).unwrap();
    preview.shows("/old/deep/c", |shown| shown.contains("404"));
}

#[test]
fn what_is_no_source_gives_no_rebuild() {
    let site = Site::new(SITE);
    fs::create_dir_all(site.root.join(".git")).unwrap();
    fs::create_dir_all(site.root.join("_site")).unwrap();
    let preview = Preview::start(&site, &[]);
    for path in ["_site/x.html", ".git/index", ".bogi-cache/x", "a.md~", ".a.md.swp", "#a.md#"] {
        site.write(path, "x");
    }
    // Reading is no change, either.
    for _ in 0..3 {
        fs::read(site.root.join("a.md")).unwrap();
        preview.get("/a", &[]);
        preview.get("/file.txt", &[]);
    }
    settle(&site, &preview, "뒤");
    preview.hears("Rebuilt b.md");
    assert_eq!(preview.rebuilds(), 1, "{}", preview.said());
}

#[test]
fn a_thousand_files_at_once_are_one_change() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    for number in 0..1000 {
        site.write(&format!("many/{number}.txt"), number.to_string());
    }
    preview.shows("/many/999.txt", |shown| shown == "999");
    settle(&site, &preview, "뒤");
    preview.hears("Rebuilt b.md");
    assert_eq!(preview.rebuilds(), 2, "{}", preview.said());
}

#[test]
fn no_page_is_stale_once_its_change_was_noticed() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    // Many saves without a pause: each comes while an earlier one is built.
    for number in 0..60 {
        site.write("a.md", page(&format!("글 {number};")));
        preview.get("/a", &[]);
    }
    preview.shows("/a", |shown| shown.contains("글 59;"));
}

#[test]
fn a_folder_that_went_away_and_came_back_is_followed_again() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &["--source", site.root.to_str().unwrap()]);
    for round in 0..3 {
        fs::rename(&site.root, site.root.with_file_name("away")).unwrap();
        preview.shows("/a", |shown| shown.contains("there is no folder"));
        if round == 1 {
            fs::rename(site.root.with_file_name("away"), &site.root).unwrap();
        } else {
            fs::remove_dir_all(site.root.with_file_name("away")).unwrap();
            for (path, text) in SITE {
                site.write(path, text);
            }
        }
        preview.shows("/a", |shown| !shown.contains("there is no folder"));
        let words = format!("다시 {round}");
        site.write("a.md", page(&words));
        preview.shows("/a", |shown| shown.contains(&words));
    }
}

#[test]
fn a_site_that_breaks_keeps_its_pages_and_mends() {
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    site.write("_config.yml", "title: [\n");
    let shown = preview.shows("/a", |shown| shown.contains("E0001"));
    assert!(shown.contains("처음") && shown.contains("_config.yml:1:8"), "{shown}");
    site.write("_config.yml", "title: 이름\n");
    preview.shows("/a", |shown| !shown.contains("E0001"));
    preview.hears("no errors are left");
    site.write("a.md", page("{% if %}"));
    preview.shows("/a", |shown| shown.contains("a.md:4:"));
    preview.hears("a.md:4:");
    site.write("a.md", page("고침"));
    let shown = preview.shows("/a", |shown| shown.contains("고침"));
    assert!(!shown.contains("a.md:4:"), "{shown}");
}

#[test]
fn configuration_elsewhere_and_files_that_are_looked_at_are_followed() {
    let site = Site::new(SITE);
    let other = site.root.with_file_name("other.yml");
    fs::write(&other, "title: 다른 곳\n").unwrap();
    let preview = Preview::start(&site, &["--config", "../other.yml"]);
    preview.shows("/a", |shown| shown.contains("다른 곳"));
    fs::write(&other, "title: 또 다른 곳\n").unwrap();
    preview.shows("/a", |shown| shown.contains("또 다른 곳"));
    let polling = Preview::start(&site, &["--force_polling"]);
    site.write("a.md", page("보인다"));
    polling.shows("/a", |shown| shown.contains("보인다"));
    let still = Preview::start(&site, &["--no-watch"]);
    site.write("a.md", page("안 보인다"));
    polling.shows("/a", |shown| shown.contains("안 보인다"));
    assert!(!still.get("/a", &[]).text().contains("안 보인다"));
}

#[test]
fn a_page_hears_of_each_new_state() {
    use std::io::{BufRead, BufReader, Write};
    let site = Site::new(SITE);
    let preview = Preview::start(&site, &[]);
    let mut stream = preview.connect();
    stream.write_all(b"GET /_bogi/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let mut next = || lines.find_map(|line| line.strip_prefix("data: ").map(str::to_owned));
    let first = next().unwrap();
    assert!(first.contains("\"errors\":0"), "{first}");
    site.write("a.md", page("{% if %}"));
    let second = next().unwrap();
    assert!(!second.contains("\"errors\":0"), "{second}");
    let problems = preview.get("/_bogi/problems", &[]).text();
    assert!(problems.contains("a.md:4:"), "{problems}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_preview_in_order() {
    let site = Site::new(SITE);
    let mut preview = Preview::start(&site, &[]);
    let _open = preview.connect();
    let id = preview.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    assert_eq!(preview.ended(), Some(0));
    preview.hears("Ended");
}

#[test]
fn a_mistake_is_shown_behind_its_block() {
    // In a layout of the site, and in one of the built-in theme, which adds to headings.
    let builtin: Vec<_> = SITE.iter().filter(|(path, _)| !path.starts_with("_layouts")).collect();
    for files in [SITE.to_vec(), builtin.into_iter().copied().collect()] {
        mistakes_stand_behind_their_blocks(&Site::new(&files));
    }
}

fn mistakes_stand_behind_their_blocks(site: &Site) {
    let text = "## 제목\n\n첫 문단 {{ site.title }}.\n\n\
                - 항목 하나\n- 항목 {% include none.html %} 둘\n\n\
                | 가 | {{ scenario.none.x }} |\n|---|---|\n| 1 | 2 |\n\n\
                ```scenario\nid: bad\nfunctions: 3\n```\n\n마지막 문단.\n";
    site.write("a.md", page(text));
    let preview = Preview::start(site, &[]);
    let shown = preview.get("/a", &[]).text();
    let at = |words: &str| shown.find(words).unwrap_or_else(|| panic!("{words} in {shown}"));
    let frame = |line: usize| at(&format!("a.md:{line}:"));
    assert!(at("첫 문단") < at("</ul>") && at("둘</li>") < frame(9), "{shown}");
    assert!(frame(9) < at("<table") && at("</table>") < frame(11), "{shown}");
    assert!(at("<figure") < frame(17) && frame(17) < at("<p>마지막 문단"), "{shown}");
    assert!(frame(11) < at("<figure"), "{shown}");
    assert!(!shown.contains('\u{F0B21}'), "no mark is left");
}
