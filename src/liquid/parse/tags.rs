//! Liquid's own tags, each from its markup.

use std::any::Any;
use std::ops::Range;

use super::{Branch, MAX_DEPTH, Parser};
use crate::liquid::condition::{Comparison, Condition};
use crate::liquid::expression::Expression;
use crate::liquid::node::{
    Body, CustomTag, Cycle, CycleName, For, Node, NodeKind, Offset, Tablerow, When,
};
use crate::liquid::problem::{Outcome, Problem};
use crate::liquid::scan::{
    Markup, fragment_end, fragments_end, is_segment, is_space, is_word, run_end, skip_space,
    word_at,
};
use crate::liquid::strict;
use crate::liquid::template::Shape;

const CASE_WHEN: &str = "Syntax Error in tag 'case' - Valid when condition: \
                         {% when [condition] [or condition2...] %}";
const CASE_ELSE: &str =
    "Syntax Error in tag 'case' - Valid else condition: {% else %} (no parameters) ";

impl<'a> Parser<'a> {
    /// The node of a tag whose name is known.
    pub(super) fn tag(&mut self, tag: Branch<'a>) -> Node {
        let range = tag.range.clone();
        let result = if self.open.len() >= MAX_DEPTH {
            let mut problem = Problem::limit("blocks nest too deeply").in_ruby("Nesting too deep");
            problem.notes.push(format!("the bound is {MAX_DEPTH} blocks inside each other"));
            self.lexer = super::Lexer::new_at(self.text, self.text.len());
            Err(problem)
        } else if let Some(&(shape, arguments)) = self.dialect.tags.get(tag.name) {
            self.custom(&tag, shape, arguments)
        } else {
            self.own_tag(&tag)
        };
        match result {
            Ok((kind, blank)) => Node { range, kind, blank },
            Err(problem) => {
                let kind = self.broken(problem, &range);
                Node { range, kind, blank: false }
            }
        }
    }

    fn own_tag(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let markup = tag.markup;
        Ok(match tag.name {
            "assign" => (self.assign(markup)?, true),
            "break" => (NodeKind::Break, false),
            "continue" => (NodeKind::Continue, false),
            "increment" => (NodeKind::Counter(markup.trim().text().to_owned(), true), false),
            "decrement" => (NodeKind::Counter(markup.trim().text().to_owned(), false), false),
            "cycle" => (NodeKind::Cycle(cycle(markup)?), false),
            "comment" => {
                self.comment(&tag.range);
                (NodeKind::Nothing, true)
            }
            "raw" => return self.raw(tag),
            "capture" => {
                let name = capture_name(markup);
                let body = self.block(tag);
                (NodeKind::Capture(name?, body), true)
            }
            "ifchanged" => {
                let body = self.block(tag);
                let blank = body.blank;
                (NodeKind::Ifchanged(body), blank)
            }
            "if" | "unless" => return self.conditional(tag),
            "case" => return self.case(tag),
            "for" => return self.for_loop(tag),
            _ => return self.tablerow(tag),
        })
    }

    /// Opens a block, reads up to its end or one of its branches, and leaves it open.
    fn part(&mut self, branches: &[&str]) -> (Body, Option<Branch<'a>>) {
        let (body, branch) = self.body(branches);
        (body, branch.filter(|branch| branches.contains(&branch.name)))
    }

    fn enter(&mut self, tag: &Branch<'a>) {
        self.open.push((tag.name.to_owned(), tag.range.clone()));
    }

    fn block(&mut self, tag: &Branch<'a>) -> Body {
        self.enter(tag);
        let (body, _) = self.part(&[]);
        self.open.pop();
        body
    }

    fn assign(&mut self, markup: Markup<'a>) -> Outcome<NodeKind> {
        let failed =
            || Problem::syntax("Syntax Error in 'assign' - Valid syntax: assign [var] = [source]");
        let text = markup.text();
        let mut at = 0;
        loop {
            let start =
                at + text.get(at..).and_then(|r| r.find(is_signature)).ok_or_else(failed)?;
            let end = run_end(text, start, is_signature);
            let equals = skip_space(text, end);
            if text[equals..].starts_with('=') {
                let rest = markup.from(skip_space(text, equals + 1));
                let value = self.pipeline(rest)?;
                return Ok(NodeKind::Assign(text[start..end].to_owned(), value));
            }
            at = end;
        }
    }

    fn raw(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let range = self.raw_body("raw", &tag.range);
        if !tag.markup.text().chars().all(is_space) {
            return Err(Problem::syntax("Syntax Error in 'raw' - Valid syntax: raw")
                .message("`raw` takes no arguments")
                .at(tag.markup.range()));
        }
        let blank = range.is_empty();
        Ok((NodeKind::Raw(range), blank))
    }

    fn condition(&mut self, tag: &Branch<'a>) -> Outcome<Condition> {
        self.read(tag.markup, strict::condition, Condition::parse)
    }

