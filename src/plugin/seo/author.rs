//! Who wrote a page, for `{% seo %}`.

use crate::plugin::View;
use crate::plugin::text::{or_nothing, to_s};
use crate::value::{Map, Value};

/// The author of a page: what front matter or configuration says of them.
pub(super) struct Author<'p> {
    /// The name, when they are only named.
    name: Option<&'p Value>,
    /// What is said of them.
    data: Option<&'p Map>,
}

impl<'p> Author<'p> {
    /// The page's `author`, the first of its `authors`, or the site's `author`; one that is only
    /// named is looked up in `site.data.authors`.
    pub(super) fn of(page: &'p Map, view: &View<'p>) -> Self {
        let several = page.get("authors").and_then(Value::as_array);
        let sources =
            [page.get("author"), several.and_then(<[Value]>::first), view.config.get("author")];
        let found = sources.into_iter().flatten().find(|value| !to_s(value).is_empty());
        match found {
            Some(Value::Map(data)) => Self { name: None, data: Some(data) },
            Some(name @ Value::String(key)) => {
                let known = view.data.get("authors").and_then(|authors| authors.get(key));
                Self { name: Some(name), data: known.and_then(Value::as_map) }
            }
            _ => Self { name: None, data: None },
        }
    }

    /// What is said of the author under a key.
    pub(super) fn get(&self, key: &str) -> &'p Value {
        let said = self.data.and_then(|data| data.get(key));
        or_nothing(if key == "name" { said.or(self.name) } else { said })
    }

    /// The name.
    pub(super) fn name(&self) -> &'p Value {
        self.get("name")
    }

    /// The name on Twitter, or else the name.
    pub(super) fn twitter(&self) -> Option<&'p str> {
        let twitter = self.get("twitter");
        let twitter = if twitter.is_truthy() { twitter } else { self.name() };
        twitter.as_str().map(|name| name.strip_prefix('@').unwrap_or(name))
    }
}
