//! Diagrams as SVG from plain numbers: step series, lifelines and bars with their axes and labels.
//!
//! Nothing here knows services or scenarios. A diagram is drawn for a [`Format`], gets its colours
//! from CSS variables ([`ink`]), and the same numbers give the same bytes.

pub mod axis;
pub mod bars;
pub mod ink;
pub mod journey;
pub mod legend;
pub mod path;
pub mod points;
pub mod sequence;
pub mod steps;
pub mod svg;
pub mod text;
pub mod ticks;
pub mod timeline;
pub mod topology;

/// The size for which a diagram is laid out. Text doesn't scale with the window, so a diagram is
/// drawn once for a text column and once for a phone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Format {
    /// A word for ids and classes.
    pub name: &'static str,
    /// The width in pixels at 1:1.
    pub width: f64,
    /// The size of labels in pixels.
    pub label: f64,
    /// The size of the numbers along the axes in pixels.
    pub tick: f64,
}

/// For a column of 36 em.
pub const WIDE: Format = Format { name: "wide", width: 560.0, label: 14.0, tick: 13.0 };

/// For a phone.
pub const NARROW: Format = Format { name: "narrow", width: 312.0, label: 13.5, tick: 12.5 };

/// Both formats, the wide one first.
pub const FORMATS: [Format; 2] = [WIDE, NARROW];

/// The words of a diagram: they are read by those who can't see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The finding in one sentence.
    pub title: String,
    /// How to read it.
    pub description: String,
}
