//! What Jekyll adds to Liquid for the templates of a site.

pub mod drop;
pub mod excerpt;
pub mod filters;
pub mod host;
pub mod layout;
pub mod reads;
pub mod scope;
pub mod tag;
pub mod templates;
