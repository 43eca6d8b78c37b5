//! One document: front matter over defaults, date, names, URL.

use super::fields::{Fields, list, once, union};
use super::{BAD_DATE, BAD_PERMALINK, FUTURE_POST, ROLLED_DATE, Site};
use crate::content::config::{Config, NOT_A_MAP, deep_merge, localize_map};
use crate::content::document::{Document, Kind, Layout, file_date};
use crate::content::front_matter::{self, FrontMatter, Parsed};
use crate::content::permalink::{
    self, Address, DocumentParts, PLACEHOLDERS, PageParts, PermalinkError,
};
use crate::content::{Role, TextFile, slug};
use crate::date::{DateError, Moment};
use crate::diagnostic::{Diagnostic, Staged, closest};
use crate::span::Place;
use crate::value::{Map, Value};

/// Makes a document of a text; `None` when it isn't published or can't stand.
pub(super) fn build(site: &Site<'_>, text: &TextFile) -> Staged<Option<Document>> {
    let mut diagnostics = Vec::new();
    let kind = match &text.role {
        Role::Post => Kind::Post,
        Role::Draft => Kind::Draft,
        Role::Collection(label) => Kind::Collection(label.clone()),
        _ => Kind::Page,
    };
    let parsed = front_matter::parse(&text.source).or_else(|error| {
        // Data that begins with the line of a YAML document has no front matter to close.
        let whole = error.code == front_matter::UNCLOSED && !is_prose(site.config, text);
        if whole { Ok(front_matter::without(&text.source)) } else { Err(error) }
    });
    let is_strict = site.config.get("strict_front_matter").is_some_and(Value::is_truthy);
    let parsed = parsed.or_else(|error| {
        // Jekyll says it and writes the page without its values, but for a list in their place.
        if is_strict || error.code == NOT_A_MAP {
            return Err(error);
        }
        diagnostics
            .push(error.note("the page is built as if its front matter said nothing").tolerated());
        Ok(front_matter::unread(&text.source))
    });
    let value = parsed.and_then(|parsed| {
        let parsed = parsed.collect_into(&mut diagnostics);
        Builder { site, text, kind, diagnostics: &mut diagnostics }.build(parsed)
    });
    match value {
        Ok(document) => Staged::new(document, diagnostics),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Staged::new(None, diagnostics)
        }
    }
}

/// Whether a file is one that people write and read: Markdown or HTML.
fn is_prose(config: &Config, text: &TextFile) -> bool {
    let name = text.source.path().rsplit('/').next().unwrap_or_default();
    let extension = permalink::extension(name).unwrap_or_default();
    let extension = extension.trim_start_matches('.').to_ascii_lowercase();
    config.is_markdown_extension(&extension) || ["html", "htm", "xhtml"].contains(&&*extension)
}

/// The path of a collection's file without the collection's folder.
pub(super) fn path_in_collection(config: &Config, label: &str, path: &str) -> String {
    relative_path(config, path).replacen(&format!("_{label}"), "", 1)
}

/// The path relative to the folder of collections.
fn relative_path<'p>(config: &Config, path: &'p str) -> &'p str {
    let below = path.strip_prefix(&config.collections_dir);
    match below.and_then(|path| path.strip_prefix('/')) {
        Some(relative) if !config.collections_dir.is_empty() => relative,
        _ => path,
    }
}

struct Builder<'b> {
    site: &'b Site<'b>,
    text: &'b TextFile,
    kind: Kind,
    diagnostics: &'b mut Vec<Diagnostic>,
}

type Outcome<T> = Result<T, Box<Diagnostic>>;

