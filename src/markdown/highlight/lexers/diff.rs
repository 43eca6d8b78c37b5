//! Differences between files.

use crate::markdown::highlight::scan::{Rules, Scan, is_space};

pub struct Diff;

impl Rules for Diff {
    fn step(&mut self, scan: &mut Scan<'_, '_>) -> bool {
        let end = scan.line(0);
        let line = scan.ahead(end);
        let whole = end + usize::from(!scan.is_end(end));
        let first = scan.byte(0);
        if !scan.is_line_start() {
            return is_space(first) && self.rest(scan);
        }
        let class = match first {
            b' ' => "",
            _ if line == "---" => "p",
            b'+' | b'>' => "gi",
            b'-' | b'<' => "gd",
            b'!' => "gs",
            b'=' => "gh",
            b'@' => return ranges(scan),
            _ if ["Index", "index", "diff"].iter().any(|word| line.starts_with(word)) => "gh",
            b'_' => "p",
            _ if first.is_ascii_alphanumeric() => "p",
            _ => return is_space(first) && self.rest(scan),
        };
        scan.emit(class, whole)
    }
}

impl Diff {
    /// A space and the rest of its line.
    fn rest(&self, scan: &mut Scan<'_, '_>) -> bool {
        let end = scan.line(1);
        scan.emit("", end + usize::from(!scan.is_end(end)))
    }
}

/// The lines that a part is about.
fn ranges(scan: &mut Scan<'_, '_>) -> bool {
    let close = scan.run(2, |byte| byte != b'@');
    if !scan.starts("@@") || !scan.starts_at(close, "@@") {
        return false;
    }
    let end = scan.line(close + 2);
    if scan.is_end(end) {
        return false;
    }
    scan.emit("p", close + 2);
    scan.emit("", end - close - 1)
}
