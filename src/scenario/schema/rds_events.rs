//! `event_subscriptions`: who is told of the events of RDS; and `happens`: what happens to
//! databases and proxies, which emits them.

use super::event::{Action, Placed, WrittenEvent};
use super::function::CONFLICT;
use super::scalar::{CHOICE, RANGE};
use super::{Keys, MISSING, Reader};
use crate::aws::architecture::{Architecture, Resource, ResourceKind};
use crate::aws::catalogue::events::{categories, numbered};
use crate::aws::rds_events::deployment::{EventSubscription, Happening, Incident, Subject};
use crate::aws::rds_events::{course, emissions};
use crate::diagnostic::closest;
use crate::scenario::expression::name::enumerate;
use crate::scenario::limit;
use crate::yaml::{Entry, Mapping, Node, NodeValue};

/// `happens`: something happens to a database or a proxy.
pub const HAPPENS: Action = Action {
    key: "happens",
    keys: Keys {
        known: &["happens", "to", "at", "takes", "every", "until", "snapshot"],
        later: &[],
    },
    read: |reader, event, architecture| reader.happens(event, architecture),
};

const SUBSCRIPTION: Keys =
    Keys { known: &["source_type", "sources", "categories", "topic", "enabled"], later: &["tags"] };

/// What can happen, by the names of the language.
pub const HAPPENINGS: [(&str, Happening); 52] = [
    ("failover", Happening::Failover),
    ("failover_in_zone", Happening::FailoverInZone),
    ("failover_refusal", Happening::FailoverRefusal),
    ("failover_failure", Happening::FailoverFailure),
    ("partial_failover_recovery", Happening::PartialFailoverRecovery),
    ("global_failover", Happening::GlobalFailover),
    ("recovery", Happening::Recovery),
    ("reboot", Happening::Reboot),
    ("reboot_with_failover", Happening::RebootWithFailover),
    ("snapshot", Happening::Snapshot),
    ("automated_backup", Happening::AutomatedBackup),
    ("automated_backup_disablement", Happening::AutomatedBackupDisablement),
    ("snapshot_copy", Happening::SnapshotCopy),
    ("snapshot_export", Happening::SnapshotExport),
    ("snapshot_restore", Happening::SnapshotRestore),
    ("snapshot_deletion", Happening::SnapshotDeletion),
    ("point_in_time_restore", Happening::PointInTimeRestore),
    ("parameter_change", Happening::ParameterChange),
    ("parameter_group_attachment", Happening::ParameterGroupAttachment),
    ("incompatible_parameters", Happening::IncompatibleParameters),
    ("incompatible_network", Happening::IncompatibleNetwork),
    ("storage_low", Happening::StorageLow),
    ("storage_full", Happening::StorageFull),
    ("storage_autoscaling", Happening::StorageAutoscaling),
    ("storage_modification", Happening::StorageModification),
    ("burst_credits_low", Happening::BurstCreditsLow),
    ("class_modification", Happening::ClassModification),
    ("multi_az_conversion", Happening::MultiAzConversion),
    ("multi_az_activation", Happening::MultiAzActivation),
    ("maintenance", Happening::Maintenance),
    ("minor_version_release", Happening::MinorVersionRelease),
    ("system_update_release", Happening::SystemUpdateRelease),
    ("major_version_upgrade", Happening::MajorVersionUpgrade),
    ("stop", Happening::Stop),
    ("start", Happening::Start),
    ("start_by_aws", Happening::StartByAws),
    ("creation", Happening::Creation),
    ("deletion", Happening::Deletion),
    ("password_reset", Happening::PasswordReset),
    ("security_group_attachment", Happening::SecurityGroupAttachment),
    ("security_group_removal", Happening::SecurityGroupRemoval),
    ("replication_stop", Happening::ReplicationStop),
    ("replication_resumption", Happening::ReplicationResumption),
    ("failure", Happening::Failure),
    ("blue_green_creation", Happening::BlueGreenCreation),
    ("blue_green_switchover", Happening::BlueGreenSwitchover),
    ("blue_green_cancellation", Happening::BlueGreenCancellation),
    ("modification", Happening::Modification),
    ("endpoint_creation", Happening::EndpointCreation),
    ("target_removal", Happening::TargetRemoval),
    ("address_shortage", Happening::AddressShortage),
    ("connection_throttling", Happening::ConnectionThrottling),
];

/// What events can be about.
const SUBJECTS: [ResourceKind; 2] = [ResourceKind::Database, ResourceKind::Proxy];

