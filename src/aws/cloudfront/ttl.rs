//! How long a response stays in a cache: what the origin asks for in `Cache-Control` and `Expires`,
//! within the bounds that the cache policy sets.
//!
//! Source: the developer guide's page on expiration.

use crate::sim::SECOND;

/// What a response says about caching. Times are nanoseconds; `None` is a directive that isn't
/// there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CacheControl {
    /// `max-age`.
    pub max_age: Option<u64>,
    /// `s-maxage`, which counts before `max-age`.
    pub s_maxage: Option<u64>,
    /// How far ahead `Expires` lies; `max-age` counts before it.
    pub expires: Option<u64>,
    /// `no-store`.
    pub no_store: bool,
    /// `no-cache`.
    pub no_cache: bool,
    /// `private`.
    pub private: bool,
    /// `stale-if-error`: how long past its end a copy may stand in for an error.
    pub stale_if_error: Option<u64>,
}

/// Why a text is no `Cache-Control` header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CacheControlError {
    /// The directive that isn't understood.
    pub directive: String,
}

/// Directives that are understood, and change nothing in a shared cache such as CloudFront's here.
const WITHOUT_EFFECT: [&str; 6] = [
    "public",
    "immutable",
    "must-revalidate",
    "proxy-revalidate",
    "no-transform",
    "stale-while-revalidate",
];

impl CacheControl {
    /// Reads the value of a `Cache-Control` header, such as `max-age=60, s-maxage=600`.
    ///
    /// # Errors
    /// [`CacheControlError`], for a directive that HTTP doesn't know or a time that is no whole
    /// number of seconds.
    pub fn parse(text: &str) -> Result<Self, CacheControlError> {
        let mut read = Self::default();
        for directive in text.split(',').map(str::trim).filter(|directive| !directive.is_empty()) {
            let wrong = || CacheControlError { directive: directive.to_owned() };
            let (name, value) = match directive.split_once('=') {
                Some((name, value)) => (name.trim(), Some(value.trim().trim_matches('"'))),
                None => (directive, None),
            };
            let seconds = || {
                let seconds: u64 = value.and_then(|value| value.parse().ok()).ok_or_else(wrong)?;
                Ok(Some(seconds.saturating_mul(SECOND)))
            };
            match name.to_ascii_lowercase().as_str() {
                "max-age" => read.max_age = seconds()?,
                "s-maxage" => read.s_maxage = seconds()?,
                "stale-if-error" => read.stale_if_error = seconds()?,
                "no-store" => read.no_store = true,
                "no-cache" => read.no_cache = true,
                "private" => read.private = true,
                known if WITHOUT_EFFECT.contains(&known) => {}
                _ => return Err(wrong()),
            }
        }
        Ok(read)
    }

    /// The age that the origin asks for, if it asks for one.
    pub fn age(&self) -> Option<u64> {
        self.s_maxage.or(self.max_age).or(self.expires)
    }

    /// Whether the origin wants no shared copy.
    pub fn forbids_caching(&self) -> bool {
        self.no_store || self.no_cache || self.private
    }
}

/// The bounds of a cache policy, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ttls {
    /// Minimum TTL.
    pub min: u64,
    /// Default TTL, for a response that says nothing.
    pub default: u64,
    /// Maximum TTL. 0 turns caching off.
    pub max: u64,
}

/// How long a response with these headers is kept; `None` when it isn't.
pub fn lifetime(ttls: Ttls, headers: &CacheControl) -> Option<u64> {
    let Ttls { min, default, max } = ttls;
    if max == 0 {
        return None;
    }
    if headers.forbids_caching() {
        return (min > 0).then_some(min);
    }
    Some(match headers.age() {
        Some(age) => age.min(max).max(min),
        None => default.max(min),
    })
}

