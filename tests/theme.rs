//! What the built-in theme promises to readers and to those who replace parts of it.

#[path = "theme/sample.rs"]
mod sample;

#[path = "theme/html.rs"]
mod html;

#[path = "theme/overrides.rs"]
mod overrides;

#[path = "theme/pages.rs"]
mod pages;

#[path = "theme/style.rs"]
mod style;
