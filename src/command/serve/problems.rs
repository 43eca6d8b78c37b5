//! What is wrong with a site, as a page in a browser shows it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::command::report::human::{FRAMES_MAX, Style, frames};
use crate::diagnostic::{Diagnostic, Severity};
use crate::escape;
use crate::pipeline::mistakes::Mistake;

/// How many problems the list of the bar names; a site with more has them in the terminal.
const LISTED_MAX: usize = 200;
/// How frames are drawn in a page.
const STYLE: Style = Style { colour: false, width: 100, all: false, originals: false };
/// The looks of a frame, without any of the site's.
const LOOKS: &str = "all:initial;display:block;box-sizing:border-box;margin:16px 0;\
    padding:12px 16px;max-width:100%;overflow-x:auto;white-space:pre;tab-size:4;text-align:left;\
    font:13px/1.5 ui-monospace,Menlo,Consolas,monospace;color:#fde8e8;background:#3b1219;\
    border-left:4px solid #f87171;border-radius:4px";

/// What is wrong.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    /// In the order of files and places.
    pub found: Vec<Diagnostic>,
    /// Whether there is no site because of it.
    pub without_site: bool,
    /// What is wrong in pages, by their paths.
    mistakes: BTreeMap<String, Vec<Mistake>>,
}

impl Problems {
    /// What is wrong with a site that was built.
    pub fn of_site(found: Vec<Diagnostic>, mistakes: BTreeMap<String, Vec<Mistake>>) -> Self {
        Self { found, without_site: false, mistakes }
    }

    /// What kept a site from being built.
    pub fn of_no_site(found: Vec<Diagnostic>) -> Self {
        Self { found, without_site: true, mistakes: BTreeMap::new() }
    }

    /// How many errors and warnings there are.
    pub fn counts(&self) -> (usize, usize) {
        let is_error = |found: &&Diagnostic| found.severity() == Severity::Error;
        let errors = self.found.iter().filter(is_error).count();
        (errors, self.found.len() - errors)
    }

    /// A page with the frames of what is wrong in it; `None` where nothing is. A mistake of the
    /// page itself stands behind the block that it is in; before the content stand those without
    /// such a place, and what is wrong with layouts, includes and configuration where it is no
    /// page's own.
    pub fn in_page(&self, path: &str, page: &[u8], broken: bool) -> Option<Arc<[u8]>> {
        if !broken && !self.without_site {
            return None;
        }
        let own = self.mistakes.get(path).map_or(&[][..], Vec::as_slice);
        let own = if self.without_site { &[] } else { own };
        let top = body_start(page);
        let mut frames: Vec<(usize, &Diagnostic)> =
            own.iter().map(|own| (own.offset.unwrap_or(top), &own.diagnostic)).collect();
        if frames.is_empty() {
            let errors = self.found.iter().filter(|found| found.severity() == Severity::Error);
            frames.extend(errors.filter(|found| !self.is_of_another(found)).map(|own| (top, own)));
        }
        frames.sort_by_key(|&(at, _)| at);
        let mut out = Vec::with_capacity(page.len());
        let mut copied = 0;
        for (at, diagnostic) in frames.into_iter().take(FRAMES_MAX) {
            out.extend_from_slice(page.get(copied..at).unwrap_or_default());
            out.extend_from_slice(framed(diagnostic).as_bytes());
            copied = at.max(copied);
        }
        out.extend_from_slice(page.get(copied..).unwrap_or_default());
        Some(out.into())
    }

    /// Whether a mistake is shown in a page of its own.
    fn is_of_another(&self, found: &Diagnostic) -> bool {
        self.mistakes.values().flatten().any(|mistake| mistake.diagnostic == *found)
    }

    /// A page for a site of which there is nothing yet.
    pub fn alone(&self) -> Vec<u8> {
        let head = "<!DOCTYPE html><meta charset=\"utf-8\"><meta name=\"viewport\" \
                    content=\"width=device-width\"><title>bogi</title><body>";
        let page = format!("{head}</body>").into_bytes();
        self.in_page("", &page, true).map_or(page, |page| page.to_vec())
    }

    /// The list for the bar, as JSON: counts, and for each problem its words and place.
    pub fn json(&self) -> String {
        let mut list: Vec<&Diagnostic> = self.found.iter().collect();
        list.sort_by_key(|found| found.severity() != Severity::Error);
        let list: Vec<serde_json::Value> = list.into_iter().take(LISTED_MAX).map(entry).collect();
        let (errors, warnings) = self.counts();
        serde_json::json!({ "errors": errors, "warnings": warnings, "list": list }).to_string()
    }
}

/// The frame of a mistake, the same as in the terminal.
fn framed(found: &Diagnostic) -> String {
    let frame = frames(std::slice::from_ref(found), STYLE);
    let frame = escape::text(frame.trim_end());
    format!("<pre role=\"alert\" style=\"{LOOKS}\">{frame}</pre>")
}

fn entry(found: &Diagnostic) -> serde_json::Value {
    let place = found.place.as_ref().map(|place| {
        let (line, column) = place.line_column();
        format!("{}:{line}:{column}", place.source().path())
    });
    serde_json::json!({
        "error": found.severity() == Severity::Error,
        "code": found.code.0,
        "message": found.message,
        "place": place,
    })
}

/// Where the content of a page's body begins: behind `<body …>`; at 0 in a page without it.
fn body_start(page: &[u8]) -> usize {
    const OPEN: &[u8] = b"<body";
    let found = page.windows(OPEN.len()).position(|window| window.eq_ignore_ascii_case(OPEN));
    let Some(at) = found else { return 0 };
    let end = page.iter().skip(at).position(|&byte| byte == b'>');
    end.map_or(page.len(), |length| at + length + 1)
}
