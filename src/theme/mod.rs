//! Pages get clothes: the view that templates see, and the Tera templates that show it.

pub mod address;
pub mod assets;
pub mod dates;
pub mod embedded;
pub mod plain;
pub mod prose;
pub mod readable;
pub mod templates;
pub mod view;
pub mod vocabulary;
pub mod words;
