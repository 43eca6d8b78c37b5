//! Layouts: a page's HTML goes into its layout, that into the layout around it, and so on.

use super::host::JekyllHost;
use super::reads::Read;
use super::scope::PageScope;
use super::templates::Layout;
use crate::content::config::deep_merge;
use crate::diagnostic::Diagnostic;
use crate::liquid::{Dictionary, Globals, Mode, Options, Val};
use crate::value::Map;

/// A page in its Liquid layouts.
pub struct Dressed {
    /// The HTML.
    pub html: String,
    /// The layout that the outermost one names and that the site's `_layouts` don't have.
    pub missing_parent: Option<String>,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Puts `content` into a layout and into the layouts around it. A layout that comes again ends the
/// chain, as in Jekyll.
pub fn dress<'s, 'a: 's>(
    scope: &'s PageScope<'a>,
    content: String,
    layout: &'s Layout,
    mode: Mode,
    options: &Options,
    more: &dyn Fn() -> Globals<'s>,
) -> Dressed {
    let templates = scope.site.templates;
    let mut dressed = Dressed { html: content, missing_parent: None, diagnostics: Vec::new() };
    let mut used: Vec<*const Layout> = Vec::new();
    let mut data: Option<Map> = None;
    let mut next = Some(layout);
    while let Some(layout) = next {
        scope.reads.note_with(|| Read::Layout(layout.name.clone()));
        used.push(layout);
        // The inner layout's values win over those of the layouts around it.
        let merged = match data.take() {
            None => layout.data.clone(),
            Some(inner) => {
                let mut merged = layout.data.clone();
                deep_merge(&mut merged, inner);
                merged
            }
        };
        let host = JekyllHost::new(scope, mode);
        let mut globals = scope.globals();
        globals.append(&mut more());
        globals.insert("content", Val::text(std::mem::take(&mut dressed.html)));
        globals.insert("layout", Val::Map(Dictionary::Borrowed(scope.maps.alloc(merged.clone()))));
        let template = templates.layout_template(layout);
        let rendered = template.render_text(&host, globals, options);
        dressed.html = rendered.collect_into(&mut dressed.diagnostics);
        data = Some(merged);
        next = match layout.parent() {
            None => None,
            Some(parent) => match templates.layout(parent) {
                Some(outer) if used.iter().any(|&known| std::ptr::eq(known, outer)) => None,
                Some(outer) => Some(outer),
                None => {
                    scope.reads.note_with(|| Read::Layout(parent.to_owned()));
                    dressed.missing_parent = Some(parent.to_owned());
                    None
                }
            },
        };
    }
    dressed
}