impl Builder<'_> {
    fn path(&self) -> &str {
        self.text.source.path()
    }

    fn build(mut self, parsed: Parsed) -> Outcome<Option<Document>> {
        let Parsed { front_matter, body } = parsed;
        let config = self.site.config;
        let data = self.data(&front_matter);
        let date = self.date(&data, &front_matter)?;
        if !self.is_published(&data, &front_matter, date.as_ref()) {
            return Ok(None);
        }
        let name = self.path().rsplit('/').next().unwrap_or_default().to_owned();
        let extension = permalink::extension(&name).unwrap_or_default().to_owned();
        let basename = name.strip_suffix(extension.as_str()).unwrap_or(&name).to_owned();
        let file_slug = file_date(&name).map_or(basename.as_str(), |(_, rest)| rest);
        let file_slug = file_slug.trim_end_matches('.').to_owned();
        let mut fields = Fields::new(&self.text.source, &front_matter, self.diagnostics);
        let own_title = fields.text("title", &data);
        let own_slug = fields.text("slug", &data);
        let categories = fields.categories(&data);
        let tags = fields.tags(&data);
        let layout = self.layout(&data, &front_matter);
        let is_page = self.kind == Kind::Page;
        let is_yaml = matches!(extension.as_str(), ".yml" | ".yaml");
        let mut document = Document {
            title: own_title.unwrap_or_else(|| {
                if is_page { String::new() } else { slug::titleize(&file_slug) }
            }),
            slug: own_slug.unwrap_or_else(|| file_slug.clone()),
            categories: once(&categories),
            tags: once(&tags),
            layout,
            excerpt_separator: data
                .get("excerpt_separator")
                .filter(|separator| separator.is_truthy())
                .and_then(Value::scalar_text)
                .unwrap_or_else(|| config.excerpt_separator.clone()),
            is_markdown: config.is_markdown_extension(extension.trim_start_matches('.')),
            date,
            url: String::new(),
            output_path: None,
            source: self.text.source.clone(),
            kind: self.kind.clone(),
            front_matter,
            data,
            // A document in YAML is all data.
            body: if !is_page && is_yaml { body.end..body.end } else { body },
        };
        let output_extension = output_extension(config, &document, &extension);
        let address = self.address(&document, &basename, &extension, &output_extension)?;
        document.url = address.url;
        document.output_path = self.is_written(&document).then_some(address.output_path);
        if !is_page {
            document.data.insert("categories".to_owned(), Value::Array(categories));
            document.data.insert("tags".to_owned(), Value::Array(tags));
            complete_data(&mut document, &extension, &self.site.now.in_zone(&config.timezone));
        }
        Ok(Some(document))
    }

    /// The front matter over the defaults. A document's categories are all that are given: by the
    /// folders above it, by defaults and by itself.
    fn data(&self, front_matter: &FrontMatter) -> Map {
        let config = self.site.config;
        let kind = self.kind.collection().unwrap_or("pages");
        let mut data = config.defaults.values_for(relative_path(config, self.path()), Some(kind));
        let own = localize_map(front_matter.mapping.to_map(), &config.timezone);
        if self.kind == Kind::Page {
            deep_merge(&mut data, own);
            return data;
        }
        let given = [data.get("categories"), own.get("categories")].into_iter().flatten();
        let categories = union(self.folders().into_iter().chain(given.flat_map(list)));
        deep_merge(&mut data, own);
        data.insert("categories".to_owned(), Value::Array(categories));
        data
    }

    /// The layout. On a page `layout:` without a value takes a default's layout away, elsewhere
    /// it doesn't: Jekyll's documents merge, its pages look up.
    fn layout(&self, data: &Map, front_matter: &FrontMatter) -> Layout {
        let own_null = front_matter.get("layout").is_some_and(|node| node.is_null());
        match data.get("layout").filter(|_| !(self.kind == Kind::Page && own_null)) {
            None | Some(Value::Null | Value::Bool(false)) => Layout::Unset,
            Some(value) => match value.scalar_text().as_deref() {
                Some("none") => Layout::None,
                Some(name) if !name.is_empty() => Layout::Named(name.to_owned()),
                _ => Layout::Unset,
            },
        }
    }

    /// The date of the front matter, or of the file's name.
    fn date(&mut self, data: &Map, front_matter: &FrontMatter) -> Outcome<Option<Moment>> {
        let zone = &self.site.config.timezone;
        if let Some(value) = data.get("date") {
            let parsed = match value {
                // Jekyll reads the printed time anew, which has no fraction.
                Value::Time(moment) => Ok(moment.whole_second().in_zone(zone)),
                value => {
                    let text = value.scalar_text().unwrap_or_default();
                    Moment::parse(&text, zone).map(|moment| moment.in_zone(zone))
                }
            };
            return match parsed {
                Ok(moment) => Ok(Some(moment)),
                // A page's date is whatever its author likes; only one that can't be is a mistake.
                Err(DateError::NotADate) if self.kind == Kind::Page => Ok(None),
                Err(error @ DateError::NoSuchDay { .. }) => {
                    let text = value.scalar_text().unwrap_or_default();
                    match Moment::parse_rolling(&text, zone) {
                        Ok(moment) => {
                            let place = front_matter.place_of_value("date");
                            self.rolled(place, &error, &moment);
                            Ok(Some(moment.in_zone(zone)))
                        }
                        Err(_) => Err(Box::new(self.bad_date(value, front_matter, &error))),
                    }
                }
                Err(error) => Err(Box::new(self.bad_date(value, front_matter, &error))),
            };
        }
        if self.kind == Kind::Page {
            return Ok(None);
        }
        let Some((date, _)) = file_date(self.path()) else {
            return Ok((self.kind == Kind::Draft).then(|| self.site.now.in_zone(zone)));
        };
        match Moment::parse(date, zone) {
            Ok(moment) => Ok(Some(moment)),
            Err(error @ DateError::NoSuchDay { .. })
                if let Ok(moment) = Moment::parse_rolling(date, zone) =>
            {
                self.rolled(None, &error, &moment);
                Ok(Some(moment))
            }
            Err(error) => Err(Box::new(
                Diagnostic::new(BAD_DATE, format!("the file's name has no date: {error}"))
                    .at(Place::start_of(&self.text.source))
                    .note(format!("the name is `{}`", self.path()))
                    .hint("name it like `2026-01-04-title.md`"),
            )),
        }
    }

    /// Says that a date was taken for another one.
    fn rolled(&mut self, place: Option<Place>, error: &DateError, moment: &Moment) {
        let message = format!("{error}; it is taken for {}", moment.date());
        self.diagnostics.push(
            Diagnostic::new(ROLLED_DATE, message)
                .at(place.unwrap_or_else(|| Place::start_of(&self.text.source)))
                .note("Jekyll takes it so, and the post's address has that day")
                .hint("write the day that is meant"),
        );
    }

    fn bad_date(&self, value: &Value, own: &FrontMatter, error: &DateError) -> Diagnostic {
        let text = value.scalar_text();
        let message = match (error, &text) {
            (DateError::NotADate, Some(text)) if text.is_empty() => {
                "`date` has no value".to_owned()
            }
            (DateError::NotADate, Some(text)) => format!("`{text}` isn't a date"),
            (DateError::NotADate, None) => "`date` isn't a date".to_owned(),
            (error, _) => format!("a date that doesn't exist: {error}"),
        };
        let place = own.place_of_value("date");
        Diagnostic::new(BAD_DATE, message)
            .at(place.unwrap_or_else(|| Place::start_of(&self.text.source)))
            .hint("write a date like `2026-01-04` or `2026-01-04 09:30:00 +0900`")
    }

    /// Whether the site knows the document. A default's `published` hides documents, not pages.
    fn is_published(&mut self, data: &Map, own: &FrontMatter, date: Option<&Moment>) -> bool {
        let config = self.site.config;
        let published = data
            .get("published")
            .filter(|_| self.kind != Kind::Page || own.get("published").is_some());
        let published = match (&self.kind, published) {
            (_, None) => true,
            (Kind::Collection(_), Some(value)) => *value != Value::Bool(false),
            (_, Some(value)) => value.is_truthy(),
        };
        if !published && !config.unpublished {
            return false;
        }
        if !self.kind.is_post() || !self.is_future(date) {
            return true;
        }
        let date = date.map_or_else(String::new, Moment::to_string);
        self.diagnostics.push(
            Diagnostic::new(FUTURE_POST, format!("the post is left out until {date}"))
                .at(Place::start_of(&self.text.source))
                .hint("build with `--future`, or set `future: true` in `_config.yml`"),
        );
        false
    }

    fn is_future(&self, date: Option<&Moment>) -> bool {
        let now = self.site.now.unix_seconds();
        !self.site.config.future && date.is_some_and(|date| date.unix_seconds() > now)
    }

    /// Whether the document becomes a file of the site.
    fn is_written(&self, document: &Document) -> bool {
        let Kind::Collection(label) = &document.kind else { return true };
        let output = self.site.config.collections.get(label).is_some_and(|c| c.output);
        let unpublished = document.get("published").is_some_and(|value| !value.is_truthy());
        output
            && (self.site.config.unpublished || !unpublished)
            && !self.is_future(document.date.as_ref())
    }

    /// The names of the folders above `_posts`, `_drafts` or the collection's folder.
    fn folders(&self) -> Vec<Value> {
        let special = match &self.kind {
            Kind::Post => "_posts".to_owned(),
            Kind::Draft => "_drafts".to_owned(),
            Kind::Page => return Vec::new(),
            Kind::Collection(label) => format!("_{label}"),
        };
        let relative = relative_path(self.site.config, self.path());
        let above = relative.find(&special).map_or("", |at| &relative[..at]);
        above.split('/').filter(|part| !part.is_empty()).map(Value::from).collect()
    }

    fn address(
        &self,
        document: &Document,
        basename: &str,
        extension: &str,
        output_extension: &str,
    ) -> Outcome<Address> {
        let config = self.site.config;
        let own = document.get("permalink").filter(|value| value.is_truthy());
        let own = own.and_then(Value::scalar_text);
        let result = match &document.kind {
            Kind::Page => {
                let folder = document.path().rsplit_once('/').map_or("", |(folder, _)| folder);
                let basename = basename.trim_end_matches('.');
                let parts = PageParts { folder, basename, output_extension };
                permalink::page_address(own.as_deref(), &config.permalink, &parts)
            }
            kind => {
                let label = kind.collection().unwrap_or("posts");
                let settings = config.collections.get(label);
                let pattern = own
                    .or_else(|| settings.and_then(|settings| settings.permalink.clone()))
                    .unwrap_or_else(|| permalink::collection_pattern(&config.permalink));
                let inner = path_in_collection(config, label, document.path());
                let cleaned = inner.strip_suffix(extension).unwrap_or(&inner);
                permalink::document_address(
                    &pattern,
                    &DocumentParts {
                        collection: label,
                        cleaned_path: cleaned.trim_end_matches('.'),
                        basename,
                        slug: &document.slug,
                        categories: &document.categories,
                        date: document.date.as_ref().unwrap_or(self.site.now),
                        output_extension,
                    },
                )
            }
        };
        result.map_err(|error| Box::new(self.bad_permalink(document, &error)))
    }

    fn bad_permalink(&self, document: &Document, error: &PermalinkError) -> Diagnostic {
        let own = document.front_matter.place_of_value("permalink");
        let label = document.kind.collection().unwrap_or("posts");
        let configured = || {
            let config = self.site.config;
            config.place_of_collection_key(label, "permalink").or_else(|| {
                config.place_of_key("permalink").filter(|_| document.get("permalink").is_none())
            })
        };
        let place = own.or_else(configured);
        let diagnostic = Diagnostic::new(BAD_PERMALINK, error.to_string())
            .at(place.unwrap_or_else(|| Place::start_of(&self.text.source)));
        match error {
            PermalinkError::Empty => diagnostic.hint("write a path such as `/about/`"),
            PermalinkError::LeavesTheSite => {
                diagnostic.hint("a permalink is a path from the site's root, without `..`")
            }
            PermalinkError::UnknownPlaceholder(name) => match closest(name, PLACEHOLDERS) {
                Some(known) => diagnostic.hint(format!("did you mean `:{known}`?")),
                None => diagnostic.hint("the placeholders are those of Jekyll's permalinks"),
            },
        }
    }
}

