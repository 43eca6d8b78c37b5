//! Jekyll's defaults.

use crate::value::Map;

pub(super) fn values() -> Map {
    Map::new()
}
