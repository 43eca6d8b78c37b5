//! Which events something that happens emits, and at which of its phases.

use super::deployment::{Happening, Subject};

/// When in the course of what happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// When it begins.
    Begin,
    /// When it is over.
    End,
}

use Phase::{Begin, End};

/// A phase and the number of an event.
type Emission = (Phase, u16);

/// The events that something emits, in order; none for what a source can't do.
pub fn emissions(happening: Happening, subject: &Subject) -> &'static [Emission] {
    if subject.is_aurora { of_cluster(happening) } else { of_instance(happening, subject) }
}

fn of_instance(happening: Happening, subject: &Subject) -> &'static [Emission] {
    match happening {
        Happening::Failover if subject.multi_az => &[(Begin, 13), (End, 6), (End, 49)],
        Happening::RebootWithFailover if subject.multi_az => {
            &[(Begin, 13), (Begin, 4), (End, 6), (End, 49)]
        }
        // Without a standby nothing takes over.
        Happening::Failover | Happening::RebootWithFailover | Happening::FailoverInZone => &[],
        Happening::Snapshot => &[(Begin, 40), (End, 42)],
        Happening::AutomatedBackup => &[(Begin, 1), (Begin, 90), (End, 91), (End, 2)],
        Happening::Reboot => &[(Begin, 4), (End, 6)],
        Happening::ClassModification if subject.multi_az => {
            &[(Begin, 12), (Begin, 13), (End, 6), (End, 49), (End, 14)]
        }
        Happening::ClassModification => &[(Begin, 12), (Begin, 4), (End, 6), (End, 14)],
        Happening::MultiAzConversion => &[(Begin, 24), (End, 25)],
        happening => of_any(happening),
    }
}

fn of_cluster(happening: Happening) -> &'static [Emission] {
    match happening {
        Happening::Failover | Happening::RebootWithFailover => &[(Begin, 73), (End, 71)],
        Happening::FailoverInZone => &[(Begin, 72), (End, 71)],
        Happening::Snapshot => &[(Begin, 74), (End, 75)],
        Happening::AutomatedBackup => &[(Begin, 168), (End, 169)],
        Happening::Creation => &[(End, 170), (End, 5)],
        // A cluster's storage grows by itself, and its instances are many already.
        Happening::StorageAutoscaling
        | Happening::StorageModification
        | Happening::StorageLow
        | Happening::StorageFull
        | Happening::BurstCreditsLow
        | Happening::MultiAzConversion => &[],
        Happening::Reboot => &[(Begin, 4), (End, 6)],
        Happening::ClassModification => &[(Begin, 12), (Begin, 4), (End, 6), (End, 14)],
        happening => of_any(happening),
    }
}

/// What instances and the instances of clusters have in common.
fn of_any(happening: Happening) -> &'static [Emission] {
    match happening {
        Happening::Recovery => &[(Begin, 20), (End, 21)],
        Happening::SnapshotCopy => &[(Begin, 59), (End, 60)],
        Happening::SnapshotRestore => &[(Begin, 43)],
        Happening::SnapshotDeletion => &[(End, 41)],
        Happening::ParameterChange => &[(Begin, 37)],
        Happening::ParameterGroupAttachment => &[(Begin, 11), (End, 92)],
        Happening::StorageLow => &[(Begin, 89)],
        Happening::StorageFull => &[(Begin, 222), (End, 7), (End, 221)],
        Happening::StorageAutoscaling => &[(Begin, 217), (End, 218)],
        Happening::StorageModification => &[(Begin, 18), (End, 17)],
        Happening::Maintenance => &[(Begin, 26), (End, 47), (End, 27)],
        Happening::Stop => &[(Begin, 4), (End, 87)],
        Happening::Start => &[(End, 88)],
        Happening::StartByAws => &[(End, 154), (End, 88)],
        Happening::Creation => &[(End, 5)],
        Happening::Deletion => &[(End, 3)],
        Happening::PasswordReset => &[(End, 16)],
        Happening::SecurityGroupAttachment => &[(End, 9)],
        Happening::ReplicationStop => &[(Begin, 45)],
        Happening::ReplicationResumption => &[(Begin, 46)],
        Happening::BurstCreditsLow => &[(Begin, 189)],
        Happening::Failure => &[(Begin, 31)],
        Happening::BlueGreenSwitchover => &[(Begin, 247), (End, 248)],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::catalogue::events::numbered;

    fn told(happening: Happening, is_aurora: bool, multi_az: bool) -> Vec<String> {
        let subject = Subject { is_aurora, multi_az, ..Subject::default() };
        let row = |&(_, number): &Emission| {
            let row = numbered(number).unwrap_or_else(|| panic!("no event {number}"));
            format!("{} {}/{}", &row.id[10..], row.source_type, row.category)
        };
        emissions(happening, &subject).iter().map(row).collect()
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
    fn an_aurora_failover_is_told_of_the_cluster() {
        let failover = ["0073 db-cluster/failover", "0071 db-cluster/failover"];
        assert_eq!(told(Happening::Failover, true, false), failover);
    }
}
