//! The difference between two states of a site, as far as pages can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::Past;
use crate::content::{Content, Document, Kind, StaticFile};
use crate::jekyll::reads::{List, Read};
use crate::jekyll::scope::Lists;
use crate::pipeline::body::{Bodies, Surroundings};
use crate::pipeline::simulate::{BlockOutcome, Simulated};
use crate::plugin::paginate::Paginator;
use crate::span::Source;
use crate::value::{Value, same_maps};

/// What has changed since the last run.
pub struct Changes<'p> {
    past: &'p Past,
    around: Surroundings<'p>,
    /// Where the documents of the last run stand now.
    new_of: Vec<Option<usize>>,
    /// Where the documents of now stood.
    old_of: Vec<Option<usize>>,
    /// By present positions: whether address or front matter is new.
    documents: Vec<bool>,
    /// Whether those of any document are, or documents came, went or moved.
    any_document: bool,
    /// Whether all documents stand where they stood.
    stays: bool,
    /// By present positions: whether anything of the document itself is new.
    own: Vec<bool>,
    /// Lists, data, layouts and includes that are new.
    named: BTreeSet<Read>,
    /// By former positions: whether the excerpt is what it would be now.
    excerpts: Vec<bool>,
    /// Whether there are other names than before.
    names: OnceLock<bool>,
}

/// Who reads, for what depends on the order of documents.
#[derive(Clone, Copy)]
pub struct Reader {
    /// The position of the document that is rendered.
    pub at: usize,
    /// Documents before this position are seen as HTML.
    pub horizon: usize,
}

impl<'p> Changes<'p> {
    /// Compares the last run with what is known now, before anything is rendered.
    pub fn new(past: &'p Past, around: Surroundings<'p>) -> Self {
        let (old, new) = (&past.content.documents, &around.content.documents);
        let old_of = match_documents(old, new);
        let mut new_of = vec![None; old.len()];
        for (at, old) in old_of.iter().enumerate() {
            if let Some(old) = old {
                new_of[*old] = Some(at);
            }
        }
        let documents: Vec<bool> = old_of
            .iter()
            .zip(new)
            .map(|(before, document)| before.is_none_or(|at| !is_alike(&old[at], document)))
            .collect();
        let stays = old_of.iter().enumerate().all(|(at, old)| *old == Some(at));
        let any_document =
            !stays || old.len() != new.len() || documents.iter().any(|is_new| *is_new);
        let mut changes = Self {
            past,
            around,
            new_of,
            old_of,
            documents,
            any_document,
            stays,
            own: Vec::new(),
            named: BTreeSet::new(),
            excerpts: Vec::new(),
            names: OnceLock::new(),
        };
        changes.own = (0..new.len()).map(|at| changes.is_new(at)).collect();
        changes.compare_lists();
        changes.compare_data();
        changes.compare_templates();
        changes.compare_excerpts();
        changes
    }

    /// Whether all documents stand where they stood.
    pub fn stays(&self) -> bool {
        self.stays
    }

    /// Where a document stood in the last run.
    pub fn old(&self, at: usize) -> Option<usize> {
        self.old_of.get(at).copied().flatten()
    }

    /// Where a document of the last run stands now.
    pub fn new_position(&self, old: usize) -> Option<usize> {
        self.new_of.get(old).copied().flatten()
    }

    /// The place of a post of the last run among its posts, newest first.
    pub fn past_order(&self, old: usize) -> Option<usize> {
        self.past.index.site.order.get(&old).copied()
    }

    /// Whether a document stands in its file as it did, with its scenarios' results and what
    /// plugins give it. What it reads of others is another question.
    pub fn is_same(&self, at: usize) -> bool {
        self.own.get(at) == Some(&false)
    }

    /// Whether an excerpt of the last run is what it would be now.
    pub fn excerpt_holds(&self, old: usize) -> bool {
        self.excerpts.get(old) == Some(&true)
    }

    /// Whether all reads of the last run would find the same now. Bodies that were read are
    /// rendered if they must be, to see whether they come out otherwise.
    pub fn hold(&self, reads: &[Read], reader: Reader, bodies: Option<&Bodies<'_>>) -> bool {
        reads.iter().all(|read| self.holds(read, reader, bodies))
    }

