//! Recursive loop detection: a function that its own calls invoke again and again in one chain of
//! requests is stopped.
//!
//! Source: the developer guide's page on recursive loop detection. AWS says about how often a
//! function may be invoked in a chain; here a chain counts its calls, and a function is stopped
//! when the shortest loop through it has been gone through that often.

use std::collections::BTreeSet;

use crate::aws::architecture::{Architecture, Resource, ResourceKind};

/// How many calls the shortest loop through each function takes, in the architecture's order;
/// `None` for a function that no loop leads back to.
pub(super) fn loops(architecture: &Architecture) -> Vec<Option<u64>> {
    let functions = 0..architecture.functions.len();
    let called: Vec<BTreeSet<usize>> =
        functions.clone().map(|function| called(architecture, function)).collect();
    functions.map(|function| shortest(&called, function)).collect()
}

/// The functions that a call of a function invokes, by themselves or through queues and topics.
fn called(architecture: &Architecture, function: usize) -> BTreeSet<usize> {
    let calls = architecture.functions.get(function).map_or(&[][..], |f| f.calls.as_slice());
    let mut open: Vec<Resource> = calls.iter().map(|call| call.target).collect();
    let mut seen = BTreeSet::new();
    let mut functions = BTreeSet::new();
    while let Some(resource) = open.pop() {
        if !seen.insert(resource) {
            continue;
        }
        let at = resource.place();
        match resource.kind {
            ResourceKind::Function => {
                functions.insert(at);
            }
            ResourceKind::Queue => {
                let queue = architecture.queues.get(at);
                let mappings =
                    queue.map_or(&[][..], |queue| queue.event_source_mappings.as_slice());
                open.extend(mappings.iter().map(|mapping| mapping.function));
            }
            ResourceKind::Topic => {
                let topic = architecture.topics.get(at);
                let members = topic.map_or(&[][..], |topic| topic.subscriptions.as_slice());
                open.extend(members.iter().map(|member| member.endpoint));
            }
            _ => {}
        }
    }
    functions
}

/// The calls of the shortest way from a function back to itself.
fn shortest(called: &[BTreeSet<usize>], function: usize) -> Option<u64> {
    let mut seen = BTreeSet::new();
    let mut front = BTreeSet::from([function]);
    for calls in 1u64.. {
        let next = front.iter().filter_map(|&at| called.get(at)).flatten().copied();
        front = next.filter(|at| !seen.contains(at)).collect();
        if front.contains(&function) {
            return Some(calls);
        }
        if front.is_empty() {
            return None;
        }
        seen.extend(front.iter().copied());
    }
    None
}