impl Reader<'_> {
    /// The event subscriptions in the author's order.
    pub fn event_subscriptions(&mut self, node: &Node, architecture: &mut Architecture) {
        let Some(mapping) = self.mapping(node, "`event_subscriptions`") else { return };
        let size = mapping.entries.len();
        self.check_size(size, limit::EVENT_SUBSCRIPTIONS, "event subscriptions", &node.range);
        for entry in mapping.entries.iter().take(limit::EVENT_SUBSCRIPTIONS) {
            let subscription = self.event_subscription(entry, architecture);
            architecture.event_subscriptions.push(subscription);
        }
    }

    fn event_subscription(
        &mut self,
        entry: &Entry,
        architecture: &Architecture,
    ) -> EventSubscription {
        let name = entry.key.clone();
        self.check_resource_name(&name, &entry.key_range, "event subscription");
        let what = format!("event subscription `{name}`");
        let mut subscription = EventSubscription {
            name,
            source_type: None,
            sources: Vec::new(),
            categories: Vec::new(),
            topic: Resource::new(ResourceKind::Topic, 0),
            fifo_topic: false,
            enabled: true,
        };
        let empty = Mapping::default();
        let fields = match entry.value.value {
            NodeValue::Null => Some(&empty),
            _ => self.fields(&entry.value, &what, SUBSCRIPTION),
        };
        let Some(fields) = fields else { return subscription };
        let given = |key: &str| fields.get(key).filter(|node| node.value != NodeValue::Null);
        let types: Vec<(&str, &str)> =
            categories().keys().map(|known| (known.as_str(), known.as_str())).collect();
        subscription.source_type = given("source_type")
            .and_then(|node| self.choice(node, "source_type", &types, &[]))
            .map(str::to_owned);
        if let Some(node) = given("sources") {
            self.check_list(node, "sources of a subscription");
            subscription.sources = self.words_of(node, "sources");
        }
        if let Some(node) = given("categories") {
            self.check_list(node, "categories of a subscription");
            let items = self.one_or_more(node);
            subscription.categories =
                items.into_iter().filter_map(|item| self.category(item)).collect();
        }
        if let Some(node) = given("enabled") {
            subscription.enabled = self.truth(node, "enabled").unwrap_or(true);
        }
        let topic = self.required(fields, "topic", &what, &entry.key_range, "topic: alerts");
        if let Some(topic) =
            topic.and_then(|node| self.resource(node, "topic", &[ResourceKind::Topic]))
        {
            subscription.topic = topic;
            subscription.fifo_topic = architecture.is_fifo(topic);
        }
        subscription
    }

    fn check_list(&mut self, node: &Node, what: &str) {
        let size = self.one_or_more(node).len();
        self.check_size(size, limit::VALUES, what, &node.range);
    }

    /// A category: a word that is spelt like one is a slip, any other is for RDS to refuse.
    fn category(&mut self, node: &Node) -> Option<String> {
        let word = self.text_of(node, "categories")?;
        let known = || categories().values().flatten().map(String::as_str);
        if known().any(|category| category == word) {
            return Some(word);
        }
        // AWS writes them in lower case and with blanks.
        let plain = word.to_lowercase().replace(['_', '-'], " ");
        let Some(near) = closest(&plain, known()) else { return Some(word) };
        let diagnostic = self
            .error(CHOICE, &node.range, format!("no category is called `{word}`"))
            .label("no category of RDS's events")
            .hint(format!("did you mean `{near}`?"));
        self.report(diagnostic);
        None
    }

    fn happens(
        &mut self,
        event: &WrittenEvent<'_>,
        architecture: &mut Architecture,
    ) -> Option<Placed> {
        let (fields, range) = (event.fields, &event.node.range);
        let happening = self.choice(event.value, "happens", &HAPPENINGS, &[]);
        let to = self.required(fields, "to", event.what, range, "to: NAME");
        let resource = to.and_then(|node| self.resource(node, "to", &SUBJECTS));
        let times = self.times(event);
        let takes = fields.get("takes").map(|node| self.duration(node, "takes"));
        let snapshot = fields.get("snapshot").map(|node| self.text_of(node, "snapshot"));
        let (happening, resource, times) = (happening?, resource?, times?);
        let (takes, snapshot) = (takes.map_or(Some(None), |t| t.map(Some))?, snapshot);
        let mut subject = subject(architecture, resource)?;
        subject.snapshot = snapshot.flatten().unwrap_or_default();
        self.check_happening(event, happening, &subject, architecture)?;
        let all = architecture.incidents.len() + times.len();
        if !self.check_size(all, limit::INCIDENTS, "happenings, repetitions counted", range) {
            return None;
        }
        let mut emitted = emissions(happening, &subject).count();
        for &at in &times {
            let subject = subject.clone();
            architecture.incidents.push(Incident { happening, subject, at, takes });
            if happening == Happening::Deletion && resource.kind == ResourceKind::Database {
                emitted += remove_target(architecture, resource.place(), at);
            }
        }
        let (range, target) = (range.clone(), resource);
        let requests = (emitted * times.len()) as f64;
        Some(Placed { range, target, arrivals: None, requests })
    }

    /// When it happens: `at`, and then `every` so often `until` a time.
    fn times(&mut self, event: &WrittenEvent<'_>) -> Option<Vec<u64>> {
        let (fields, range) = (event.fields, &event.node.range);
        let at = self.required(fields, "at", event.what, range, "at: 1m");
        let at = at.and_then(|node| self.duration(node, "at"));
        let until = fields.get("until");
        let Some(every) = fields.get("every") else {
            if let Some(until) = until {
                let diagnostic = self
                    .error(CONFLICT, &until.range, "`until` has no effect here")
                    .label("it goes with `every`");
                self.report(diagnostic);
            }
            return at.map(|at| vec![at]);
        };
        let period = self.duration(every, "every");
        let until = self.required(fields, "until", event.what, range, "until: 7d");
        let until = until.and_then(|node| self.duration(node, "until"));
        let (at, period, until) = (at?, period?, until?);
        if period == 0 {
            let diagnostic = self
                .error(RANGE, &every.range, "`every` is above zero")
                .label("it would never come to an end");
            self.report(diagnostic);
            return None;
        }
        let times = (at..=until).step_by(usize::try_from(period).unwrap_or(usize::MAX));
        // One more than there may be, so that too many are reported.
        Some(times.take(limit::INCIDENTS + 1).collect())
    }

    /// Reports what can't happen to a subject.
    fn check_happening(
        &mut self,
        event: &WrittenEvent<'_>,
        happening: Happening,
        subject: &Subject,
        architecture: &Architecture,
    ) -> Option<()> {
        let word = self.written(&event.value.range);
        let name = &subject.name;
        if course(happening, subject).is_none() {
            let what = match (subject.is_proxy, subject.is_aurora, subject.multi_az) {
                (true, _, _) => "an RDS Proxy",
                (_, true, _) => "an Aurora cluster",
                (_, _, true) => "a Multi-AZ instance",
                _ => "an instance without a standby",
            };
            let can = |(_, happening): &&(&str, Happening)| course(*happening, subject).is_some();
            let can: Vec<&str> = HAPPENINGS.iter().filter(can).map(|(word, _)| *word).collect();
            let needs_standby = Subject { multi_az: true, ..subject.clone() };
            let diagnostic = self
                .error(CONFLICT, &event.value.range, format!("`{word}` can't happen to `{name}`"))
                .label(format!("`{name}` is {what}"));
            let diagnostic = match course(happening, &needs_standby) {
                Some(_) => diagnostic.hint("give it a standby: `multi_az: true`"),
                None => diagnostic.hint(format!("what can is {}", enumerate(&can))),
            };
            self.report(diagnostic);
            return None;
        }
        let own =
            architecture.databases.get(subject.place).and_then(|d| d.parameter_group.as_ref());
        if happening == Happening::ParameterChange && own.is_none() {
            let diagnostic = self
                .error(MISSING, &event.value.range, format!("`{name}` has no parameter group"))
                .label("nobody can change a default group's parameters")
                .hint(format!("give `{name}` one of its own: `parameter_group: NAME`"));
            self.report(diagnostic);
            return None;
        }
        if !emissions(happening, subject).any(|(_, number)| is_of_snapshot(number)) {
            self.without_effect(event, &["snapshot"], &format!("`{word}` is of no snapshot"));
        }
        Some(())
    }
}