    fn holds(&self, read: &Read, reader: Reader, bodies: Option<&Bodies<'_>>) -> bool {
        let content = self.around.content;
        let (past, lists) = (self.past, self.around.lists);
        match read {
            Read::Document(old) => {
                self.position(*old, reader).is_some_and(|at| !self.documents[at])
            }
            Read::Documents => !self.any_document,
            Read::Text(old) => self.position(*old, reader).is_some_and(|at| {
                !self.is_html(at, reader)
                    && content.documents[at].text() == past.content.documents[*old].text()
            }),
            Read::Body(old) => self.position(*old, reader).is_some_and(|at| {
                let before = past.made.parts.get(*old).and_then(|parts| parts.body.as_ref());
                let (Some(before), Some(bodies)) = (before, bodies) else { return false };
                self.is_html(at, reader) && before.value.html == bodies.get(at).html
            }),
            Read::Output(old) => self.position(*old, reader).is_some_and(|at| {
                let before = past.made.parts.get(*old);
                let (Some(before), Some(bodies)) = (before, bodies) else { return false };
                let dressed = before.dressed.as_ref().map(|dressed| &dressed.value.html);
                let before = dressed.or(before.body.as_ref().map(|body| &body.value.html));
                let now = bodies.dressed(at).map_or(&bodies.get(at).html, |dressed| &dressed.html);
                at < reader.at.min(reader.horizon) && before == Some(now)
            }),
            Read::Excerpt(old) => self.position(*old, reader).is_some() && self.excerpt_holds(*old),
            Read::Neighbours(old) => self.position(*old, reader).is_some_and(|at| {
                [-1, 1].into_iter().all(|step| {
                    let before = neighbour(&past.content, *old, step);
                    let before = before.map(|old| self.new_position(old));
                    before == neighbour(content, at, step).map(Some)
                })
            }),
            Read::StaticFiles | Read::List(_) | Read::AllData => !self.named.contains(read),
            Read::Data(_) | Read::Layout(_) | Read::Include(_) => !self.named.contains(read),
            Read::File(path) => file_then(&past.content, path) == file_now(content, path),
            Read::Link(path) => past.index.lists.urls.get(path) == lists.urls.get(path),
            Read::PostName(name) => {
                let before = past.index.lists.posts_by_name.get(name);
                let before = before.map(|&old| self.new_position(old));
                before == lists.posts_by_name.get(name).map(|&at| Some(at))
            }
            Read::Scenario(id) => same_scenario(&past.simulated, self.around.simulated, id),
            Read::Names => *self.names.get_or_init(|| self.same_names()),
            Read::Time => past.content.time == content.time,
            Read::Everything => false,
        }
    }

    /// Where a document stands that was read, if it stands on the same side of its reader.
    fn position(&self, old: usize, reader: Reader) -> Option<usize> {
        let (at, before) = (self.new_position(old)?, self.old(reader.at)?);
        (old.cmp(&before) == at.cmp(&reader.at)).then_some(at)
    }

    /// Whether a reader sees a document as HTML. See [`crate::jekyll::drop::document`].
    fn is_html(&self, at: usize, reader: Reader) -> bool {
        let is_own_page = at == reader.at && self.around.content.documents[at].kind == Kind::Page;
        at < reader.horizon && !is_own_page
    }

