//! Folds over all documents: sorted posts, taxonomies, pagination, links.
//!
//! [`index::Site`] is the index stage's result; [`links`] belongs to the derive stage.

pub mod archive;
pub mod index;
pub mod links;

pub use archive::{Archive, ArchiveKind};
pub use index::{Site, Term};
