//! `{% link %}` and `{% post_url %}`: the address of a file of the site, which must be there.

use std::any::Any;
use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, closest};
use crate::jekyll::host::JekyllHost;
use crate::jekyll::reads::Read;
use crate::liquid::{Context, CustomTag, Dialect, Markup, Outcome, Problem, ProblemKind, Template};
use crate::plugin::url;
use crate::span::{Mapped, Source};

/// A `link` or `post_url` to what isn't in the site.
pub const MISSING_TARGET: Code = Code("E0313");

/// A `post_url` that names a post by its date and slug alone.
pub const INEXACT_POST: Code = Code("W0314");

/// The path of a `link`.
enum Target {
    Written(String),
    /// A path with outputs in it.
    Computed(Box<Template>),
}

/// Reads the markup of `link`. Any text is a path.
pub fn parse_link(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    let path = markup.trim().text();
    if !path.contains("{{") {
        return Ok(Box::new(Target::Written(path.to_owned())));
    }
    let source = Mapped::from_source(&Source::new("link", path), 0..path.len());
    Ok(Box::new(Target::Computed(Box::new(Template::parse(&source, &Dialect::default()).value))))
}

/// The name of a post: folders, date and slug.
struct Post {
    written: String,
    folder: String,
    date: (i64, i64, i64),
    name: String,
    slug: String,
}

/// Reads the markup of `post_url`.
///
/// # Errors
/// A name without a date.
pub fn parse_post_url(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    let markup = markup.trim();
    let written = markup.text();
    let path = written.strip_prefix('/').unwrap_or(written);
    let (folder, name) = match path.rfind('/') {
        Some(slash) => (&path[..=slash], &path[slash + 1..]),
        None => ("", path),
    };
    let mut parts = name.splitn(4, '-');
    let mut number = || parts.next().and_then(|part| part.parse::<i64>().ok());
    let date = (number(), number(), number());
    let ((Some(year), Some(month), Some(day)), Some(slug)) = (date, parts.next()) else {
        return Err(Problem::syntax(format!(
            "Could not parse name of post \"{written}\" in tag 'post_url'."
        ))
        .message(format!("`{written}` is no name of a post"))
        .hint("write the file's name without its extension, such as `2026-01-04-title`")
        .at(markup.range()));
    };
    Ok(Box::new(Post {
        written: written.to_owned(),
        folder: folder.to_owned(),
        date: (year, month, day),
        name: name.to_owned(),
        slug: slug.to_owned(),
    }))
}

/// Prints the address of a page, document or file by its path.
pub(super) fn link<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let computed;
    let path = match tag.arguments::<Target>() {
        Some(Target::Written(path)) => path.as_str(),
        Some(Target::Computed(template)) => {
            computed = context.capture(|context| context.include(template))?;
            &computed
        }
        None => return Ok(()),
    };
    let urls = &host.scope.site.lists.urls;
    let reads = &host.scope.reads;
    reads.note(Read::Link(path.to_owned()));
    reads.note_with(|| Read::Link(path.trim_start_matches('/').to_owned()));
    let known = urls.get(path).or_else(|| urls.get(path.strip_prefix('/')?));
    if let Some(address) = known {
        let address = url::relative(address, &host.scope.site.view());
        return context.write(&address);
    }
    reads.note(Read::Names);
    let words = format!("Could not find document '{path}' in tag 'link'.");
    let problem = missing(tag, words, format!("there is no file `{path}` in the site"));
    // In an order of their own, so that of equals the same one is named each time.
    let known: BTreeSet<&str> = urls.keys().map(String::as_str).collect();
    Err(match closest(path, known) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("write the file's path from the site's folder, with its extension"),
    })
}

/// Prints the address of a post by its file's name.
pub(super) fn post_url<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let Some(post) = tag.arguments::<Post>() else { return Ok(()) };
    let site = host.scope.site;
    let Post { folder, name, .. } = post;
    let names = &site.lists.posts_by_name;
    let candidates = [
        format!("_posts/{folder}{name}"),
        format!("{folder}_posts/{name}"),
        // A site without `_posts` has its posts in `posts`.
        format!("posts/{folder}{name}"),
    ];
    let reads = &host.scope.reads;
    candidates.iter().for_each(|name| reads.note(Read::PostName(name.clone())));
    let found = candidates.iter().find_map(|name| names.get(name)).copied();
    let found = found.or_else(|| {
        reads.note(Read::Names);
        reads.note(Read::Documents);
        let at = by_slug(host, post)?;
        let path = site.content.documents[at].path();
        let written = &post.written;
        let original = format!(
            "Deprecation: A call to '{{% post_url {written} %}}' did not match a post using the \
             new matching method of checking name (path-date-slug) equality. Please make sure that \
             you change this tag to match the post's name exactly."
        );
        context.say(
            Diagnostic::new(INEXACT_POST, format!("`{written}` isn't the whole name of the post"))
                .at(context.place(tag.markup()))
                .label(format!("the post is `{path}`"))
                .hint("name its folders, too")
                .original(original),
        );
        Some(at)
    });
    if let Some(at) = found {
        reads.note(Read::Document(at));
        let address = url::relative(&site.content.documents[at].url, &site.view());
        return context.write(&address);
    }
    let written = &post.written;
    let words = format!("Could not find post \"{written}\" in tag 'post_url'.");
    let problem = missing(tag, words, format!("there is no post `{written}`"));
    let known = names.keys().map(|name| name.rsplit("osts/").next().unwrap_or(name));
    let known: BTreeSet<&str> = known.collect();
    Err(match closest(written, known) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None => problem.hint("write the file's name without its extension"),
    })
}

/// Jekyll's older way to find a post, which it still has: by its day and its slug, without the
/// folder.
fn by_slug(host: &JekyllHost<'_, '_>, post: &Post) -> Option<usize> {
    let site = host.scope.site;
    let posts = site.lists.collections.get("posts")?;
    let wanted = format!("{}{}", post.folder, post.slug);
    posts.iter().copied().find(|&at| {
        let document = &site.content.documents[at];
        let day = document.date.as_ref().map(|moment| {
            let date = moment.date();
            (i64::from(date.year()), i64::from(date.month()), i64::from(date.day()))
        });
        document.slug == wanted && day == Some(post.date)
    })
}

fn missing(tag: &CustomTag, words: String, message: String) -> Box<Problem> {
    Problem::new(MISSING_TARGET, ProblemKind::Render, message).in_ruby(words).at(tag.markup())
}
