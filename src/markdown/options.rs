//! kramdown's options: what `_config.yml` sets for all texts, and `{::options}` for one.

mod code;

use indexmap::IndexMap;

use crate::markdown::commonmark::CommonMark;
use crate::span::{Mapped, Source};
use crate::value::Value;
use crate::yaml;

pub use code::{CodeOptions, LineNumbers};

/// The Markdown that a text is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// kramdown's own.
    Kramdown,
    /// kramdown's with what GitHub's has besides.
    Gfm,
}

/// How entities and typographic characters are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntityOutput {
    /// As characters, but for those that HTML needs.
    Character,
    /// As they stand in the text.
    Input,
    /// By their numbers.
    Number,
    /// By their names.
    Name,
}

/// kramdown's options. The defaults are those that Jekyll sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// CommonMark, which reads texts in kramdown's place; all else is kramdown's then.
    pub commonmark: Option<CommonMark>,
    /// `input`
    pub input: Input,
    /// `hard_wrap`: whether a line break in a paragraph is a hard one (GFM input only).
    pub hard_wrap: bool,
    /// `gfm_quirks: paragraph_end`: whether fences, lists and quotes end a paragraph.
    pub paragraph_end: bool,
    /// `gfm_quirks: no_auto_typographic` turns dashes and dots off.
    pub typographic: bool,
    /// `auto_ids`: whether headings get ids.
    pub auto_ids: bool,
    /// `auto_id_prefix`
    pub auto_id_prefix: String,
    /// `auto_id_stripping`: whether ids come from a heading's text without its mark-up, which GFM
    /// input does anyway.
    pub auto_id_stripping: bool,
    /// `toc_levels`: the heading levels of a table of contents.
    pub toc_levels: Vec<u8>,
    /// `header_offset`: what is added to each heading's level.
    pub header_offset: i64,
    /// `footnote_nr`: the first footnote's number.
    pub footnote_nr: i64,
    /// `footnote_backlink`: the text of the links back from footnotes; empty for none.
    pub footnote_backlink: String,
    /// `footnote_backlink_inline`
    pub footnote_backlink_inline: bool,
    /// `footnote_prefix`
    pub footnote_prefix: String,
    /// `smart_quotes`: left single, right single, left double, right double, as entity names.
    /// `None` is those names in curly quotes.
    pub smart_quotes: Option<[String; 4]>,
    /// `typographic_symbols` by name.
    pub typographic_symbols: IndexMap<String, String>,
    /// `entity_output`
    pub entity_output: EntityOutput,
    /// `parse_block_html`: whether Markdown is looked for in blocks of HTML.
    pub parse_block_html: bool,
    /// `parse_span_html`: whether Markdown is looked for in HTML within text.
    pub parse_span_html: bool,
    /// `link_defs`: links by name: destination and title.
    pub link_defs: IndexMap<String, (String, Option<String>)>,
    /// Whether `math_engine` is `mathjax`, and not `nil`.
    pub mathjax: bool,
    /// `remove_line_breaks_for_cjk`
    pub remove_line_breaks_for_cjk: bool,
    /// `forbidden_inline_options`: what `{::options}` may not set.
    pub forbidden_inline_options: Vec<String>,
    /// Whether `syntax_highlighter` is one that there is: `rouge`.
    pub highlighter: bool,
    /// `syntax_highlighter_opts` for code blocks.
    pub code_block: CodeOptions,
    /// `syntax_highlighter_opts` for code in text.
    pub code_span: CodeOptions,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            commonmark: None,
            input: Input::Gfm,
            hard_wrap: false,
            paragraph_end: true,
            typographic: true,
            auto_ids: true,
            auto_id_prefix: String::new(),
            auto_id_stripping: false,
            toc_levels: vec![1, 2, 3, 4, 5, 6],
            header_offset: 0,
            footnote_nr: 1,
            footnote_backlink: "&#8617;".to_owned(),
            footnote_backlink_inline: false,
            footnote_prefix: String::new(),
            smart_quotes: None,
            typographic_symbols: IndexMap::new(),
            entity_output: EntityOutput::Character,
            parse_block_html: false,
            parse_span_html: true,
            link_defs: IndexMap::new(),
            mathjax: true,
            remove_line_breaks_for_cjk: false,
            forbidden_inline_options: vec!["template".to_owned()],
            highlighter: true,
            code_block: CodeOptions::block(),
            code_span: CodeOptions::span(),
        }
    }
}

