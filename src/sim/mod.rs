//! The discrete-event kernel: integer time, an ordered event queue, one seeded generator, bounds
//! and statistics. It names no service.

pub mod statistics;
