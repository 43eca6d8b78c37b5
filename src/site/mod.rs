//! Folds over all documents: sorted posts, taxonomies, pagination, links, feed, sitemap.
//!
//! [`index::Site`] is the index stage's result; [`links`], [`feed`] and [`sitemap`] belong to the
//! derive stage.

pub mod archive;
pub mod feed;
pub mod index;
pub mod links;
pub mod sitemap;
mod xml;

pub use archive::{Archive, ArchiveKind};
pub use index::{Site, Term};
