//! `docs/model.md` says what the engine is made of, from the data that the engine runs on.
//! `BLESS=1 cargo test --test model` writes it.

use std::fs;

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
