//! The key under which the runs of a scenario may be remembered. The room of `blake3` here.

use super::Scenario;
use crate::aws::catalogue::Catalogue;

/// The version of everything between a resolved scenario and its measures: kernel, Lambda model,
/// names and meaning of measures. Raised with every change that may change an outcome.
pub const ENGINE_VERSION: u32 = 4;

/// The services whose catalogue entries a run of this version can read: what isn't in the key
/// isn't in the run's catalogue either (see [`visible`]).
const SERVICES: [&str; 14] = [
    "api_gateway.",
    "cloudfront.",
    "eventbridge.",
    "lambda.",
    "iam.",
    "rds.",
    "rds_events.",
    "rds_proxy.",
    "s3.",
    "sdk.",
    "sns.",
    "sqs.",
    "streams.",
    "vpc.",
];

/// The part of the catalogue that a run can read, and that the key therefore covers.
pub fn visible(catalogue: &Catalogue) -> Catalogue {
    let read = |name: &str| SERVICES.iter().any(|service| name.starts_with(service));
    let entries = catalogue.entries.iter().filter(|(name, _)| read(name));
    Catalogue { entries: entries.map(|(name, entry)| (name.clone(), entry.clone())).collect() }
}

/// How many hexadecimal digits the lock writes of a hash: enough that two never meet, short enough
/// for a line of a diff.
const SHORT: usize = 32;

/// The short hash of some parts, as 32 hexadecimal digits. Where a part ends counts.
pub fn digest<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let mut text = hasher.finalize().to_hex().to_string();
    text.truncate(SHORT);
    text
}

/// The hash of what a scenario's block means: what is deployed, what happens, the seeds, the
/// sweep. Neither the views nor the catalogue nor the engine count.
pub fn meaning(scenario: &Scenario) -> String {
    let mut parts = Vec::new();
    for variant in &scenario.variants {
        let model = &variant.model;
        parts.push(format!("{:?}", variant.name));
        parts.push(format!("{:?}", (&model.architecture, model.seed, &model.overrides)));
    }
    if let Some(sweep) = &scenario.sweep {
        parts.push(format!("sweep {:?}", sweep.axes));
        for point in &sweep.points {
            let model = &point.model;
            parts.push(format!("{:?}", (&model.architecture, model.seed, &model.overrides)));
        }
    }
    digest(parts.iter().map(String::as_str))
}

/// The hash of a scenario's meaning, as 64 hexadecimal digits.
///
/// The canonical form is the `Debug` text of the engine's own input types, so that a field which
/// is added to them can't be forgotten here.
pub fn key(scenario: &Scenario, catalogue: &Catalogue) -> String {
    let mut hasher = blake3::Hasher::new();
    let mut add = |part: String| {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    };
    add(format!("engine {ENGINE_VERSION}"));
    add(format!("{:?}", scenario.followed()));
    for variant in &scenario.variants {
        let model = &variant.model;
        add(format!("{:?}", variant.name));
        add(format!("{:?}", (&model.architecture, model.seed)));
        add(format!("{:?}", model.overrides));
    }
    if let Some(sweep) = &scenario.sweep {
        add(format!("sweep {:?}", sweep.axes));
        for point in &sweep.points {
            let model = &point.model;
            add(format!("{:?}", (&model.architecture, model.seed, &model.overrides)));
        }
    }
    for (name, entry) in &visible(catalogue).entries {
        add(format!("{name} {:?} {}", entry.value, entry.confidence));
    }
    hasher.finalize().to_hex().to_string()
}
