//! Folds over all documents: sorted posts, taxonomies, pagination, links, feed, sitemap.
//!
//! [`index::Site`] is the index stage's result; [`links`] and the writers of feed and sitemap belong
//! to the derive stage.

pub mod archive;
pub mod index;
pub mod links;

pub use archive::{Archive, ArchiveKind};
pub use index::{Site, Term};
