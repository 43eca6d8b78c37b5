//! A cache of computed bytes by content: what was expensive once (a simulation, highlighted code)
//! is taken from the last run. The key is a hash of everything that the value depends on, so an
//! entry is right or absent, never stale.

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File};
use std::io::{self, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use crate::output::settle::replace;

/// The first bytes of a cache file: the format's name and version.
const MAGIC: &[u8; 8] = b"bogi-c02";
/// The greatest cache file that is read; a larger one is made anew.
const SIZE_MAX: u64 = 1 << 30;

/// How many bytes of values made since [`Cache::bound`] are kept.
const LATE_MAX: usize = 64 << 20;
/// The most bytes of a file whose entries are all kept by a run that used a part of them.
const KEPT_MAX: usize = 256 << 20;

/// The length of a value's checksum in bytes.
const SUM_LENGTH: usize = 8;

/// A hash of everything that a value depends on.
pub type Key = [u8; 32];

/// The key of a value of a kind (`highlight`, `outcome`) that depends on these parts. The sources
/// of bogi are part of every key, so that a change of the program is a change of all its results.
pub fn key(kind: &str, parts: &[&[u8]]) -> Key {
    let mut hasher = blake3::Hasher::new();
    for part in [env!("BOGI_SOURCES").as_bytes(), kind.as_bytes()].iter().chain(parts) {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// Values by key: those of the last run, and those used or made in this one.
#[derive(Debug, Default)]
pub struct Cache {
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    index: FxHashMap<Key, Range<usize>>,
    fresh: Mutex<Fresh>,
    used: Mutex<BTreeMap<Key, Range<usize>>>,
}

/// Values that were made in this run.
#[derive(Debug, Default)]
struct Fresh {
    values: BTreeMap<Key, Vec<u8>>,
    /// Whether those that come now are bounded.
    is_bounded: bool,
    /// Those that came since, the oldest first, and their bytes.
    late: VecDeque<Key>,
    late_bytes: usize,
}

impl Fresh {
    fn put(&mut self, key: Key, value: Vec<u8>) {
        let length = value.len();
        if self.values.insert(key, value).is_some() || !self.is_bounded {
            return;
        }
        self.late.push_back(key);
        self.late_bytes += length;
        while self.late_bytes > LATE_MAX
            && let Some(oldest) = self.late.pop_front()
        {
            let gone = self.values.remove(&oldest).map_or(0, |value| value.len());
            self.late_bytes = self.late_bytes.saturating_sub(gone);
        }
    }
}

impl Cache {
    /// A cache that begins empty and is never saved.
    pub fn in_memory() -> Self {
        Self::default()
    }

    /// The cache of a file. A file that is missing, unreadable or of another version gives an
    /// empty cache: a cache can't fail a build.
    pub fn open(path: &Path) -> Self {
        let small = fs::metadata(path).is_ok_and(|metadata| metadata.len() <= SIZE_MAX);
        let bytes = if small { fs::read(path).unwrap_or_default() } else { Vec::new() };
        let index = index(&bytes).unwrap_or_default();
        Self { path: Some(path.to_owned()), bytes, index, ..Self::default() }
    }

    /// The value under a key. One whose bytes were damaged on the disk is none.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        if let Some(range) = self.index.get(key) {
            let (sum, value) = self.bytes.get(range.clone())?.split_at_checked(SUM_LENGTH)?;
            if sum != checksum(value) {
                return None;
            }
            lock(&self.used).insert(*key, range.clone());
            return Some(value.to_vec());
        }
        lock(&self.fresh).values.get(key).cloned()
    }

    /// Keeps a value for this run and the next.
    pub fn put(&self, key: Key, value: Vec<u8>) {
        lock(&self.fresh).put(key, value);
    }

    /// From now on only so much is kept of what is new: for a process that builds a site again and
    /// again, whose author tries a thousand texts.
    pub fn bound(&self) {
        lock(&self.fresh).is_bounded = true;
    }

    /// Keeps all values of the last run, for a run that looks only at a part of the site: those
    /// that it doesn't use are not for that out of use. A file that has grown large is thinned all
    /// the same.
    pub fn keep_all(&self) {
        if self.bytes.len() <= KEPT_MAX {
            lock(&self.used).extend(self.index.iter().map(|(key, range)| (*key, range.clone())));
        }
    }

    /// Writes what this run used or made, unless the file holds exactly that already.
    ///
    /// # Errors
    /// When the file can't be written.
    pub fn save(&self) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        let fresh = &lock(&self.fresh).values;
        let used = lock(&self.used);
        if fresh.is_empty() && used.len() == self.index.len() {
            return Ok(());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        replace(path, |file| write(file, &self.bytes, &used, fresh))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // A panic elsewhere can't leave a map half changed: insert is all that happens under the lock.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn checksum(value: &[u8]) -> [u8; SUM_LENGTH] {
    let mut sum = [0; SUM_LENGTH];
    blake3::Hasher::new().update(value).finalize_xof().fill(&mut sum);
    sum
}

/// Entries are: key, length of the rest as 8 little-endian bytes, checksum, value.
fn index(bytes: &[u8]) -> Option<FxHashMap<Key, Range<usize>>> {
    let mut index = FxHashMap::default();
    let mut at = MAGIC.len();
    if bytes.get(..at)? != MAGIC {
        return None;
    }
    while at < bytes.len() {
        let key: Key = bytes.get(at..at + 32)?.try_into().ok()?;
        let length: [u8; 8] = bytes.get(at + 32..at + 40)?.try_into().ok()?;
        let start = at + 40;
        let end = start.checked_add(usize::try_from(u64::from_le_bytes(length)).ok()?)?;
        bytes.get(start..end)?;
        index.insert(key, start..end);
        at = end;
    }
    Some(index)
}

fn write(
    file: &mut File,
    bytes: &[u8],
    used: &BTreeMap<Key, Range<usize>>,
    fresh: &BTreeMap<Key, Vec<u8>>,
) -> io::Result<()> {
    let mut out = io::BufWriter::new(file);
    out.write_all(MAGIC)?;
    for (key, range) in used {
        let Some(rest) = bytes.get(range.clone()) else { continue };
        out.write_all(key)?;
        out.write_all(&(rest.len() as u64).to_le_bytes())?;
        out.write_all(rest)?;
    }
    for (key, value) in fresh {
        out.write_all(key)?;
        out.write_all(&((value.len() + SUM_LENGTH) as u64).to_le_bytes())?;
        out.write_all(&checksum(value))?;
        out.write_all(value)?;
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_keeps_what_the_last_run_used() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("cache/entries");
        let (a, b) = (key("test", &[b"a"]), key("test", &[b"b"]));
        let cache = Cache::open(&path);
        cache.put(a, b"1".to_vec());
        cache.put(b, b"2".to_vec());
        cache.save().unwrap();
        let cache = Cache::open(&path);
        assert_eq!(cache.get(&a), Some(b"1".to_vec()));
        cache.save().unwrap();
        let cache = Cache::open(&path);
        assert_eq!((cache.get(&a), cache.get(&b)), (Some(b"1".to_vec()), None));
    }

    #[test]
    fn what_comes_after_the_bound_makes_way_for_what_is_newer() {
        let cache = Cache::in_memory();
        let name = |number: usize| key("test", &[&number.to_le_bytes()]);
        cache.put(name(0), vec![0; LATE_MAX]);
        cache.bound();
        (1..5).for_each(|number| cache.put(name(number), vec![0; LATE_MAX / 2]));
        let kept: Vec<usize> =
            (0..5).filter(|&number| cache.get(&name(number)).is_some()).collect();
        assert_eq!(kept, [0, 3, 4]);
    }

    #[test]
    fn a_run_over_a_part_of_the_site_keeps_all() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entries");
        let (a, b) = (key("test", &[b"a"]), key("test", &[b"b"]));
        let cache = Cache::open(&path);
        cache.put(a, b"1".to_vec());
        cache.save().unwrap();
        let cache = Cache::open(&path);
        cache.put(b, b"2".to_vec());
        cache.keep_all();
        cache.save().unwrap();
        let cache = Cache::open(&path);
        assert_eq!((cache.get(&a), cache.get(&b)), (Some(b"1".to_vec()), Some(b"2".to_vec())));
    }

    #[test]
    fn a_damaged_value_is_none() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entries");
        let cache = Cache::open(&path);
        let name = key("test", &[b"a"]);
        cache.put(name, b"0123456789".to_vec());
        cache.save().unwrap();
        let mut bytes = fs::read(&path).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(&path, bytes).unwrap();
        assert_eq!(Cache::open(&path).get(&name), None);
    }

    #[test]
    fn a_damaged_cache_is_an_empty_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("entries");
        for damaged in [&b""[..], b"bogi-c02half", b"something else", &[255; 80]] {
            fs::write(&path, damaged).unwrap();
            assert_eq!(Cache::open(&path).get(&key("test", &[])), None);
        }
    }
}
