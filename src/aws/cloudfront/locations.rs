//! Edge locations and the Regions behind them.
//!
//! AWS names edge locations by the code of an airport, and publishes the cities of the regional
//! edge caches, but not which location uses which: the nearest one is taken here (confidence D).

use crate::aws::cloudfront::distribution::Location;

/// Codes and Regions, those of the most viewers in Korea first.
pub const LOCATIONS: [(&str, &str); 30] = [
    ("ICN", "ap-northeast-2"),
    ("NRT", "ap-northeast-1"),
    ("KIX", "ap-northeast-1"),
    ("HKG", "ap-southeast-1"),
    ("TPE", "ap-northeast-1"),
    ("SIN", "ap-southeast-1"),
    ("BKK", "ap-southeast-1"),
    ("SYD", "ap-southeast-2"),
    ("BOM", "ap-south-1"),
    ("DEL", "ap-south-1"),
    ("IAD", "us-east-1"),
    ("JFK", "us-east-1"),
    ("ATL", "us-east-1"),
    ("ORD", "us-east-2"),
    ("DFW", "us-east-2"),
    ("SEA", "us-west-2"),
    ("SFO", "us-west-1"),
    ("LAX", "us-west-1"),
    ("YUL", "us-east-1"),
    ("GRU", "sa-east-1"),
    ("LHR", "eu-west-2"),
    ("MAN", "eu-west-2"),
    ("DUB", "eu-west-1"),
    ("CDG", "eu-west-2"),
    ("AMS", "eu-central-1"),
    ("FRA", "eu-central-1"),
    ("MXP", "eu-central-1"),
    ("MAD", "eu-west-1"),
    ("ARN", "eu-central-1"),
    ("DXB", "ap-south-1"),
];

/// The location with a code.
pub fn location(code: &str) -> Option<Location> {
    let &(name, region) = LOCATIONS.iter().find(|(name, _)| *name == code)?;
    Some(Location { name: name.to_owned(), region: region.to_owned() })
}

/// A location in front of a Region.
pub fn near(region: &str) -> Location {
    let found = LOCATIONS.iter().find(|(_, known)| *known == region);
    let (name, region) = found.copied().unwrap_or(("EDGE", region));
    Location { name: name.to_owned(), region: region.to_owned() }
}
