//! Plugins: each section of the pages under `tests/plugin/` is a small site and files that come of
//! it. What plugins need of a site is made here in the simplest way. `BLESS=1 cargo test --test
//! plugin` writes what was made into the pages; review the difference before you commit it.

#[path = "plugin/site.rs"]
mod site;

use std::collections::BTreeMap;
use std::fs;

use bogi::liquid::{Alone, Dialect, Globals, Options, Template};
use bogi::plugin::{
    Filters, Plugin, archives, feed, paginate, redirect, relative_links, seo, sitemap, toc,
};
use bogi::span::Mapped;
use bogi::value::Value;
use site::{Kramdown, Site};

/// The fences of a page: the heading above, the info string, the text.
fn fences(page: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let mut heading = String::new();
    let mut lines = page.split_inclusive('\n');
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix("## ") {
            title.trim_end().clone_into(&mut heading);
        }
        let ticks = line.chars().take_while(|&c| c == '`').count();
        if ticks < 3 {
            continue;
        }
        let (fence, info) = (line[..ticks].to_owned(), line[ticks..].trim().to_owned());
        let text: String = lines.by_ref().take_while(|line| line.trim_end() != fence).collect();
        found.push((heading.clone(), info, text));
    }
    found
}

/// A section of a page: its site's files, and files that come of it.
#[derive(Default)]
struct Case {
    files: BTreeMap<String, String>,
    expected: Vec<(String, String)>,
}

fn cases(page: &str) -> Vec<(String, Case)> {
    let mut cases: Vec<(String, Case)> = Vec::new();
    for (heading, info, text) in fences(page) {
        if cases.last().is_none_or(|(last, _)| *last != heading) {
            cases.push((heading.clone(), Case::default()));
        }
        let case = &mut cases.last_mut().unwrap().1;
        let (_, path) = info.split_once(' ').unwrap_or_else(|| panic!("{heading}: `{info}`"));
        match path.strip_prefix("out ") {
            Some(path) => case.expected.push((path.to_owned(), text)),
            None => drop(case.files.insert(path.to_owned(), text)),
        }
    }
    cases
}

/// What the site's plugins make, by path.
fn build(site: &Site) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    if site.uses("jekyll-seo-tag") {
        with_seo(site, &mut out);
    }
    if site.uses("jekyll-feed") {
        with_feeds(site, &mut out);
    }
    if site.uses("jekyll-redirect-from") {
        with_redirects(site, &mut out);
    }
    if site.uses("jekyll-paginate") && !site.uses("jekyll-seo-tag") {
        with_parts(site, &mut out);
    }
    if site.uses("jekyll-archives") {
        with_archives(site, &mut out);
    }
    if site.uses("jekyll-toc") {
        with_contents(site, &mut out);
    }
    if GITHUB.iter().any(|name| site.uses(name)) {
        with_pages(site, &mut out);
    }
    if site.uses("jekyll-sitemap") {
        let contents = sitemap::Contents::of(&site.content);
        out.extend(sitemap::sitemap(&contents, site.has("sitemap.xsl"), &site.view()));
        out.insert("robots.txt".to_owned(), sitemap::robots(&site.view()));
    }
    out
}

/// Each page consists of its tag; the third part of a list wants no title.
fn with_seo(site: &Site, out: &mut BTreeMap<String, String>) {
    for (page, document) in site.pages.iter().zip(&site.content.documents) {
        let request = seo::Request { page: &page.data, paginator: None, markup: "" };
        let path = document.output_path.clone().unwrap();
        out.insert(path, seo::seo(&request, &site.view()));
    }
    let Some(pagination) = paginate::paginate(&site.content, &site.posts()) else { return };
    for part in pagination.parts {
        let mut page = site.pages[pagination.template].data.clone();
        page.insert("url".to_owned(), Value::from(part.url));
        let markup = if part.paginator.page == 3 { " Title=False " } else { "" };
        let request = seo::Request { page: &page, paginator: Some(&part.paginator), markup };
        out.insert(part.output_path, seo::seo(&request, &site.view()));
    }
}

