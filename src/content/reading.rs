//! From sources to content: each text becomes a document, the documents get their order.

mod build;
mod fields;

use std::sync::Arc;

use rayon::prelude::*;

use super::config::Config;
use super::document::{Document, Kind, StaticFile};
use super::{
    Content, Known, PlainFile, Role, Sources, TextFile, collection, data, github, permalink,
    plugins,
};
use crate::aws::catalogue::Catalogue;
use crate::date::Moment;
use crate::diagnostic::{Code, Diagnostic, Staged};
use crate::span::{Place, Source};
use crate::value::Value;

/// A date that isn't one or that the calendar doesn't have.
pub const BAD_DATE: Code = Code("E0214");

/// A day that its month doesn't have, taken for one of the next month.
pub const ROLLED_DATE: Code = Code("W0221");

/// A permalink from which no URL can be made.
pub const BAD_PERMALINK: Code = Code("E0215");

/// A post that isn't published because its date lies in the future.
pub const FUTURE_POST: Code = Code("W0216");

pub use fields::UNFIT_VALUE;

/// What stands above all documents while they are read.
pub(super) struct Site<'s> {
    pub(super) config: &'s Config,
    pub(super) now: &'s Moment,
}

pub(super) fn read(sources: Sources, now: &Moment, known: Option<&Known>) -> Staged<Content> {
    let Sources { destination, config, texts, files, reader, ruby_files, .. } = sources;
    let mut diagnostics = plugins::check(&config, &ruby_files);
    let time = time(&config, now).collect_into(&mut diagnostics);
    let now = &time;
    let mut theme = Vec::new();
    let mut data_files = Vec::new();
    let mut documents = Vec::new();
    for text in texts {
        match text.role {
            Role::Theme => theme.push(text.source),
            Role::Data => data_files.push(text.source),
            _ => documents.push(text),
        }
    }
    let site = Site { config: &config, now };
    if let Some(known) = known {
        known.begin(&config);
    }
    let mut documents = read_documents(&site, documents, known).collect_into(&mut diagnostics);
    let make = || data::read(&data_files, &config.data_dir, &config.timezone);
    let data = match known {
        Some(known) => known.data(&data_files, make),
        None => {
            let made = make();
            Staged::new(Arc::new(made.value), made.diagnostics)
        }
    };
    let data = data.collect_into(&mut diagnostics);
    let static_files: Vec<StaticFile> = files
        .into_iter()
        .filter_map(|file| match static_file(&config, now, file) {
            Ok(file) => Some(file),
            Err(diagnostic) => {
                diagnostics.push(*diagnostic);
                None
            }
        })
        .collect();
    github::place_readmes(&config, &mut documents, &static_files);
    let layouts = layouts(&config, &theme);
    for document in &mut documents {
        github::take_title(&config, document);
        github::take_layout(&config, document, &layouts);
    }
    theme.sort_by(|a, b| a.path().cmp(b.path()));
    let files = reader;
    let catalogue = Arc::new(Catalogue::builtin().with(&config.quotas));
    let value = Content {
        config,
        destination,
        documents,
        static_files,
        catalogue,
        data,
        theme,
        files,
        time,
    };
    Staged::new(value, diagnostics)
}

/// `time` of the configuration, or the present.
fn time(config: &Config, now: &Moment) -> Staged<Moment> {
    let given = match config.get("time") {
        None | Some(Value::Null | Value::Bool(false)) => return Staged::clean(now.clone()),
        Some(Value::Time(moment)) => Ok(moment.clone()),
        Some(value) => Moment::parse(&value.scalar_text().unwrap_or_default(), &config.timezone),
    };
    match given {
        Ok(moment) => Staged::clean(moment),
        Err(error) => {
            let message = format!("`time` of the configuration isn't one: {error}");
            let diagnostic = Diagnostic::new(BAD_DATE, message)
                .at(config.place_of_key("time"))
                .hint("write it like `2026-01-04 09:30:00 +0900`")
                .original("Invalid time in _config.yml.");
            Staged::new(now.clone(), vec![diagnostic])
        }
    }
}