/// Why an option was not set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// kramdown has no such option.
    Unknown,
    /// Its value should be something else.
    Unfit(&'static str),
    /// bogi doesn't do what it asks for; what is done instead.
    Unsupported(&'static str),
}

/// Options that only the configuration can set, as a text is read by them from its beginning.
const OF_THE_PARSER: [&str; 3] = ["input", "hard_wrap", "gfm_quirks"];

/// Options of kramdown that change nothing in a page of Jekyll's.
const WITHOUT_EFFECT: [&str; 7] = [
    "template",
    "line_width",
    "latex_headers",
    "list_indent",
    "remove_block_html_tags",
    "remove_span_html_tags",
    "math_engine_opts",
];

/// All names that [`Options::set`] knows, for a "did you mean".
pub fn names() -> impl Iterator<Item = &'static str> {
    const NAMES: [&str; 24] = [
        "auto_ids",
        "auto_id_prefix",
        "auto_id_stripping",
        "transliterated_header_ids",
        "toc_levels",
        "header_offset",
        "footnote_nr",
        "footnote_backlink",
        "footnote_backlink_inline",
        "footnote_prefix",
        "smart_quotes",
        "typographic_symbols",
        "entity_output",
        "parse_block_html",
        "parse_span_html",
        "html_to_native",
        "link_defs",
        "math_engine",
        "remove_line_breaks_for_cjk",
        "forbidden_inline_options",
        "syntax_highlighter",
        "syntax_highlighter_opts",
        "hard_wrap",
        "gfm_quirks",
    ];
    NAMES.into_iter().chain(["input"]).chain(WITHOUT_EFFECT)
}

impl Options {
    /// Sets an option from a value of YAML, as kramdown takes it.
    ///
    /// # Errors
    /// Why it was not set; the option stays as it was.
    pub fn set(&mut self, name: &str, value: &Value) -> Result<(), Refusal> {
        match name {
            "input" => self.input = input(value)?,
            "hard_wrap" => self.hard_wrap = truth(value),
            "gfm_quirks" => self.set_quirks(value)?,
            "auto_ids" => self.auto_ids = truth(value),
            "auto_id_prefix" => self.auto_id_prefix = text(value),
            "auto_id_stripping" => self.auto_id_stripping = truth(value),
            "transliterated_header_ids" => transliterated(value)?,
            "toc_levels" => self.toc_levels = levels(value)?,
            "header_offset" => self.header_offset = integer(value)?,
            "footnote_nr" => self.footnote_nr = integer(value)?,
            "footnote_backlink" => self.footnote_backlink = text(value),
            "footnote_backlink_inline" => self.footnote_backlink_inline = truth(value),
            "footnote_prefix" => self.footnote_prefix = text(value),
            "smart_quotes" => self.smart_quotes = quotes(value)?,
            "typographic_symbols" => {
                let of = |(name, value): (&String, &Value)| (symbol_name(name), text(value));
                self.typographic_symbols = map(value)?.iter().map(of).collect();
            }
            "entity_output" => self.entity_output = entity_output(value)?,
            "parse_block_html" => self.parse_block_html = truth(value),
            "parse_span_html" => self.parse_span_html = truth(value),
            "html_to_native" => native(value)?,
            "link_defs" => self.link_defs = link_definitions(value)?,
            "math_engine" => self.mathjax = math_engine(value)?,
            "remove_line_breaks_for_cjk" => self.remove_line_breaks_for_cjk = truth(value),
            "forbidden_inline_options" => {
                let names = words(value).ok_or(Refusal::Unfit("a list of names"))?;
                self.forbidden_inline_options =
                    names.iter().map(|name| symbol_name(name)).collect();
            }
            "syntax_highlighter" => self.highlighter = highlighter(value)?,
            "syntax_highlighter_opts" => return self.set_code(value),
            name if WITHOUT_EFFECT.contains(&name) => {}
            _ => return Err(Refusal::Unknown),
        }
        Ok(())
    }

    /// Sets an option as `{::options}` does; what can't be set is left alone.
    pub fn set_inline(&mut self, name: &str, value: &str) {
        let forbidden = self.forbidden_inline_options.iter().any(|other| other == name)
            || name == "forbidden_inline_options"
            || OF_THE_PARSER.contains(&name);
        if !forbidden {
            let _refused = self.set(name, &Value::from(value));
        }
    }

    /// Sets the options of the highlighter. Those that bogi doesn't know are left out, the others
    /// set.
    fn set_code(&mut self, value: &Value) -> Result<(), Refusal> {
        let map = map(value)?;
        let (block, refused) = CodeOptions::read(&map, "block");
        let (mut span, in_span) = CodeOptions::read(&map, "span");
        span.wrap = false;
        self.code_block = block;
        self.code_span = span;
        refused.or(in_span).map_or(Ok(()), Err)
    }

    fn set_quirks(&mut self, value: &Value) -> Result<(), Refusal> {
        let names = words(value).ok_or(Refusal::Unfit("a list of names"))?;
        let has = |quirk: &str| names.iter().any(|name| symbol_name(name) == quirk);
        self.paragraph_end = has("paragraph_end");
        self.typographic = !has("no_auto_typographic");
        Ok(())
    }
}

/// A value as kramdown takes it for a truth value.
fn truth(value: &Value) -> bool {
    match value {
        Value::Bool(value) => *value,
        value => {
            let text = text(value);
            !text.is_empty() && text.trim().to_lowercase() != "false"
        }
    }
}

fn text(value: &Value) -> String {
    value.scalar_text().unwrap_or_default()
}

fn integer(value: &Value) -> Result<i64, Refusal> {
    let text = text(value).trim().replace('_', "");
    text.parse().map_err(|_| Refusal::Unfit("a whole number"))
}

