//! What reading a site promises: which files become what, under which URL, and what is said of
//! those that can't.

#[path = "content/documents.rs"]
mod documents;
#[path = "content/mistakes.rs"]
mod mistakes;
#[path = "content/sites.rs"]
mod sites;