    fn conditional(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let mut branches = Vec::new();
        let mut problem = None;
        // Branches behind an `else` are never reached, but must be read.
        let mut otherwise = None;
        self.enter(tag);
        let mut condition = Some(self.condition(tag));
        loop {
            let (body, next) = self.part(&["elsif", "else"]);
            match condition {
                Some(Ok(condition)) if otherwise.is_none() => branches.push((condition, body)),
                Some(Ok(_)) => {}
                Some(Err(failure)) => problem = problem.or(Some(failure)),
                None => otherwise = otherwise.or(Some(body)),
            }
            let Some(next) = next else { break };
            condition = (next.name == "elsif")
                .then(|| self.condition(&next).map_err(|problem| problem.at(next.range.clone())));
        }
        self.open.pop();
        if let Some(problem) = problem {
            return Err(problem);
        }
        let bodies = branches.iter_mut().map(|(_, body)| body).chain(otherwise.as_mut());
        let blank = drop_blank_text(bodies);
        Ok(match tag.name {
            "if" => (NodeKind::If(branches, otherwise), blank),
            _ => (NodeKind::Unless(branches, otherwise), blank),
        })
    }

    fn case(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let failed = || Problem::syntax("Syntax Error in 'case' - Valid syntax: case [condition]");
        let left = tag.markup.fragment(0).map(|range| Expression::parse(tag.markup.part(range)));
        let mut branches = Vec::new();
        let mut problem = None;
        self.enter(tag);
        let (mut before, mut next) = self.part(&["when", "else"]);
        while let Some(branch) = next {
            let when = match &left {
                Some(left) => branch_of_case(&branch, left),
                None => Err(failed()),
            };
            let (body, after) = self.part(&["when", "else"]);
            match when {
                Ok(when) => branches.push((when, body)),
                Err(failure) => {
                    problem = problem.or(Some(failure.at(branch.range)));
                }
            }
            next = after;
        }
        self.open.pop();
        if left.is_none() {
            return Err(failed());
        }
        if let Some(problem) = problem {
            return Err(problem);
        }
        let bodies = branches.iter_mut().map(|(_, body)| body);
        let blank = drop_blank_text(bodies.chain(std::iter::once(&mut before)));
        Ok((NodeKind::Case(branches), blank))
    }

    fn for_loop(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let header = self.read(tag.markup, strict::for_header, for_header);
        self.enter(tag);
        let (mut body, next) = self.part(&["else"]);
        let mut otherwise = next.map(|_| self.part(&[]).0);
        self.open.pop();
        let blank = drop_blank_text(std::iter::once(&mut body).chain(otherwise.as_mut()));
        let header = header?;
        Ok((NodeKind::For(Box::new(For { body, otherwise, ..header })), blank))
    }

    fn tablerow(&mut self, tag: &Branch<'a>) -> Outcome<(NodeKind, bool)> {
        let body = self.block(tag);
        let blank = body.blank;
        let failed = || {
            Problem::syntax(
                "Syntax Error in 'table_row loop' - \
                 Valid syntax: table_row [item] in [collection] cols=3",
            )
        };
        let markup = tag.markup;
        let start = markup.text().find(is_word).ok_or_else(failed)?;
        let (variable, collection, _) =
            item_in_collection(markup.from(start), is_word).ok_or_else(failed)?;
        let mut tablerow = Tablerow {
            variable: variable.text().to_owned(),
            collection: Expression::parse(collection),
            columns: None,
            limit: None,
            offset: None,
            body,
        };
        for (name, value) in markup.attributes() {
            let value = Some(Expression::parse(value));
            match name.text() {
                "cols" => tablerow.columns = value,
                "limit" => tablerow.limit = value,
                "offset" => tablerow.offset = value,
                _ => {}
            }
        }
        Ok((NodeKind::Tablerow(Box::new(tablerow)), blank))
    }

    fn custom(
        &mut self,
        tag: &Branch<'a>,
        shape: Shape,
        arguments: fn(Markup<'_>) -> Outcome<Box<dyn Any + Send + Sync>>,
    ) -> Outcome<(NodeKind, bool)> {
        let mut raw: Range<usize> = tag.range.end..tag.range.end;
        let mut body = Body::default();
        match shape {
            Shape::Inline => {}
            Shape::Block => body = self.block(tag),
            Shape::Raw => raw = self.raw_body(tag.name, &tag.range),
        }
        let arguments = arguments(tag.markup)?;
        let name = tag.name.to_owned();
        let (markup, range) = (tag.markup.range(), tag.range.clone());
        Ok((NodeKind::Custom(CustomTag { name, markup, arguments, body, raw, range }), false))
    }
}

/// A character of the left side of an assignment.
fn is_signature(c: char) -> bool {
    is_segment(c) || matches!(c, '.' | '[' | ']' | '(' | ')')
}

fn capture_name(markup: Markup<'_>) -> Outcome<String> {
    let text = markup.text();
    let Some(start) = text.find(is_signature) else {
        return Err(Problem::syntax("Syntax Error in 'capture' - Valid syntax: capture [var]"));
    };
    Ok(text[start..run_end(text, start, is_signature)].to_owned())
}

/// Where all bodies can print nothing but white space, they print none.
fn drop_blank_text<'b>(bodies: impl Iterator<Item = &'b mut Body>) -> bool {
    let mut bodies: Vec<_> = bodies.collect();
    let blank = bodies.iter().all(|body| body.blank);
    if blank {
        for body in &mut bodies {
            body.nodes.retain(|node| !matches!(node.kind, NodeKind::Text));
        }
    }
    blank
}

