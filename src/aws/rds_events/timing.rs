//! When what happens to databases begins and ends, and when nobody can connect because of it.

use super::deployment::{Happening, Incident};
use super::happening::{Phase, course};
use crate::aws::architecture::Architecture;
use crate::aws::catalogue::events::Down;
use crate::aws::rds::client::Outage;
use crate::aws::reader::Reader;

/// How long things take that don't say so. Times are nanoseconds.
#[derive(Clone, Debug, Default)]
pub(super) struct Timing {
    /// Each incident's begin, the moment from which a standby takes over, and its end.
    times: Vec<(u64, u64, u64)>,
}

impl Timing {
    /// The times of an architecture's incidents.
    pub(super) fn new(architecture: &Architecture, reader: &Reader<'_>) -> Self {
        let times = architecture.incidents.iter().map(|incident| times(incident, reader));
        Self { times: times.collect() }
    }

    /// When a phase of the incident at a place is.
    pub(super) fn time(&self, incident: usize, phase: Phase) -> u64 {
        let (begin, switch, end) = self.times.get(incident).copied().unwrap_or_default();
        match phase {
            Phase::Begin => begin,
            Phase::Switch => switch,
            Phase::End => end,
        }
    }
}

fn times(incident: &Incident, reader: &Reader<'_>) -> (u64, u64, u64) {
    let course = course(incident.happening, &incident.subject);
    let is_instant = course.is_none_or(|c| c.end.is_empty() || c.begin.is_empty())
        && course.is_none_or(|course| course.down != Down::Course);
    let failover = || {
        let standard = match incident.subject.is_aurora {
            true => "rds.aurora_failover_duration",
            false => "rds.failover_duration",
        };
        incident.subject.failover_duration.unwrap_or_else(|| reader.time(standard))
    };
    let usual = || match incident.happening {
        Happening::Failover
        | Happening::FailoverInZone
        | Happening::FailoverFailure
        | Happening::GlobalFailover
        | Happening::RebootWithFailover => failover(),
        Happening::Reboot => reader.time("rds_events.reboot_duration"),
        Happening::BlueGreenSwitchover => reader.time("rds_events.switchover_duration"),
        // What is told of at one moment only takes no time unless it is said.
        _ if is_instant => 0,
        _ => reader.time("rds_events.modification_duration"),
    };
    let end = incident.at.saturating_add(incident.takes.unwrap_or_else(usual));
    let switch = match course.map(|course| course.down) {
        Some(Down::Failover) => end.saturating_sub(failover_part(incident, failover)),
        _ => incident.at,
    };
    (incident.at, switch.max(incident.at), end)
}

/// How much of the end of an incident is its failover: all of one that is nothing else.
fn failover_part(incident: &Incident, failover: impl Fn() -> u64) -> u64 {
    match incident.happening {
        Happening::ClassModification => failover(),
        _ => u64::MAX,
    }
}

/// When nobody can connect to which database because of what happens, in the author's order.
pub fn outages(architecture: &Architecture, reader: &Reader<'_>) -> Vec<Outage> {
    let timing = Timing::new(architecture, reader);
    let mut outages = Vec::new();
    for (at, incident) in architecture.incidents.iter().enumerate() {
        let subject = &incident.subject;
        let Some(course) = course(incident.happening, subject) else { continue };
        if subject.is_proxy {
            continue;
        }
        let time = |phase| timing.time(at, phase);
        let (begin, switch, end) = (time(Phase::Begin), time(Phase::Switch), time(Phase::End));
        let database = subject.place;
        outages.push(match course.down {
            Down::Never => continue,
            Down::Course => Outage::Lasting { database, from: begin, until: Some(end) },
            Down::Failover => Outage::Failover { database, from: switch, until: end },
            Down::Since => Outage::Lasting { database, from: begin, until: None },
            Down::After => Outage::Lasting { database, from: end, until: None },
            Down::Up => Outage::Over { database, at: end },
        });
    }
    outages
}
