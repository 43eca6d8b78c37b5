//! Who may ask: only pages that believe to be on this machine, so that no other site can read the
//! preview through a name of its own that leads here (DNS rebinding).

use std::net::IpAddr;

/// The names by which the preview may be asked for.
#[derive(Clone, Debug)]
pub struct Hosts {
    given: String,
    any_address: bool,
}

impl Hosts {
    /// The names for the host that the preview was told to listen on. Where that is every address
    /// of the machine, all addresses are names, and none of its names.
    pub fn new(given: &str) -> Self {
        let given = given.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address: Option<IpAddr> = given.parse().ok();
        let any_address = address.is_some_and(|address| address.is_unspecified());
        Self { given, any_address }
    }

    /// Whether a `Host` field is one of the names.
    pub fn allow(&self, field: &str) -> bool {
        let field = field.trim().to_ascii_lowercase();
        let name = match field.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((address, port)) if port.is_empty() || port.starts_with(':') => address,
            Some(_) => return false,
            None => field.rsplit_once(':').map_or(field.as_str(), |(name, _)| name),
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        let address: Option<IpAddr> = name.parse().ok();
        name == "localhost"
            || name.ends_with(".localhost")
            || address.is_some_and(|address| address.is_loopback() || self.any_address)
            || (!name.is_empty() && name == self.given)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_allowed_and_no_others() {
        let usual = Hosts::new("127.0.0.1");
        for good in ["localhost", "localhost:4000", "LOCALHOST.", "127.0.0.1:4000", "[::1]:4000"] {
            assert!(usual.allow(good), "{good}");
        }
        for bad in ["", ":4000", "evil.example", "127.0.0.1.evil.example", "192.168.0.2", "[::1]x"]
        {
            assert!(!usual.allow(bad), "{bad}");
        }
        assert!(Hosts::new("blog.test").allow("blog.test:4000"));
        let every = Hosts::new("0.0.0.0");
        assert!(every.allow("192.168.0.2:4000") && every.allow("[fe80::1]:4000"));
        assert!(!every.allow("evil.example:4000"));
    }
}