fn with_feeds(site: &Site, out: &mut BTreeMap<String, String>) {
    let documents = &site.content.documents;
    let mut tags: Vec<&str> = documents.iter().flat_map(|d| &d.tags).map(String::as_str).collect();
    tags.sort_unstable();
    tags.dedup();
    let view = site.view();
    for plan in feed::plans(&view, &tags, false, &|path| site.has(path)) {
        let of_plan = |at: &usize| {
            let document = &documents[*at];
            document.kind.collection() == Some(&plan.collection)
                && plan.tag.as_ref().is_none_or(|tag| document.tags.contains(tag))
        };
        let posts = (0..documents.len()).rev().filter(of_plan);
        let posts: Vec<_> = posts.map(|at| site.pages[at].rendered()).collect();
        out.insert(plan.path[1..].to_owned(), feed::feed(&plan, &posts, &view));
    }
    out.insert("meta.html".to_owned(), feed::feed_meta(&view));
}

fn with_redirects(site: &Site, out: &mut BTreeMap<String, String>) {
    let mut candidates: Vec<redirect::Candidate<'_>> = Vec::new();
    let written = |at: &usize| site.content.documents[*at].output_path.is_some();
    let positions: Vec<usize> = (0..site.pages.len()).filter(written).collect();
    for &at in &positions {
        let page = &site.pages[at];
        candidates.push(redirect::Candidate { data: &page.data, url: &page.url });
    }
    let made = redirect::redirects(&candidates, &site.view());
    for page in made.pages {
        out.insert(page.output_path, redirect::page(&page.to));
    }
    for (at, page) in made.moved {
        let document = &site.content.documents[positions[at]];
        out.insert(document.output_path.clone().unwrap(), redirect::page(&page.to));
    }
    out.extend(made.json.map(|json| ("redirects.json".to_owned(), json)));
}

fn map(entries: &[(&str, Value)]) -> Value {
    Value::Map(entries.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect())
}

fn titles(site: &Site, posts: &[usize]) -> Value {
    let posts = posts.iter().map(|&at| Value::Map(site.content.documents[at].data.clone()));
    Value::Array(posts.collect())
}

/// A text through Liquid.
fn liquid(text: &Mapped, values: &[(&str, &Value)]) -> String {
    let template = Template::parse(text, &Dialect::default()).value;
    let globals: Globals<'_> =
        values.iter().map(|(name, value)| (*name, (*value).into())).collect();
    template.render(&Alone, globals, &Options::default()).value.text().to_owned()
}

/// Each part is its template's text.
fn with_parts(site: &Site, out: &mut BTreeMap<String, String>) {
    let pagination = paginate::paginate(&site.content, &site.posts()).unwrap();
    let template = site.content.documents[pagination.template].mapped();
    for part in pagination.parts {
        let paginator = part.paginator;
        let number = |number: Option<usize>| {
            number.map_or(Value::Null, |number| Value::Integer(number.try_into().unwrap()))
        };
        let text = |text: Option<String>| text.map_or(Value::Null, Value::String);
        let paginator = map(&[
            ("page", number(Some(paginator.page))),
            ("per_page", number(Some(paginator.per_page))),
            ("posts", titles(site, &paginator.posts)),
            ("total_posts", number(Some(paginator.total_posts))),
            ("total_pages", number(Some(paginator.total_pages))),
            ("previous_page", number(paginator.previous_page)),
            ("previous_page_path", text(paginator.previous_page_path)),
            ("next_page", number(paginator.next_page)),
            ("next_page_path", text(paginator.next_page_path)),
        ]);
        let page = map(&[("url", part.url.into())]);
        let text = liquid(&template, &[("paginator", &paginator), ("page", &page)]);
        out.insert(part.output_path, text);
    }
}

/// Each archive is its layout's text.
fn with_archives(site: &Site, out: &mut BTreeMap<String, String>) {
    for archive in archives::archives(&site.content) {
        let layout = format!("_layouts/{}.html", archive.layout);
        let layout = site.content.theme_file(&layout).unwrap();
        let layout = Mapped::from_source(layout, 0..layout.text().len());
        let mut page = archive.data();
        page.insert("posts".to_owned(), titles(site, &archive.posts));
        let text = liquid(&layout, &[("page", &Value::Map(page))]);
        out.insert(archive.output_path, text);
    }
}

/// Each page is what its tag and filters give.
fn with_contents(site: &Site, out: &mut BTreeMap<String, String>) {
    let config = &site.content.config.values;
    for (page, document) in site.pages.iter().zip(&site.content.documents) {
        let html = page.html.as_str();
        let tag = toc::is_wanted(&page.data, true).then(|| toc::toc_only(html, config));
        let made = if toc::is_wanted(&page.data, false) {
            let all = [toc::toc, toc::toc_only, toc::inject_anchors];
            all.map(|filter| filter(html, config))
        } else {
            [html.to_owned(), String::new(), html.to_owned()]
        };
        let text = format!("{}|{}", tag.unwrap_or_default(), made.join("|"));
        out.insert(document.output_path.clone().unwrap(), text);
    }
}

