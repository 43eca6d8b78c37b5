//! The Liquid template language with Ruby Liquid 4's semantics. It knows nothing of Jekyll's
//! folders: its host supplies includes, tags, filters and objects.
//!
//! ```
//! use bogi::liquid::{Alone, Dialect, Globals, Options, Template, Val};
//! use bogi::span::{Mapped, Source};
//!
//! let source = Source::new("a.md", "안녕, {{ name | upcase }}!");
//! let text = Mapped::from_source(&source, 0..source.text().len());
//! let template = Template::parse(&text, &Dialect::default()).value;
//! let globals = Globals::from([("name", Val::from("bogi"))]);
//! let page = template.render(&Alone, globals, &Options::default());
//! assert_eq!(page.value.text(), "안녕, BOGI!");
//! ```

mod condition;
mod expression;
mod filters;
mod host;
mod lexer;
mod node;
mod parse;
mod problem;
mod render;
mod scan;
mod strict;
mod template;
mod value;

pub use condition::{Comparison, Condition, Joint};
pub use expression::{Expression, ExpressionKind, FilterCall, Key, Name, Pipeline, Segment};
pub use filters::{escape_once, strip_html, url_encode};
pub use host::{Alone, Arguments, Host};
pub use node::{Body, CustomTag};
pub use problem::{
    Kind as ProblemKind, LAX_MARKUP, LIMIT, MISSING_MEMBER, NOT_A_PARTICLE, Outcome, Problem,
    RENDER_ERROR, TAG_SYNTAX, UNBALANCED_BLOCK, UNCLOSED_DELIMITER, UNKNOWN_FILTER, UNKNOWN_TAG,
    UNKNOWN_VARIABLE,
};
pub use render::{Context, Globals, Limits, Options, Scope};
pub use scan::{
    Markup, attribute_value, fragment_end, fragments_end, is_segment, is_space, is_word, run_end,
    skip_space,
};
pub use template::{Dialect, Mode, ParseArguments, Shape, Template};
pub use value::{
    Dictionary, Family, Items, List, Listener, Lookup, Member, Missing, Number, Object, Printer,
    Text, Val, compare, equal, float_to_s, identical, incomparable, sort,
};