/// The extension, with its point, of what a document becomes.
fn output_extension(config: &Config, document: &Document, extension: &str) -> String {
    let permalink = document.get("permalink").and_then(Value::as_str);
    if let Some(own) = permalink.and_then(permalink::extension_of) {
        return own.to_owned();
    }
    match extension.trim_start_matches('.').to_ascii_lowercase().as_str() {
        "scss" | "sass" => ".css".to_owned(),
        known if config.is_markdown_extension(known) => ".html".to_owned(),
        _ => extension.to_owned(),
    }
}

/// What Jekyll adds to the data of a post or a document of a collection. One without a date says
/// that it is of now.
fn complete_data(document: &mut Document, extension: &str, now: &Moment) {
    let data = &mut document.data;
    if data.get("draft").is_none_or(|draft| *draft == Value::Null) {
        data.insert("draft".to_owned(), Value::Bool(document.kind == Kind::Draft));
    }
    for (key, value) in [("title", &document.title), ("slug", &document.slug)] {
        let entry = data.entry(key.to_owned()).or_default();
        if !entry.is_truthy() {
            *entry = Value::String(value.clone());
        }
    }
    if !data.get("ext").is_some_and(Value::is_truthy) {
        data.insert("ext".to_owned(), extension.into());
    }
    let date = document.date.as_ref().unwrap_or(now);
    data.insert("date".to_owned(), Value::Time(date.clone()));
}
