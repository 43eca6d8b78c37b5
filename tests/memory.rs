//! A run of the pipeline that remembers the one before gives the same site, and says the same, as
//! one that doesn't: after every one of many random edits, on sites whose pages look at each other
//! in every way that templates can.

#[path = "memory/sites.rs"]
mod sites;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use bogi::content::Options;
use bogi::date::{Date, Moment, Zone};
use bogi::output::{Content, cache::Cache};
use bogi::pipeline::{self, Request, memory::Memory};

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

fn seen(site: &Path, cache: &Cache, memory: Option<&Memory>) -> Seen {
    let options = Options {
        source: site.to_owned(),
        destination: Some(site.join("_site")),
        ..Options::default()
    };
    let now = Date::parse("2026-06-01").unwrap();
    let now: Moment = now.at_midnight(&Zone::utc()).unwrap();
    let request =
        Request { options: &options, cache, now: &now, environment: "development", memory };
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
fn edit(site: &Path, random: &mut Random, step: usize) -> String {
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
            let (path, text) = random.one(sites::MORE);
            let path = path.replace("{n}", &random.below(5).to_string());
            let text = text.replace("{n}", &step.to_string());
            fs::create_dir_all(site.join(&path).parent().unwrap()).unwrap();
            fs::write(site.join(&path), text).unwrap();
            format!("wrote {path}")
        }
        4 => {
            let (path, text) = random.one(sites::FILES);
            fs::create_dir_all(site.join(path).parent().unwrap()).unwrap();
            fs::write(site.join(path), text).unwrap();
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
            let more = random.one(sites::LINES).replace("{n}", &step.to_string());
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

fn session(seed: u64, edits: usize) {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path();
    for (path, text) in sites::FILES {
        fs::create_dir_all(site.join(path).parent().unwrap()).unwrap();
        fs::write(site.join(path), text).unwrap();
    }
    let mut random = Random(seed);
    let memory = Memory::default();
    let (cache, other) = (Cache::in_memory(), Cache::in_memory());
    let mut history = Vec::new();
    assert_eq!(seen(site, &cache, Some(&memory)), seen(site, &other, None));
    for step in 0..edits {
        // Sometimes several files change at once.
        for _ in 0..1 + random.below(8) / 6 {
            history.push(edit(site, &mut random, step));
        }
        let everything: Vec<String> = {
            let mut files = Vec::new();
            collect(site, "", &mut files);
            files
        };
        memory.changed(everything.iter().map(Path::new));
        let (now, fresh) = (seen(site, &cache, Some(&memory)), seen(site, &other, None));
        if now != fresh {
            explain(seed, step, &history, &now, &fresh);
        }
    }
}

fn explain(seed: u64, step: usize, history: &[String], now: &Seen, fresh: &Seen) -> ! {
    let last = &history[history.len().saturating_sub(3)..];
    for (path, text) in &fresh.files {
        assert_eq!(now.files.get(path), Some(text), "{path}, seed {seed}, edit {step}: {last:#?}");
    }
    assert_eq!(now.said, fresh.said, "seed {seed}, edit {step}: {last:#?}");
    panic!("files that shouldn't be there, seed {seed}, edit {step}: {last:#?}");
}

#[test]
fn a_site_after_random_edits_is_the_one_that_is_built_anew() {
    let seeds: u64 = std::env::var("SEEDS").map_or(4, |seeds| seeds.parse().unwrap());
    for seed in 1..=seeds {
        session(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15), 60);
    }
}
