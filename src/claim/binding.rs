//! The comment that binds the quantity in front of it:
//! `최대 15분<!-- = lambda.timeout_max -->`. Jekyll, GitHub and every browser show only the
//! quantity.

use std::ops::Range;

use super::Subject;
use super::relation::Relation;
use crate::quantity::prose::{self, Stated};

/// A name longer than this is no name, so that a comment that never ends costs nothing.
const NAME_MAX: usize = 500;

/// A comment that binds a quantity.
#[derive(Clone, Debug, PartialEq)]
pub struct Binding {
    /// The bytes of the comment.
    pub comment: Range<usize>,
    /// What it names, and the bytes of the name.
    pub subject: Subject,
    /// The bytes of the name.
    pub name: Range<usize>,
    /// The relation that the comment's sign gives; `None` for `=`, by which the words around the
    /// quantity count.
    pub sign: Option<Relation>,
    /// The quantity right in front of it.
    pub stated: Option<Stated>,
}

/// The signs, longer ones first. They read as a formula whose left side is the quantity:
/// `300 ms<!-- >= scenario.… -->` says that the measure is at most 300 ms.
const SIGNS: [(&str, Option<Relation>); 8] = [
    ("<=", Some(Relation::AtLeast)),
    (">=", Some(Relation::AtMost)),
    ("≤", Some(Relation::AtLeast)),
    ("≥", Some(Relation::AtMost)),
    ("<", Some(Relation::Above)),
    (">", Some(Relation::Below)),
    ("~", Some(Relation::About)),
    ("=", None),
];

/// The comments of a text that bind quantities, in their order. Other comments, also those that
/// begin with one of the signs but name nothing, are none of them.
pub fn bindings(text: &str) -> Vec<Binding> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find("<!--") {
        let start = from + at;
        let Some(length) = text[start + 4..].find("-->") else { break };
        let end = start + 4 + length + 3;
        from = end;
        found.extend(binding(text, start..end));
    }
    found
}

fn binding(text: &str, comment: Range<usize>) -> Option<Binding> {
    let inner = &text[comment.start + 4..comment.end - 3];
    let signed = inner.trim_start();
    let (sign, relation) = SIGNS.iter().find(|(sign, _)| signed.starts_with(sign))?;
    let name = signed[sign.len()..].trim();
    let steps = steps(name)?;
    let start = comment.start + 4 + inner.find(name)?;
    let subject = match steps.split_first()? {
        (first, [scenario, path @ ..]) if first == "scenario" => {
            Subject::Measure { scenario: scenario.clone(), path: path.to_vec() }
        }
        (first, rest) if first == "quota" => Subject::Fact(rest.join(".")),
        _ => Subject::Fact(steps.join(".")),
    };
    Some(Binding {
        subject,
        name: start..start + name.len(),
        sign: *relation,
        stated: prose::ending_at(text, comment.start),
        comment,
    })
}

/// The steps of `scenario.id["변형 하나"].orders.throttles`; `None` for what is no name.
fn steps(name: &str) -> Option<Vec<String>> {
    if name.len() > NAME_MAX {
        return None;
    }
    let mut steps = Vec::new();
    let mut rest = name;
    loop {
        if let Some(bracket) = rest.strip_prefix('[') {
            let (step, behind) = match bracket.chars().next()? {
                quote @ ('"' | '\'') => bracket[1..].split_once(quote)?,
                _ => {
                    let end = bracket.find(']')?;
                    (&bracket[..end], &bracket[end..])
                }
            };
            steps.push(step.to_owned());
            rest = behind.strip_prefix(']')?;
        } else {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'));
            let (step, behind) = rest.split_at(end.unwrap_or(rest.len()));
            if step.is_empty() {
                return None;
            }
            steps.push(step.to_owned());
            rest = behind;
        }
        match rest.chars().next() {
            None => break,
            Some('.') => rest = &rest[1..],
            Some('[') => {}
            Some(_) => return None,
        }
    }
    // A name begins with a letter and has two parts at least; `<!-- = -->` is decoration.
    let begins = steps.first()?.starts_with(|c: char| c.is_ascii_alphabetic());
    (begins && steps.len() > 1).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_bind_the_quantity_in_front_of_them() {
        let text = "최대 **15분**<!-- = lambda.timeout_max -->, \
                    2번<!--<=scenario.idle[\"5분 마다\"].f.cold_starts-->, \
                    열 번째<!-- = quota.sqs.entries_max -->, <!-- = --><!-- == 절 == -->";
        let found = bindings(text);
        let shown: Vec<(String, Option<&str>, Option<Relation>)> = found
            .iter()
            .map(|binding| {
                let stated = binding.stated.as_ref().map(|stated| &text[stated.range.clone()]);
                (binding.subject.to_string(), stated, binding.sign)
            })
            .collect();
        let idle = "scenario.idle[\"5분 마다\"].f.cold_starts";
        assert_eq!(
            shown,
            [
                ("lambda.timeout_max".to_owned(), Some("15분"), None),
                (idle.to_owned(), Some("2번"), Some(Relation::AtLeast)),
                ("sqs.entries_max".to_owned(), None, None),
            ]
        );
        assert_eq!(&text[found[1].name.clone()], idle);
    }
}
