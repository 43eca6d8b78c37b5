//! Measures that stream, in bounded memory: distributions, series and counts over time.

pub mod ages;
pub mod counts;
pub mod distribution;
pub mod series;

pub use ages::Ages;
pub use counts::{CountBin, Counts};
pub use distribution::Distribution;
pub use series::{Bin, Series};

/// The most bins of a series or count over time. When they run out, their width doubles, so at
/// the end between half as many and all of them are in use.
pub const MOST_BINS: usize = 512;

/// The width of a bin at the beginning, in nanoseconds.
const FIRST_WIDTH: u64 = 1000;

/// A bin's end that nothing overflows.
fn bin_start(index: usize, width: u64) -> u64 {
    width.saturating_mul(index as u64)
}

/// The width that bins need so that `time` lies in one of them, from a given width on.
fn width_for(time: u64, mut width: u64) -> u64 {
    while time / width >= MOST_BINS as u64 {
        width = width.saturating_mul(2);
    }
    width
}
