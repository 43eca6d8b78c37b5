//! After any sequence of edits the preview shows what a fresh build of the same folder gives, file
//! for file, and nothing else but one script tag in pages.
//!
//! `BOGI_EDITS=5000 BOGI_SEED=7 cargo test --test edits` draws more edits, or others.

#[path = "edits/edit.rs"]
mod edit;
#[path = "serve/preview.rs"]
mod preview;
#[path = "edits/site.rs"]
mod site;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use bogi::command::arguments::{Arguments, Command, SiteArguments};
use bogi::command::serve::address;
use bogi::command::serve::rebuild::Rebuilder;
use bogi::command::serve::snapshot::{Served, Snapshot};
use bogi::command::site::{Builder, Changes};
use clap::Parser;
use edit::{Author, Draw};

/// The edits of a usual run.
const EDITS: usize = 300;
/// Those that a process of its own has to notice.
const WATCHED_EDITS: usize = 60;

fn number(variable: &str, usual: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

fn write_site(root: &Path) {
    for (path, text) in site::FILES {
        let target = root.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::write(target, text).unwrap();
    }
}

fn arguments(root: &Path) -> SiteArguments {
    let source = root.to_str().unwrap();
    let words =
        ["bogi", "build", "--disable-disk-cache", "--today", "2026-11-22", "--source", source];
    match Arguments::try_parse_from(words).unwrap().command {
        Command::Build(arguments) => arguments.site,
        _ => unreachable!(),
    }
}

fn rebuilder(root: &Path) -> Rebuilder {
    let destination = root.with_file_name("_site");
    Rebuilder::new(Builder::new(&arguments(root), Some(destination)), true)
}

/// What a preview has that a fresh build hasn't: a memory.
fn preview(root: &Path) -> Rebuilder {
    let destination = root.with_file_name("_site");
    Rebuilder::new(Builder::new(&arguments(root), Some(destination)).with_memory(), true)
}

/// Everything that can be seen of a state: its files, and what is said of it.
fn seen(snapshot: &Snapshot, path: &str) -> (Vec<u8>, String) {
    match snapshot.file(path).unwrap() {
        Served::Made(bytes, tag) => (bytes.to_vec(), tag),
        Served::Copied(source) => (fs::read(&source).unwrap_or_default(), String::new()),
    }
}

/// Compares what is served with a fresh build; gives what differs.
fn differences(served: &Snapshot, fresh: &Snapshot) -> Vec<String> {
    let mut found = Vec::new();
    let (own, theirs): (BTreeSet<_>, BTreeSet<_>) =
        (served.paths().collect(), fresh.paths().collect());
    found.extend(own.difference(&theirs).map(|path| format!("{path} is served, not built")));
    found.extend(theirs.difference(&own).map(|path| format!("{path} is built, not served")));
    for path in own.intersection(&theirs) {
        let (own, theirs) = (seen(served, path), seen(fresh, path));
        if own != theirs {
            let [own, theirs] =
                [own.0, theirs.0].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
            found.push(format!("{path} differs:\n--- served\n{own}\n--- built\n{theirs}"));
        }
    }
    let said = |snapshot: &Snapshot| format!("{:#?}", snapshot.problems.found);
    if said(served) != said(fresh) {
        found.push(format!("messages:\n{}\n--- built\n{}", said(served), said(fresh)));
    }
    found
}

#[test]
fn after_any_edits_the_preview_is_a_fresh_build() {
    let edits = number("BOGI_EDITS", EDITS as u64) as usize;
    let mut draw = Draw(number("BOGI_SEED", 20_261_127) | 1);
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap().join("site");
    write_site(&root);
    let mut preview = preview(&root);
    preview.rebuild(&Changes::Everything);
    let mut sites = 0;
    for edit in 0..edits {
        let touched = Author::edit(&root, &mut draw, edit);
        let changes = match draw.below(8) {
            0 => Changes::Everything,
            _ => Changes::Files(touched.clone()),
        };
        let rebuilt = preview.rebuild(&changes);
        let fresh = rebuilder(&root).rebuild(&Changes::Everything);
        if !fresh.snapshot.problems.without_site {
            sites += 1;
            let found = differences(&rebuilt.snapshot, &fresh.snapshot);
            assert!(found.is_empty(), "edit {edit} of {touched:?}:\n{}", found.join("\n"));
        } else {
            assert!(rebuilt.snapshot.problems.without_site, "edit {edit}");
            let said = |snapshot: &Snapshot| format!("{:#?}", snapshot.problems.found);
            assert_eq!(said(&rebuilt.snapshot), said(&fresh.snapshot), "edit {edit}");
        }
    }
    assert!(sites * 2 > edits, "only {sites} of {edits} edits left a site to compare");
}

/// What a running preview sends otherwise than a fresh build has it.
fn unlike(preview: &preview::Preview, fresh: &Snapshot) -> Option<String> {
    for path in fresh.paths() {
        let expected = match fresh.file(path).unwrap() {
            Served::Made(bytes, _) => bytes.to_vec(),
            Served::Copied(source) => {
                let bytes = fs::read(&source).unwrap_or_default();
                let is_page = path.ends_with(".html");
                if is_page { fresh.with_script(&Arc::from(bytes)).0.to_vec() } else { bytes }
            }
        };
        let address = address::encode(&format!("{}/{path}", fresh.baseurl));
        let answer = preview.get(&address, &[]);
        if answer.body != expected {
            return Some(format!("{path}:\n{}\n--- built\n{}", answer.text(), text(&expected)));
        }
    }
    None
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn a_running_preview_comes_to_what_a_fresh_build_is() {
    let mut draw = Draw(number("BOGI_SEED", 20_261_127) | 1);
    let site = preview::Site::new(site::FILES);
    let destination = site.root.with_file_name("_site");
    let to = destination.to_str().unwrap();
    let running = preview::Preview::start(&site, &["--disable-disk-cache", "--destination", to]);
    for edit in 0..WATCHED_EDITS {
        let touched = Author::edit(&site.root, &mut draw, edit);
        let fresh = rebuilder(&site.root).rebuild(&Changes::Everything);
        if fresh.snapshot.problems.without_site {
            continue;
        }
        let mut last = None;
        let same = preview::eventually(|| {
            last = unlike(&running, &fresh.snapshot);
            last.is_none().then_some(())
        });
        let said = running.said();
        assert!(same.is_some(), "edit {edit} of {touched:?}: {}\n{said}", last.unwrap_or_default());
    }
}
