//! A run of the pipeline that remembers the one before gives the same site, and says the same, as
//! one that doesn't: after every one of many random edits, on sites whose pages look at each other
//! in every way that templates can.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use bogi::content::Options;
use bogi::date::Moment;
use bogi::output::{Content, cache::Cache};
use bogi::pipeline::{self, Request, memory::Memory};

/// Files by their paths.
type Files = Vec<(String, String)>;

/// The files of a page of `tests/memory`: each stands between tildes, behind its path.
fn files(page: &str) -> Files {
    let mut files = Files::new();
    let mut open = false;
    for line in page.lines() {
        match (line.strip_prefix("~~~~"), open) {
            (Some(_), true) => open = false,
            (Some(path), false) => {
                files.push((path.trim().to_owned(), String::new()));
                open = true;
            }
            (None, true) => {
                let (_, text) = files.last_mut().unwrap();
                text.push_str(line);
                text.push('\n');
            }
            (None, false) => {}
        }
    }
    files
}

/// What edits put into a site: whole files, and lines.
struct Edits {
    files: Files,
    lines: Vec<String>,
}

impl Edits {
    fn new() -> Self {
        let mut files = files(include_str!("memory/edits.md"));
        let (_, lines) = files.pop().unwrap();
        Self { files, lines: lines.lines().map(str::to_owned).collect() }
    }
}

/// A generator of small numbers (xorshift), so that a seed names a session of edits.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn one<'t, T>(&mut self, all: &'t [T]) -> &'t T {
        &all[self.below(all.len())]
    }
}

/// What a run made of the site and said of it.
#[derive(Debug, PartialEq)]
struct Seen {
    files: BTreeMap<String, (String, bool)>,
    said: Vec<String>,
}

fn seen(site: &Path, now: &Moment, cache: &Cache, memory: Option<&Memory>) -> Seen {
    let options = Options {
        source: site.to_owned(),
        destination: Some(site.join("_site")),
        ..Options::default()
    };
    let request = Request {
        options: &options,
        cache,
        now,
        environment: "development",
        memory,
        judges_prose: false,
    };
    match pipeline::run(&request, &mut |_| {}) {
        Ok(built) => {
            let text = |content: &Content| match content {
                Content::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Content::CopyOf(path) => fs::read_to_string(path).unwrap(),
            };
            let entries = built.output.entries.iter();
            let files =
                entries.map(|(path, entry)| (path.clone(), (text(&entry.content), entry.broken)));
            let said = built.diagnostics.iter().map(|found| format!("{found:?}")).collect();
            Seen { files: files.collect(), said }
        }
        Err(found) => Seen {
            files: BTreeMap::new(),
            said: found.iter().map(|found| format!("{found:?}")).collect(),
        },
    }
}

/// One random edit: a line of a file changed, a file broken, mended, added, removed or renamed.
fn edit(
    site: &Path,
    (of_site, edits): (&Files, &Edits),
    random: &mut Random,
    step: usize,
) -> String {
    let mut files: Vec<String> = Vec::new();
    collect(site, "", &mut files);
    files.sort();
    let path = random.one(&files).clone();
    let at = site.join(&path);
    let text = fs::read_to_string(&at).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    match random.below(10) {
        0 => {
            fs::remove_file(&at).unwrap();
            format!("removed {path}")
        }
        1 => {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
            let to = Path::new(folder)
                .join(format!("{}{name}", if name.starts_with("20") { "" } else { "x" }));
            let to = to.to_str().unwrap().replace("2026-0", "2026-1").replace(".md", "-b.md");
            let to = if site.join(&to).exists() { format!("{to}.bak") } else { to };
            fs::rename(&at, site.join(&to)).unwrap();
            format!("renamed {path} to {to}")
        }
        2 | 3 => {
            let (path, text) = random.one(&edits.files);
            let path = path.replace("{n}", &random.below(5).to_string());
            let text = text.replace("{n}", &step.to_string());
            write(site, &path, &text);
            format!("wrote {path}")
        }
        4 => {
            let (path, text) = random.one(of_site);
            write(site, path, text);
            format!("restored {path}")
        }
        5 if !lines.is_empty() => {
            let line = random.below(lines.len());
            let kept = lines.iter().enumerate().filter(|(number, _)| *number != line);
            let kept: Vec<&str> = kept.map(|(_, line)| *line).collect();
            fs::write(&at, kept.join("\n") + "\n").unwrap();
            format!("took line {line} from {path}: {}", lines[line])
        }
        6 if !lines.is_empty() => {
            let line = random.below(lines.len());
            let mut all: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            all[line] = lines[line].replace(['a', 'e', '1'], "i");
            fs::write(&at, all.join("\n") + "\n").unwrap();
            format!("changed line {line} of {path}: {}", lines[line])
        }
        _ => {
            let more = random.one(&edits.lines).replace("{n}", &step.to_string());
            fs::write(&at, format!("{text}{more}\n")).unwrap();
            format!("appended to {path}: {more}")
        }
    }
}