/// The plugins of GitHub Pages that work on the text of documents.
const GITHUB: [&str; 5] = [
    "jekyll-default-layout",
    "jekyll-optional-front-matter",
    "jekyll-readme-index",
    "jekyll-relative-links",
    "jekyll-titles-from-headings",
];

/// Pages in their layouts, and copied files.
fn with_pages(site: &Site, out: &mut BTreeMap<String, String>) {
    let (config, documents) = (&site.content.config, &site.content.documents);
    let url_of = |path: &str| {
        let document = documents.iter().find(|document| document.path() == path);
        let file = site.content.static_files.iter().find(|file| file.path == path);
        document.map(|found| found.url.clone()).or_else(|| file.map(|file| file.url.clone()))
    };
    for file in &site.content.static_files {
        let text = fs::read_to_string(&file.location).unwrap();
        out.insert(file.output_path.clone().unwrap(), text);
    }
    for (page, document) in site.pages.iter().zip(documents) {
        let mut html = page.html.clone();
        if config.uses(Plugin::RelativeLinks) && relative_links::applies(document, config) {
            let text = document.mapped();
            let text = relative_links::relink(&text, document.path(), &url_of, &site.view());
            html = Kramdown.markdownify(text.text());
        }
        let layout = document.layout.name().unwrap_or_default();
        if let Some(layout) = site.content.theme_file(&format!("_layouts/{layout}.html")) {
            let layout = Mapped::from_source(layout, 0..layout.text().len());
            let (data, content) = (Value::Map(page.data.clone()), Value::from(html));
            html = liquid(&layout, &[("page", &data), ("content", &content)]);
        }
        out.insert(document.output_path.clone().unwrap(), html);
    }
}

/// A feed says when it was changed, where Jekyll says when it was built.
fn masked(path: &str, text: &str) -> String {
    let is_feed = path.ends_with(".xml");
    match text.split_once("<updated>") {
        Some((before, rest)) if is_feed && text.contains("<feed") => {
            let (_, after) = rest.split_once("</updated>").unwrap();
            format!("{before}<updated>[CHANGED]</updated>{after}")
        }
        _ => text.to_owned(),
    }
}

#[test]
fn plugins_do_what_their_pages_say() {
    let mut failures = Vec::new();
    let mut pages: Vec<_> = fs::read_dir("tests/plugin")
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    for page in pages {
        let text = fs::read_to_string(&page).unwrap();
        let mut blessed = text.clone();
        for (heading, case) in cases(&text) {
            let built = build(&Site::new(&case.files));
            let heading = format!("{}: {heading}", page.display());
            for (path, expected) in case.expected {
                let Some(found) = built.get(&path) else {
                    let paths: Vec<&String> = built.keys().collect();
                    failures.push(format!("{heading}: no {path}, but {paths:?}"));
                    continue;
                };
                let found = masked(&path, found);
                let (found, expected) = (found.trim_end(), expected.trim_end());
                if found != expected {
                    failures.push(format!("{heading}: {path}\n{}", differing(expected, found)));
                    blessed = bless(&blessed, &heading, &path, found);
                }
            }
        }
        if std::env::var_os("BLESS").is_some() {
            fs::write(&page, blessed).unwrap();
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

/// The page with what was made in the place of what a section expects of a file.
fn bless(page: &str, heading: &str, path: &str, found: &str) -> String {
    let title = heading.split_once(": ").unwrap().1;
    let section = page.find(&format!("\n## {title}\n")).unwrap();
    let info = format!(" out {path}\n");
    let start = section + page[section..].find(&info).unwrap() + info.len();
    let end = start + page[start..].find("```\n").unwrap();
    format!("{}{found}\n{}", &page[..start], &page[end..])
}

/// Where two texts begin to differ. Feeds are one line; their elements count as lines.
fn differing(expected: &str, found: &str) -> String {
    let lines = |text: &str| -> Vec<String> {
        text.replace("><", ">\n<").replace(",\"", ",\n\"").lines().map(str::to_owned).collect()
    };
    let (expected, found) = (lines(expected), lines(found));
    let same = expected.iter().zip(&found).take_while(|(a, b)| a == b).count();
    let mut shown = String::new();
    for (sign, lines) in [('-', &expected), ('+', &found)] {
        for line in lines.iter().skip(same).take(8) {
            shown.push_str(&format!("  {sign} {line}\n"));
        }
    }
    shown
}
