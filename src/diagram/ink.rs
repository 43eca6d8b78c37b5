//! The colours of diagrams: CSS variables with the light value as fallback, so that one SVG serves
//! light and dark pages. Their values for both stand in `assets/scenario.css`.

/// A colour by its role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// Something that is working.
    Run,
    /// Something that waits or gets ready; always hatched as well.
    Wait,
    /// Something that is over; always with an end cap as well.
    Done,
    /// Something that was refused; always crossed as well.
    Refused,
    /// Something that was lost; always a diamond as well.
    Lost,
    /// Words that matter.
    Text,
    /// Words that explain.
    Quiet,
    /// Lines of the axes.
    Rule,
    /// What the diagram stands on.
    Ground,
    /// One of several like things; a colour comes again after [`SERIES`].
    Series(usize),
}

/// How many like things have colours of their own.
pub const SERIES: usize = 6;

impl Ink {
    /// The value of a `fill` or `stroke`.
    pub fn css(self) -> &'static str {
        match self {
            Self::Run => "var(--bogi-run,#0072b2)",
            Self::Wait => "var(--bogi-wait,#747c86)",
            Self::Done => "var(--bogi-done,#00755a)",
            Self::Refused => "var(--bogi-refused,#c2410c)",
            Self::Lost => "var(--bogi-lost,#4a0d3a)",
            Self::Text => "var(--bogi-text,#1f2328)",
            Self::Quiet => "var(--bogi-quiet,#57606a)",
            Self::Rule => "var(--bogi-rule,#d5dae0)",
            Self::Ground => "var(--bogi-ground,#ffffff)",
            Self::Series(index) => match index % SERIES {
                0 => "var(--bogi-s1,#0072b2)",
                1 => "var(--bogi-s2,#5a2d91)",
                2 => "var(--bogi-s3,#1b8080)",
                3 => "var(--bogi-s4,#7a5200)",
                4 => "var(--bogi-s5,#16395c)",
                _ => "var(--bogi-s6,#a84b84)",
            },
        }
    }
}

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Evenly.
    Solid(Ink),
    /// With diagonal lines of the colour.
    Hatched(Ink),
    /// With dots of the colour.
    Dotted(Ink),
    /// Left open, with an outline of the colour.
    Outlined(Ink),
}

impl Fill {
    /// The colour.
    pub fn ink(self) -> Ink {
        match self {
            Self::Solid(ink) | Self::Hatched(ink) | Self::Dotted(ink) | Self::Outlined(ink) => ink,
        }
    }
}