/// A name as Ruby's symbols are written, with or without a colon.
fn symbol_name(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix(':').unwrap_or(text).to_owned()
}

/// The name that a value is; `None` for no name at all: nothing, or `nil`.
fn symbol(value: &Value) -> Option<String> {
    let name = symbol_name(&text(value));
    (!name.is_empty() && name != "nil").then_some(name)
}

/// The elements of a list, or of a text with commas.
fn words(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(text.split(',').map(str::to_owned).collect()),
        Value::Array(elements) => Some(elements.iter().map(text).collect()),
        _ => None,
    }
}

/// A map, or a text that is one in YAML.
fn map(value: &Value) -> Result<crate::value::Map, Refusal> {
    const WANTED: Refusal = Refusal::Unfit("a map");
    match value {
        Value::Map(map) => Ok(map.clone()),
        Value::String(text) => {
            let source = Source::new("options", text.as_str());
            let mapped = Mapped::from_source(&source, 0..text.len());
            let node = yaml::load(&mapped).map_err(|_| WANTED)?.value;
            node.to_value().as_map().cloned().ok_or(WANTED)
        }
        _ => Err(WANTED),
    }
}

fn input(value: &Value) -> Result<Input, Refusal> {
    match symbol(value).unwrap_or_default().to_lowercase().as_str() {
        "kramdown" | "" => Ok(Input::Kramdown),
        "gfm" => Ok(Input::Gfm),
        "markdown" | "html" => Err(Refusal::Unsupported("texts are read as GFM")),
        _ => Err(Refusal::Unfit("`GFM` or `kramdown`")),
    }
}

fn transliterated(value: &Value) -> Result<(), Refusal> {
    if truth(value) {
        return Err(Refusal::Unsupported("ids keep their letters"));
    }
    Ok(())
}

fn native(value: &Value) -> Result<(), Refusal> {
    if truth(value) {
        return Err(Refusal::Unsupported("elements stay as they are written"));
    }
    Ok(())
}

/// `1..3`, `1,2,3` or a list, each a level from 1 to 6.
fn levels(value: &Value) -> Result<Vec<u8>, Refusal> {
    const WANTED: Refusal = Refusal::Unfit("levels from 1 to 6, such as `1..3`");
    let mut levels: Vec<u8> = Vec::new();
    let mut add = |level: &str| {
        let level = level.trim().parse().ok().filter(|level| (1..=6).contains(level));
        let level = level.ok_or(WANTED)?;
        if !levels.contains(&level) {
            levels.push(level);
        }
        Ok(())
    };
    match value {
        Value::String(text) => match text.split_once("..") {
            Some((first, last)) => {
                let first: u8 = first.parse().map_err(|_| WANTED)?;
                let last: u8 = last.parse().map_err(|_| WANTED)?;
                (first..=last).try_for_each(|level| add(&level.to_string()))?;
            }
            None => text.split(',').try_for_each(add)?,
        },
        Value::Integer(level) => add(&level.to_string())?,
        Value::Array(elements) => elements.iter().try_for_each(|level| add(&text(level)))?,
        _ => return Err(WANTED),
    }
    Ok(levels)
}

fn quotes(value: &Value) -> Result<Option<[String; 4]>, Refusal> {
    let names = words(value).and_then(|names| <[String; 4]>::try_from(names).ok());
    let names = names.ok_or(Refusal::Unfit("four names of entities"))?;
    Ok((names != ["lsquo", "rsquo", "ldquo", "rdquo"]).then_some(names))
}

fn entity_output(value: &Value) -> Result<EntityOutput, Refusal> {
    match symbol(value).unwrap_or_default().as_str() {
        "as_char" => Ok(EntityOutput::Character),
        "as_input" => Ok(EntityOutput::Input),
        "numeric" => Ok(EntityOutput::Number),
        "symbolic" => Ok(EntityOutput::Name),
        _ => Err(Refusal::Unfit("`as_char`, `as_input`, `numeric` or `symbolic`")),
    }
}

fn link_definitions(value: &Value) -> Result<IndexMap<String, (String, Option<String>)>, Refusal> {
    let mut found = IndexMap::new();
    for (name, value) in &map(value)? {
        let (destination, title) = match value.as_array() {
            Some([destination]) => (destination, None),
            Some([destination, title]) => (destination, Some(title)),
            _ => return Err(Refusal::Unfit("names, each with a list of URL and title")),
        };
        let title = title.filter(|title| **title != Value::Null).map(text);
        found.insert(name.clone(), (text(destination), title));
    }
    Ok(found)
}

fn math_engine(value: &Value) -> Result<bool, Refusal> {
    match symbol(value).as_deref() {
        Some("mathjax") => Ok(true),
        None => Ok(false),
        Some(_) => Err(Refusal::Unsupported("formulas are left to MathJax")),
    }
}

fn highlighter(value: &Value) -> Result<bool, Refusal> {
    match symbol(value).as_deref() {
        Some("rouge") => Ok(true),
        Some("coderay" | "minted") => Err(Refusal::Unsupported("code is written as Rouge does")),
        // A highlighter that nobody has highlights nothing.
        _ => Ok(false),
    }
}
