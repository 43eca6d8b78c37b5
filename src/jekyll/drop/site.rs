//! The site as a whole.

use std::cell::OnceCell;
use std::rc::Rc;

use crate::jekyll::reads::{List as Known, Read};
use crate::jekyll::scope::PageScope;
use crate::liquid::{Dictionary, List, Lookup, Member, Object, Text, Val};

/// How many of the newest posts Jekyll calls related.
const RELATED: usize = 10;

/// What the site answers to, besides its configuration.
const OWN: [&str; 11] = [
    "collections",
    "related_posts",
    "html_pages",
    "documents",
    "posts",
    "time",
    "pages",
    "static_files",
    "tags",
    "categories",
    "data",
];

/// What templates see as `site`.
pub struct SiteDrop<'s, 'a> {
    scope: &'s PageScope<'a>,
    categories: OnceCell<Val<'s>>,
    tags: OnceCell<Val<'s>>,
    collections: OnceCell<Val<'s>>,
}

impl<'s, 'a: 's> SiteDrop<'s, 'a> {
    /// The site as a page sees it.
    pub fn new(scope: &'s PageScope<'a>) -> Self {
        Self {
            scope,
            categories: OnceCell::new(),
            tags: OnceCell::new(),
            collections: OnceCell::new(),
        }
    }

    fn by_name(&self, terms: &'s [(String, Vec<usize>)]) -> Val<'s> {
        let entry = |(name, posts): &'s (String, Vec<usize>)| {
            (Text::Borrowed(name.as_str()), self.scope.members(posts))
        };
        Val::map(terms.iter().map(entry).collect())
    }

    /// The collections in the order of their labels.
    fn collections(&self) -> Val<'s> {
        let collections = &self.scope.site.content.config.collections;
        let mut labels: Vec<(&String, usize)> =
            collections.keys().enumerate().map(|(index, label)| (label, index)).collect();
        labels.sort();
        let member = |index| Val::Member(Member { family: &self.scope.collections, index });
        Val::list(labels.into_iter().map(|(_, index)| member(index)).collect())
    }

    /// The documents of each collection, then its files.
    fn documents(&self) -> Val<'s> {
        let lists = &self.scope.site.lists;
        if lists.collection_files.is_empty() {
            return self.scope.members(&lists.documents);
        }
        let mut all = Vec::new();
        for label in self.scope.site.content.config.collections.keys() {
            let of_label = |lists: &'s std::collections::BTreeMap<String, Vec<usize>>| {
                lists.get(label).map_or(&[][..], Vec::as_slice)
            };
            let documents = of_label(&lists.collections).iter();
            let family = &self.scope.documents;
            all.extend(documents.map(|&index| Val::Member(Member { family, index })));
            let files = of_label(&lists.collection_files).iter();
            let family = &self.scope.files;
            all.extend(files.map(|&index| Val::Member(Member { family, index })));
        }
        Val::list(all)
    }

    /// Notes which list or value was asked for. What the configuration says is no news: with
    /// another one nothing stays as it was.
    fn note(&self, key: &str) {
        let reads = &self.scope.reads;
        match key {
            "posts" | "related_posts" => reads.note(Read::List(Known::Posts)),
            "pages" => reads.note(Read::List(Known::Pages)),
            "html_pages" => reads.note(Read::List(Known::HtmlPages)),
            "documents" => {
                reads.note(Read::List(Known::Documents));
                reads.note(Read::StaticFiles);
            }
            "static_files" => reads.note(Read::StaticFiles),
            "categories" => reads.note(Read::List(Known::Categories)),
            "tags" => reads.note(Read::List(Known::Tags)),
            "time" => reads.note(Read::Time),
            _ => {}
        }
    }

    /// The newest posts but the page itself, as Jekyll has it without `lsi`.
    fn related(&self) -> Val<'s> {
        let scope = self.scope;
        if scope.document().kind.collection().is_none() {
            return Val::Nil;
        }
        let posts = &scope.site.index.posts;
        let newest = posts.iter().take(RELATED + 1).copied();
        let others: Vec<usize> = newest.filter(|&at| at != scope.current).take(RELATED).collect();
        let others = if posts.len() > 1 { others } else { Vec::new() };
        scope.members(scope.positions.alloc(others))
    }
}

impl<'s, 'a: 's> Object<'s> for SiteDrop<'s, 'a> {
    fn get(&self, key: &str) -> Lookup<'s> {
        let scope = self.scope;
        let site = scope.site;
        if key != "posts"
            && let Some(documents) = site.lists.collections.get(key)
        {
            scope.reads.note(Read::List(Known::Collection(key.to_owned())));
            return Lookup::Found(scope.members(documents));
        }
        self.note(key);
        Lookup::Found(match key {
            "posts" => scope.members(&site.index.posts),
            "pages" => scope.members(&site.lists.pages),
            "html_pages" => scope.members(&site.lists.html_pages),
            "documents" => self.documents(),
            "static_files" => Val::List(List::Members(&scope.files, &site.lists.static_files)),
            // A configuration may give the data itself.
            "data" => match site.content.config.get("data").filter(|data| data.is_truthy()) {
                Some(data) => data.into(),
                None => Val::Map(Dictionary::Heard(&site.content.data, &*scope.reads)),
            },
            "time" => Val::Time(Rc::new(site.now.in_zone(&site.content.config.timezone))),
            "categories" => {
                self.categories.get_or_init(|| self.by_name(&site.lists.categories)).clone()
            }
            "tags" => self.tags.get_or_init(|| self.by_name(&site.lists.tags)).clone(),
            "collections" => self.collections.get_or_init(|| self.collections()).clone(),
            "related_posts" => self.related(),
            "config" => Val::Nil,
            _ => return super::of_map(&site.content.config.values, key),
        })
    }

    fn to_output(&self) -> Text<'s> {
        Text::Borrowed("Jekyll::Drops::SiteDrop")
    }

    fn keys(&self) -> Option<Vec<Text<'s>>> {
        Some(super::keys(&OWN, &self.scope.site.content.config.values))
    }
}
