//! CommonMark with GitHub's extensions, for sites that ask for it in kramdown's place: texts go
//! straight to pulldown-cmark, and come out as jekyll-commonmark writes them.

mod autolink;
mod options;
mod write;

use pulldown_cmark::{Event, Options as ParserOptions, Parser, Tag};

use crate::markdown::{Host, Rendered};

pub use options::{CommonMark, extension_names, option_names};

/// Converts a text.
pub fn render(text: &str, options: &CommonMark, host: &dyn Host) -> Rendered {
    let mut enabled = ParserOptions::empty();
    enabled.set(ParserOptions::ENABLE_TABLES, options.tables);
    enabled.set(ParserOptions::ENABLE_STRIKETHROUGH, options.strikethrough);
    enabled.set(ParserOptions::ENABLE_TASKLISTS, options.task_lists);
    enabled.set(ParserOptions::ENABLE_FOOTNOTES, options.footnotes);
    enabled.set(ParserOptions::ENABLE_SMART_PUNCTUATION, options.smart);
    let events = Parser::new_ext(text, enabled).into_offset_iter();
    write::write(merged(events), text, options, host)
}

/// An event and where it stands.
type Placed<'t> = (Event<'t>, std::ops::Range<usize>);

/// The events; texts that follow each other as one, and the check box of a loose item before its
/// paragraph.
fn merged<'t>(events: impl Iterator<Item = Placed<'t>>) -> Vec<Placed<'t>> {
    let mut out: Vec<Placed<'t>> = Vec::new();
    for (event, range) in events {
        match (event, out.last_mut()) {
            (Event::Text(text), Some((Event::Text(before), place))) => {
                *before = format!("{before}{text}").into();
                place.end = range.end;
            }
            (event @ Event::TaskListMarker(_), Some((Event::Start(Tag::Paragraph), _))) => {
                out.insert(out.len() - 1, (event, range));
            }
            (event, _) => out.push((event, range)),
        }
    }
    out
}
