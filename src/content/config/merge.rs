//! Maps over maps, as Jekyll merges them, and times shown where the site is.

use crate::date::Zone;
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

/// Shows times that were written without an offset in the site's zone.
pub fn localize_map(map: Map, zone: &Zone) -> Map {
    map.into_iter().map(|(key, value)| (key, localize(value, zone))).collect()
}

/// Shows times within a value that were written without an offset in the site's zone.
pub fn localize(value: Value, zone: &Zone) -> Value {
    match value {
        Value::Time(moment) => Value::Time(moment.shown_in(zone)),
        Value::Array(items) => {
            Value::Array(items.into_iter().map(|item| localize(item, zone)).collect())
        }
        Value::Map(map) => Value::Map(localize_map(map, zone)),
        value => value,
    }
}
