//! Code as kramdown and Rouge write it.

use super::Printer;
use crate::escape;
use crate::markdown::highlight;
use crate::markdown::tag;
use crate::markdown::text::is_space_char;
use crate::markdown::tree::{Attributes, Block};

const PREFIX: &str = "language-";

/// Classes one by one. Other spaces than ASCII's are parts of names.
fn each(classes: &str) -> impl Iterator<Item = &str> {
    classes.split(is_space_char).filter(|class| !class.is_empty())
}

/// The class `language-…` among classes.
fn language_class(classes: &str) -> Option<&str> {
    each(classes).find(|class| class.strip_prefix(PREFIX).is_some_and(|name| !name.is_empty()))
}

/// The classes of highlighted code: the language's, the author's, Rouge's.
fn highlighter_classes<'c>(classes: impl Iterator<Item = &'c str>, language: &str) -> String {
    let mut out = format!("{PREFIX}{language} ");
    for class in classes.filter(|class| !class.starts_with(PREFIX)) {
        out.push_str(class);
        out.push(' ');
    }
    out.push_str("highlighter-rouge");
    out
}

/// A language's name without Rouge's options after it.
fn without_options(language: &str) -> &str {
    language.split('?').next().unwrap_or_default()
}

impl Printer<'_> {
    /// Prints a code block.
    pub(super) fn code(&mut self, block: &Block, info: &str, code: &str, indent: usize) {
        let mut attributes = self.attributes(&block.attributes, block.list.as_ref());
        let classes = attributes.remove("class").unwrap_or_default();
        let class = language_class(&classes);
        let language = class.map_or("", |class| &class[PREFIX.len()..]);
        if let Some(html) = self.host.code_block(language, code) {
            self.raw(html);
            return;
        }
        let rest = each(&classes).filter(|found| Some(*found) != class);
        let name = without_options(if info.is_empty() { language } else { info });
        let pad = " ".repeat(indent);
        if name.is_empty() || highlight::is_rouge_language(name) {
            let shown = if language.is_empty() { "plaintext" } else { language };
            attributes.set("class", highlighter_classes(rest, shown));
            let open = self.open_tag("div", &attributes);
            let inner = self.highlighted(name, code);
            self.raw(format!(
                "{pad}{open}<div class=\"highlight\"><pre class=\"highlight\"><code>{inner}\
                 </code></pre></div>{pad}</div>\n"
            ));
            return;
        }
        let rest: Vec<&str> = rest.collect();
        if !rest.is_empty() {
            attributes.set("class", rest.join(" "));
        }
        let mut html = format!("{pad}{}<code", self.open_tag("pre", &attributes));
        let mut class = Attributes::default();
        class.set("class", format!("{PREFIX}{language}"));
        tag::write_attributes(&mut html, &class);
        let code = code.strip_suffix('\n').unwrap_or(code);
        self.raw(format!("{html}>{}\n</code></pre>\n", escape::text(code)));
    }

    fn highlighted(&self, name: &str, code: &str) -> String {
        let html = if name.is_empty() { None } else { self.host.highlight(name, code) };
        html.unwrap_or_else(|| escape::text(code).into_owned())
    }

    /// A code span's HTML.
    pub(super) fn code_span(&mut self, code: &str, attributes: &Attributes) -> String {
        let mut attributes = attributes.clone();
        let classes = attributes.get("class").unwrap_or_default().to_owned();
        let language = language_class(&classes).map_or("", |class| &class[PREFIX.len()..]);
        let name = without_options(language);
        let inner = if name.is_empty() || highlight::is_rouge_language(name) {
            let shown = if language.is_empty() { "plaintext" } else { language };
            attributes.set("class", highlighter_classes(each(&classes), shown));
            self.highlighted(name, code)
        } else {
            escape::text(code).into_owned()
        };
        format!("{}{inner}</code>", self.open_tag("code", &attributes))
    }
}