fn collect(site: &Path, folder: &str, files: &mut Vec<String>) {
    for entry in fs::read_dir(site.join(folder)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = if folder.is_empty() { name } else { format!("{folder}/{name}") };
        if entry.file_type().unwrap().is_dir() {
            collect(site, &path, files);
        } else {
            files.push(path);
        }
    }
}

/// A session of edits on a site. Time passes, so that what shows it can't be kept.
fn session((files, edits): (&Files, &Edits), seed: u64, count: usize) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    for (path, text) in files {
        write(site, path, text);
    }
    let mut random = Random(seed);
    let memory = Memory::default();
    let (cache, other) = (Cache::in_memory(), Cache::in_memory());
    let mut history = Vec::new();
    for step in 0..=count {
        let before = contents(site);
        // Sometimes several files change at once.
        for _ in 0..if step == 0 { 0 } else { 1 + random.below(8) / 6 } {
            history.push(edit(site, (files, edits), &mut random, step));
        }
        // Every other time it is said which files were changed, and that no others were.
        let after = contents(site);
        let paths = before.keys().chain(after.keys());
        let changed: BTreeSet<PathBuf> = paths
            .filter(|path| before.get(*path) != after.get(*path) || step % 2 == 0)
            .map(|path| site.join(path))
            .collect();
        memory.changed(changed.iter().map(PathBuf::as_path), step % 2 == 1);
        let now = Moment::from_unix_seconds(1_780_000_000 + step as i64 * 86_400 * 3).unwrap();
        let seen_now = seen(site, &now, &cache, Some(&memory));
        let fresh = seen(site, &now, &other, None);
        if seen_now != fresh {
            explain(seed, step, &history, &seen_now, &fresh);
        }
    }
}

/// All files of the site.
fn contents(site: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut paths = Vec::new();
    collect(site, "", &mut paths);
    let content = |path: String| {
        let bytes = fs::read(site.join(&path)).unwrap();
        (path, bytes)
    };
    paths.into_iter().map(content).collect()
}

fn write(site: &Path, path: &str, text: &str) {
    fs::create_dir_all(site.join(path).parent().unwrap()).unwrap();
    fs::write(site.join(path), text).unwrap();
}

fn explain(seed: u64, step: usize, history: &[String], now: &Seen, fresh: &Seen) -> ! {
    let last = &history[history.len().saturating_sub(3)..];
    for (path, text) in &fresh.files {
        assert_eq!(now.files.get(path), Some(text), "{path}, seed {seed}, edit {step}: {last:#?}");
    }
    assert_eq!(now.said, fresh.said, "seed {seed}, edit {step}: {last:#?}");
    panic!("files that shouldn't be there, seed {seed}, edit {step}: {last:#?}");
}

fn sessions(page: &str) {
    let (files, edits) = (files(page), Edits::new());
    // More seeds than a test needs are for those who change the memory.
    let seeds: u64 = std::env::var("SEEDS").map_or(3, |seeds| seeds.parse().unwrap());
    for seed in 1..=seeds {
        session((&files, &edits), seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), 60);
    }
}

#[test]
fn a_site_with_its_own_layouts_is_the_one_that_is_built_anew() {
    sessions(include_str!("memory/own-layouts.md"));
}

#[test]
fn a_site_with_the_theme_is_the_one_that_is_built_anew() {
    sessions(include_str!("memory/theme.md"));
}
