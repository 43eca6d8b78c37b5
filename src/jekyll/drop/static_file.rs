//! Files that are copied.

use std::rc::Rc;

use crate::content::{Content, StaticFile, permalink};
use crate::jekyll::reads::{Read, Recorder};
use crate::liquid::{Family, Lookup, Text, Val};

/// What a static file answers to, besides the values of `defaults`.
const OWN: [&str; 6] = ["name", "basename", "extname", "path", "collection", "modified_time"];

/// All static files of a site, by their position in its content.
#[derive(Clone)]
pub struct StaticFiles<'a> {
    /// The site's content.
    pub content: &'a Content,
    /// What is looked at.
    pub reads: Rc<Recorder>,
}

impl<'a> StaticFiles<'a> {
    fn file(&self, index: usize) -> &'a StaticFile {
        self.reads.note(Read::StaticFiles);
        &self.content.static_files[index]
    }

    /// The path that templates see: from the site's folder, or from that of the collections.
    fn path(&self, file: &StaticFile) -> String {
        let path = file.path.as_str();
        if file.collection.is_none() {
            return format!("/{path}");
        }
        let below = path.strip_prefix(self.content.config.collections_dir.as_str());
        below.and_then(|path| path.strip_prefix('/')).unwrap_or(path).to_owned()
    }
}

impl<'s, 'a: 's> Family<'s> for StaticFiles<'a> {
    fn get(&'s self, index: usize, key: &str) -> Lookup<'s> {
        let file = self.file(index);
        let name = file.path.rsplit('/').next().unwrap_or(&file.path);
        let extension = permalink::extension(name).unwrap_or_default();
        Lookup::Found(match key {
            "name" => Val::text(name),
            "extname" => Val::text(extension),
            "basename" => {
                Val::text(name.strip_suffix(extension).unwrap_or(name).trim_end_matches('.'))
            }
            "path" => Val::text(self.path(file)),
            "collection" => file.collection.as_deref().map_or(Val::Nil, Val::text),
            "modified_time" => {
                Val::Time(std::rc::Rc::new(file.modified.in_zone(&self.content.config.timezone)))
            }
            _ => return super::of_map(&file.data, key),
        })
    }

    fn to_output(&'s self, _index: usize) -> Text<'s> {
        Text::Borrowed("Jekyll::StaticFile")
    }

    fn keys(&'s self, index: usize) -> Vec<Text<'s>> {
        super::keys(&OWN, &self.file(index).data)
    }
}
