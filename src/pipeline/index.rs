//! What follows from the addresses and the front matter of a site's documents, their texts aside:
//! the stages index and generate, and the lists that templates see.

use std::sync::Arc;

use super::generate::{self, Additions};
use super::memory::{Past, changes};
use crate::content::Content;
use crate::diagnostic::Staged;
use crate::jekyll::scope::Lists;
use crate::jekyll::templates::Templates;
use crate::plugin::Filters;
use crate::site::{Archive, Site, archive};
use crate::value::same_maps;

/// Everything that is known of the site before anything is rendered.
#[derive(Debug)]
pub struct Index {
    /// Posts by date, categories, tags.
    pub site: Site,
    /// What plugins have added.
    pub additions: Additions,
    /// The lists that templates see.
    pub lists: Lists,
    /// The pages that the built-in theme adds.
    pub archives: Vec<Archive>,
    /// How many of the documents are the site's own; those of plugins come behind them.
    own: usize,
    /// Whether nothing was wrong.
    is_clean: bool,
    /// The names of the layouts.
    layouts: Vec<String>,
}

impl Index {
    /// Indexes the content, and adds the documents of plugins to it.
    pub fn new(
        content: &mut Content,
        templates: &Templates,
        filters: &dyn Filters,
        environment: &str,
    ) -> Staged<Self> {
        let Staged { value: site, mut diagnostics } = Site::new(content);
        let own = content.documents.len();
        let additions = generate::generate(content, &site, templates, filters, environment);
        let lists = Lists::new(content, &site);
        let archives = archive::archives(content, &site);
        diagnostics.extend(archive::check_paginate_path(content));
        let layouts = templates.layouts().map(str::to_owned).collect();
        let is_clean = diagnostics.is_empty();
        let index = Self { site, additions, lists, archives, own, is_clean, layouts };
        Staged::new(index, diagnostics)
    }

    /// The index of the last run, where all documents have the addresses and the front matter that
    /// they had; the documents of plugins are added. `None` where it has to be made anew.
    pub fn again(past: &Past, content: &mut Content, templates: &Templates) -> Option<Arc<Self>> {
        let index = &past.index;
        let (then, of_plugins) = past.content.documents.split_at_checked(index.own)?;
        let moved = index.additions.bodies.keys().any(|&at| at < index.own);
        let is_same = index.is_clean
            && !moved
            && then.len() == content.documents.len()
            && then.iter().zip(&content.documents).all(|(a, b)| changes::is_alike(a, b))
            && changes::same_files(&past.content.static_files, &content.static_files)
            && same_maps(&past.content.data, &content.data)
            && templates.layouts().eq(index.layouts.iter().map(String::as_str));
        // The parts of a paginated page are copies of it.
        let same_origins = index.additions.origins.values().all(|&at| {
            let pair = then.get(at).zip(content.documents.get(at));
            pair.is_some_and(|(a, b)| Arc::ptr_eq(a, b))
        });
        if !is_same || !same_origins {
            return None;
        }
        content.documents.extend(of_plugins.iter().cloned());
        Some(Arc::clone(index))
    }
}