/// Whether requests for the same object wait for a fetch that is under way: not where a cache must
/// not share what comes.
pub fn collapses(ttls: Ttls, headers: &CacheControl) -> bool {
    ttls.max > 0 && (ttls.min > 0 || !headers.forbids_caching() && headers.age() != Some(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: u64 = 86_400;
    const YEAR: u64 = 31_536_000;

    #[track_caller]
    fn kept((min, default, max): (u64, u64, u64), header: &str) -> Option<u64> {
        let seconds = |seconds: u64| seconds * SECOND;
        let ttls = Ttls { min: seconds(min), default: seconds(default), max: seconds(max) };
        lifetime(ttls, &CacheControl::parse(header).unwrap()).map(|time| time / SECOND)
    }

    #[test]
    fn the_origin_s_wish_counts_within_the_policy_s_bounds() {
        assert_eq!(kept((0, DAY, YEAR), ""), Some(DAY));
        assert_eq!(kept((0, DAY, YEAR), "max-age=3600"), Some(3600));
        assert_eq!(kept((0, DAY, 1800), "max-age=3600"), Some(1800));
        assert_eq!(kept((60, DAY, YEAR), "max-age=10"), Some(60));
        assert_eq!(kept((60, DAY, YEAR), "max-age=10, s-maxage=600"), Some(600));
        assert_eq!(kept((60, 30, YEAR), ""), Some(60));
        assert_eq!(kept((0, 0, 0), "max-age=3600"), None);
        assert_eq!(kept((0, 0, YEAR), ""), Some(0));
    }

    /// A55: what must not be stored is not, unless the policy has a minimum.
    #[test]
    fn a55_no_store_gives_way_to_a_minimum_ttl() {
        for header in ["no-store", "no-cache", "private", "private, max-age=600"] {
            assert_eq!(kept((0, DAY, YEAR), header), None, "{header}");
            assert_eq!(kept((60, DAY, YEAR), header), Some(60), "{header}");
        }
    }

    #[test]
    fn expires_counts_where_no_age_is_given() {
        let ttls = Ttls { min: 60, default: 100, max: 1000 };
        let expires = |expires, max_age| CacheControl {
            expires: Some(expires),
            max_age,
            ..CacheControl::default()
        };
        assert_eq!(lifetime(ttls, &expires(500, None)), Some(500));
        assert_eq!(lifetime(ttls, &expires(5000, None)), Some(1000));
        assert_eq!(lifetime(ttls, &expires(5, None)), Some(60));
        assert_eq!(lifetime(ttls, &expires(500, Some(70))), Some(70));
    }

    #[test]
    fn what_a_cache_must_not_share_is_not_waited_for() {
        let free = Ttls { min: 0, default: 100, max: 1000 };
        let header = |text| CacheControl::parse(text).unwrap();
        for text in ["private", "no-store", "no-cache", "max-age=0", "s-maxage=0"] {
            assert!(!collapses(free, &header(text)), "{text}");
            assert!(collapses(Ttls { min: 1, ..free }, &header(text)), "{text}");
        }
        assert!(collapses(free, &header("")));
        assert!(collapses(free, &header("max-age=1")));
        assert!(!collapses(Ttls { min: 0, default: 0, max: 0 }, &header("max-age=1")));
    }

    #[test]
    fn headers_that_are_none_are_named() {
        let error = |text| CacheControl::parse(text).unwrap_err().directive;
        assert_eq!(error("max-age=60, max-stal=5"), "max-stal=5");
        assert_eq!(error("max-age=soon"), "max-age=soon");
        assert_eq!(error("max-age"), "max-age");
        assert_eq!(CacheControl::parse("Public, Max-Age=\"5\"").unwrap().max_age, Some(5 * SECOND));
    }

    proptest::proptest! {
        #[test]
        fn a_lifetime_never_leaves_the_bounds(
            min in 0u64..100, default in 0u64..200, more in 0u64..200, age in 0u64..400,
        ) {
            let ttls = Ttls { min, default, max: min.max(default) + more };
            let headers = CacheControl { max_age: Some(age), ..CacheControl::default() };
            match lifetime(ttls, &headers) {
                Some(time) => assert!(min <= time && time <= ttls.max),
                None => assert_eq!(ttls.max, 0),
            }
        }
    }
}
