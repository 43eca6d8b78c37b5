//! Reading the catalogue by name, for the models.

use crate::aws::catalogue::Quotas;
use crate::quantity::unit;
use crate::sim::SECOND;

/// Reads the catalogue by name. A name that isn't there counts as 0; a test holds that none is.
pub struct Reader<'a> {
    quotas: &'a Quotas<'a>,
    region: &'a str,
}

impl<'a> Reader<'a> {
    pub fn new(quotas: &'a Quotas<'a>, region: &'a str) -> Self {
        Self { quotas, region }
    }

    /// The amount in the base unit of its dimension.
    pub fn amount(&self, name: &str) -> f64 {
        self.quotas.get(name).map_or(0.0, |quantity| quantity.amount)
    }

    /// A whole number; negative ones count as 0.
    pub fn count(&self, name: &str) -> u64 {
        self.amount(name) as u64
    }

    /// A length of time in nanoseconds.
    pub fn time(&self, name: &str) -> u64 {
        self.amount(name).round() as u64
    }

    /// A length of time in seconds.
    pub fn seconds(&self, name: &str) -> f64 {
        self.amount(name) / SECOND as f64
    }

    /// A size in MB.
    pub fn megabytes(&self, name: &str) -> u64 {
        (self.amount(name) / unit("MB").map_or(1.0, |(_, size)| size)) as u64
    }

    /// A price in the Region, in US dollars.
    pub fn price(&self, name: &str) -> f64 {
        self.amount_in_region(name)
    }

    /// The amount in the Region, in the base unit of its dimension.
    pub fn amount_in_region(&self, name: &str) -> f64 {
        self.quotas.get_in_region(name, self.region).map_or(0.0, |quantity| quantity.amount)
    }
}
