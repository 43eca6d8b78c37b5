//! The tags that Jekyll and its plugins add to Liquid.

pub mod highlight;
pub mod include;
pub mod link;
pub mod plugin;

use crate::liquid::{Context, CustomTag, Dialect, Mode, Outcome, Shape};

use super::host::JekyllHost;

/// Liquid with all tags of Jekyll and of the plugins that bogi knows.
pub fn dialect(mode: Mode) -> Dialect {
    Dialect::new(mode)
        .tag("include", Shape::Inline, include::parse)
        .tag("include_cached", Shape::Inline, include::parse)
        .tag("include_relative", Shape::Inline, include::parse)
        .tag("link", Shape::Inline, link::parse_link)
        .tag("post_url", Shape::Inline, link::parse_post_url)
        .tag("highlight", Shape::Block, highlight::parse)
        .tag("seo", Shape::Inline, plugin::parse)
        .tag("feed_meta", Shape::Inline, plugin::parse)
        .tag("gist", Shape::Inline, plugin::parse)
        .tag("toc", Shape::Inline, plugin::parse)
}

/// The tags of [`dialect`] that have an end, and Liquid's own.
pub fn is_block(name: &str) -> bool {
    const BLOCKS: [&str; 10] = [
        "capture",
        "case",
        "comment",
        "for",
        "highlight",
        "if",
        "ifchanged",
        "raw",
        "tablerow",
        "unless",
    ];
    BLOCKS.contains(&name)
}

/// Renders one of these tags.
///
/// # Errors
/// Those of the tags.
pub(super) fn render<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    match tag.name() {
        "include" | "include_cached" => include::include(host, tag, context),
        "include_relative" => include::include_relative(host, tag, context),
        "link" => link::link(host, tag, context),
        "post_url" => link::post_url(host, tag, context),
        "highlight" => highlight::highlight(host, tag, context),
        _ => plugin::render(host, tag, context),
    }
}
