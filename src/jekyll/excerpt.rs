//! Excerpts: the part of a document before its separator.

use super::tag;
use crate::liquid::{is_space, is_word, run_end, skip_space};
use crate::span::Mapped;

/// The text before the first separator. Liquid blocks that are open at its end are closed, and the
/// definitions of links that it uses are appended, as in Jekyll. Without a separator, or with
/// nothing behind it, it is the whole text.
pub fn extract(text: &Mapped, separator: &str) -> Mapped {
    let whole = text.text();
    let parted = if separator.is_empty() { None } else { whole.find(separator) };
    let Some(end) = parted.filter(|end| end + separator.len() < whole.len()) else {
        return text.clone();
    };
    let (head, tail) = (&whole[..end], &whole[end + separator.len()..]);
    let mut excerpt = Mapped::new();
    excerpt.push_mapped(text, 0..end);
    let Some(place) = text.locate(0..end) else { return excerpt };
    for name in open_blocks(head) {
        excerpt.push_derived(&format!("\n{{% end{name} %}}"), &place);
    }
    let used: Vec<&str> = definitions(tail).filter(|line| head.contains(label(line))).collect();
    if !used.is_empty() {
        excerpt.push_derived(&format!("\n\n{}", used.join("\n")), &place);
    }
    excerpt
}

/// The names of blocks that have no end in a text, the innermost first.
fn open_blocks(head: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut at = 0;
    while let Some(open) = head.get(at..).and_then(|rest| rest.find("{%")) {
        let start = at + open + 2;
        let start = skip_space(head, start + usize::from(head[start..].starts_with('-')));
        let end = run_end(head, start, is_word);
        if end > start && head[end..].contains("%}") {
            names.push(&head[start..end]);
        }
        at = end.max(at + open + 2);
    }
    let ends: Vec<&str> = names.iter().filter_map(|name| name.strip_prefix("end")).collect();
    let mut open: Vec<&str> = Vec::new();
    for name in names.iter().rev() {
        if tag::is_block(name) && !ends.contains(name) {
            open.push(name);
        }
    }
    open
}

/// The lines of a text that define links: `[label]: …`.
fn definitions(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| {
        let inner = line.trim_start_matches(' ');
        let is_definition = line.len() - inner.len() <= 3
            && inner.starts_with('[')
            && inner.find(']').is_some_and(|close| {
                close > 1 && inner[close + 1..].starts_with(':') && inner.len() > close + 2
            });
        is_definition.then(|| inner.trim_end_matches(is_space))
    })
}

/// The label of a definition with its brackets.
fn label(definition: &str) -> &str {
    definition.find(']').map_or(definition, |close| &definition[..=close])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Source;

    fn excerpt(text: &str, separator: &str) -> String {
        let text = Mapped::from_source(&Source::new("a.md", text), 0..text.len());
        extract(&text, separator).text().to_owned()
    }

    #[test]
    fn an_excerpt_ends_before_the_separator() {
        assert_eq!(excerpt("하나\n\n둘", "\n\n"), "하나");
        assert_eq!(excerpt("하나\n\n", "\n\n"), "하나\n\n");
        assert_eq!(excerpt("하나<!--more-->둘", "<!--more-->"), "하나");
        assert_eq!(excerpt("하나\n\n둘", ""), "하나\n\n둘");
    }

    #[test]
    fn open_blocks_are_closed_and_used_definitions_appended() {
        assert_eq!(
            excerpt("{% if a %}{% for b in c %}x\n\ny{% endfor %}{% endif %}", "\n\n"),
            "{% if a %}{% for b in c %}x\n{% endfor %}\n{% endif %}"
        );
        assert_eq!(excerpt("{% if a %}x{% endif %}\n\ny", "\n\n"), "{% if a %}x{% endif %}");
        assert_eq!(
            excerpt("[가][a] [b]\n\n글\n\n[a]: /a\n [b]: /b \"제목\"\n[c]: /c\n", "\n\n"),
            "[가][a] [b]\n\n[a]: /a\n[b]: /b \"제목\""
        );
    }
}
