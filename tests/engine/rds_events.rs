//! Reads the lines about RDS's events in `deployment` blocks, and measures subscriptions.

use bogi::aws::architecture::Architecture;
use bogi::aws::metrics::Run;
use bogi::aws::rds::deployment::{DatabaseDeployment, DatabaseEngine};
use bogi::aws::rds_events::deployment::{EventSubscription, Happening, Incident, Subject};
use bogi::aws::sns::deployment::Topic;
use bogi::sim::draw::Distribution;

use crate::deployment::{number, resource, time};
use crate::measures::Value;
use crate::queues::settings;

/// `NAME: aurora, multi_az, most=100, connect=20ms, query=5ms`; also `postgres`.
pub fn database(text: &str, architecture: &mut Architecture) {
    let (name, rest) = text.split_once(':').expect("database NAME: …");
    let mut database = DatabaseDeployment {
        name: name.trim().to_owned(),
        max_connections: Some(100),
        ..DatabaseDeployment::default()
    };
    for (key, value) in settings(rest) {
        match key {
            "aurora" => database.engine = DatabaseEngine::AuroraMysql,
            "postgres" => database.engine = DatabaseEngine::Postgres,
            "multi_az" => database.multi_az = true,
            "most" => database.max_connections = Some(number(value)),
            "connect" => database.connection_time = Some(time(value)),
            "query" => database.query = Some(Distribution::Constant(time(value))),
            _ => panic!("`{key}` is no setting of a database"),
        }
    }
    architecture.databases.push(database);
}

/// `NAME`, or `NAME fifo`.
pub fn topic(text: &str, architecture: &mut Architecture) {
    let (name, kind) = text.split_once(' ').unwrap_or((text, ""));
    let topic = Topic { name: name.to_owned(), fifo: kind == "fifo", ..Topic::default() };
    architecture.topics.push(topic);
}

/// `NAME TOPIC: type=db-instance, source=shop, category=failover`.
pub fn subscription(text: &str, architecture: &mut Architecture) {
    let (names, rest) = text.split_once(':').expect("subscription NAME TOPIC: …");
    let (name, topic) = names.split_once(' ').expect("subscription NAME TOPIC: …");
    let topic = resource(topic.trim(), architecture);
    let mut subscription = EventSubscription {
        name: name.to_owned(),
        source_type: None,
        sources: Vec::new(),
        categories: Vec::new(),
        topic,
        fifo_topic: architecture.is_fifo(topic),
        enabled: true,
    };
    for (key, value) in settings(rest) {
        match key {
            "type" => subscription.source_type = Some(value.to_owned()),
            "source" => subscription.sources.push(value.to_owned()),
            "category" => subscription.categories.push(value.to_owned()),
            _ => panic!("`{key}` is no setting of an event subscription"),
        }
    }
    architecture.event_subscriptions.push(subscription);
}

/// `HAPPENING NAME at TIME takes TIME`.
pub fn happens(text: &str, architecture: &mut Architecture) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [happening, name, "at", at, "takes", takes] = words[..] else {
        panic!("happens HAPPENING NAME at TIME takes TIME");
    };
    let happening = match happening {
        "reboot" => Happening::Reboot,
        "reboot_with_failover" => Happening::RebootWithFailover,
        "failover" => Happening::Failover,
        _ => panic!("`{happening}` isn't known here"),
    };
    let place = architecture.databases.iter().position(|database| database.name == name);
    let place = place.unwrap_or_else(|| panic!("no database `{name}`"));
    let database = &architecture.databases[place];
    let subject = Subject {
        name: name.to_owned(),
        place,
        parameter_group: database.parameter_group().to_owned(),
        is_aurora: database.engine.is_aurora(),
        multi_az: database.multi_az,
        ..Subject::default()
    };
    let (at, takes) = (time(at), Some(time(takes)));
    architecture.incidents.push(Incident { happening, subject, at, takes });
}

/// A measure of a subscription.
pub fn measure(name: &str, subscription: &str, run: &Run) -> Option<Value> {
    let metrics = run.event_subscriptions.iter().find(|known| known.name == subscription)?;
    // Every event is told or left out.
    let events = run.rds_events.len() as u64;
    assert_eq!(metrics.notifications + metrics.filtered, events, "{subscription}");
    let number = match name {
        "notifications" => metrics.notifications as f64,
        "filtered" => metrics.filtered as f64,
        "out_of_order" => metrics.out_of_order as f64,
        "delay_mean" => metrics.delay.mean(),
        "delay_max" => metrics.delay.max() as f64,
        "events" => {
            let told = run
                .rds_events
                .iter()
                .filter(|event| event.notified.iter().any(|(known, _)| known == subscription));
            let ids = told.map(|event| event.id.trim_start_matches("RDS-EVENT-"));
            return Some(Value::Text(ids.collect::<Vec<_>>().join(" ")));
        }
        _ => panic!("an event subscription has no measure `{name}`"),
    };
    Some(Value::Number(number))
}
