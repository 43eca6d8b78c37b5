//! The tags of plugins: `seo`, `feed_meta`, `gist`, `toc`.

use std::any::Any;

use crate::content::Kind;
use crate::jekyll::host::JekyllHost;
use crate::jekyll::scope::PageScope;
use crate::liquid::{Context, CustomTag, Family, Lookup, Markup, Outcome, Val};
use crate::plugin::{feed, seo};
use crate::value::{Map, Value};

/// Keeps the markup for the plugin.
pub fn parse(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    Ok(Box::new(markup.trim().text().to_owned()))
}

/// Renders a plugin's tag.
pub(super) fn render<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let markup = tag.arguments::<String>().map_or("", String::as_str);
    let scope = host.scope;
    let site = scope.site;
    let html = match tag.name() {
        "seo" => {
            let page = page_values(scope);
            let paginator = site.generated.paginators.get(&scope.current);
            seo::seo(&seo::Request { page: &page, paginator, markup }, &site.view())
        }
        "feed_meta" => feed::feed_meta(&site.view()),
        _ => String::new(),
    };
    context.write(&html)
}

/// The page as `{% seo %}` looks at it.
fn page_values(scope: &PageScope<'_>) -> Map {
    let document = scope.document();
    let mut page = document.data.clone();
    page.insert("url".to_owned(), Value::from(document.url.as_str()));
    if document.kind != Kind::Page {
        if let Lookup::Found(Val::Text(excerpt)) = scope.documents.get(scope.current, "excerpt") {
            page.insert("excerpt".to_owned(), Value::from(&*excerpt));
        }
    }
    page
}
