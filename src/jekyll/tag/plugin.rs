//! The tags of plugins: `seo`, `feed_meta`, `gist`, `toc`.

use std::any::Any;

use crate::content::Kind;
use crate::jekyll::host::JekyllHost;
use crate::jekyll::reads::Read;
use crate::jekyll::scope::PageScope;
use crate::liquid::{Context, CustomTag, Family, Lookup, Markup, Outcome, Problem, Val};
use crate::plugin::{feed, gist, seo, toc};
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
            scope.reads.note_with(|| Read::Data("authors".to_owned()));
            let page = page_values(scope);
            let paginator = site.generated.paginators.get(&scope.current);
            seo::seo(&seo::Request { page: &page, paginator, markup }, &site.view())
        }
        "feed_meta" => feed::feed_meta(&site.view()),
        "gist" => gist(markup, context)?,
        _ if toc::is_wanted(&scope.document().data, true) => {
            toc::toc_only(scope.documents.content(scope.current), &site.content.config.values)
        }
        _ => String::new(),
    };
    context.write(&html)
}

/// The page as `{% seo %}` looks at it.
fn page_values(scope: &PageScope<'_>) -> Map {
    let document = scope.document();
    let mut page = document.data.clone();
    page.insert("url".to_owned(), Value::from(document.url.as_str()));
    if document.kind != Kind::Page
        && let Lookup::Found(Val::Text(excerpt)) = scope.documents.get(scope.current, "excerpt")
    {
        page.insert("excerpt".to_owned(), Value::from(&*excerpt));
    }
    page
}

/// A gist by its id, which may be a variable.
fn gist<'s>(markup: &str, context: &mut Context<'_, 's>) -> Outcome<String> {
    let Some((id, file)) = gist::parse(markup) else {
        return Err(Problem::render("Error parsing gist id")
            .message("a gist without an id")
            .hint("write it like `{% gist user/0123abcd %}`"));
    };
    let value = |name: &str| match context.variable(name) {
        Some(value) if value.is_truthy() => value.to_text().to_string(),
        _ => name.to_owned(),
    };
    Ok(gist::gist(&value(id), &value(file)))
}
