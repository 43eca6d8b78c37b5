//! Which fields of `site` a template can show, by its text: whoever keeps rendered pages must know
//! which of them a changed field concerns. What can't be told counts as all fields.

use std::collections::BTreeSet;

/// Fields of `site`; `None` for all of them.
pub type Fields = Option<BTreeSet<String>>;

/// The fields that a template's tags and outputs name.
pub fn of(text: &str) -> Fields {
    let mut fields = BTreeSet::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('{') {
        at += open + 1;
        let close = match text[at..].chars().next() {
            Some('#') => {
                at = text[at..].find("#}").map_or(text.len(), |end| at + end);
                continue;
            }
            Some('%') => "%}",
            Some('{') => "}}",
            _ => continue,
        };
        let end = end_of(text, at + 1, close);
        expression(&text[at + 1..end.max(at + 1)], &mut fields)?;
        at = end;
    }
    Some(fields)
}

/// The end of a tag or output. The braces around the arguments of a component belong to it.
fn end_of(text: &str, start: usize, close: &str) -> usize {
    let mut end = start;
    loop {
        let Some(next) = text.get(end..).and_then(|rest| rest.find(close)) else {
            return text.len();
        };
        end += next;
        let code = &text[start.min(end)..end];
        if code.matches('{').count() <= code.matches('}').count() {
            return end;
        }
        end += 1;
    }
}

/// The fields in one tag or output; `None` where `site` stands for itself, is asked for something
/// computed, or where the whole context is used.
fn expression(code: &str, fields: &mut BTreeSet<String>) -> Option<()> {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut rest = code;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        if matches!(c, '"' | '\'' | '`') {
            let end = rest[1..].find(c).map_or(rest.len(), |end| end + 2);
            (rest, before) = (&rest[end..], c);
            continue;
        }
        if !is_name(c) {
            (rest, before) = (&rest[c.len_utf8()..], c);
            continue;
        }
        let end = rest.find(|c| !is_name(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let is_member = before == '.';
        if word.starts_with("__tera") {
            return None;
        }
        if word == "site" && !is_member {
            let member = behind.strip_prefix("?.").or_else(|| behind.strip_prefix('.'))?;
            let end = member.find(|c| !is_name(c)).unwrap_or(member.len());
            fields.insert(member[..end].to_owned());
        }
        before = word.chars().next_back().unwrap_or(' ');
        rest = behind;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Option<Vec<String>> {
        of(text).map(|fields| fields.into_iter().collect())
    }

    #[test]
    fn fields_are_found_by_name() {
        let text = "site.no {{ site.title }} {# {{ site.no }} #}{% if site?.posts or page.site %}\
            {{ \"site\" ~ site.data.menu | json(site=1) }}";
        assert_eq!(fields(text), None);
        let text = "{{ <a b={page.x} c={site.y} /> }} {{ <a b={page.x}/> }}{{ site.z }}";
        assert_eq!(fields(text), Some(["y", "z"].map(str::to_owned).to_vec()));
        let text = "site.no {{ site.title }} {# {{ site.no }} #}{% if site?.posts or page.site %}\
            {{ \"site\" ~ site.data.menu }}";
        let found = ["data", "posts", "title"].map(str::to_owned);
        assert_eq!(fields(text), Some(found.to_vec()));
    }

    #[test]
    fn what_cannot_be_told_is_everything() {
        for text in [
            "{{ site }}",
            "{{ site[key] }}",
            "{% set s = site %}",
            "{{ __tera_context }}",
            "{{ <a b={site} /> }}",
        ] {
            assert_eq!(fields(text), None, "{text}");
        }
        for text in ["", "{", "{{", "{% \"", "{{ site. }}", "{{ 'site }}"] {
            fields(text);
        }
    }
}
