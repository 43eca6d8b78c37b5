//! Event subscriptions, and what happens to their sources. Times are nanoseconds.

use serde::Deserialize;

use crate::aws::architecture::Resource;
use crate::aws::catalogue::events::EventRow;

/// A subscription to events of RDS.
#[derive(Clone, Debug, PartialEq)]
pub struct EventSubscription {
    /// Its name, unique in the architecture.
    pub name: String,
    /// The type of its sources, for instance `db-instance`; all types when `None`.
    pub source_type: Option<String>,
    /// The names of its sources; all of the type when empty.
    pub sources: Vec<String>,
    /// The categories that it wants; all when empty.
    pub categories: Vec<String>,
    /// The SNS topic that gets the events.
    pub topic: Resource,
    /// Whether that topic is a FIFO topic, which RDS refuses.
    pub fifo_topic: bool,
    /// Whether it is active.
    pub enabled: bool,
}

impl EventSubscription {
    /// Whether it wants an event of a source: what it leaves out it wants all of.
    pub fn wants(&self, event: &EventRow, source: &str) -> bool {
        let of_type = self.source_type.as_ref().is_none_or(|wanted| *wanted == event.source_type);
        let of_source = self.sources.is_empty() || self.sources.iter().any(|name| name == source);
        let of_category = self.categories.is_empty() || self.categories.contains(&event.category);
        self.enabled && of_type && of_source && of_category
    }
}

/// What happens to a source of events.
#[derive(Clone, Debug, PartialEq)]
pub struct Incident {
    /// What happens.
    pub happening: Happening,
    /// To whom.
    pub subject: Subject,
    /// When it begins.
    pub at: u64,
    /// How long it takes; the catalogue's assumption when `None`.
    pub takes: Option<u64>,
}

/// A database or a proxy, as far as its events depend on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its place among the databases, or among the proxies.
    pub place: usize,
    /// Whether it is an RDS Proxy.
    pub is_proxy: bool,
    /// The name of its parameter group.
    pub parameter_group: String,
    /// The name of the snapshot that something happens to; empty for the usual one.
    pub snapshot: String,
    /// Whether it is an Aurora cluster.
    pub is_aurora: bool,
    /// Whether it has a standby.
    pub multi_az: bool,
    /// How long its failovers take; the catalogue's when `None`.
    pub failover_duration: Option<u64>,
}

impl Subject {
    /// The name of the source of an event that is about something of a type: a snapshot and a
    /// blue/green deployment have names of their own. AWS names automated snapshots `rds:…`.
    pub fn source(&self, source_type: &str, happening: Happening) -> String {
        match source_type {
            "db-parameter-group" => self.parameter_group.clone(),
            "db-snapshot" | "db-cluster-snapshot" if !self.snapshot.is_empty() => {
                self.snapshot.clone()
            }
            "db-snapshot" | "db-cluster-snapshot" => match happening {
                Happening::AutomatedBackup => format!("rds:{}", self.name),
                _ => format!("{}-snapshot", self.name),
            },
            "blue-green-deployment" => format!("bgd-{}", self.name),
            _ => self.name.clone(),
        }
    }
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Happening {
    /// The primary fails, and the standby or a replica takes over.
    Failover,
    /// A failover within the Availability Zone, of an Aurora cluster.
    FailoverInZone,
    /// A failover is asked for right after another one, and RDS ignores it.
    FailoverRefusal,
    /// A failover of an Aurora cluster fails, and the old primary is promoted again.
    FailoverFailure,
    /// An instance is recovered from a failover that was done in part.
    PartialFailoverRecovery,
    /// Another Region's cluster of a global database takes over.
    GlobalFailover,
    /// The only instance fails and is recovered.
    Recovery,
    /// A reboot.
    Reboot,
    /// A reboot by which the standby takes over.
    RebootWithFailover,
    /// A snapshot that a user takes.
    Snapshot,
    /// The daily backup.
    AutomatedBackup,
    /// Automated backups are switched off.
    AutomatedBackupDisablement,
    /// A copy of a snapshot to another Region.
    SnapshotCopy,
    /// A snapshot is restored into a new instance.
    SnapshotRestore,
    /// A user deletes a snapshot.
    SnapshotDeletion,
    /// A snapshot is exported to S3.
    SnapshotExport,
    /// It is restored to a point in time.
    PointInTimeRestore,
    /// A value in the parameter group is changed.
    ParameterChange,
    /// Another parameter group is attached.
    ParameterGroupAttachment,
    /// Its parameters don't fit its class.
    IncompatibleParameters,
    /// Its subnets don't fit.
    IncompatibleNetwork,
    /// Storage is nearly used up.
    StorageLow,
    /// Storage is used up.
    StorageFull,
    /// Storage grows by itself.
    StorageAutoscaling,
    /// A user makes storage larger.
    StorageModification,
    /// The class is changed.
    ClassModification,
    /// The instance becomes Multi-AZ.
    MultiAzConversion,
    /// Multi-AZ is activated again.
    MultiAzActivation,
    /// A minor version of the engine comes out.
    MinorVersionRelease,
    /// An update of the operating system comes out.
    SystemUpdateRelease,
    /// The major version is upgraded.
    MajorVersionUpgrade,
    /// Off-line maintenance.
    Maintenance,
    /// A user stops it.
    Stop,
    /// A user starts it.
    Start,
    /// AWS starts it, because it was stopped too long.
    StartByAws,
    /// It is created.
    Creation,
    /// It is deleted.
    Deletion,
    /// The master user's password is reset.
    PasswordReset,
    /// A security group is attached.
    SecurityGroupAttachment,
    /// A security group is taken away.
    SecurityGroupRemoval,
    /// Replication to a replica stops.
    ReplicationStop,
    /// Replication goes on.
    ReplicationResumption,
    /// The burst credits of its storage run low.
    BurstCreditsLow,
    /// It fails for good.
    Failure,
    /// A green environment takes over from a blue one.
    BlueGreenSwitchover,
    /// A green environment is made.
    BlueGreenCreation,
    /// The switch to a green environment is cancelled.
    BlueGreenCancellation,
    /// A proxy is changed.
    Modification,
    /// A proxy gets another endpoint.
    EndpointCreation,
    /// The target of a proxy is deleted.
    TargetRemoval,
    /// The subnets of a proxy have no addresses left.
    AddressShortage,
    /// A proxy throttles connections.
    ConnectionThrottling,
}
