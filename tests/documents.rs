//! Documents that are tests: each page of `tests/messages` and each folder of `tests/cases` shows a
//! site, commands, and what they print. `BLESS=1 cargo test --test documents` writes what was
//! printed into the pages; review the difference before you commit it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A fenced block of a page: its info string, its text, and the lines that it stands on.
struct Fence {
    info: String,
    text: String,
    body: std::ops::Range<usize>,
}

fn fences(page: &str) -> Vec<Fence> {
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let ticks = lines[at].chars().take_while(|&c| c == '`').count();
        if ticks < 3 {
            at += 1;
            continue;
        }
        let info = lines[at][ticks..].trim().to_owned();
        let fence = "`".repeat(ticks);
        let start = at + 1;
        let length = lines[start..].iter().position(|line| line.trim_end() == fence);
        let end = start + length.unwrap_or_else(|| panic!("unclosed fence at line {start}"));
        found.push(Fence { info, text: lines[start..end].concat(), body: start..end });
        at = end + 1;
    }
    found
}

/// Runs `$ bogi …` in the site and gives what a terminal would show.
fn run(command: &str, site: &Path) -> String {
    let words: Vec<&str> = command.split_whitespace().collect();
    assert_eq!(words.first(), Some(&"bogi"), "a console block runs bogi: {command}");
    let mut arguments: Vec<&str> = words[1..].to_vec();
    let readers = ["bless", "build", "check", "run", "serve"];
    let reads_site = readers.contains(arguments.first().unwrap_or(&""));
    if reads_site && !arguments.contains(&"--today") {
        arguments.extend(["--today", "2026-11-22"]);
    }
    let output = Command::new(env!("CARGO_BIN_EXE_bogi"))
        .args(&arguments)
        .current_dir(site)
        .env_remove("JEKYLL_ENV")
        .env_remove("GITHUB_STEP_SUMMARY")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    let mut shown = String::from_utf8(output.stdout).expect("stdout is UTF-8");
    shown.push_str(&String::from_utf8(output.stderr).expect("stderr is UTF-8"));
    let mut shown = shown.replace(site.to_str().unwrap(), "[SITE]");
    if let Some(at) = shown.rfind(" in ")
        && shown[at + 4..].starts_with(|c: char| c.is_ascii_digit())
    {
        let end = shown[at + 4..].find('s').map_or(shown.len(), |length| at + 5 + length);
        shown.replace_range(at + 4..end, "[TIME]");
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(shown, "[exit {code}]").unwrap(),
        None => shown.push_str("[killed]\n"),
    }
    shown
}

/// Runs the console blocks of a page; gives the page as it should be.
fn replay(page: &str, site: &Path) -> String {
    let lines: Vec<&str> = page.split_inclusive('\n').collect();
    let mut out = String::new();
    let mut copied = 0;
    for fence in fences(page) {
        if fence.info != "console" {
            continue;
        }
        out.push_str(&lines[copied..fence.body.start].concat());
        for line in fence.text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                writeln!(out, "{line}").unwrap();
                out.push_str(&run(command, site));
            }
        }
        copied = fence.body.end;
    }
    out.push_str(&lines[copied..].concat());
    out
}

fn write_file(site: &Path, path: &str, bytes: &[u8]) {
    let target = site.join(path);
    fs::create_dir_all(target.parent().unwrap()).unwrap();
    fs::write(target, bytes).unwrap();
}

/// Compares a page with what it should be, or blesses it.
fn settle(path: &Path, old: &str, new: &str, failures: &mut Vec<String>) {
    if old == new {
        return;
    }
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, new).unwrap();
        return;
    }
    let mut shown = format!("{}:\n", path.display());
    let (old, new): (Vec<_>, Vec<_>) = (old.lines().collect(), new.lines().collect());
    let same = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    for line in old.iter().skip(same).take(12) {
        writeln!(shown, "  - {line}").unwrap();
    }
    for line in new.iter().skip(same).take(12) {
        writeln!(shown, "  + {line}").unwrap();
    }
    failures.push(shown);
}

#[track_caller]
fn report(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{}\n(`BLESS=1 cargo test --test documents` accepts what was printed)",
        failures.join("\n")
    );
}

fn entries(folder: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{folder} is empty");
    paths
}

#[test]
fn messages_say_what_their_pages_show() {
    let mut failures = Vec::new();
    for path in entries("tests/messages") {
        let page = fs::read_to_string(&path).unwrap();
        let code = path.file_stem().unwrap().to_str().unwrap();
        if !page.starts_with(&format!("# {code}: ")) {
            failures.push(format!("{}: does not begin with `# {code}: …`", path.display()));
        }
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().canonicalize().unwrap().join("site");
        fs::create_dir(&site).unwrap();
        for fence in fences(&page) {
            if let Some((_, file)) = fence.info.split_once(' ') {
                write_file(&site, file, fence.text.as_bytes());
            }
        }
        let replayed = replay(&page, &site);
        // A page can't hold every mistake (a file that isn't text, a full disk): some are prose.
        let fences = fences(&replayed);
        let mut consoles = fences.iter().filter(|fence| fence.info == "console").peekable();
        let shown = format!("[{code}]");
        if consoles.peek().is_some() && !consoles.any(|fence| fence.text.contains(&shown)) {
            failures.push(format!("{}: its example does not give {code}", path.display()));
        }
        settle(&path, &page, &replayed, &mut failures);
    }
    report(&failures);
}

fn files_below(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let Ok(entries) = fs::read_dir(&current) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    files
}

/// A case is a folder: `in/` is the site, `case.md` says what it is about and shows the console,
/// and each file of `out/` is promised to be in `_site` with these bytes. A file of `out/` that is
/// empty only has to exist.
#[test]
fn cases_come_out_as_their_folders_show() {
    let mut failures = Vec::new();
    for case in entries("tests/cases") {
        let page_path = case.join("case.md");
        let page = fs::read_to_string(&page_path).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().canonicalize().unwrap().join("site");
        for (path, bytes) in files_below(&case.join("in")) {
            write_file(&site, &path, &bytes);
        }
        let replayed = replay(&page, &site);
        settle(&page_path, &page, &replayed, &mut failures);
        let built = files_below(&site.join("_site"));
        for (path, expected) in files_below(&case.join("out")) {
            let place = case.join("out").join(&path);
            match built.get(&path) {
                None => failures.push(format!("{}: was not built", place.display())),
                Some(_) if expected.is_empty() => {}
                Some(bytes) => {
                    let (old, new) =
                        (String::from_utf8_lossy(&expected), String::from_utf8_lossy(bytes));
                    settle(&place, &old, &new, &mut failures);
                }
            }
        }
    }
    report(&failures);
}
