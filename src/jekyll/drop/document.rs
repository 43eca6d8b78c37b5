//! Posts, pages and documents of collections.

use std::rc::Rc;

use crate::content::{Document, Kind};
use crate::jekyll::reads::{Read, Recorder};
use crate::jekyll::scope::{SiteScope, relative_path};
use crate::liquid::{Family, List, Lookup, Member, Text, Val};
use crate::value::Value;

/// What a document of a collection answers to, besides its front matter.
const OF_DOCUMENTS: [&str; 13] = [
    "name",
    "id",
    "relative_path",
    "excerpt",
    "title",
    "categories",
    "collection",
    "next",
    "tags",
    "previous",
    "content",
    "path",
    "url",
];

/// What a page answers to, besides its front matter.
const OF_PAGES: [&str; 6] = ["content", "dir", "excerpt", "name", "path", "url"];

/// All documents of a site, by their position in its content.
#[derive(Clone)]
pub struct Documents<'a> {
    /// The site.
    pub site: &'a SiteScope<'a>,
    /// The page that is being rendered.
    pub current: usize,
    /// Documents before this position are rendered.
    pub horizon: usize,
    /// Whether it is the page's excerpt that is being rendered, which has no excerpt of its own.
    pub in_excerpt: bool,
    /// What is looked at.
    pub reads: Rc<Recorder>,
}

impl<'a> Documents<'a> {
    fn document(&self, index: usize) -> &'a Document {
        &self.site.content.documents[index]
    }

    /// The HTML of what is rendered already, the text of what isn't. A page sees its own text even
    /// in its layout: Jekyll takes the values of a page before it renders it.
    pub fn content(&self, index: usize) -> &'a str {
        let document = self.document(index);
        let own_page = index == self.current && document.kind == Kind::Page;
        if index < self.horizon && !own_page {
            self.reads.note(Read::Body(index));
            return self.site.rendered.body(index);
        }
        self.reads.note(Read::Text(index));
        document.text()
    }

    /// The excerpt of the front matter, else the first part of the text.
    pub fn excerpt(&self, index: usize) -> Text<'a> {
        let document = self.document(index);
        if self.in_excerpt && index == self.current {
            return Text::Borrowed("");
        }
        match document.get("excerpt") {
            Some(value) if value.is_truthy() => Val::from(value).to_text(),
            _ if document.excerpt_separator.is_empty() => Text::Borrowed(""),
            _ => {
                self.reads.note(Read::Excerpt(index));
                self.site.rendered.excerpt(index).into()
            }
        }
    }

    fn of_document<'s>(&'s self, index: usize, key: &str) -> Option<Val<'s>>
    where
        'a: 's,
    {
        let document = self.document(index);
        if self.in_excerpt && index == self.current {
            // An excerpt says so in what names it.
            let path = || relative_path(self.site.content, document);
            match key {
                "id" => return Some(Val::text(format!("{}#excerpt", document.id()))),
                "path" | "relative_path" => {
                    return Some(Val::text(format!("{}/#excerpt", path())));
                }
                _ => {}
            }
        }
        Some(match key {
            "content" => Val::text(self.content(index)),
            "excerpt" => Val::Text(self.excerpt(index)),
            "collection" => Val::text(document.kind.collection()?),
            "id" => Val::text(document.id()),
            "relative_path" | "path" => Val::text(relative_path(self.site.content, document)),
            "url" => Val::text(document.url.as_str()),
            "name" => match document.get("name") {
                Some(name) if name.is_truthy() => name.into(),
                _ => Val::text(document.name()),
            },
            "next" => self.neighbour(index, 1),
            "previous" => self.neighbour(index, -1),
            "date" if document.date.is_none() => {
                self.reads.note(Read::Time);
                Val::Time(Rc::new(self.site.now.in_zone(&self.site.content.config.timezone)))
            }
            "output" if index < self.current.min(self.horizon) => {
                self.reads.note(Read::Output(index));
                Val::text(self.site.rendered.output(index))
            }
            "output" => Val::Nil,
            _ => return None,
        })
    }

    /// The document that stands behind or before another one in its collection.
    fn neighbour<'s>(&'s self, index: usize, step: isize) -> Val<'s>
    where
        'a: 's,
    {
        self.reads.note(Read::Neighbours(index));
        let other = index.checked_add_signed(step);
        let kind = |at: usize| self.site.content.documents.get(at)?.kind.collection();
        match other.filter(|&other| kind(other).is_some() && kind(other) == kind(index)) {
            Some(index) => Val::Member(Member { family: self, index }),
            None => Val::Nil,
        }
    }

    fn of_page<'s>(&'s self, index: usize, key: &str) -> Option<Val<'s>>
    where
        'a: 's,
    {
        let document = self.document(index);
        Some(match key {
            "content" => Val::text(self.content(index)),
            "dir" => Val::text(dir(&document.url)),
            "excerpt" => match document.get("excerpt") {
                Some(value) if value.is_truthy() => Val::Text(Val::from(value).to_text()),
                _ if self
                    .site
                    .content
                    .config
                    .get("page_excerpts")
                    .is_some_and(Value::is_truthy) =>
                {
                    Val::Text(self.excerpt(index))
                }
                _ => Val::Nil,
            },
            "name" => match self.site.generated.names.get(&index) {
                Some(name) => Val::text(name.as_str()),
                None => Val::text(document.name()),
            },
            "path" => match document.get("path") {
                Some(path) => path.into(),
                None => Val::text(document.path()),
            },
            "url" => Val::text(document.url.as_str()),
            "posts" => {
                let posts = self.site.generated.archives.get(&index)?;
                Val::List(List::Members(self, posts))
            }
            _ => return None,
        })
    }
}

/// The folder of a URL, with a slash at its end.
fn dir(url: &str) -> &str {
    url.rfind('/').map_or("/", |slash| &url[..=slash])
}

impl<'s, 'a: 's> Family<'s> for Documents<'a> {
    fn get(&'s self, index: usize, key: &str) -> Lookup<'s> {
        self.reads.note(Read::Document(index));
        let document = self.document(index);
        let own = match document.kind {
            Kind::Page => self.of_page(index, key),
            _ => self.of_document(index, key),
        };
        match own {
            Some(value) => Lookup::Found(value),
            None => super::of_map(&document.data, key),
        }
    }

    fn to_output(&'s self, index: usize) -> Text<'s> {
        Text::Borrowed(self.content(index))
    }

    fn keys(&'s self, index: usize) -> Vec<Text<'s>> {
        self.reads.note(Read::Document(index));
        let document = self.document(index);
        match document.kind {
            Kind::Page => super::keys(&OF_PAGES, &document.data),
            _ => super::keys(&OF_DOCUMENTS, &document.data),
        }
    }
}
