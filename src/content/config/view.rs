//! The typed view.

use super::{Config, ConfigFile};
use crate::diagnostic::{Diagnostic, Staged};
use crate::value::Map;

pub(super) fn view(_: Vec<ConfigFile>, _: Map, _: Vec<Diagnostic>) -> Staged<Config> {
    todo!()
}
