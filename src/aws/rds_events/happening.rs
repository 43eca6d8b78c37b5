//! Which events something that happens emits, and at which of its phases.

use super::deployment::{Happening, Subject};
use crate::aws::catalogue::events::{Course, Of, courses};

/// When in the course of what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// When it begins.
    Begin,
    /// When a standby begins to take over on the way.
    Switch,
    /// When it is over.
    End,
}

/// The course of something that happens; none of what can't happen to a source.
pub fn course(happening: Happening, subject: &Subject) -> Option<&'static Course> {
    let kinds: &[Of] = match (subject.is_proxy, subject.is_aurora, subject.multi_az) {
        (true, _, _) => &[Of::Proxy],
        (_, true, _) => &[Of::Cluster, Of::Any],
        (_, false, true) => &[Of::MultiAz, Of::Instance, Of::Any],
        (_, false, false) => &[Of::Instance, Of::Any],
    };
    let of = |kind: &Of| {
        courses().iter().find(|course| course.happening == happening && course.of == *kind)
    };
    kinds.iter().find_map(of)
}

/// The events that something emits, in order; none for what can't happen to a source.
pub fn emissions(
    happening: Happening,
    subject: &Subject,
) -> impl Iterator<Item = (Phase, u16)> + use<> {
    let course = course(happening, subject);
    let phase = |phase: Phase, numbers: fn(&'static Course) -> &'static [u16]| {
        let numbers = course.map_or(&[][..], numbers);
        numbers.iter().map(move |&number| (phase, number))
    };
    phase(Phase::Begin, |course| &course.begin)
        .chain(phase(Phase::Switch, |course| &course.switch))
        .chain(phase(Phase::End, |course| &course.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::catalogue::events::numbered;

    fn told(happening: Happening, is_aurora: bool, multi_az: bool) -> Vec<String> {
        let subject = Subject { is_aurora, multi_az, ..Subject::default() };
        let row = |(_, number): (Phase, u16)| {
            let row = numbered(number).unwrap_or_else(|| panic!("no event {number}"));
            format!("{} {}/{}", &row.id[10..], row.source_type, row.category)
        };
        emissions(happening, &subject).map(row).collect()
    }

    /// A reboot has no category of its own; that of a Multi-AZ instance adds a failover.
    #[test]
    fn a_reboot_is_told_as_availability() {
        let restarted = ["0004 db-instance/availability", "0006 db-instance/availability"];
        assert_eq!(told(Happening::Reboot, false, true), restarted);
        assert_eq!(
            told(Happening::RebootWithFailover, false, true),
            [
                "0013 db-instance/failover",
                "0004 db-instance/availability",
                "0006 db-instance/availability",
                "0049 db-instance/failover",
            ]
        );
        assert!(told(Happening::RebootWithFailover, false, false).is_empty());
    }

    /// Attaching a group and changing a value in it are of different source types.
    #[test]
    fn a_parameter_s_change_is_told_of_its_group() {
        assert_eq!(
            told(Happening::ParameterGroupAttachment, false, false),
            ["0011 db-instance/configuration change", "0092 db-instance/configuration change"]
        );
        assert_eq!(
            told(Happening::ParameterChange, false, false),
            ["0037 db-parameter-group/configuration change"]
        );
    }

    /// A snapshot's category depends on who takes it and of what.
    #[test]
    fn snapshots_are_creations_or_backups() {
        let manual = ["0040 db-snapshot/creation", "0042 db-snapshot/creation"];
        assert_eq!(told(Happening::Snapshot, false, false), manual);
        assert_eq!(
            told(Happening::AutomatedBackup, false, false),
            [
                "0001 db-instance/backup",
                "0090 db-snapshot/creation",
                "0091 db-snapshot/creation",
                "0002 db-instance/backup",
            ]
        );
        let cluster = ["0074 db-cluster-snapshot/backup", "0075 db-cluster-snapshot/backup"];
        assert_eq!(told(Happening::Snapshot, true, false), cluster);
    }

    #[test]
    fn storage_that_is_full_is_warned_of_first() {
        assert_eq!(
            told(Happening::StorageFull, false, false),
            [
                "0222 db-instance/availability",
                "0007 db-instance/low storage",
                "0221 db-instance/availability",
            ]
        );
        assert_eq!(
            told(Happening::BurstCreditsLow, false, false),
            ["0189 db-instance/notification"]
        );
    }

    #[test]
    fn proxies_have_events_of_their_own() {
        let proxy = Subject { is_proxy: true, ..Subject::default() };
        let told = |happening| emissions(happening, &proxy).map(|(_, number)| number);
        assert_eq!(told(Happening::Deletion).collect::<Vec<_>>(), [205]);
        assert_eq!(told(Happening::Reboot).count(), 0);
    }

    #[test]
    fn an_aurora_failover_is_told_of_the_cluster() {
        let failover = ["0073 db-cluster/failover", "0071 db-cluster/failover"];
        assert_eq!(told(Happening::Failover, true, false), failover);
    }
}
