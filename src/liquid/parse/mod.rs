//! From tokens to nodes. A mistake becomes a diagnostic and the parser goes on behind it, so that
//! one mistake never hides another.

mod tags;

use std::ops::Range;

use super::expression::Pipeline;
use super::lexer::{Kind, Lexer, Token, trim_end, trim_start};
use super::node::{Body, Node, NodeKind};
use super::problem::{self, Outcome, Problem, UNBALANCED_BLOCK, UNCLOSED_DELIMITER, UNKNOWN_TAG};
use super::scan::{Markup, is_space, is_word, run_end, skip_space};
use super::strict;
use super::template::{Dialect, Mode};
use crate::diagnostic::{Diagnostic, closest};
use crate::span::Mapped;

/// How deep blocks may nest, as in Ruby Liquid.
const MAX_DEPTH: usize = 100;
/// How many mistakes of one template are reported.
const MAX_DIAGNOSTICS: usize = 100;

/// The tags that Liquid itself knows.
const TAGS: [&str; 16] = [
    "assign",
    "break",
    "capture",
    "case",
    "comment",
    "continue",
    "cycle",
    "decrement",
    "for",
    "if",
    "ifchanged",
    "increment",
    "raw",
    "tablerow",
    "unless",
    "include",
];

/// The state of parsing one template.
pub(super) struct Parser<'a> {
    source: &'a Mapped,
    text: &'a str,
    dialect: &'a Dialect,
    lexer: Lexer<'a>,
    /// An end tag that closes a block further out than the one that met it.
    pending: Option<Token>,
    trim_next: bool,
    open: Vec<(String, Range<usize>)>,
    error: Option<Box<Problem>>,
    diagnostics: Vec<Diagnostic>,
}

