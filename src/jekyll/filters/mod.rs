//! Jekyll's filters. A host calls [`apply`] before Liquid's own filters, since some of these take
//! the place of Liquid's (`sort`, `where`).
//!
//! The source of behaviour is Jekyll 4.3 on Liquid 4. What goes wrong shows in the page in Ruby's
//! words: `Liquid error: internal` where Ruby has no such method for a value.

mod dates;
mod elements;
mod expressions;
mod group;
mod json;
mod list;
mod select;
mod sort;
mod text;
mod uri;

use crate::liquid::{Arguments, Context, Outcome, Problem, Val};

pub use expressions::{Expressions, Shelf};

/// The names of all filters, for a "did you mean".
pub const NAMES: [&str; 33] = [
    "absolute_url",
    "array_to_sentence_string",
    "cgi_escape",
    "date_to_long_string",
    "date_to_rfc822",
    "date_to_string",
    "date_to_xmlschema",
    "find",
    "find_exp",
    "group_by",
    "group_by_exp",
    "inspect",
    "jsonify",
    "markdownify",
    "normalize_whitespace",
    "number_of_words",
    "pop",
    "push",
    "relative_url",
    "sample",
    "sassify",
    "scssify",
    "shift",
    "slugify",
    "smartify",
    "sort",
    "strip_index",
    "to_integer",
    "unshift",
    "uri_escape",
    "where",
    "where_exp",
    "xml_escape",
];

/// What the filters ask of the site whose page is being rendered.
pub trait FilterSite<'s> {
    /// `url` of the configuration, such as `https://example.com`; empty when there is none.
    fn url(&self) -> &str;

    /// `baseurl` of the configuration as its author wrote it; empty when there is none.
    fn baseurl(&self) -> &str;

    /// Markdown as HTML, by the site's converter: the filter `markdownify`.
    ///
    /// # Errors
    /// Whatever the converter refuses.
    fn markdownify(&self, text: &str) -> Outcome<String>;

    /// Text with typographic quotes, dashes and ellipses: the filter `smartify`.
    ///
    /// # Errors
    /// Whatever the converter refuses.
    fn smartify(&self, text: &str) -> Outcome<String>;

    /// SCSS as CSS: the filter `scssify`.
    ///
    /// # Errors
    /// The compiler's message.
    fn scssify(&self, text: &str) -> Outcome<String>;

    /// Indented Sass as CSS: the filter `sassify`.
    ///
    /// # Errors
    /// The compiler's message.
    fn sassify(&self, text: &str) -> Outcome<String>;

    /// The expressions of `where_exp` and its kin that this page has parsed so far.
    fn expressions(&self) -> &Expressions<'s>;

    /// What the draws of `sample` depend on, besides the list: a number of the page's own, such as
    /// a hash of its path, lets every page draw for itself. The same number gives the same page.
    fn seed(&self) -> u64 {
        0
    }
}

/// How many arguments a filter takes at least and at most, by the signatures of Jekyll's methods.
fn arity(name: &str) -> (usize, usize) {
    match name {
        "where" | "where_exp" | "find" | "find_exp" | "group_by_exp" => (2, 2),
        "group_by" | "push" | "unshift" => (1, 1),
        "sort" | "date_to_string" | "date_to_long_string" => (0, 2),
        "pop" | "shift" | "sample" | "slugify" | "number_of_words" | "array_to_sentence_string" => {
            (0, 1)
        }
        _ => (0, 0),
    }
}

/// Applies one of Jekyll's filters; `None` when there is none of that name.
///
/// # Errors
/// Inside the `Some`: wrong numbers of arguments, values of the wrong kind, expressions that can't
/// be read or evaluated, and bounds of the rendering that are reached.
pub fn apply<'s>(
    name: &str,
    input: &Val<'s>,
    arguments: &Arguments<'s>,
    context: &mut Context<'_, 's>,
    site: &dyn FilterSite<'s>,
) -> Option<Outcome<Val<'s>>> {
    if !NAMES.contains(&name) {
        return None;
    }
    let (least, most) = arity(name);
    if let Err(problem) = arguments.expect(least, most) {
        return Some(Err(problem));
    }
    let call = Call { name, input: &input.clone().resolved(), arguments, site };
    Some(call.run(context))
}

/// A filter with what it is called with.
struct Call<'c, 's> {
    name: &'c str,
    input: &'c Val<'s>,
    arguments: &'c Arguments<'s>,
    site: &'c dyn FilterSite<'s>,
}

impl<'s> Call<'_, 's> {
    fn run(&self, context: &mut Context<'_, 's>) -> Outcome<Val<'s>> {
        match self.name {
            "where" => self.where_property(context),
            "where_exp" => self.where_expression(context),
            "find" => self.find_property(context),
            "find_exp" => self.find_expression(context),
            "group_by" => self.group_by_property(context),
            "group_by_exp" => self.group_by_expression(context),
            "sort" => self.sort(context),
            "push" | "pop" | "shift" | "unshift" => self.shifted(context),
            "sample" => self.sample(context),
            "array_to_sentence_string" => self.sentence(),
            "date_to_xmlschema" | "date_to_rfc822" | "date_to_string" | "date_to_long_string" => {
                self.date(context)
            }
            "jsonify" => self.jsonify(context),
            "inspect" => self.inspect(context),
            "relative_url" => self.relative_url(),
            "absolute_url" => self.absolute_url(),
            "uri_escape" => self.uri_escape(),
            "markdownify" => self.site.markdownify(&self.input.to_text()).map(Val::from),
            "smartify" => self.site.smartify(&self.input.to_text()).map(Val::from),
            "scssify" => self.site.scssify(self.text()?).map(Val::from),
            "sassify" => self.site.sassify(self.text()?).map(Val::from),
            _ => self.text_filter(),
        }
    }

    /// The input of a filter that works on texts only.
    fn text(&self) -> Outcome<&str> {
        self.input.as_text().ok_or_else(|| wrong_kind(self.name, self.input))
    }
}

/// A value for which Ruby has no such method, which Liquid reports as an internal error.
fn wrong_kind(name: &str, value: &Val<'_>) -> Box<Problem> {
    let kind = match value {
        Val::Nil => "nothing",
        Val::Bool(_) => "a truth value",
        Val::Integer(_) | Val::Float(_) => "a number",
        Val::Text(_) => "a text",
        Val::Range(..) => "a range",
        Val::Date(_) | Val::Time(_) => "a date",
        Val::List(_) => "a list",
        Val::Map(_) => "a map",
        _ => "an object",
    };
    Problem::internal(format!("`{name}` can't be applied to {kind}"))
}
