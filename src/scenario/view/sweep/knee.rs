//! The knee of a curve: the value of the setting from which on, or up to which, the measure stays
//! what it is. It is marked only where it is clear, so that a reader can check it by eye.

/// A curve is level where it moves by no more than this share of its whole range.
const LEVEL: f64 = 0.05;
/// So much of the width must be level where it isn't exactly so: of a straight line the last
/// twentieth is level as well.
const LEAST_WIDTH: f64 = 0.25;
/// So many points are needed to see more than a line between two.
const LEAST_POINTS: usize = 3;

/// A knee.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knee {
    /// The number of the point.
    pub index: usize,
    /// On which side of it the curve is level.
    pub side: Side,
    /// The least and the greatest value on that side.
    pub level: (f64, f64),
}

/// A side of a knee, the point included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// From it to the end.
    From,
    /// From the beginning up to it.
    UpTo,
}

impl Knee {
    /// Whether the measure doesn't move at all on the level side.
    pub fn is_exact(self) -> bool {
        self.level.0 == self.level.1
    }
}

/// The knee of a curve of points from left to right: where each lies on a width of 1, and its
/// value. `None` where it has none that is clear.
pub fn knee(points: &[(f64, f64)]) -> Option<Knee> {
    let values: Vec<f64> = points.iter().map(|(_, value)| *value).collect();
    let (least, most) = bounds(&values);
    if points.len() < LEAST_POINTS || most <= least {
        return None;
    }
    let exact = [level(&values, Side::From, 0.0), level(&values, Side::UpTo, 0.0)];
    let mut exact: Vec<Knee> = exact.into_iter().flatten().collect();
    // Where both ends are level, what is zero matters, else the longer one, else how it ends.
    exact.sort_by_key(|knee| {
        let length = length(*knee, points.len());
        (knee.level.0 != 0.0, std::cmp::Reverse(length))
    });
    if let Some(knee) = exact.first() {
        return Some(*knee);
    }
    let tolerance = LEVEL * (most - least);
    let near = [level(&values, Side::From, tolerance), level(&values, Side::UpTo, tolerance)];
    near.into_iter().flatten().find(|knee| {
        let at = points.get(knee.index).map_or(0.0, |(x, _)| *x);
        let (first, last) = (points.first(), points.last());
        let (first, last) = (first.map_or(0.0, |p| p.0), last.map_or(1.0, |p| p.0));
        let width = match knee.side {
            Side::From => last - at,
            Side::UpTo => at - first,
        };
        width >= LEAST_WIDTH * (last - first)
    })
}

/// The level stretch of two points or more at one end, and not all of the curve.
fn level(values: &[f64], side: Side, tolerance: f64) -> Option<Knee> {
    let within = |value: &&f64, end: f64| (**value - end).abs() <= tolerance;
    let (length, end) = match side {
        Side::From => {
            let end = *values.last()?;
            (values.iter().rev().take_while(|value| within(value, end)).count(), end)
        }
        Side::UpTo => {
            let end = *values.first()?;
            (values.iter().take_while(|value| within(value, end)).count(), end)
        }
    };
    if length < 2 || length >= values.len() || !end.is_finite() {
        return None;
    }
    let (index, stretch) = match side {
        Side::From => (values.len() - length, values.get(values.len() - length..)?),
        Side::UpTo => (length - 1, values.get(..length)?),
    };
    Some(Knee { index, side, level: bounds(stretch) })
}

fn length(knee: Knee, points: usize) -> usize {
    match knee.side {
        Side::From => points.saturating_sub(knee.index),
        Side::UpTo => knee.index + 1,
    }
}

/// The least and the greatest of some values.
pub fn bounds(values: &[f64]) -> (f64, f64) {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    (least, most)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(values: &[f64]) -> Option<(usize, Side)> {
        let last = values.len().saturating_sub(1).max(1) as f64;
        let points: Vec<(f64, f64)> =
            values.iter().enumerate().map(|(at, value)| (at as f64 / last, *value)).collect();
        knee(&points).map(|knee| (knee.index, knee.side))
    }

    #[test]
    fn a_curve_that_settles_or_takes_off_has_a_knee() {
        assert_eq!(found(&[900.0, 400.0, 0.0, 0.0]), Some((2, Side::From)));
        assert_eq!(found(&[0.0, 0.0, 300.0, 900.0]), Some((1, Side::UpTo)));
        assert_eq!(found(&[100.0, 30.0, 4.0, 3.0, 2.0]), Some((2, Side::From)));
        assert_eq!(found(&[1.0, 2.0, 3.0, 40.0, 100.0]), Some((2, Side::UpTo)));
    }

    #[test]
    fn zero_matters_more_than_the_other_level() {
        assert_eq!(found(&[9.0, 9.0, 9.0, 0.0, 0.0]), Some((3, Side::From)));
        assert_eq!(found(&[0.0, 0.0, 9.0, 9.0, 9.0]), Some((1, Side::UpTo)));
    }

    #[test]
    fn lines_flats_and_few_points_have_none() {
        assert_eq!(found(&[]), None);
        assert_eq!(found(&[1.0, 0.0]), None);
        assert_eq!(found(&[5.0, 5.0, 5.0, 5.0]), None);
        let line: Vec<f64> = (0..60).map(f64::from).collect();
        assert_eq!(found(&line), None);
        assert_eq!(found(&[1.0, 5.0, 2.0, 8.0]), None);
    }
}
