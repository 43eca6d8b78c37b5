//! What the plugins of GitHub Pages add to the reading of a site: pages without front matter, a
//! `README.md` as its folder's page, titles from headings, layouts by kind.

use std::sync::Arc;

use super::document::{Document, Kind, Layout, StaticFile};
use super::permalink::{self, PageParts};
use super::{Config, Plugin};
use crate::liquid::strip_html;
use crate::markdown;
use crate::value::Value;

/// Files that are about a repository and no pages of its site (jekyll-optional-front-matter), by
/// their names without extension.
const ABOUT_THE_REPOSITORY: [&str; 8] = [
    "README",
    "LICENSE",
    "LICENCE",
    "COPYING",
    "CODE_OF_CONDUCT",
    "CONTRIBUTING",
    "ISSUE_TEMPLATE",
    "PULL_REQUEST_TEMPLATE",
];

fn setting(config: &Config, section: &str, key: &str) -> Option<bool> {
    config.get(section)?.get(key)?.as_bool()
}

fn is_on(config: &Config, plugin: Plugin, section: &str) -> bool {
    config.uses(plugin) && setting(config, section, "enabled") != Some(false)
}

/// Whether a Markdown file without front matter may be a page, and if so, whether it is copied
/// besides.
pub(super) fn may_be_page(config: &Config, path: &str) -> Option<bool> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, extension) = name.rsplit_once('.')?;
    if !config.is_markdown_extension(extension) {
        return None;
    }
    let requires = config.get("require_front_matter").is_some_and(Value::is_truthy);
    let is_included = config.include.iter().any(|entry| entry == path || entry == name);
    let is_about = ABOUT_THE_REPOSITORY.contains(&stem.to_ascii_uppercase().as_str());
    let by_rule = |plugin, section| {
        let removes = setting(config, section, "remove_originals") == Some(true);
        is_on(config, plugin, section).then_some(!removes)
    };
    let optional = by_rule(Plugin::OptionalFrontMatter, "optional_front_matter");
    let optional = optional.filter(|_| !requires && (is_included || !is_about));
    let readme = by_rule(Plugin::ReadmeIndex, "readme_index").filter(|_| is_readme(path));
    optional.or(readme)
}

fn is_readme(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').is_some_and(|(stem, _)| stem.eq_ignore_ascii_case("readme"))
}

/// Makes each `README.md` the page of its folder where the folder has none (jekyll-readme-index).
/// One without front matter that can't be that is no page.
pub(super) fn place_readmes(
    config: &Config,
    documents: &mut Vec<Arc<Document>>,
    files: &[StaticFile],
) {
    if !is_on(config, Plugin::ReadmeIndex, "readme_index") {
        return;
    }
    let with_front_matter = setting(config, "readme_index", "with_frontmatter") == Some(true);
    let is_candidate = |document: &Document| {
        let has_none = !has_front_matter(document);
        document.kind == Kind::Page
            && document.is_markdown
            && is_readme(document.path())
            && (has_none || with_front_matter)
    };
    let pages = documents.iter().filter(|document| document.kind == Kind::Page);
    let mut urls: Vec<String> =
        pages.filter(|page| !is_candidate(page)).map(|page| page.url.to_lowercase()).collect();
    urls.extend(files.iter().map(|file| file.url.to_lowercase()));
    let optional = is_on(config, Plugin::OptionalFrontMatter, "optional_front_matter");
    documents.retain_mut(|document| {
        if !is_candidate(document) {
            return true;
        }
        let folder = document.url.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = format!("{folder}/");
        let has_page = urls.iter().any(|url| is_index(url, &folder.to_lowercase()));
        let parts = PageParts { folder: "", basename: "index", output_extension: ".html" };
        let address = permalink::page_address(Some(&folder), "none", &parts).ok();
        let Some(address) = address.filter(|_| !has_page) else {
            return has_front_matter(document)
                || optional && config.include.iter().any(|entry| entry == document.path());
        };
        let document = Arc::make_mut(document);
        document.data.insert("permalink".to_owned(), Value::String(folder));
        document.url = address.url;
        document.output_path = Some(address.output_path);
        true
    });
}

fn has_front_matter(document: &Document) -> bool {
    document.source.text().trim_start_matches('\u{feff}').starts_with("---")
        && document.body.start > 3
}

/// Whether a URL is the page of a folder; both in small letters.
fn is_index(url: &str, folder: &str) -> bool {
    let Some(name) = url.strip_prefix(folder) else { return false };
    ["", "index.htm", "index.html", "index.xhtml", "index.xml"].contains(&name)
}