    fn is_new(&self, at: usize) -> bool {
        let Some(old) = self.old(at) else { return true };
        let (past, around) = (self.past, self.around);
        let (before, now) = (&past.content.documents[old], &around.content.documents[at]);
        let origin = |origins: &BTreeMap<usize, usize>, at: usize| origins.get(&at).copied();
        let old_origin = origin(&past.index.additions.origins, old);
        let new_origin = origin(&around.additions.origins, at);
        let blocks = |simulated: &'p Simulated, at: usize| {
            simulated.blocks.get(at).map_or(&[][..], Vec::as_slice)
        };
        let old_blocks = blocks(&past.simulated, old_origin.unwrap_or(old));
        let new_blocks = blocks(around.simulated, new_origin.unwrap_or(at));
        let is_same = !self.documents[at]
            && same_source(&before.source, &now.source)
            && before.body == now.body
            && old_origin.map(|old| self.new_position(old)) == new_origin.map(Some)
            && same_blocks(old_blocks, new_blocks)
            && past.index.additions.bodies.get(&old) == around.additions.bodies.get(&at)
            && self.same_generated(old, at);
        !is_same
    }

    fn same_generated(&self, old: usize, at: usize) -> bool {
        let (before, now) = (&self.past.index.additions.seen, &self.around.additions.seen);
        let paginators = match (before.paginators.get(&old), now.paginators.get(&at)) {
            (None, None) => true,
            (Some(before), Some(now)) => {
                let posts = Vec::new();
                Paginator { posts: posts.clone(), ..before.clone() }
                    == Paginator { posts, ..now.clone() }
                    && self.same_members(&before.posts, &now.posts)
            }
            _ => false,
        };
        let archives = match (before.archives.get(&old), now.archives.get(&at)) {
            (None, None) => true,
            (Some(before), Some(now)) => self.same_members(before, now),
            _ => false,
        };
        paginators && archives && before.names.get(&old) == now.names.get(&at)
    }

    /// Whether a list has the same documents in the same order.
    fn same_members(&self, before: &[usize], now: &[usize]) -> bool {
        before.len() == now.len()
            && before.iter().zip(now).all(|(&old, &at)| self.new_position(old) == Some(at))
    }

    fn compare_lists(&mut self) {
        let (before, now) = (&self.past.index.lists, self.around.lists);
        let mut new: Vec<Read> = Vec::new();
        let posts =
            |lists: &'p Lists| lists.collections.get("posts").map_or(&[][..], Vec::as_slice);
        for (list, before, now) in [
            (List::Posts, posts(before), posts(now)),
            (List::Pages, &before.pages[..], &now.pages[..]),
            (List::HtmlPages, &before.html_pages[..], &now.html_pages[..]),
            (List::Documents, &before.documents[..], &now.documents[..]),
        ] {
            if !self.same_members(before, now) {
                new.push(Read::List(list));
            }
        }
        let labels: BTreeSet<&String> =
            before.collections.keys().chain(now.collections.keys()).collect();
        for label in labels {
            let of_label = |lists: &'p Lists| lists.collections.get(label).map(Vec::as_slice);
            let is_same = match (of_label(before), of_label(now)) {
                (Some(before), Some(now)) => self.same_members(before, now),
                _ => false,
            };
            if !is_same {
                new.push(Read::List(List::Collection(label.clone())));
            }
        }
        for (list, before, now) in [
            (List::Categories, &before.categories, &now.categories),
            (List::Tags, &before.tags, &now.tags),
        ] {
            let pairs = before.iter().zip(now);
            let is_same = before.len() == now.len()
                && pairs.into_iter().all(|((old_name, old), (name, posts))| {
                    old_name == name && self.same_members(old, posts)
                });
            if !is_same {
                new.push(Read::List(list));
            }
        }
        let (old_files, files) =
            (&self.past.content.static_files, &self.around.content.static_files);
        if !same_files(old_files, files) {
            new.push(Read::StaticFiles);
        }
        self.named.extend(new);
    }

    fn compare_data(&mut self) {
        let (before, now) = (&self.past.content.data, &self.around.content.data);
        if Arc::ptr_eq(before, now) {
            return;
        }
        let keys: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let same = |a: Option<&Value>, b: Option<&Value>| match (a, b) {
            (Some(a), Some(b)) => a.is_same(b),
            _ => false,
        };
        let changed = keys.into_iter().filter(|key| !same(before.get(*key), now.get(*key)));
        self.named.extend(changed.map(|key| Read::Data(key.clone())));
        let in_order = before.keys().eq(now.keys());
        if !in_order || self.named.iter().any(|read| matches!(read, Read::Data(_))) {
            self.named.insert(Read::AllData);
        }
    }

    /// Which layouts and includes are new. Both lists of files stand in the order of paths.
    fn compare_templates(&mut self) {
        let (before, now) = (&self.past.content.theme, &self.around.content.theme);
        let config = &self.around.content.config;
        let by_path = |sources: &'p [Arc<Source>]| -> FxHashMap<&'p str, &'p Arc<Source>> {
            sources.iter().map(|source| (source.path(), source)).collect()
        };
        let (old, new) = (by_path(before), by_path(now));
        for path in old.keys().chain(new.keys()) {
            let is_same = match (old.get(path), new.get(path)) {
                (Some(before), Some(now)) => same_source(before, now),
                _ => false,
            };
            if is_same {
                continue;
            }
            let below = |folder: &str| path.strip_prefix(folder)?.strip_prefix('/');
            if let Some(name) = below(&config.layouts_dir) {
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                self.named.insert(Read::Layout(stem.to_owned()));
            }
            if let Some(name) = below(&config.includes_dir) {
                self.named.insert(Read::Include(name.to_owned()));
            }
        }
    }

    /// Excerpts look at texts and at each other. Those that look at one that is new are new, too.
    fn compare_excerpts(&mut self) {
        let mut holds: Vec<bool> = vec![false; self.past.made.parts.len()];
        let mut looking: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (old, parts) in self.past.made.parts.iter().enumerate() {
            let (Some(excerpt), Some(at)) = (&parts.excerpt, self.new_position(old)) else {
                continue;
            };
            let reader = Reader { at, horizon: 0 };
            let mut is_same = self.is_same(at);
            for read in excerpt.reads.iter() {
                match read {
                    Read::Excerpt(other) => looking.entry(*other).or_default().push(old),
                    read => is_same = is_same && self.holds(read, reader, None),
                }
            }
            holds[old] = is_same;
        }
        let mut new: Vec<usize> =
            looking.keys().copied().filter(|&old| holds.get(old) != Some(&true)).collect();
        while let Some(other) = new.pop() {
            for &old in looking.get(&other).into_iter().flatten() {
                if std::mem::replace(&mut holds[old], false) {
                    new.push(old);
                }
            }
        }
        self.excerpts = holds;
    }

    fn same_names(&self) -> bool {
        let (past, around) = (self.past, self.around);
        let ids = |simulated: &Simulated| -> BTreeSet<String> {
            simulated.outcomes.keys().chain(simulated.failed.keys()).cloned().collect()
        };
        let paths = |content: &Content| -> BTreeSet<String> {
            content.theme.iter().map(|source| source.path().to_owned()).collect()
        };
        let urls = |lists: &Lists| -> BTreeSet<String> {
            lists.urls.keys().chain(lists.posts_by_name.keys()).cloned().collect()
        };
        ids(&past.simulated) == ids(around.simulated)
            && paths(&past.content) == paths(around.content)
            && urls(&past.index.lists) == urls(around.lists)
    }
}

