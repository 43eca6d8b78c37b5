//! Folds over all documents: sorted posts, taxonomies, pagination, links, feed, sitemap.
