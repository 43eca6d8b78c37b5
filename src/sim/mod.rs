//! The discrete-event kernel: integer time, an ordered event queue, one seeded generator, bounds
//! and statistics. It names no service.
//!
//! All times are nanoseconds in a `u64`. Nothing in here depends on the platform: the generator
//! works on integers, and the two transcendental functions whose values reach results are
//! [`elementary`]'s own.

pub mod agenda;
pub mod backoff;
pub mod bucket;
pub mod draw;
pub mod elementary;
pub mod flow;
pub mod queue;
pub mod random;
pub mod statistics;
pub mod windows;

/// Nanoseconds in a second.
pub const SECOND: u64 = 1000 * 1000 * 1000;

/// What bounds a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The most events that are simulated.
    pub events: u64,
    /// The latest simulated time, in nanoseconds.
    pub time: u64,
}

/// Why a run gave no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunError {
    /// The run needed more events than [`Bounds::events`].
    TooManyEvents {
        /// The bound.
        bound: u64,
        /// How far the run had come, in nanoseconds; 0 when the arrivals alone were too many, so
        /// that it didn't begin.
        reached: u64,
    },
    /// More waited at one time than the run has places for.
    TooManyWaiting {
        /// How far the run had come, in nanoseconds.
        reached: u64,
    },
    /// The run would have gone on past [`Bounds::time`].
    TooLong {
        /// The bound, in nanoseconds.
        bound: u64,
    },
}