/// The names of the site's own layouts.
fn layouts(config: &Config, theme: &[Arc<Source>]) -> Vec<String> {
    let name = |source: &Arc<Source>| {
        let path = source.path().strip_prefix(config.layouts_dir.as_str())?.strip_prefix('/')?;
        let extension = permalink::extension(path).unwrap_or_default();
        Some(path.strip_suffix(extension)?.to_owned())
    };
    theme.iter().filter_map(name).collect()
}

fn read_documents(
    site: &Site<'_>,
    texts: Vec<TextFile>,
    known: Option<&Known>,
) -> Staged<Vec<Arc<Document>>> {
    let read = |text: &TextFile| {
        let again = known.and_then(|known| known.document(text, site.now));
        again.unwrap_or_else(|| {
            let Staged { value, diagnostics } = build::build(site, text);
            Staged::new(value.map(Arc::new), diagnostics)
        })
    };
    let built: Vec<Staged<Option<Arc<Document>>>> = texts.par_iter().map(read).collect();
    if let Some(known) = known {
        known.keep(&texts, &built);
    }
    let mut diagnostics = Vec::new();
    let built = built.into_iter().filter_map(|staged| staged.collect_into(&mut diagnostics));
    let (mut posts, mut pages, mut others) = (Vec::new(), Vec::new(), Vec::new());
    for document in built {
        match document.kind {
            Kind::Post | Kind::Draft => posts.push(document),
            Kind::Page => pages.push(document),
            Kind::Collection(_) => others.push(document),
        }
    }
    diagnostics.extend(collection::sort(&mut posts, None));
    let limit = site.config.limit_posts;
    if limit > 0 && posts.len() > limit {
        posts.drain(..posts.len() - limit);
    }
    let mut documents = posts;
    for (label, settings) in &site.config.collections {
        let of_label = |document: &Arc<Document>| document.kind.collection() == Some(label);
        let (mut members, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(of_label);
        diagnostics.extend(collection::sort(&mut members, Some(settings)));
        documents.append(&mut members);
        others = rest;
    }
    let name = |document: &Arc<Document>| {
        let path = document.path();
        path.rsplit('/').next().unwrap_or(path).to_owned()
    };
    pages.sort_by_cached_key(|page| (name(page), page.path().to_owned()));
    documents.append(&mut pages);
    Staged::new(documents, diagnostics)
}

fn static_file(
    config: &Config,
    now: &Moment,
    file: PlainFile,
) -> Result<StaticFile, Box<Diagnostic>> {
    let PlainFile { path, location, size, modified, collection } = file;
    let modified = Moment::from_unix_seconds(modified).unwrap_or_else(|| now.clone());
    let settings =
        collection.as_ref().and_then(|label| Some((label, config.collections.get(label)?)));
    let address = match settings {
        None => permalink::static_address(&path),
        Some((label, settings)) => {
            let pattern = settings.permalink.clone();
            let pattern =
                pattern.unwrap_or_else(|| permalink::collection_pattern(&config.permalink));
            let inner = build::path_in_collection(config, label, &path);
            let extension = permalink::extension(&path).unwrap_or_default();
            let cleaned = inner.strip_suffix(extension).unwrap_or(&inner);
            let cleaned = cleaned.trim_end_matches('.');
            permalink::collection_file_address(&pattern, label, cleaned, extension)
        }
    };
    let address = address.map_err(|error| {
        Box::new(
            Diagnostic::new(BAD_PERMALINK, format!("`{path}` can't be in the site: {error}"))
                .at(Place::start_of(&Source::new(path.clone(), "")))
                .hint("rename the file"),
        )
    })?;
    let kind = collection.as_deref();
    let data = config.defaults.values_for(&address.url, kind);
    let published = data.get("published").is_none_or(Value::is_truthy);
    let written = published && settings.is_none_or(|(_, settings)| settings.output);
    let output_path = written.then_some(address.output_path);
    Ok(StaticFile {
        path,
        location,
        size,
        modified,
        collection,
        data,
        url: address.url,
        output_path,
    })
}
