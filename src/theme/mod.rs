//! Pages get clothes: the view that templates see, and the Tera templates that show it.

pub mod plain;
pub mod view;
pub mod words;
