//! The house rules, as far as a test can hold them: floors, sizes, names, rooms, dead files.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use unicode_width::UnicodeWidthStr;

/// The floors, lowest first. Uses point down or sideways only.
const FLOORS: [&[&str]; 9] = [
    &["span", "diagnostic", "quantity", "escape", "korean", "value", "date", "yaml"],
    &["sim"],
    &["aws"],
    &["scenario", "diagram", "liquid"],
    &["content", "markdown", "sass", "claim"],
    &["site", "plugin"],
    &["theme", "output", "jekyll"],
    &["pipeline"],
    &["command"],
];

/// Each foreign crate and the only places that may name it.
const ROOMS: &[(&str, &[&str])] = &[
    ("aho_corasick", &["src/claim/lexicon.rs"]),
    ("annotate_snippets", &["src/command/report/human.rs"]),
    (
        "blake3",
        &["src/command/report", "src/output", "src/pipeline/selection.rs", "src/scenario/key.rs"],
    ),
    ("clap", &["src/command"]),
    ("clap_complete", &["src/command/arguments.rs", "src/command/completions.rs"]),
    ("clap_mangen", &["src/command/man.rs"]),
    ("codemap", &["src/sass"]),
    ("ctrlc", &["src/command/serve/run.rs"]),
    ("emojis", &["src/plugin/jemoji.rs"]),
    ("globset", &["src/content"]),
    ("grass", &["src/sass"]),
    ("httparse", &["src/command/serve/http"]),
    ("indexmap", &["src"]),
    ("jiff", &["src/date.rs", "src/date"]),
    ("memchr", &["src/markdown"]),
    ("mimalloc", &["src/main.rs"]),
    ("notify", &["src/command/serve/watch.rs"]),
    ("open", &["src/command/serve/run.rs"]),
    ("postcard", &["src/pipeline"]),
    ("pulldown_cmark", &["src/markdown"]),
    ("quick_xml", &["src/command/report/junit.rs"]),
    ("rayon", &["src/content", "src/output", "src/pipeline", "src/pipeline.rs"]),
    ("rust_embed", &["src/theme/embedded.rs", "src/command/explain.rs"]),
    ("saphyr_parser", &["src/yaml.rs", "src/yaml"]),
    (
        "serde_json",
        &["src/command", "src/content", "src/plugin", "src/sass", "src/site", "src/theme"],
    ),
    ("serde_yaml", &["src/aws/catalogue.rs", "src/aws/catalogue"]),
    ("syntect", &["src/markdown/highlight.rs", "src/markdown/highlight"]),
    ("tera", &["src/theme"]),
    ("toml", &["src/content/config/toml_file.rs"]),
    ("two_face", &["src/markdown/highlight.rs", "src/markdown/highlight"]),
    (
        "unicode_normalization",
        &["src/command/serve/address.rs", "src/content/slug.rs", "src/jekyll/filters/uri.rs"],
    ),
    ("unicode_properties", &["src/content/slug.rs", "src/markdown"]),
];

/// What reaches the world outside, and the only places that may.
const DOORS: [(&str, &[&str]); 8] = [
    ("println!", &["src/command/shell.rs"]),
    ("eprintln!", &["src/command/shell.rs"]),
    ("std::process", &["src/command", "src/main.rs"]),
    ("SystemTime", &["src/command"]),
    ("Instant::now", &["src/command"]),
    ("std::env", &["src/command"]),
    ("fs::", &["src/command", "src/content/discover.rs", "src/content/discover", "src/output"]),
    ("std::thread::sleep", &["src/command"]),
];

const BANNED_NAMES: [&str; 7] = ["util", "utils", "common", "core", "helpers", "misc", "manager"];

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const LINE_COLUMNS_MAX: usize = 100;

struct File {
    path: String,
    text: String,
}

impl File {
    /// The code without what follows `#[cfg(test)]` and without comments at the beginning of lines.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
            .map(|(at, line)| (at + 1, line))
    }

    fn is_in(&self, rooms: &[&str]) -> bool {
        rooms.iter().any(|room| {
            self.path
                .strip_prefix(room)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs") || self.path.contains("/tests/")
    }
}

fn rust_files(folder: &str) -> Vec<File> {
    let mut folders = vec![PathBuf::from(folder)];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                files.push(File { path: path.to_str().unwrap().replace('\\', "/"), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!files.is_empty(), "{folder} has no Rust files");
    files
}

#[track_caller]
fn none(rule: &str, found: Vec<String>) {
    assert!(found.is_empty(), "{rule}:\n  {}", found.join("\n  "));
}

#[test]
fn uses_point_down_or_sideways() {
    let floor_of = |module: &str| FLOORS.iter().position(|floor| floor.contains(&module));
    let mut found = Vec::new();
    for file in rust_files("src") {
        let module = file.path["src/".len()..].split(['/', '.']).next().unwrap().to_owned();
        if ["main", "lib"].contains(&module.as_str()) {
            continue;
        }
        let Some(own) = floor_of(&module) else {
            found.push(format!("{}: `{module}` has no floor", file.path));
            continue;
        };
        for (line, text) in file.code() {
            for (at, _) in text.match_indices("crate::") {
                let rest = &text[at + "crate::".len()..];
                let target = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap();
                if floor_of(target).is_some_and(|floor| floor > own) {
                    found.push(format!("{}:{line}: `{module}` uses `{target}`", file.path));
                }
            }
        }
    }
    none("uses point down or sideways", found);
}

#[test]
fn each_foreign_crate_has_its_room() {
    let mut found = Vec::new();
    for file in rust_files("src") {
        for (line, text) in file.code() {
            for &(name, rooms) in ROOMS {
                let named = text.match_indices(name).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    text[at + name.len()..].starts_with("::")
                        && !before.is_some_and(|c| c.is_alphanumeric() || "_:".contains(c))
                });
                if named && !file.is_in(rooms) {
                    found.push(format!("{}:{line}: {name}", file.path));
                }
            }
        }
    }
    none("each foreign crate has its room", found);
}

