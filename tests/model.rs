//! `docs/model.md` says what the engine is made of, from the data that the engine runs on.
//! `BLESS=1 cargo test --test model` writes it. What the engine reads is in the catalogue.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use bogi::aws::catalogue::{Catalogue, behaviour};

#[test]
fn the_page_is_made_from_the_data() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/model.md");
    let page = behaviour::page(Catalogue::builtin());
    if std::env::var_os("BLESS").is_some() {
        fs::write(path, &page).unwrap();
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    let differs = kept.lines().zip(page.lines()).position(|(kept, made)| kept != made);
    assert!(kept == page, "docs/model.md differs (first at line {differs:?}); bless it");
}

/// A name that isn't in the catalogue would count as 0. A name with a hole, as in
/// `sns.{policy}_delay`, has to fit some entry.
#[test]
fn every_fact_that_the_models_read_is_in_the_catalogue() {
    let entries: Vec<&str> = Catalogue::builtin().iter().map(|entry| entry.name.as_str()).collect();
    let services: BTreeSet<&str> =
        entries.iter().filter_map(|name| name.split('.').next()).collect();
    let mut read = 0;
    for path in sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let whole = |text: &&str| !text.ends_with(".amazonaws.com") && !text.ends_with('.');
        let literals = code.split('"').filter(whole);
        for name in literals.filter(|literal| is_name(literal, &services)) {
            let known = entries.iter().any(|entry| fits(name, entry));
            assert!(known, "{}: `{name}` isn't in the catalogue", path.display());
            read += 1;
        }
    }
    assert!(read > 200, "only {read} names found");
}

/// Whether a literal is the name of an entry of one of the services.
fn is_name(literal: &str, services: &BTreeSet<&str>) -> bool {
    let of_a_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._{}".contains(c);
    let service = literal.split_once('.').map(|(service, _)| service);
    service.is_some_and(|service| services.contains(service)) && literal.chars().all(of_a_name)
}

/// Whether an entry's name is `template` with something in its holes.
fn fits(template: &str, entry: &str) -> bool {
    let Some((before, rest)) = template.split_once('{') else { return template == entry };
    let after = rest.split_once('}').map_or("", |(_, after)| after);
    entry
        .strip_prefix(before)
        .is_some_and(|tail| (1..=tail.len()).any(|length| fits(after, &tail[length..])))
}

/// The Rust files below a folder, those of tests aside.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let parts = entries.map(|path| match path.is_dir() {
        true if path.ends_with("tests") => Vec::new(),
        true => sources(&path),
        false => vec![path],
    });
    parts.flatten().filter(|path| path.extension().is_some_and(|e| e == "rs")).collect()
}
