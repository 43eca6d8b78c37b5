//! The walk of the source folder.

use super::{Options, Sources};
use crate::diagnostic::{Diagnostic, Staged};

/// Walks the source folder and reads its text files.
///
/// # Errors
/// A diagnostic when there is no source folder, or the destination would overwrite it.
pub fn discover(_options: &Options) -> Result<Staged<Sources>, Box<Diagnostic>> {
    todo!()
}
