//! A small site that is read, with its bodies as HTML, and what plugins make of it.

use std::collections::BTreeMap;
use std::fs;

use bogi::content::{self, Content, Document, Kind, Options};
use bogi::date::{Moment, Zone};
use bogi::markdown;
use bogi::plugin::{Filters, Rendered, View};
use bogi::value::{Map, Value};

/// kramdown's code blocks as they are.
struct Bare;

impl markdown::Host for Bare {}

fn html(text: &str) -> String {
    markdown::render(text, &markdown::Options::default(), &Bare).html
}

/// The filters of a site without special settings.
pub struct Kramdown;

impl Filters for Kramdown {
    fn markdownify(&self, text: &str) -> String {
        html(text)
    }

    /// A line of text without markup, whose signs kramdown makes typographic.
    fn smartify(&self, text: &str) -> String {
        let html = html(text);
        let inner = html.trim_end().strip_prefix("<p>").and_then(|html| html.strip_suffix("</p>"));
        let Some(inner) = inner else { return text.to_owned() };
        let start = &text[..text.len() - text.trim_start().len()];
        let end = &text[text.trim_end().len()..];
        format!("{start}{inner}{end}")
    }
}

/// A document's texts and values as templates see them.
pub struct Page {
    pub data: Map,
    pub url: String,
    pub id: String,
    pub html: String,
    pub excerpt: String,
}

impl Page {
    fn new(document: &Document) -> Self {
        let text = document.text();
        let convert = |text: &str| if document.is_markdown { html(text) } else { text.to_owned() };
        let own = document.get("excerpt").and_then(Value::as_str);
        let excerpt = match (&document.kind, own) {
            (_, Some(own)) => own.to_owned(),
            (Kind::Page, None) => String::new(),
            _ => convert(text.split(&document.excerpt_separator).next().unwrap_or_default()),
        };
        let mut data = document.data.clone();
        data.insert("url".to_owned(), Value::from(document.url.as_str()));
        if document.kind != Kind::Page && own.is_none() {
            data.insert("excerpt".to_owned(), Value::from(excerpt.as_str()));
        }
        let (url, id) = (document.url.clone(), document.id());
        Self { data, url, id, html: convert(text), excerpt }
    }

    /// As feeds see it.
    pub fn rendered(&self) -> Rendered<'_> {
        let (data, url, id) = (&self.data, self.url.as_str(), self.id.as_str());
        Rendered { data, url, id, content: &self.html, excerpt: &self.excerpt }
    }
}

/// A site with these files, read as of 2026-06-01.
pub struct Site {
    pub content: Content,
    pub pages: Vec<Page>,
    folder: tempfile::TempDir,
}

impl Site {
    pub fn new(files: &BTreeMap<String, String>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let options = Options {
            source: folder.path().to_owned(),
            destination: Some(folder.path().join("_site")),
            ..Options::default()
        };
        let now = Moment::parse("2026-06-01", &Zone::utc()).unwrap();
        let sources = content::discover::discover(&options).unwrap().value;
        let content = content::read(sources, &now).value;
        let pages = content.documents.iter().map(|document| Page::new(document)).collect();
        Self { content, pages, folder }
    }

    pub fn view(&self) -> View<'_> {
        View::of(&self.content, &Kramdown)
    }

    /// Whether the source has a file.
    pub fn has(&self, path: &str) -> bool {
        self.folder.path().join(path).exists()
    }

    /// Whether `plugins` names a plugin.
    pub fn uses(&self, name: &str) -> bool {
        let plugins = self.content.config.get("plugins").and_then(Value::as_array);
        plugins.unwrap_or_default().iter().any(|plugin| plugin.as_str() == Some(name))
    }

    /// The posts, newest first.
    pub fn posts(&self) -> Vec<usize> {
        let documents = self.content.documents.iter().enumerate();
        let posts = documents.filter(|(_, document)| document.kind.is_post());
        posts.map(|(at, _)| at).rev().collect()
    }
}
