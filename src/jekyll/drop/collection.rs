//! Collections.

use super::document::Documents;
use super::static_file::StaticFiles;
use crate::jekyll::reads::{List as Known, Read};
use crate::liquid::{Family, List, Lookup, Text, Val};

/// What a collection answers to, besides what the configuration says of it.
const OWN: [&str; 6] = ["label", "files", "docs", "output", "relative_directory", "directory"];

/// All collections of a site, by their position in its configuration.
pub struct Collections<'a> {
    documents: Documents<'a>,
    files: StaticFiles<'a>,
}

impl<'a> Collections<'a> {
    /// The collections as a page sees them.
    pub fn new(documents: Documents<'a>, files: StaticFiles<'a>) -> Self {
        Self { documents, files }
    }
}

impl<'s, 'a: 's> Family<'s> for Collections<'a> {
    fn get(&'s self, index: usize, key: &str) -> Lookup<'s> {
        let site = self.documents.site;
        let Some((label, settings)) = site.content.config.collections.get_index(index) else {
            return Lookup::Absent;
        };
        let positions = |lists: &'a std::collections::BTreeMap<String, Vec<usize>>| {
            lists.get(label).map_or(&[][..], Vec::as_slice)
        };
        Lookup::Found(match key {
            "label" => Val::text(label.as_str()),
            "docs" => {
                self.documents.reads.note(Read::List(Known::Collection(label.clone())));
                Val::List(List::Members(&self.documents, positions(&site.lists.collections)))
            }
            "files" => {
                self.documents.reads.note(Read::StaticFiles);
                Val::List(List::Members(&self.files, positions(&site.lists.collection_files)))
            }
            "output" => Val::Bool(settings.output),
            "relative_directory" => Val::text(format!("_{label}")),
            // Jekyll's is absolute; a page must not depend on where the site lies.
            "directory" => {
                let folder = &site.content.config.collections_dir;
                let slash = if folder.is_empty() { "" } else { "/" };
                Val::text(format!("{folder}{slash}_{label}"))
            }
            _ => return super::of_map(&settings.metadata, key),
        })
    }

    fn to_output(&'s self, index: usize) -> Text<'s> {
        match self.get(index, "docs") {
            Lookup::Found(documents) => documents.to_text(),
            _ => Text::Borrowed(""),
        }
    }

    fn keys(&'s self, index: usize) -> Vec<Text<'s>> {
        let settings = self.documents.site.content.config.collections.get_index(index);
        settings.map_or_else(Vec::new, |(_, settings)| super::keys(&OWN, &settings.metadata))
    }
}
