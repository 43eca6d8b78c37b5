//! The plugins that a configuration names: those whose behaviour bogi has, those that need nothing,
//! and what a site loses for each of the others. bogi runs no Ruby.

use crate::content::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::span::{Place, Source};
use crate::value::{Map, Value};
use crate::yaml::Node;

/// A plugin that bogi doesn't run.
pub const NOT_RUN: Code = Code("W0218");

/// A plugin whose behaviour bogi has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Plugin {
    /// jekyll-archives: pages of years, months, days, categories and tags.
    Archives,
    /// jekyll-default-layout: layouts for documents that name none.
    DefaultLayout,
    /// jekyll-feed: Atom feeds and `{% feed_meta %}`.
    Feed,
    /// jekyll-gist: `{% gist %}`.
    Gist,
    /// jekyll-include-cache: `{% include_cached %}`.
    IncludeCache,
    /// jemoji: `:smile:`.
    Jemoji,
    /// jekyll-optional-front-matter: pages without front matter.
    OptionalFrontMatter,
    /// jekyll-paginate: the list of posts in parts.
    Paginate,
    /// jekyll-readme-index: `README.md` as a folder's page.
    ReadmeIndex,
    /// jekyll-redirect-from: `redirect_from` and `redirect_to`.
    RedirectFrom,
    /// jekyll-relative-links: links to Markdown files.
    RelativeLinks,
    /// jekyll-seo-tag: `{% seo %}`.
    SeoTag,
    /// jekyll-sitemap: `sitemap.xml` and `robots.txt`.
    Sitemap,
    /// jekyll-titles-from-headings: titles from the first heading.
    TitlesFromHeadings,
    /// jekyll-toc: tables of contents.
    Toc,
}

/// The plugins with the names that a configuration gives them.
pub const PLUGINS: [(&str, Plugin); 15] = [
    ("jekyll-archives", Plugin::Archives),
    ("jekyll-default-layout", Plugin::DefaultLayout),
    ("jekyll-feed", Plugin::Feed),
    ("jekyll-gist", Plugin::Gist),
    ("jekyll-include-cache", Plugin::IncludeCache),
    ("jekyll-optional-front-matter", Plugin::OptionalFrontMatter),
    ("jekyll-paginate", Plugin::Paginate),
    ("jekyll-readme-index", Plugin::ReadmeIndex),
    ("jekyll-redirect-from", Plugin::RedirectFrom),
    ("jekyll-relative-links", Plugin::RelativeLinks),
    ("jekyll-seo-tag", Plugin::SeoTag),
    ("jekyll-sitemap", Plugin::Sitemap),
    ("jekyll-titles-from-headings", Plugin::TitlesFromHeadings),
    ("jekyll-toc", Plugin::Toc),
    ("jemoji", Plugin::Jemoji),
];

/// Plugins that are part of bogi anyway, or that change nothing in the site.
const NEEDLESS: [&str; 24] = [
    "github-pages",
    "hawkins",
    "jekyll-admin",
    "jekyll-algolia",
    "jekyll-coffeescript",
    "jekyll-commonmark",
    "jekyll-commonmark-ghpages",
    "jekyll-compose",
    "jekyll-import",
    "jekyll-livereload",
    "jekyll-remote-theme",
    "jekyll-sass-converter",
    "jekyll-swiss",
    "jekyll-watch",
    "kramdown",
    "kramdown-math-katex",
    "kramdown-math-mathjax",
    "kramdown-parser-gfm",
    "kramdown-syntax-coderay",
    "kramdown-syntax-rouge",
    "rouge",
    "sassc",
    "webrick",
    "wdm",
];

/// What a site loses without a plugin that bogi can't run.
const LOSSES: [(&str, &str); 30] = [
    ("jekyll-asciidoc", "AsciiDoc files are copied as they are"),
    ("jekyll-assets", "the tag `{% asset %}` is missing"),
    ("jekyll-avatar", "the tag `{% avatar %}` is missing"),
    ("jekyll-data", "data and settings of the theme's gem are missing"),
    ("jekyll-email-protect", "the filter `protect_email` is missing"),
    ("jekyll-figure", "the tag `{% figure %}` is missing"),
    ("jekyll-github-metadata", "`site.github` is empty"),
    ("jekyll-haml", "Haml files are copied as they are"),
    ("jekyll-katex", "formulas in `{% katex %}` aren't drawn"),
    ("jekyll-last-modified-at", "`last_modified_at` is only what front matter says"),
    ("jekyll-loading-lazy", "pictures lack `loading=\"lazy\"`"),
    ("jekyll-lunr-js-search", "the search index is missing"),
    ("jekyll-mentions", "`@name` stays text and is no link"),
    ("jekyll-mermaid", "diagrams in `{% mermaid %}` aren't drawn"),
    ("jekyll-minifier", "pages, style sheets and scripts stay as long as they are"),
    ("jekyll-multiple-languages-plugin", "the site has one language"),
    ("jekyll-paginate-v2", "only the list of all posts has parts"),
    ("jekyll-picture-tag", "the tag `{% picture %}` is missing"),
    ("jekyll_picture_tag", "the tag `{% picture %}` is missing"),
    ("jekyll-polyglot", "the site has one language"),
    ("jekyll-postcss", "style sheets don't go through PostCSS"),
    ("jekyll-pwa-plugin", "the service worker is missing"),
    ("jekyll-responsive-image", "the tag `{% responsive_image %}` is missing"),
    ("jekyll-scholar", "bibliographies and citations are missing"),
    ("jekyll-slim", "Slim files are copied as they are"),
    ("jekyll-spaceship", "its extensions of Markdown stay text"),
    ("jekyll-tagging", "its pages of tags and its tag cloud are missing"),
    ("jekyll-target-blank", "links to other sites open in the same tab"),
    ("jekyll-textile-converter", "Textile files are copied as they are"),
    ("jekyll-twitter-plugin", "the tag `{% twitter %}` is missing"),
];

