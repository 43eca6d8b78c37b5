//! CPU in proportion to memory: how long work takes that was measured at another memory size.
//!
//! Of the time of the handler and of Init, a share is CPU work, which goes as fast as there is CPU
//! for it, up to so many cores as the code uses; the rest waits and takes as long as ever. AWS
//! says nothing of another share of CPU during Init, so it has the same.

use crate::aws::lambda::deployment::Function;
use crate::aws::lambda::rules::Settings;
use crate::aws::reader::Reader;
use crate::sim::draw::Distribution;

/// A function's durations at its own memory size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Durations {
    pub(super) handler: Distribution,
    pub(super) init: Distribution,
    /// The CPU that the memory brings, in cores; known where the function says what of its time is
    /// CPU work.
    pub(super) vcpus: Option<f64>,
}

/// The durations of a function at its memory size.
pub(super) fn durations(
    function: &Function,
    settings: &Settings,
    reader: &Reader<'_>,
) -> Durations {
    let Some(cpu) = function.cpu else {
        let (handler, init) = (function.duration, function.init_duration);
        return Durations { handler, init, vcpus: None };
    };
    let per_vcpu = reader.megabytes("lambda.memory_per_vcpu").max(1);
    let vcpus = |memory: u64| memory as f64 / per_vcpu as f64;
    let used = |memory: u64| vcpus(memory).min(f64::from(cpu.parallelism.max(1)));
    let reference = used(cpu.measured_at_mb.unwrap_or(per_vcpu).max(1));
    let factor = (1.0 - cpu.bound) + cpu.bound * reference / used(settings.memory_mb.max(1));
    Durations {
        handler: function.duration.scaled(factor),
        init: function.init_duration.scaled(factor),
        vcpus: Some(vcpus(settings.memory_mb)),
    }
}
