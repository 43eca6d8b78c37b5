//! Bounds of one rendering, so that every template comes to an end.

/// How much a template may do. Each bound is far above what a real page needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Nodes rendered, repetitions included.
    pub steps: u64,
    /// Bytes of the page.
    pub output: usize,
    /// Bytes of one computed text.
    pub text: usize,
    /// Bytes read and made by filters, all together.
    pub work: u64,
    /// Blocks and templates inside each other.
    pub nesting: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000_000, output: 1 << 26, text: 1 << 24, work: 1 << 31, nesting: 100 }
    }
}
