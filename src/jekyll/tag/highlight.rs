//! `{% highlight language linenos %}`: a block of code in Rouge's markup.

use std::any::Any;

use crate::escape;
use crate::jekyll::host::JekyllHost;
use crate::liquid::{Context, CustomTag, Markup, Outcome, Problem, is_space, run_end, skip_space};

/// What stands behind the tag's name.
struct Highlight {
    language: String,
    line_numbers: bool,
}

/// Reads the language and the options.
///
/// # Errors
/// A missing language, and options that Jekyll doesn't take.
pub fn parse(markup: Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>> {
    let markup = markup.trim();
    let text = markup.text();
    let end = run_end(text, 0, |c| c.is_ascii_alphanumeric() || ".+#_-".contains(c));
    let options = options(text, end);
    let (true, Some(options)) = (end > 0, options) else {
        let shown = text.to_owned();
        return Err(Problem::syntax(format!(
            "Syntax Error in tag 'highlight' while parsing the following markup:\n\n{shown}\n\n\
             Valid syntax: highlight <lang> [linenos]"
        ))
        .message("this `highlight` can't be read")
        .hint("write it like `{% highlight python linenos %}`")
        .at(markup.range()));
    };
    let line_numbers = options.iter().any(|(name, value)| name == "linenos" && *value);
    Ok(Box::new(Highlight { language: text[..end].to_ascii_lowercase(), line_numbers }))
}

/// The options behind the language: a word, or a word with a value. Whether the value is one that
/// counts as true stands beside it.
fn options(text: &str, mut at: usize) -> Option<Vec<(String, bool)>> {
    let is_word = |c: char| c == '_' || c.is_ascii_alphanumeric();
    let mut found = Vec::new();
    while at < text.len() {
        let start = skip_space(text, at);
        let end = run_end(text, start, is_word);
        if start == at || end == start {
            return None;
        }
        at = end;
        if text[at..].starts_with('=') {
            let value = &text[at + 1..];
            let length = if let Some(inner) = value.strip_prefix('"') {
                let close = inner.find('"')?;
                let numbers = |c: char| c.is_ascii_digit() || is_space(c);
                inner[..close].chars().all(numbers).then_some(close + 2)?
            } else {
                run_end(value, 0, is_word)
            };
            if length == 0 {
                return None;
            }
            at += 1 + length;
        }
        found.push((text[start..end].to_owned(), true));
    }
    Some(found)
}

/// Renders the block. What stands between its tags is Liquid, too.
pub(super) fn highlight<'s>(
    host: &JekyllHost<'s, '_>,
    tag: &'s CustomTag,
    context: &mut Context<'_, 's>,
) -> Outcome<()> {
    let Some(Highlight { language, line_numbers }) = tag.arguments::<Highlight>() else {
        return Ok(());
    };
    let code = context.capture(|context| context.render(tag.body()))?;
    let code = code.trim_matches(['\n', '\r']);
    let site = host.scope.site;
    let highlighter = site.content.config.get("highlighter").and_then(|name| name.as_str());
    let html = match highlighter {
        Some("rouge" | "pygments") => {
            let html = site.converters.highlight(language, code);
            let html = html.unwrap_or_else(|| escape::text(code).into_owned());
            if *line_numbers { numbered(code, &html) } else { html }
        }
        _ => escape::text(code).trim().to_owned(),
    };
    let class = language.replace('+', "-");
    let html = html.strip_suffix('\n').unwrap_or(&html);
    // Markdown has to see a block.
    let line = if host.scope.document().is_markdown { "\n" } else { "" };
    context.write(&format!(
        "{line}<figure class=\"highlight\"><pre><code class=\"language-{class}\" \
         data-lang=\"{language}\">{html}</code></pre></figure>{line}"
    ))
}

/// A table with the numbers of the lines beside the code.
fn numbered(code: &str, html: &str) -> String {
    let count = code.matches('\n').count() + usize::from(!code.ends_with('\n'));
    let numbers: String = (1..=count).map(|number| format!("{number}\n")).collect();
    let end = if html.ends_with('\n') { "" } else { "\n" };
    format!(
        "<table class=\"rouge-table\"><tbody><tr><td class=\"gutter gl\"><pre class=\"lineno\">\
         {numbers}</pre></td><td class=\"code\"><pre>{html}{end}</pre></td></tr></tbody></table>"
    )
}