/// For each document of now its position in the last run, by path and URL.
fn match_documents(old: &[Arc<Document>], new: &[Arc<Document>]) -> Vec<Option<usize>> {
    let is_one = |a: &Arc<Document>, b: &Arc<Document>| {
        Arc::ptr_eq(a, b) || a.path() == b.path() && a.url == b.url
    };
    if old.len() == new.len() && old.iter().zip(new).all(|(a, b)| is_one(a, b)) {
        return (0..new.len()).map(Some).collect();
    }
    let mut places: FxHashMap<(&str, &str), usize> = FxHashMap::default();
    for (at, document) in old.iter().enumerate() {
        places.entry((document.path(), &document.url)).or_insert(at);
    }
    new.iter().map(|document| places.remove(&(document.path(), document.url.as_str()))).collect()
}

/// Whether two documents have the same address and front matter.
pub fn is_alike(a: &Arc<Document>, b: &Arc<Document>) -> bool {
    Arc::ptr_eq(a, b)
        || a.url == b.url
            && a.kind == b.kind
            && a.output_path == b.output_path
            && a.title == b.title
            && a.slug == b.slug
            && a.date == b.date
            && a.categories == b.categories
            && a.tags == b.tags
            && a.layout == b.layout
            && a.excerpt_separator == b.excerpt_separator
            && a.is_markdown == b.is_markdown
            && same_maps(&a.data, &b.data)
}

fn same_source(a: &Arc<Source>, b: &Arc<Source>) -> bool {
    Arc::ptr_eq(a, b) || a == b
}

/// Whether the same files are copied.
pub fn same_files(a: &[StaticFile], b: &[StaticFile]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_file(a, b))
}

fn same_file(a: &StaticFile, b: &StaticFile) -> bool {
    a.path == b.path
        && a.size == b.size
        && a.modified == b.modified
        && a.collection == b.collection
        && same_maps(&a.data, &b.data)
        && a.url == b.url
        && a.output_path == b.output_path
}

fn same_blocks(a: &[BlockOutcome], b: &[BlockOutcome]) -> bool {
    let same = |(a, b): (&BlockOutcome, &BlockOutcome)| {
        let outcomes = match (&a.outcome, &b.outcome) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
            (None, None) => true,
            _ => false,
        };
        outcomes && a.info == b.info && a.body == b.body && a.yaml == b.yaml && a.errors == b.errors
    };
    a.len() == b.len() && a.iter().zip(b).all(same)
}

fn same_scenario(a: &Simulated, b: &Simulated, id: &str) -> bool {
    let outcomes = match (a.outcomes.get(id), b.outcomes.get(id)) {
        (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a == b,
        (None, None) => true,
        _ => false,
    };
    outcomes && a.failed.contains_key(id) == b.failed.contains_key(id)
}

fn neighbour(content: &Content, at: usize, step: isize) -> Option<usize> {
    let kind = |at: usize| content.documents.get(at)?.kind.collection();
    let other = at.checked_add_signed(step)?;
    (kind(other).is_some() && kind(other) == kind(at)).then_some(other)
}

/// A file that a template named: the text, or whether it is missing or unreadable.
fn file_now(content: &Content, path: &str) -> Option<Arc<Source>> {
    match content.theme_file(path) {
        Some(source) => Some(Arc::clone(source)),
        None => content.files.read(path).ok(),
    }
}

fn file_then(content: &Content, path: &str) -> Option<Arc<Source>> {
    match content.theme_file(path) {
        Some(source) => Some(Arc::clone(source)),
        None => content.files.known(path)?.ok(),
    }
}
