//! Code as kramdown and Rouge write it.

use std::fmt::Write as _;

use super::Printer;
use crate::escape;
use crate::markdown::highlight;
use crate::markdown::options::{CodeOptions, LineNumbers};
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
    let mut out = String::with_capacity(48);
    if !language.is_empty() {
        out.push_str(PREFIX);
        out.push_str(language);
        out.push(' ');
    }
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

/// Highlighted code in the elements that the options ask for; `code` is what it was made of.
fn dressed(html: String, code: &str, options: &CodeOptions) -> String {
    let html = match &options.line_numbers {
        Some(numbers) => numbered(&html, code, numbers),
        None => html,
    };
    if !options.wrap {
        return html;
    }
    let class = escape::attribute(&options.class);
    let open = ["<div class=\"highlight\"><pre class=\"", &class, "\"><code>"].concat();
    [&open, html.as_str(), "</code></pre></div>"].concat()
}

/// A table with the numbers of the lines beside the code.
fn numbered(html: &str, code: &str, numbers: &LineNumbers) -> String {
    let ended = code.ends_with('\n');
    let count = code.matches('\n').count() + usize::from(!ended);
    let mut gutter = String::new();
    for line in 0..i64::try_from(count).unwrap_or(i64::MAX) {
        let _written = writeln!(gutter, "{}", numbers.start.saturating_add(line));
    }
    let LineNumbers { table_class, gutter_class, code_class, .. } = numbers;
    let table = escape::attribute(table_class);
    let side = escape::attribute(gutter_class);
    let cell = escape::attribute(code_class);
    let end = if ended { "" } else { "\n" };
    format!(
        "<table class=\"{table}\"><tbody><tr><td class=\"{side} gl\"><pre class=\"lineno\">\
         {gutter}</pre></td><td class=\"{cell}\"><pre>{html}{end}</pre></td></tr></tbody></table>"
    )
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
        let options = &self.options.code_block;
        if let Some(inner) = self.highlighted(name, code, options) {
            let shown = shown_language(language, options);
            attributes.set("class", highlighter_classes(rest, shown));
            let open = self.open_tag("div", &attributes);
            self.raw([&pad, open.as_str(), &inner, &pad, "</div>\n"].concat());
            return;
        }
        let rest: Vec<&str> = rest.collect();
        if !rest.is_empty() {
            attributes.set("class", rest.join(" "));
        }
        let mut html = format!("{pad}{}<code", self.open_tag("pre", &attributes));
        if !language.is_empty() {
            let mut class = Attributes::default();
            class.set("class", format!("{PREFIX}{language}"));
            tag::write_attributes(&mut html, &class);
        }
        let code = code.strip_suffix('\n').unwrap_or(code);
        let code = escape::text(code);
        let shown =
            if rest.contains(&"show-whitespaces") { with_spaces(&code).into() } else { code };
        self.raw(format!("{html}>{shown}\n</code></pre>\n"));
    }

    /// Code as the highlighter writes it; `None` where it leaves it alone.
    fn highlighted(&self, name: &str, code: &str, options: &CodeOptions) -> Option<String> {
        let default = options.default_language.as_deref();
        let name = if name.is_empty() { default.unwrap_or_default() } else { name };
        let plain = matches!(name, "" | "plaintext" | "text");
        let known = self.options.highlighter
            && !options.disabled
            && (name.is_empty() || highlight::is_rouge_language(name))
            && (!plain || options.guess);
        if !known {
            return None;
        }
        let html = if plain { None } else { self.host.highlight(name, code) };
        let html = html.unwrap_or_else(|| escape::text(code).into_owned());
        Some(dressed(html, code, options))
    }

    /// A code span's HTML.
    pub(super) fn code_span(&mut self, code: &str, attributes: &Attributes) -> String {
        if self.usual_code && attributes.is_empty() {
            let code = escape::text(code);
            return ["<code class=\"language-plaintext highlighter-rouge\">", &code, "</code>"]
                .concat();
        }
        let mut attributes = attributes.clone();
        let classes = attributes.get("class").unwrap_or_default().to_owned();
        let language = language_class(&classes).map_or("", |class| &class[PREFIX.len()..]);
        let options = &self.options.code_span;
        let inner = match self.highlighted(without_options(language), code, options) {
            Some(inner) => {
                let shown = shown_language(language, options);
                attributes.set("class", highlighter_classes(each(&classes), shown));
                inner
            }
            None => escape::text(code).into_owned(),
        };
        format!("{}{inner}</code>", self.open_tag("code", &attributes))
    }
}

/// The language of which a code's class tells.
fn shown_language<'a>(language: &'a str, options: &'a CodeOptions) -> &'a str {
    match language {
        "" => options.default_language.as_deref().unwrap_or_default(),
        language => language,
    }
}

/// Code in which spaces and tabs can be seen, as the class `show-whitespaces` asks for.
fn with_spaces(code: &str) -> String {
    let mut out = String::with_capacity(code.len() * 2);
    for line in code.split_inclusive('\n') {
        let is_blank = |c: char| c == ' ' || c == '\t';
        let body = line.trim_end_matches('\n');
        let start = body.len() - body.trim_start_matches(is_blank).len();
        let end = body.trim_end_matches(is_blank).len();
        for (at, c) in body.char_indices() {
            let side = if at < start {
                "-l"
            } else if at >= end {
                "-r"
            } else {
                ""
            };
            let _written = match c {
                '\t' => write!(out, "<span class=\"ws-tab{side}\">\t</span>"),
                ' ' => write!(out, "<span class=\"ws-space{side}\">&#8901;</span>"),
                c => write!(out, "{c}"),
            };
        }
        out.push_str(&line[body.len()..]);
    }
    out
}
