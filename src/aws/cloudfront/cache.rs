//! One cache: an edge location's or a regional edge cache's. It keeps one entry for each object
//! that was asked for, so its memory is bounded by the objects of a run.

use rustc_hash::FxHashMap;

/// The key of a cached object: the number of the text that makes the key, above the number of the
/// object that a path with many stands for.
pub(super) type Key = u64;

/// What a cache knows about an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    /// The response that is kept; `None` when the last one must not be.
    pub(super) reply: Option<u32>,
    /// Until when it is fresh; at that instant it no longer is.
    pub(super) expires: u64,
    /// Until when it stands in for an origin that fails.
    pub(super) stands_in_until: u64,
    /// The state of the origin's content that it is a copy of.
    pub(super) version: u64,
    /// Whether requests wait for a fetch of it that is under way.
    pub(super) collapses: bool,
}

/// What a request finds in a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A fresh response.
    Fresh(u32),
    /// An expired one that is served for now, since the origin has failed.
    StandIn(u32),
    /// An expired one, with the state of the content that it is a copy of.
    Expired { reply: u32, version: u64 },
    /// Nothing.
    Nothing,
}

/// What becomes of a request that a cache can't serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// It fetches, and others wait for it.
    Leads,
    /// It waits for another's fetch.
    Waits,
    /// It fetches by itself.
    Alone,
}

/// A cache.
#[derive(Clone, Debug, Default)]
pub(super) struct Cache {
    entries: FxHashMap<Key, Entry>,
    /// The fetches under way that others wait for, and those that wait, in order.
    fetches: FxHashMap<Key, Vec<u32>>,
}

impl Cache {
    #[inline]
    pub(super) fn look_up(&self, key: Key, now: u64) -> Found {
        let Some(entry) = self.entries.get(&key) else { return Found::Nothing };
        match entry.reply {
            None => Found::Nothing,
            Some(reply) if now < entry.expires => Found::Fresh(reply),
            Some(reply) if now < entry.stands_in_until => Found::StandIn(reply),
            Some(reply) => Found::Expired { reply, version: entry.version },
        }
    }

    /// Whose turn it is to fetch an object; `flight` is put with those that wait.
    pub(super) fn turn(&mut self, key: Key, flight: u32, collapses: bool) -> Turn {
        let collapses = collapses && self.entries.get(&key).is_none_or(|entry| entry.collapses);
        if !collapses {
            return Turn::Alone;
        }
        if let Some(waiting) = self.fetches.get_mut(&key) {
            waiting.push(flight);
            return Turn::Waits;
        }
        self.fetches.insert(key, Vec::new());
        Turn::Leads
    }

    /// A fetch that others wait for is over; gives those that wait.
    pub(super) fn fetched(&mut self, key: Key) -> Vec<u32> {
        self.fetches.remove(&key).unwrap_or_default()
    }

    pub(super) fn store(&mut self, key: Key, entry: Entry) {
        self.entries.insert(key, entry);
    }

    /// The entry of an object, also if it has expired.
    pub(super) fn entry(&self, key: Key) -> Option<&Entry> {
        self.entries.get(&key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(expires: u64) -> Entry {
        Entry { reply: Some(5), expires, stands_in_until: 0, version: 1, collapses: true }
    }

    #[test]
    fn a_copy_is_fresh_before_its_end_and_not_at_it() {
        let mut cache = Cache::default();
        assert_eq!(cache.look_up(1, 0), Found::Nothing);
        cache.store(1, entry(10));
        assert_eq!(cache.look_up(1, 9), Found::Fresh(5));
        assert_eq!(cache.look_up(1, 10), Found::Expired { reply: 5, version: 1 });
        assert_eq!(cache.look_up(2, 9), Found::Nothing);
        cache.store(1, Entry { stands_in_until: 20, ..entry(10) });
        assert_eq!(cache.look_up(1, 19), Found::StandIn(5));
        assert_eq!(cache.look_up(1, 20), Found::Expired { reply: 5, version: 1 });
    }

    #[test]
    fn one_fetches_and_the_others_wait() {
        let mut cache = Cache::default();
        assert_eq!(cache.turn(1, 7, true), Turn::Leads);
        assert_eq!(cache.turn(1, 8, true), Turn::Waits);
        assert_eq!(cache.turn(1, 9, true), Turn::Waits);
        assert_eq!(cache.turn(2, 9, true), Turn::Leads);
        assert_eq!(cache.turn(1, 9, false), Turn::Alone);
        assert_eq!(cache.fetched(1), [8, 9]);
        assert_eq!(cache.turn(1, 7, true), Turn::Leads);
        cache.store(3, Entry { reply: None, collapses: false, ..entry(0) });
        assert_eq!(cache.turn(3, 7, true), Turn::Alone);
        assert_eq!(cache.look_up(3, 0), Found::Nothing);
    }
}