/// What the gem `github-pages` turns on without being asked.
const OF_GITHUB_PAGES: [Plugin; 7] = [
    Plugin::DefaultLayout,
    Plugin::Gist,
    Plugin::OptionalFrontMatter,
    Plugin::Paginate,
    Plugin::ReadmeIndex,
    Plugin::RelativeLinks,
    Plugin::TitlesFromHeadings,
];

/// The plugins that the gems of well-known themes bring with them.
fn of_theme(theme: &str) -> &'static [Plugin] {
    match theme {
        "minima" => &[Plugin::Feed, Plugin::SeoTag],
        "minimal-mistakes-jekyll" => {
            &[Plugin::Feed, Plugin::Gist, Plugin::IncludeCache, Plugin::Paginate, Plugin::Sitemap]
        }
        "jekyll-theme-chirpy" => &[
            Plugin::Archives,
            Plugin::IncludeCache,
            Plugin::Paginate,
            Plugin::RedirectFrom,
            Plugin::SeoTag,
            Plugin::Sitemap,
        ],
        "just-the-docs" => &[Plugin::IncludeCache, Plugin::SeoTag],
        theme if theme.starts_with("jekyll-theme-") => &[Plugin::SeoTag],
        _ => &[],
    }
}

/// The names under `plugins`. The key was called `gems` once; Jekyll 4 doesn't know that name.
fn names(values: &Map) -> Vec<String> {
    let said = values.get("plugins").into_iter();
    said.flat_map(|value| match value {
        Value::Array(items) => items.iter().filter_map(Value::scalar_text).collect(),
        value => value.scalar_text().into_iter().collect::<Vec<String>>(),
    })
    .filter(|name| !name.is_empty())
    .collect()
}

/// The plugins that a configuration turns on, those of its theme's gem among them.
pub(super) fn turned_on(values: &Map) -> Vec<Plugin> {
    let mut on: Vec<Plugin> = Vec::new();
    for name in names(values) {
        on.extend(PLUGINS.iter().filter(|(known, _)| *known == name).map(|(_, plugin)| *plugin));
        if name == "github-pages" {
            on.extend(OF_GITHUB_PAGES);
        }
    }
    on.extend(values.get("theme").and_then(Value::as_str).map(of_theme).unwrap_or_default());
    on.sort_unstable();
    on.dedup();
    on
}

/// A diagnostic for each plugin of the configuration that bogi doesn't run, and for each Ruby file
/// of the plugins' folder.
pub(super) fn check(config: &Config, ruby_files: &[String]) -> Vec<Diagnostic> {
    let mut diagnostics: Vec<Diagnostic> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for name in names(&config.values) {
        let is_known = PLUGINS.iter().any(|(known, _)| *known == name);
        if is_known || NEEDLESS.contains(&name.as_str()) || seen.contains(&name) {
            continue;
        }
        let loss = LOSSES.iter().find(|(known, _)| *known == name).map(|(_, loss)| *loss);
        let loss = loss.unwrap_or("tags, filters and pages that it makes are missing");
        diagnostics.push(
            Diagnostic::new(NOT_RUN, format!("the plugin `{name}` isn't run"))
                .at(place(config, &name))
                .label(loss),
        );
        seen.push(name);
    }
    for path in ruby_files {
        diagnostics.push(
            Diagnostic::new(NOT_RUN, format!("the plugin `{path}` isn't run"))
                .at(Place::start_of(&Source::new(path.clone(), "")))
                .note("bogi runs no Ruby: tags, filters and pages that it makes are missing"),
        );
    }
    diagnostics
}

/// Where the configuration names a plugin.
fn place(config: &Config, name: &str) -> Option<Place> {
    let mut files = config.files.iter().rev();
    files.find_map(|file| {
        let is_named = |node: &&Node| node.to_value().as_str() == Some(name);
        let list = file.node.get("plugins").into_iter();
        let named =
            list.flat_map(|node| node.as_sequence().map_or(vec![node], |all| all.iter().collect()));
        let node = named.into_iter().find(is_named)?;
        file.text.locate(node.range.clone())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(entries: &[(&str, Value)]) -> Vec<Plugin> {
        let values = entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone()));
        turned_on(&values.collect())
    }

    #[test]
    fn plugins_are_turned_on_by_name_by_theme_and_by_github_pages() {
        let list = |names: &[&str]| Value::Array(names.iter().map(|&name| name.into()).collect());
        assert_eq!(on(&[]), []);
        assert_eq!(
            on(&[("plugins", list(&["jemoji", "jekyll-feed", "other"]))]),
            [Plugin::Feed, Plugin::Jemoji]
        );
        assert_eq!(on(&[("gems", list(&["jekyll-gist"]))]), []);
        assert_eq!(on(&[("theme", "minima".into())]), [Plugin::Feed, Plugin::SeoTag]);
        assert_eq!(on(&[("plugins", list(&["github-pages"]))]), OF_GITHUB_PAGES);
    }

    #[test]
    fn each_name_is_in_one_list() {
        let mut names: Vec<&str> = NEEDLESS.to_vec();
        names.extend(PLUGINS.iter().map(|(name, _)| *name));
        names.extend(LOSSES.iter().map(|(name, _)| *name));
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
