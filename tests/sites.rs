//! Sites that Jekyll and bogi must build alike. Each page of `tests/sites` holds small sites: a
//! heading, the files as fences (`html about.html`), and a fence `text _site` that names every
//! file that comes out with its text on one line.
//!
//! The expectations are what Jekyll 4.3 writes; a page says where bogi differs on purpose.
//!
//! - Files before the first heading `##` are part of all sites of the page.
//! - `escaped` behind a file's name: line breaks of the fence don't count, `\n`, `\r`, `\t`,
//!   `\u{feff}` do.
//! - A fence `console` shows the command when it isn't a plain `bogi build`, and `[exit 1]` when it
//!   fails; then the files that come out don't count, for bogi writes the pages without errors.
//! - Each site gets a layout `plain` that adds nothing, for a site with layouts of its own gets no
//!   pages from the built-in theme.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What bogi writes besides, and Jekyll leaves to plugins.
const BESIDES: [&str; 4] = [".bogi-site", "feed.xml", "sitemap.xml", "robots.txt"];

/// The longest text that an expectation shows; of a longer one it shows the beginning.
const SHOWN_MAX: usize = 2000;

#[derive(Clone, Default)]
struct Site {
    name: String,
    files: Vec<(String, Vec<u8>)>,
    arguments: Vec<String>,
    fails: bool,
    expected: Option<String>,
}

/// The sites of a page, and of each where the lines of its expectation stand.
fn sites(page: &str) -> Vec<(Site, std::ops::Range<usize>)> {
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    let mut common = Site::default();
    let mut found: Vec<(Site, std::ops::Range<usize>)> = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let line = lines[at].trim_end();
        at += 1;
        if let Some(name) = line.strip_prefix("## ") {
            found.push((Site { name: name.to_owned(), ..common.clone() }, 0..0));
        }
        let Some(info) = line.strip_prefix("```").map(|rest| rest.trim_start_matches('`')) else {
            continue;
        };
        let fence = &line[..line.len() - info.len()];
        let length = lines[at..].iter().position(|line| line.trim_end() == fence);
        let end = at + length.unwrap_or_else(|| panic!("unclosed fence at line {at}"));
        let text = lines[at..end].concat();
        let (site, place) = match found.last_mut() {
            Some((site, place)) => (site, place),
            None => (&mut common, &mut (0..0)),
        };
        match info.split_once(' ') {
            Some((_, "_site")) => {
                site.expected = Some(text);
                *place = at..end;
            }
            Some((_, file)) => site.files.push(file_of(file, &text)),
            None if info == "console" => {
                let command = text.lines().next().unwrap_or_default();
                let words = command.split_whitespace().skip(3).map(str::to_owned);
                site.arguments = words.collect();
                site.fails = text.contains("[exit ");
            }
            None => {}
        }
        at = end + 1;
    }
    found
}

fn file_of(name: &str, text: &str) -> (String, Vec<u8>) {
    let Some(name) = name.strip_suffix(" escaped") else {
        return (name.to_owned(), text.as_bytes().to_vec());
    };
    let text = text.replace('\n', "");
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let (c, length) = match rest.as_bytes().get(at + 1) {
            Some(b'n') => ('\n', 2),
            Some(b'r') => ('\r', 2),
            Some(b't') => ('\t', 2),
            Some(b'u') => {
                let end = rest[at..].find('}').unwrap();
                let code = u32::from_str_radix(&rest[at + 3..at + end], 16).unwrap();
                (char::from_u32(code).unwrap(), end + 1)
            }
            _ => ('\\', 2),
        };
        out.push(c);
        rest = &rest[at + length..];
    }
    (name.to_owned(), (out + rest).into_bytes())
}

/// A file on one line: line breaks as `⏎`, a tab and other control signs escaped.
fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    for c in text.chars().take(SHOWN_MAX) {
        match c {
            '\n' => out.push('⏎'),
            c if c.is_control() || c == '\u{feff}' => {
                write!(out, "{}", c.escape_unicode()).unwrap()
            }
            c => out.push(c),
        }
    }
    out
}

fn files_below(folder: &Path, below: &str, files: &mut BTreeMap<String, Vec<u8>>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let entry = entry.unwrap();
        let path = format!("{below}{}", entry.file_name().to_str().unwrap());
        if entry.path().is_dir() {
            files_below(&entry.path(), &format!("{path}/"), files);
        } else {
            files.insert(path, fs::read(entry.path()).unwrap());
        }
    }
}

fn is_beside(path: &str) -> bool {
    let generated = path.strip_prefix("assets/").is_some_and(|name| {
        let stem = name.split('-').next().unwrap_or_default();
        ["style", "icon", "script"].contains(&stem) && name.contains('-')
    });
    generated || BESIDES.contains(&path)
}

/// Builds a site; gives the lines of its expectation and whether the command failed.
fn build(site: &Site) -> (String, bool) {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("site");
    let plain = ("_layouts/plain.html".to_owned(), b"{{ content }}".to_vec());
    for (name, bytes) in std::iter::once(&plain).chain(&site.files) {
        let path = root.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let output = Command::new(env!("CARGO_BIN_EXE_bogi"))
        .args(["build", "--quiet", "--today", "2026-11-22"])
        .args(&site.arguments)
        .current_dir(&root)
        .env_remove("JEKYLL_ENV")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let named = site.arguments.iter().position(|word| word == "-d" || word == "--destination");
    let destination = named.map_or("_site", |at| &site.arguments[at + 1]);
    let mut files = BTreeMap::new();
    files_below(&root.join(destination), "", &mut files);
    let expected = site.expected.as_deref().unwrap_or_default();
    let mut lines = String::new();
    for (path, bytes) in files {
        let listed = expected.lines().any(|line| line.starts_with(&format!("{path} = ")));
        if listed || !is_beside(&path) {
            writeln!(lines, "{path} = {}", one_line(&bytes)).unwrap();
        }
    }
    (lines, !output.status.success())
}

#[test]
fn sites_come_out_as_jekyll_writes_them() {
    let mut pages: Vec<_> =
        fs::read_dir("tests/sites").unwrap().map(|entry| entry.unwrap().path()).collect();
    pages.sort();
    assert!(!pages.is_empty());
    let mut failures = String::new();
    for path in pages {
        let page = fs::read_to_string(&path).unwrap();
        for (site, _) in sites(&page) {
            let (built, failed) = build(&site);
            // What Jekyll leaves behind when it fails is nothing to compare with.
            let expected = site.expected.as_deref().unwrap_or(if site.fails { &built } else { "" });
            if built == expected && failed == site.fails {
                continue;
            }
            writeln!(failures, "{} {}:", path.display(), site.name).unwrap();
            if failed != site.fails {
                let word = if failed { "fails" } else { "succeeds" };
                writeln!(failures, "  the build {word}").unwrap();
            }
            for line in expected.lines().filter(|line| !built.lines().any(|own| own == *line)) {
                writeln!(failures, "  - {line}").unwrap();
            }
            for line in built.lines().filter(|line| !expected.lines().any(|own| own == *line)) {
                writeln!(failures, "  + {line}").unwrap();
            }
        }
    }
    assert!(failures.is_empty(), "- Jekyll, + bogi\n{failures}");
}
