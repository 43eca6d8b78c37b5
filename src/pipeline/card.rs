//! What stands in a page in the place of a scenario that has no figure.

use crate::diagnostic::{Diagnostic, Severity};
use crate::escape;
use crate::quantity::Language;

/// Stands for a scenario that wasn't run, so that links to it lead somewhere.
pub fn empty(id: &str) -> String {
    format!("<figure class=\"scenario\" id=\"{}\"></figure>", escape::attribute(id))
}

/// The place of a block that has errors: what is wrong, in the page.
pub fn errors(errors: &[Diagnostic], language: Language) -> String {
    let heading = match language {
        Language::Korean => "이 시나리오는 실행되지 않았다",
        Language::English => "This scenario was not run",
    };
    let mut html =
        format!("<figure class=\"scenario scenario--error\" role=\"alert\"><p>{heading}</p><ul>");
    for error in errors.iter().filter(|error| error.severity() == Severity::Error) {
        html.push_str("<li>");
        html.push_str(&escape::text(&error.message));
        html.push_str("</li>");
    }
    html.push_str("</ul></figure>\n");
    html
}