#[test]
fn only_the_doors_reach_the_world() {
    let mut found = Vec::new();
    for file in rust_files("src").iter().filter(|file| !file.is_test()) {
        for (line, text) in file.code() {
            for (door, rooms) in DOORS {
                if text.contains(door) && !file.is_in(rooms) {
                    found.push(format!("{}:{line}: {door}", file.path));
                }
            }
        }
    }
    none("only these places reach the world", found);
}

#[test]
fn files_and_functions_fit_a_screen() {
    let mut found = Vec::new();
    for file in ["src", "tests", "examples"].iter().flat_map(|folder| rust_files(folder)) {
        let lines: Vec<&str> = file.text.lines().collect();
        if lines.len() > FILE_LINES_MAX {
            found.push(format!("{}: {} lines", file.path, lines.len()));
        }
        for (at, line) in lines.iter().enumerate() {
            if line.width() > LINE_COLUMNS_MAX {
                found.push(format!("{}:{}: {} columns", file.path, at + 1, line.width()));
            }
            if let Some(length) = function_length(&lines[at..])
                && length > FUNCTION_LINES_MAX
            {
                found.push(format!("{}:{}: function of {length} lines", file.path, at + 1));
            }
        }
    }
    none("files, functions and lines fit a screen", found);
}

/// The length of the function that begins at the first line, as rustfmt lays it out: up to the
/// closing brace at the same indentation.
fn function_length(lines: &[&str]) -> Option<usize> {
    let first = lines.first()?;
    let code = first.trim_start();
    let is_function = ["fn ", "pub fn ", "pub(crate) fn ", "pub(super) fn ", "const fn "]
        .iter()
        .any(|start| code.starts_with(start));
    if !is_function || code.ends_with(';') {
        return None;
    }
    let indentation = &first[..first.len() - code.len()];
    let end = format!("{indentation}}}");
    lines.iter().position(|line| *line == end).map(|at| at + 1)
}

#[test]
fn names_say_what_a_thing_is() {
    let mut found = Vec::new();
    for file in rust_files("src") {
        for part in file.path.trim_end_matches(".rs").split('/') {
            if BANNED_NAMES.contains(&part) {
                found.push(file.path.clone());
            }
        }
    }
    none("no drawers for anything", found);
}

#[test]
fn every_file_is_alive_and_says_what_it_is() {
    let files = rust_files("src");
    let mut found = Vec::new();
    for file in &files {
        if !file.text.starts_with("//!") {
            found.push(format!("{}: does not open with `//!`", file.path));
        }
        if ["src/main.rs", "src/lib.rs"].contains(&file.path.as_str()) {
            continue;
        }
        let path = Path::new(&file.path);
        let (module, folder) = if path.ends_with("mod.rs") {
            let folder = path.parent().unwrap();
            (folder.file_name().unwrap(), folder.parent().unwrap())
        } else {
            (path.file_stem().unwrap(), path.parent().unwrap())
        };
        let parents = [folder.join("mod.rs"), folder.join("lib.rs"), folder.with_extension("rs")];
        let declaration = format!("mod {};", module.to_str().unwrap());
        let declared = files.iter().any(|parent| {
            parents.iter().any(|path| path == Path::new(&parent.path))
                && parent.text.contains(&declaration)
        });
        if !declared {
            found.push(format!("{}: no module declares it", file.path));
        }
    }
    none("every file is alive and says what it is", found);
}

#[test]
fn every_diagnostic_code_has_one_owner_and_one_page() {
    let mut owners: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in rust_files("src").iter().filter(|file| !file.is_test()) {
        for (line, text) in file.code() {
            if let Some(at) = text.find("Code = Code(\"") {
                let code = &text[at + "Code = Code(\"".len()..][..5];
                owners.entry(code.to_owned()).or_default().push(format!("{}:{line}", file.path));
            }
        }
    }
    let pages: BTreeSet<String> = fs::read_dir("tests/messages")
        .unwrap()
        .map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    let mut found = Vec::new();
    for (code, places) in &owners {
        if places.len() > 1 {
            found.push(format!("{code} has several owners: {}", places.join(", ")));
        }
        if !pages.contains(code) {
            found.push(format!("{code} ({}) has no page in tests/messages", places[0]));
        }
    }
    found.extend(
        pages
            .iter()
            .filter(|page| !owners.contains_key(*page))
            .map(|page| format!("tests/messages/{page}.md explains a code that nobody gives")),
    );
    none("every diagnostic code has one owner and one page", found);
}

#[test]
fn the_models_hold_no_number_of_a_vendor() {
    const ALLOWED: [&str; 14] =
        ["0", "1", "2", "3", "8", "10", "64", "100", "1000", "1024", "0.0", "0.5", "1.0", "2.0"];
    let mut found = Vec::new();
    for file in rust_files("src/aws").iter().filter(|file| !file.is_test()) {
        for (line, text) in file.code() {
            let text = text.split("//").next().unwrap().replace("..", " ");
            let is_named_limit = text.contains("const ");
            for word in text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.') {
                let digits = word.replace('_', "");
                let number = digits.split(|c: char| c.is_alphabetic()).next().unwrap();
                let number = number.trim_end_matches('.');
                let is_number = number.starts_with(|c: char| c.is_ascii_digit());
                if is_number && !is_named_limit && !ALLOWED.contains(&number) {
                    found.push(format!("{}:{line}: {word}", file.path));
                }
            }
        }
    }
    none("numbers of a vendor live in the catalogue", found);
}
