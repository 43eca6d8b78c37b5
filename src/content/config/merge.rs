//! Maps over maps, as Jekyll merges them.

use crate::value::{Map, Value};

/// Puts `over` on `base`: maps merge, other values replace, nothing (`null`) doesn't.
pub fn deep_merge(base: &mut Map, over: Map) {
    for (key, value) in over {
        match (base.get_mut(&key), value) {
            (Some(_), Value::Null) => {}
            (Some(Value::Map(old)), Value::Map(new)) => deep_merge(old, new),
            (Some(old), new) => *old = new,
            (None, new) => {
                base.insert(key, new);
            }
        }
    }
}
