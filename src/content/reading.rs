//! From sources to content.

use super::{Content, Sources};
use crate::date::Moment;
use crate::diagnostic::Staged;

pub(super) fn read(_sources: Sources, _now: &Moment) -> Staged<Content> {
    todo!()
}