fn branch_of_case(branch: &Branch<'_>, left: &Expression) -> Outcome<When> {
    let mut markup = branch.markup;
    if branch.name == "else" {
        if markup.text().chars().all(is_space) {
            return Ok(When::Else);
        }
        return Err(Problem::syntax(CASE_ELSE));
    }
    let mut values = Vec::new();
    loop {
        let Some(value) = markup.fragment(0) else { return Err(Problem::syntax(CASE_WHEN)) };
        let right = Expression::parse_operand(markup.part(value.clone()));
        values.push(Comparison::equal(left.clone(), right));
        let rest = markup.from(value.end);
        let at = skip_space(rest.text(), 0);
        let next = if rest.text()[at..].starts_with(',') {
            skip_space(rest.text(), at + 1)
        } else if at > 0 && word_at(rest.text(), at, "or") {
            skip_space(rest.text(), at + 2)
        } else {
            break;
        };
        if fragment_end(rest.text(), next).is_none() {
            break;
        }
        markup = rest.from(next);
    }
    Ok(When::Values(values))
}

/// `item in collection`; where the collection ends is the third part.
fn item_in_collection(
    markup: Markup<'_>,
    is_name: fn(char) -> bool,
) -> Option<(Markup<'_>, Markup<'_>, usize)> {
    let text = markup.text();
    let name_end = run_end(text, 0, is_name);
    let word = skip_space(text, name_end);
    if name_end == 0 || word == name_end || !text[word..].starts_with("in") {
        return None;
    }
    let start = skip_space(text, word + 2);
    if start == word + 2 {
        return None;
    }
    let end = fragments_end(text, start)?;
    Some((markup.part(0..name_end), markup.part(start..end), end))
}

/// A loop without its bodies.
fn for_header(markup: Markup<'_>) -> Outcome<For> {
    let failed =
        || Problem::syntax("Syntax Error in 'for loop' - Valid syntax: for [item] in [collection]");
    let (variable, collection, end) = item_in_collection(markup, is_segment).ok_or_else(failed)?;
    let mut header = For::new(variable, collection);
    let rest = skip_space(markup.text(), end);
    header.reversed = markup.text()[rest..].starts_with("reversed");
    for (name, value) in markup.attributes() {
        header.set(name.text(), value);
    }
    Ok(header)
}

impl For {
    /// A loop without attributes and bodies.
    pub(in crate::liquid) fn new(variable: Markup<'_>, collection: Markup<'_>) -> Self {
        Self {
            variable: variable.text().to_owned(),
            name: format!("{}-{}", variable.text(), collection.text()),
            collection: Expression::parse(collection),
            limit: None,
            offset: None,
            reversed: false,
            body: Body::default(),
            otherwise: None,
        }
    }

    /// Sets an attribute; whether there is one of that name.
    pub(in crate::liquid) fn set(&mut self, name: &str, value: Markup<'_>) -> bool {
        match name {
            "limit" => self.limit = Some(Expression::parse(value)),
            "offset" if value.text() == "continue" => self.offset = Some(Offset::Continue),
            "offset" => self.offset = Some(Offset::At(Expression::parse(value))),
            _ => return false,
        }
        true
    }
}

fn cycle(markup: Markup<'_>) -> Outcome<Cycle> {
    let failed = || {
        Problem::syntax(
            "Syntax Error in 'cycle' - Valid syntax: cycle [name :] var [, var2, var3 ...]",
        )
    };
    let text = markup.text();
    let first = fragment_end(text, 0).ok_or_else(failed)?;
    if let Some((name, colon)) = cycle_name(text, first) {
        let values = cycle_values(markup.from(skip_space(text, colon + 1)));
        let name = CycleName::Named(Expression::parse(markup.part(0..name)));
        return Ok(Cycle { name, values });
    }
    let values = cycle_values(markup);
    let name = if values.iter().all(Expression::is_literal) {
        CycleName::Values(format!("{:?}", values.iter().map(|v| &v.kind).collect::<Vec<_>>()))
    } else {
        CycleName::Place
    };
    Ok(Cycle { name, values })
}

/// The end of a name and the place of its colon, which may be the last one inside the fragment.
fn cycle_name(text: &str, first: usize) -> Option<(usize, usize)> {
    let after = skip_space(text, first);
    if text[after..].starts_with(':') {
        return Some((first, after));
    }
    if text.starts_with(['"', '\'']) {
        return None;
    }
    text[..first].rfind(':').filter(|&colon| colon > 0).map(|colon| (colon, colon))
}

fn cycle_values(markup: Markup<'_>) -> Vec<Expression> {
    let mut values = Vec::new();
    let mut start = 0;
    for part in markup.text().split(',') {
        let part = markup.part(start..start + part.len());
        start += part.text().len() + 1;
        if let Some(range) = part.fragment(0) {
            values.push(Expression::parse(part.part(range)));
        }
    }
    values
}
