//! The data of SVG paths in short relative commands. Positions are rounded to a tenth of a pixel
//! *before* they are subtracted, so errors don't add up along a path.

use std::fmt::Write;

/// The largest position in pixels; what lies beyond is moved there.
const FARTHEST: f64 = 100_000.0;

/// A position in tenths of a pixel. What isn't finite becomes 0.
fn tenths(position: f64) -> i64 {
    if position.is_finite() {
        (position.clamp(-FARTHEST, FARTHEST) * 10.0).round() as i64
    } else {
        0
    }
}

/// Tenths of a pixel as a decimal number.
fn write_tenths(out: &mut String, tenths: i64) {
    let sign = if tenths < 0 { "-" } else { "" };
    let (whole, rest) = (tenths.unsigned_abs() / 10, tenths.unsigned_abs() % 10);
    let _ = match (whole, rest) {
        (whole, 0) => write!(out, "{}{whole}", if whole == 0 { "" } else { sign }),
        (0, rest) => write!(out, "{sign}.{rest}"),
        (whole, rest) => write!(out, "{sign}{whole}.{rest}"),
    };
}

/// A coordinate or length rounded to a tenth of a pixel.
pub fn coordinate(position: f64) -> String {
    let mut out = String::new();
    write_tenths(&mut out, tenths(position));
    out
}

/// A path under construction. It begins at the origin.
#[derive(Clone, Debug, Default)]
pub struct Path {
    data: String,
    x: i64,
    y: i64,
}

impl Path {
    /// Whether nothing was drawn.
    pub fn is_empty(&self) -> bool {
        self.data.is_empty()
    }

    /// The value of `d`.
    pub fn data(&self) -> &str {
        &self.data
    }

    fn pair(&mut self, command: char, dx: i64, dy: i64) {
        self.data.push(command);
        write_tenths(&mut self.data, dx);
        if dy >= 0 {
            self.data.push(' ');
        }
        write_tenths(&mut self.data, dy);
    }

    /// Goes to a point without drawing.
    pub fn move_to(&mut self, x: f64, y: f64) -> &mut Self {
        let (x, y) = (tenths(x), tenths(y));
        if self.data.is_empty() {
            self.pair('M', x, y);
        } else {
            self.pair('m', x - self.x, y - self.y);
        }
        (self.x, self.y) = (x, y);
        self
    }

    /// A straight line to a point.
    pub fn line_to(&mut self, x: f64, y: f64) -> &mut Self {
        let (x, y) = (tenths(x), tenths(y));
        let (dx, dy) = (x - self.x, y - self.y);
        match (dx, dy) {
            (0, 0) => {}
            (dx, 0) => {
                self.data.push('h');
                write_tenths(&mut self.data, dx);
            }
            (0, dy) => {
                self.data.push('v');
                write_tenths(&mut self.data, dy);
            }
            (dx, dy) => self.pair('l', dx, dy),
        }
        (self.x, self.y) = (x, y);
        self
    }

    /// A rectangle.
    pub fn rectangle(&mut self, x: f64, y: f64, width: f64, height: f64) -> &mut Self {
        self.move_to(x, y);
        let start = (self.x, self.y);
        self.line_to(x + width, y).line_to(x + width, y + height).line_to(x, y + height).close();
        (self.x, self.y) = start;
        self
    }

    /// Two crossing diagonals around a centre.
    pub fn cross(&mut self, x: f64, y: f64, radius: f64) -> &mut Self {
        self.move_to(x - radius, y - radius).line_to(x + radius, y + radius);
        self.move_to(x - radius, y + radius).line_to(x + radius, y - radius)
    }

    /// A circle around a centre.
    pub fn circle(&mut self, x: f64, y: f64, radius: f64) -> &mut Self {
        self.move_to(x - radius, y);
        let (radius, across) = (coordinate(radius), coordinate(radius * 2.0));
        let _ = write!(
            self.data,
            "a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0-{across} 0"
        );
        self.close()
    }

    /// Closes the shape that began with the last [`Self::move_to`].
    pub fn close(&mut self) -> &mut Self {
        self.data.push('z');
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_have_one_form() {
        let cases =
            [(0.04, "0"), (-0.04, "0"), (0.5, ".5"), (-0.5, "-.5"), (12.25, "12.3"), (7.0, "7")];
        for (position, text) in cases {
            assert_eq!(coordinate(position), text);
        }
        assert_eq!(coordinate(f64::NAN), "0");
        assert_eq!(coordinate(1e300), "100000");
    }

    #[test]
    fn rounding_does_not_drift() {
        let mut path = Path::default();
        path.move_to(0.0, 0.0);
        for step in 1..=1000 {
            path.line_to(f64::from(step) * 0.123, 0.0);
        }
        assert_eq!(path.x, 1230);
    }
}
