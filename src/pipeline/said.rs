//! What a run says: of what is judged only, in order, each thing once.

use crate::diagnostic::{Diagnostic, Severity};
use crate::pipeline::selection::Choice;

/// Leaves what concerns something that is judged, in order.
pub fn judge(diagnostics: &mut Vec<Diagnostic>, choice: &Choice) {
    diagnostics.retain(|found| choice.keeps(found));
    sort(diagnostics);
}

/// Whether a diagnostic is an error in what is judged.
pub fn fails(found: &Diagnostic, choice: &Choice) -> bool {
    found.severity() == Severity::Error && choice.keeps(found)
}

/// Puts diagnostics into an order that doesn't depend on threads. What a layout or an include says
/// for many pages is said once.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| {
        let rest = |found: &Diagnostic| {
            (found.related.is_empty(), found.label.clone(), found.original.clone())
        };
        a.sort_key().cmp(&b.sort_key()).then_with(|| rest(a).cmp(&rest(b)))
    });
    let mut said: Vec<Diagnostic> = Vec::with_capacity(diagnostics.len());
    let mut repeated = 0;
    for found in diagnostics.drain(..) {
        match said.last_mut() {
            Some(last) if last.sort_key() == found.sort_key() => {
                // Without a way to it, it is what reading the template has said.
                let is_new = found.related.is_empty() == last.related.is_empty();
                repeated += usize::from(is_new && *last != found);
                continue;
            }
            Some(last) if repeated > 0 => last.notes.push(on_more_pages(repeated)),
            _ => {}
        }
        repeated = 0;
        said.push(found);
    }
    if let Some(last) = said.last_mut().filter(|_| repeated > 0) {
        last.notes.push(on_more_pages(repeated));
    }
    *diagnostics = said;
}

fn on_more_pages(count: usize) -> String {
    format!("the same {count} more {}", if count == 1 { "time" } else { "times" })
}
