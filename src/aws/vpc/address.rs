//! IPv4 blocks and ranges of ports.

use std::fmt;
use std::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

/// A block of IPv4 addresses in CIDR notation. Its host bits are zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cidr {
    base: u32,
    prefix: u8,
}

/// Why a text is no block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CidrError {
    /// It isn't `ADDRESS/PREFIX`.
    Form,
    /// The address isn't four numbers from 0 to 255.
    Address,
    /// The prefix isn't a number from 0 to 32.
    Prefix,
    /// Bits behind the prefix are set; the block that was probably meant.
    HostBits(Cidr),
}

impl fmt::Display for CidrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form => write!(f, "an address, `/` and a prefix are needed"),
            Self::Address => write!(f, "the address isn't four numbers from 0 to {}", u8::MAX),
            Self::Prefix => write!(f, "the prefix isn't a number from 0 to {}", u32::BITS),
            Self::HostBits(meant) => write!(f, "bits behind the prefix are set: {meant} begins it"),
        }
    }
}

impl std::error::Error for CidrError {}

impl Cidr {
    /// Every address, `0.0.0.0/0`.
    pub const EVERYWHERE: Self = Self { base: 0, prefix: 0 };

    /// Reads `10.0.0.0/16`.
    ///
    /// # Errors
    /// [`CidrError`], when the text has another form or sets bits behind the prefix, which AWS
    /// refuses in rules and routes.
    pub fn parse(text: &str) -> Result<Self, CidrError> {
        let (address, prefix) = text.split_once('/').ok_or(CidrError::Form)?;
        let address: Ipv4Addr = address.parse().map_err(|_| CidrError::Address)?;
        let is_plain = prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix = prefix.parse().ok().filter(|&prefix: &u8| u32::from(prefix) <= u32::BITS);
        let prefix = prefix.filter(|_| is_plain).ok_or(CidrError::Prefix)?;
        let base = u32::from(address) & mask(prefix);
        let block = Self { base, prefix };
        if base == u32::from(address) { Ok(block) } else { Err(CidrError::HostBits(block)) }
    }

    /// The block of one address.
    pub fn host(address: Ipv4Addr) -> Self {
        Self { base: u32::from(address), prefix: u32::BITS as u8 }
    }

    /// The length of the prefix, 0 to 32.
    pub fn prefix(self) -> u8 {
        self.prefix
    }

    /// How many addresses it has.
    pub fn addresses(self) -> u64 {
        1 << (u32::BITS - u32::from(self.prefix))
    }

    /// Whether all addresses of `other` are in it.
    pub fn contains(self, other: Self) -> bool {
        self.prefix <= other.prefix && other.base & mask(self.prefix) == self.base
    }

    /// Whether the two have an address in common.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other) || other.contains(self)
    }
}

/// The bits of the network part.
fn mask(prefix: u8) -> u32 {
    u32::MAX.checked_shl(u32::BITS.saturating_sub(u32::from(prefix))).unwrap_or(0)
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", Ipv4Addr::from(self.base), self.prefix)
    }
}

/// TCP ports from one to another, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ports {
    /// The least.
    pub from: u16,
    /// The greatest.
    pub to: u16,
}

impl Ports {
    /// All ports.
    pub const ALL: Self = Self { from: 0, to: u16::MAX };

    /// One port.
    pub const fn one(port: u16) -> Self {
        Self { from: port, to: port }
    }

    /// Whether all ports of `other` are among them.
    pub fn contain(self, other: Self) -> bool {
        self.from <= other.from && other.to <= self.to
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.from == self.to {
            write!(f, "{}", self.from)
        } else {
            write!(f, "{}-{}", self.from, self.to)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(text: &str) -> Cidr {
        Cidr::parse(text).unwrap()
    }

    #[test]
    fn blocks_are_read_and_written() {
        for text in ["0.0.0.0/0", "10.0.0.0/8", "10.0.128.0/17", "203.0.113.7/32"] {
            assert_eq!(block(text).to_string(), text);
        }
        assert_eq!(block("10.0.0.0/16").addresses(), 65_536);
        assert_eq!(Cidr::EVERYWHERE.addresses(), 1 << 32);
        assert_eq!(Cidr::host(Ipv4Addr::new(10, 0, 0, 9)), block("10.0.0.9/32"));
    }

    #[test]
    fn what_is_no_block_says_why() {
        assert_eq!(Cidr::parse("10.0.0.0"), Err(CidrError::Form));
        assert_eq!(Cidr::parse("10.0.0/8"), Err(CidrError::Address));
        assert_eq!(Cidr::parse("10.0.0.256/8"), Err(CidrError::Address));
        for prefix in ["33", "", "x", "-1", "+8", "300"] {
            assert_eq!(Cidr::parse(&format!("10.0.0.0/{prefix}")), Err(CidrError::Prefix));
        }
        let meant = CidrError::HostBits(block("10.0.0.0/16"));
        assert_eq!(Cidr::parse("10.0.1.0/16"), Err(meant));
    }

    #[test]
    fn containing_and_overlapping() {
        let (vpc, subnet) = (block("10.0.0.0/16"), block("10.0.3.0/24"));
        assert!(vpc.contains(subnet) && vpc.contains(vpc) && !subnet.contains(vpc));
        assert!(subnet.overlaps(vpc) && !subnet.overlaps(block("10.0.4.0/24")));
        assert!(Cidr::EVERYWHERE.contains(block("255.255.255.255/32")));
        assert!(!block("10.0.0.0/16").overlaps(block("10.1.0.0/16")));
    }

    #[test]
    fn ports_contain_ports() {
        assert!(Ports::ALL.contain(Ports::one(0)) && Ports::ALL.contain(Ports::one(u16::MAX)));
        let some = Ports { from: 1024, to: 2048 };
        assert!(some.contain(Ports::one(1024)) && !some.contain(Ports::one(443)));
        assert!(!some.contain(Ports::ALL));
        assert_eq!(format!("{some} {}", Ports::one(443)), "1024-2048 443");
    }
}