/// A tag inside a block that belongs to the block itself.
pub(super) struct Branch<'a> {
    name: &'a str,
    markup: Markup<'a>,
    range: Range<usize>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(source: &'a Mapped, dialect: &'a Dialect) -> Self {
        let text = source.text();
        Self {
            source,
            text,
            dialect,
            lexer: Lexer::new(text),
            pending: None,
            trim_next: false,
            open: Vec::new(),
            error: None,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn template(mut self) -> (Body, Option<Box<Problem>>, Vec<Diagnostic>) {
        let (body, _) = self.body(&[]);
        (body, self.error, self.diagnostics)
    }

    /// Notes a mistake, for Ruby the end of the template.
    fn report(&mut self, problem: Box<Problem>, node: &Range<usize>) {
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            let start = problem.range.as_ref().unwrap_or(node).start;
            let line = self.text[..start.min(self.text.len())].matches('\n').count() + 1;
            let path = self.source.locate(0..0);
            let path = path.as_ref().map_or("", |place| place.source().path());
            let original = format!("Liquid Exception: {} in {path}", problem.raised(line));
            self.diagnostics.push(problem.diagnostic(self.source, node).original(original));
        }
        self.error.get_or_insert_with(|| problem.at(node.clone()));
    }

    /// Reads an output. The grammar comes first in every mode, as since Liquid 5 and in Jekyll's
    /// own default.
    fn pipeline(&mut self, markup: Markup<'a>) -> Outcome<Pipeline> {
        if self.dialect.mode == Mode::Lax {
            return Ok(strict::pipeline(markup).unwrap_or_else(|_| Pipeline::parse(markup)));
        }
        self.read(markup, strict::pipeline, |markup| Ok(Pipeline::parse(markup)))
    }

    /// Reads markup by the grammar first where the mode says so.
    fn read<T>(
        &mut self,
        markup: Markup<'a>,
        strict: impl Fn(Markup<'a>) -> Outcome<T>,
        lax: impl Fn(Markup<'a>) -> Outcome<T>,
    ) -> Outcome<T> {
        if self.dialect.mode == Mode::Lax {
            return lax(markup);
        }
        let problem = match strict(markup) {
            Ok(value) => return Ok(value),
            Err(problem) => problem,
        };
        if self.dialect.mode == Mode::Strict {
            return Err(problem);
        }
        let value = lax(markup)?;
        if self.diagnostics.len() < MAX_DIAGNOSTICS {
            let mut warning = problem;
            warning.code = problem::LAX_MARKUP;
            self.diagnostics.push(warning.diagnostic(self.source, &markup.range()));
        }
        Ok(value)
    }

    fn next_token(&mut self) -> Option<Token> {
        self.pending.take().or_else(|| self.lexer.next())
    }

    fn markup(&self, range: Range<usize>) -> Markup<'a> {
        Markup::new(&self.text[range.clone()], range.start)
    }

    /// Nodes up to the end of the innermost open block, or one of its `branches`.
    fn body(&mut self, branches: &[&str]) -> (Body, Option<Branch<'a>>) {
        let mut body = Body { nodes: Vec::new(), blank: true };
        while let Some(token) = self.next_token() {
            if token.trims.0
                && let Some(Node { kind: NodeKind::Text, range, .. }) = body.nodes.last_mut()
            {
                *range = trim_end(self.text, range.clone());
            }
            let trim = std::mem::replace(&mut self.trim_next, token.trims.1);
            let node = match token.kind.clone() {
                Kind::Text => Some(self.literal(&token, trim)),
                Kind::Unclosed => Some(self.unclosed(&token)),
                Kind::Output(inner) => Some(self.output(token.range, inner)),
                Kind::Tag(name, markup) => {
                    let branch = Branch {
                        name: &self.text[name],
                        markup: self.markup(markup),
                        range: token.range.clone(),
                    };
                    if self.is_tag(branch.name) {
                        Some(self.tag(branch))
                    } else if branches.contains(&branch.name) || self.ends_block(branch.name) {
                        return (body, Some(branch));
                    } else if self.ends_outer_block(&branch) {
                        self.pending = Some(token);
                        return (body, None);
                    } else {
                        self.stray(&branch)
                    }
                }
            };
            if let Some(node) = node {
                body.blank &= node.blank;
                body.nodes.push(node);
            }
        }
        if let Some((name, range)) = self.open.last().cloned() {
            self.never_closed(&name, &range);
        }
        (body, None)
    }

    fn report_as(
        &mut self,
        code: crate::diagnostic::Code,
        mut problem: Box<Problem>,
        node: &Range<usize>,
    ) {
        problem.code = code;
        self.report(problem, node);
    }

    fn literal(&self, token: &Token, trim: bool) -> Node {
        let range =
            if trim { trim_start(self.text, token.range.clone()) } else { token.range.clone() };
        let blank = self.text[range.clone()].chars().all(is_space);
        Node { range, kind: NodeKind::Text, blank }
    }

    fn unclosed(&mut self, token: &Token) -> Node {
        let shown = &self.text[token.range.clone()];
        let (what, end) = if shown.starts_with("{%") { ("Tag", "%}") } else { ("Variable", "}}") };
        let opening = shown.get(..2).unwrap_or(shown);
        let complete = shown.starts_with("{%") && shown.len() > 2;
        let pattern = if what == "Tag" { "/\\%\\}/" } else { "/\\}\\}/" };
        let problem = Problem::syntax(format!(
            "{what} '{shown}' was not properly terminated with regexp: {pattern}"
        ));
        let problem = if complete {
            problem.message("this tag has no name")
        } else {
            problem.message(format!("`{opening}` is never closed by `{end}`"))
        };
        let problem = problem.hint(
            "to show the characters themselves, put them between `{% raw %}` and `{% endraw %}`",
        );
        self.report_as(UNCLOSED_DELIMITER, problem, &token.range);
        Node { range: token.range.clone(), kind: NodeKind::Text, blank: false }
    }

    fn output(&mut self, range: Range<usize>, inner: Range<usize>) -> Node {
        let markup = self.markup(inner);
        let kind = match self.pipeline(markup) {
            Ok(pipeline) => NodeKind::Output(pipeline),
            Err(problem) => self.broken(problem, &range),
        };
        Node { range, kind, blank: false }
    }

    fn broken(&mut self, problem: Box<Problem>, range: &Range<usize>) -> NodeKind {
        let shown = problem.shown(None);
        self.report(problem, range);
        NodeKind::Broken(shown)
    }

    fn is_tag(&self, name: &str) -> bool {
        self.dialect.tags.contains_key(name) || (TAGS.contains(&name) && name != "include")
    }

    fn ends_block(&self, name: &str) -> bool {
        self.open.last().is_some_and(|(open, _)| name.strip_prefix("end") == Some(open))
    }

    /// Whether the end of a block further out is met, so that the innermost one has no end.
    fn ends_outer_block(&mut self, branch: &Branch<'_>) -> bool {
        let Some(ended) = branch.name.strip_prefix("end") else { return false };
        if !self.open.iter().any(|(open, _)| open == ended) {
            return false;
        }
        if let Some((open, range)) = self.open.last().cloned() {
            let mut problem = invalid_end(branch.name, &open)
                .message(format!("`{open}` is closed by `{}`", branch.name))
                .hint(format!("close it by `{{% end{open} %}}` first"));
            problem.label = format!("`{open}` is still open here");
            problem.code = UNBALANCED_BLOCK;
            let begin = self.source.locate(range);
            let mut diagnostic = problem.diagnostic(self.source, &branch.range);
            if let Some(begin) = begin {
                diagnostic = diagnostic.related(begin, format!("`{open}` begins here"));
            }
            if self.diagnostics.len() < MAX_DIAGNOSTICS {
                self.diagnostics.push(diagnostic);
            }
            self.error.get_or_insert_with(|| problem.at(branch.range.clone()));
        }
        true
    }

    /// A tag that belongs to no open block.
    fn stray(&mut self, branch: &Branch<'_>) -> Option<Node> {
        let name = branch.name;
        let open = self.open.last().map(|(open, _)| open.clone());
        let problem = match (name, &open) {
            ("else", Some(open)) => {
                Problem::syntax(format!("{open} tag does not expect 'else' tag"))
                    .message(format!("`{open}` has no `else`"))
            }
            ("else" | "end", None) => Problem::syntax(format!("Unexpected outer '{name}' tag"))
                .message(format!("`{name}` stands outside of any block")),
            (end, Some(open)) if end.starts_with("end") => invalid_end(end, open)
                .message(format!("`{end}` closes nothing"))
                .hint(format!("the open block is `{open}`; close it by `{{% end{open} %}}`")),
            _ => return Some(self.unknown(branch)),
        };
        self.report_as(UNBALANCED_BLOCK, problem, &branch.range);
        None
    }

    /// A tag that nobody knows, or the end of a block that was never begun.
    fn unknown(&mut self, branch: &Branch<'_>) -> Node {
        let name = branch.name;
        let ends = name.strip_prefix("end").is_some_and(|block| self.is_tag(block));
        if ends {
            let problem = Problem::syntax(format!("Unknown tag '{name}'"))
                .message(format!("`{name}` closes nothing"))
                .hint("no block is open here");
            self.report_as(UNBALANCED_BLOCK, problem, &branch.range);
        } else {
            let problem = self.unknown_tag(name);
            self.report_as(UNKNOWN_TAG, problem, &branch.range);
        }
        let kind = NodeKind::Broken(format!("Liquid syntax error: Unknown tag '{name}'"));
        Node { range: branch.range.clone(), kind, blank: false }
    }

    fn unknown_tag(&self, name: &str) -> Box<Problem> {
        let known = TAGS.into_iter().filter(|known| self.is_tag(known));
        let known: Vec<&str> = known.chain(self.dialect.tags.keys().map(String::as_str)).collect();
        let problem = Problem::syntax(format!("Unknown tag '{name}'"))
            .message(format!("there is no tag `{name}`"));
        match closest(name, known) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem
                .hint("to show it as it stands, put it between `{% raw %}` and `{% endraw %}`"),
        }
    }

    /// The bytes from here to the end tag, which is consumed; all that is left without one.
    fn raw_body(&mut self, name: &str, start: &Range<usize>) -> Range<usize> {
        let from = start.end;
        let mut at = from;
        while let Some(tag) = self.find_tag(at) {
            at = tag.range.end;
            if tag.name.strip_prefix("end") == Some(name) {
                self.lexer = Lexer::new_at(self.text, at);
                self.trim_next = self.text[..at].ends_with("-%}");
                return from..tag.range.start;
            }
        }
        self.never_closed(name, start);
        self.lexer = Lexer::new_at(self.text, self.text.len());
        from..self.text.len()
    }

    /// Skips to the end of a comment. Comments may stand inside it, and `raw` may hide its end.
    fn comment(&mut self, start: &Range<usize>) {
        let mut depth = 1;
        while let Some(token) = self.lexer.next() {
            let Kind::Tag(name, _) = token.kind else { continue };
            match &self.text[name] {
                "comment" => depth += 1,
                "endcomment" => depth -= 1,
                "raw" => self.skip_raw(token.range.end),
                _ => {}
            }
            if depth == 0 {
                self.trim_next = token.trims.1;
                return;
            }
        }
        self.never_closed("comment", start);
    }

    fn skip_raw(&mut self, from: usize) {
        let mut at = from;
        while let Some(tag) = self.find_tag(at) {
            at = tag.range.end;
            if tag.name == "endraw" {
                self.lexer = Lexer::new_at(self.text, at);
                return;
            }
        }
    }

    fn never_closed(&mut self, name: &str, start: &Range<usize>) {
        let problem = Problem::syntax(format!("'{name}' tag was never closed"))
            .message(format!("`{name}` is never closed"))
            .hint(format!("add `{{% end{name} %}}` where its block ends"));
        self.report_as(UNBALANCED_BLOCK, problem, start);
    }

    /// The first thing at or after an offset that looks like a whole tag.
    fn find_tag(&self, from: usize) -> Option<Branch<'a>> {
        let mut at = from;
        loop {
            let open = at + self.text.get(at..)?.find("{%")?;
            let dash = open + 2 + usize::from(self.text[open + 2..].starts_with('-'));
            let start = skip_space(self.text, dash);
            let end = run_end(self.text, start, is_word);
            let (close, is_end) = self.delimiter(end)?;
            // Another opening before the end: only the inner one is a tag.
            if end > start && is_end {
                return Some(Branch {
                    name: &self.text[start..end],
                    markup: self.markup(end..close),
                    range: open..close + 2,
                });
            }
            at = open + 2;
        }
    }

    /// The first `{%` or `%}` at or after an offset, and whether it is the end of a tag.
    fn delimiter(&self, from: usize) -> Option<(usize, bool)> {
        let bytes = self.text.as_bytes();
        self.text.get(from..)?.match_indices('%').find_map(|(at, _)| {
            let at = from + at;
            if bytes.get(at + 1) == Some(&b'}') {
                Some((at, true))
            } else if at > from && bytes.get(at - 1) == Some(&b'{') {
                Some((at - 1, false))
            } else {
                None
            }
        })
    }
}

fn invalid_end(tag: &str, open: &str) -> Box<Problem> {
    Problem::syntax(format!("'{tag}' is not a valid delimiter for {open} tags. use end{open}"))
}
