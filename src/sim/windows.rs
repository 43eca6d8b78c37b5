//! Stretches of time in which something is so: an outage, a window of maintenance.

/// Stretches of time, each with its beginning and without its end. They may overlap.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Windows(Vec<(u64, u64)>);

impl Windows {
    /// Windows from beginnings and ends.
    pub fn new(windows: Vec<(u64, u64)>) -> Self {
        Self(windows)
    }

    /// Whether a time lies in one of them.
    #[inline]
    pub fn contain(&self, time: u64) -> bool {
        self.0.iter().any(|&(from, until)| (from..until).contains(&time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_has_its_beginning_and_not_its_end() {
        let windows = Windows::new(vec![(10, 20), (15, 30), (40, 40)]);
        let inside = [9, 10, 19, 20, 29, 30, 40].map(|time| windows.contain(time));
        assert_eq!(inside, [false, true, true, true, true, false, false]);
        assert!(!Windows::default().contain(0));
    }
}
