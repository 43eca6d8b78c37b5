//! Gives the program a hash of its own sources, which is part of every cache key: what an older
//! build computed is never taken for what this one would compute.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files(&path, found)?;
        } else {
            found.insert(path);
        }
    }
    Ok(())
}

fn main() -> io::Result<()> {
    let mut sources = BTreeSet::from([PathBuf::from("Cargo.toml")]);
    if Path::new("Cargo.lock").exists() {
        sources.insert(PathBuf::from("Cargo.lock"));
    }
    files(Path::new("src"), &mut sources)?;
    // `DefaultHasher::new` has fixed keys, so the same sources give the same hash.
    let mut hasher = DefaultHasher::new();
    for path in &sources {
        hasher.write(path.to_string_lossy().as_bytes());
        hasher.write(&fs::read(path)?);
    }
    for feature in ["CARGO_FEATURE_ONIG", "CARGO_FEATURE_FANCY"] {
        hasher.write_u8(u8::from(env::var_os(feature).is_some()));
    }
    println!("cargo:rustc-env=BOGI_SOURCES={:016x}", hasher.finish());
    for path in ["build.rs", "Cargo.toml", "Cargo.lock", "src"] {
        println!("cargo:rerun-if-changed={path}");
    }
    Ok(())
}
