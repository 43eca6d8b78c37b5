//! Folds over all documents: sorted posts, taxonomies, pagination, links, feed, sitemap.

pub mod feed;
pub mod sitemap;
mod xml;
