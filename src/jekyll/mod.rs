//! What Jekyll adds to Liquid for the templates of a site.

pub mod filters;