/// Gives a Markdown page without a title that of its first heading (jekyll-titles-from-headings);
/// with `collections: true` posts and documents of collections as well, whose own title yields.
pub(super) fn take_title(config: &Config, document: &mut Arc<Document>) {
    const SECTION: &str = "titles_from_headings";
    let meant =
        document.kind == Kind::Page || setting(config, SECTION, "collections") == Some(true);
    let is_titled = document.kind == Kind::Page
        && document.get("title").is_some_and(|title| *title != Value::Null);
    let is_meant = meant && document.is_markdown && !is_titled;
    if !is_meant || !is_on(config, Plugin::TitlesFromHeadings, SECTION) {
        return;
    }
    let Some((heading, length)) = first_heading(document.text()) else { return };
    let html = markdown::render(heading, &markdown::Options::default(), &Plain).html;
    let title = without_footnotes(&strip_html(&html));
    let document = Arc::make_mut(document);
    document.title.clone_from(&title);
    document.data.insert("title".to_owned(), Value::String(title));
    // What defaults say counts for documents of collections only.
    let is_own = document.kind != Kind::Page || document.front_matter.get("strip_title").is_some();
    let strips = match document.get("strip_title").filter(|_| is_own) {
        Some(value) => value.as_bool() == Some(true),
        None => setting(config, SECTION, "strip_title") == Some(true),
    };
    if strips {
        let rest = &document.text()[length..];
        let blank = rest.len() - rest.trim_ascii_start().len();
        document.body.start += length + blank;
    }
}

/// Code in a heading stays plain.
struct Plain;

impl markdown::Host for Plain {}

/// The text of a heading of the first three levels at the beginning, and where its line ends.
fn first_heading(text: &str) -> Option<(&str, usize)> {
    let start = text.len() - text.trim_ascii_start().len();
    let rest = &text[start..];
    let line_end = |at: usize| rest[at..].find('\n').map_or(rest.len(), |end| at + end);
    let signs = rest.bytes().take_while(|&byte| byte == b'#').count();
    let inside = &rest[signs..];
    let space = inside.len() - inside.trim_ascii_start().len();
    if (1..=3).contains(&signs) && space > 0 {
        let end = line_end(signs + space);
        return Some((&rest[signs + space..end], start + end));
    }
    let end = line_end(0);
    let under = rest.get(end + 1..)?;
    let line = &under[..under.find('\n').unwrap_or(under.len())];
    let signs = line.trim_ascii_end();
    let is_line = !signs.is_empty() && signs.bytes().all(|byte| matches!(byte, b'-' | b'='));
    is_line.then(|| (rest[..end].trim_end_matches('\r'), start + end + 1 + line.len()))
}

/// A text in one line, without marks of footnotes.
fn without_footnotes(text: &str) -> String {
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    let text = words.join(" ");
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(open) = rest.find("[^") {
        let Some(close) = rest[open..].find(']') else { break };
        out.push_str(&rest[..open]);
        rest = &rest[open + close + 1..];
    }
    out + rest
}

/// Gives a Markdown page or post without a layout the one of its kind that the site has
/// (jekyll-default-layout). A site without layouts has those of its theme.
pub(super) fn take_layout(config: &Config, document: &mut Arc<Document>, layouts: &[String]) {
    let is_meant = matches!(document.kind, Kind::Page | Kind::Post | Kind::Draft);
    let is_said = document.data.contains_key("layout");
    if !config.uses(Plugin::DefaultLayout) || !is_meant || !document.is_markdown || is_said {
        return;
    }
    let own = if document.kind == Kind::Page { "page" } else { "post" };
    let home = (document.url == "/").then_some("home");
    let has = |name: &&str| layouts.is_empty() || layouts.iter().any(|layout| layout == name);
    if let Some(name) = home.into_iter().chain([own, "default"]).find(has) {
        let document = Arc::make_mut(document);
        document.layout = Layout::Named(name.to_owned());
        document.data.insert("layout".to_owned(), name.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_one_only_at_the_beginning() {
        for (text, heading) in [
            ("\n# 제목\n글", Some("제목")),
            ("### 제목 ###", Some("제목 ###")),
            ("#### 제목", None),
            ("#제목", None),
            ("제목\r\n===\n글", Some("제목")),
            ("제목\n- 하나", None),
            ("글\n\n# 제목", None),
            ("", None),
        ] {
            assert_eq!(first_heading(text).map(|(heading, _)| heading), heading, "{text:?}");
        }
        assert_eq!(without_footnotes("가[^1] [나]"), "가 [나]");
    }
}