fn is_of_snapshot(number: u16) -> bool {
    numbered(number).is_some_and(|row| row.source_type.ends_with("snapshot"))
}

/// A database or a proxy as the source of events.
pub fn subject(architecture: &Architecture, resource: Resource) -> Option<Subject> {
    let place = resource.place();
    if resource.kind == ResourceKind::Proxy {
        let name = architecture.proxies.get(place)?.name.clone();
        return Some(Subject { name, place, is_proxy: true, ..Subject::default() });
    }
    let database = architecture.databases.get(place)?;
    Some(Subject {
        name: database.name.clone(),
        place,
        is_proxy: false,
        parameter_group: database.parameter_group().to_owned(),
        snapshot: String::new(),
        is_aurora: database.engine.is_aurora(),
        multi_az: database.multi_az,
        failover_duration: database.failover_duration,
    })
}

/// The proxies in front of a database that is deleted lose their target. Gives how many there are.
fn remove_target(architecture: &mut Architecture, database: usize, at: u64) -> usize {
    let in_front = architecture.proxies.iter().enumerate();
    let in_front = in_front.filter(|(_, proxy)| proxy.target == database);
    let removals: Vec<Incident> = in_front
        .map(|(place, proxy)| {
            let name = proxy.name.clone();
            let subject = Subject { name, place, is_proxy: true, ..Subject::default() };
            Incident { happening: Happening::TargetRemoval, subject, at, takes: None }
        })
        .collect();
    let count = removals.len();
    architecture.incidents.extend(removals);
    count
}
