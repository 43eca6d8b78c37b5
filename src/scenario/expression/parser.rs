//! Tokens to an expression: a Pratt parser with bounded depth.

use std::ops::Range;

use super::lexer::{Token, tokens};
use super::{Expression, Fault, Function, Kind, Label, Macro, Operator};
use crate::diagnostic::{Code, closest};
use crate::scenario::limit;
use crate::scenario::outcome::Measure;

/// An expectation isn't a well-formed expression.
pub const SYNTAX: Code = Code("E0108");

/// Reads an expression. `names` are the names that may have a hyphen in them.
///
/// # Errors
/// The first mistake, with its place in `text`.
pub fn parse(text: &str, names: &[&str]) -> Result<Expression, Fault> {
    if text.len() > limit::EXPRESSION {
        return Err(too_large(0..text.len(), "it is longer than an expectation may be"));
    }
    let tokens = tokens(text, names)?;
    let mut parser = Parser { text, tokens, at: 0, nesting: 0 };
    if *parser.peek() == Token::End {
        return Err(Fault::new(SYNTAX, 0..text.len(), "an expectation is empty", "nothing here")
            .hint("write a comparison, for instance `orders.throttles == 0`"));
    }
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        _ => Err(parser.unexpected("the end of the expectation or an operator")),
    }
}

fn too_large(span: Range<usize>, label: &str) -> Fault {
    Fault::new(SYNTAX, span, "an expectation is too long or nests too deeply", label)
        .hint("split it into several expectations")
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    nesting: usize,
}

/// The operator of a symbol and how strongly it binds.
fn infix(token: &Token) -> Option<(Operator, u8)> {
    use Operator as O;
    let symbol = match token {
        Token::Symbol(symbol) => symbol,
        Token::Name(name) if name == "in" => return Some((O::In, 3)),
        _ => return None,
    };
    Some(match *symbol {
        "||" => (O::Or, 1),
        "&&" => (O::And, 2),
        "==" => (O::Equal, 3),
        "!=" => (O::NotEqual, 3),
        "<" => (O::Less, 3),
        "<=" => (O::LessOrEqual, 3),
        ">" => (O::Greater, 3),
        ">=" => (O::GreaterOrEqual, 3),
        "+" => (O::Add, 4),
        "-" => (O::Subtract, 4),
        "*" => (O::Multiply, 5),
        "/" => (O::Divide, 5),
        "%" => (O::Remainder, 5),
        _ => return None,
    })
}

/// How strongly comparisons bind.
const COMPARISON: u8 = 3;

impl Parser<'_> {
    fn peek(&self) -> &Token {
        self.tokens.get(self.at).map_or(&Token::End, |(token, _)| token)
    }

    fn span(&self) -> Range<usize> {
        let end = self.text.len();
        self.tokens.get(self.at).map_or(end..end, |(_, span)| span.clone())
    }

    /// Where the token before the current one ends.
    fn end(&self) -> usize {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |(_, span)| span.end)
    }

    fn advance(&mut self) -> (Token, Range<usize>) {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token.unwrap_or((Token::End, self.text.len()..self.text.len()))
    }

    fn accept(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(found) if *found == symbol);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, symbol: &str, opened: &Range<usize>) -> Result<(), Fault> {
        if self.accept(symbol) {
            return Ok(());
        }
        let wanted = format!("`{symbol}`");
        let fault = self.unexpected(&wanted);
        if *self.peek() != Token::End {
            return Err(fault);
        }
        let open = self.text.get(opened.clone()).unwrap_or_default();
        Err(Fault::new(
            SYNTAX,
            opened.clone(),
            format!("`{open}` is never closed"),
            format!("the matching {wanted} is missing"),
        ))
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let span = self.span();
        let found = match self.peek() {
            Token::End => "the end".to_owned(),
            _ => format!("`{}`", self.text.get(span.clone()).unwrap_or_default()),
        };
        let fault = Fault::new(
            SYNTAX,
            span,
            format!("expected {wanted}, found {found}"),
            format!("expected {wanted}"),
        );
        match self.peek() {
            Token::Name(name) if name.eq_ignore_ascii_case("and") => fault.hint("write `&&`"),
            Token::Name(name) if name.eq_ignore_ascii_case("or") => fault.hint("write `||`"),
            Token::Name(name) if name.eq_ignore_ascii_case("is") => fault.hint("write `==`"),
            _ if self.follows_not() => fault.hint("write `!(…)`"),
            _ => fault,
        }
    }

    fn follows_not(&self) -> bool {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        matches!(last, Some((Token::Name(name), _)) if name.eq_ignore_ascii_case("not"))
    }

    fn build(&self, start: usize, kind: Kind, below: &[usize]) -> Result<Expression, Fault> {
        let span = start..self.end();
        let depth = 1 + below.iter().copied().max().unwrap_or(0);
        if depth > limit::NESTING {
            return Err(too_large(span, "too many levels"));
        }
        Ok(Expression { span, depth, kind })
    }

    /// One level deeper; every recursion of the parser goes through here.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.nesting >= limit::NESTING {
            return Err(too_large(self.span(), "nests too deeply here"));
        }
        self.nesting += 1;
        let result = parse(self);
        self.nesting -= 1;
        result
    }

    fn expression(&mut self) -> Result<Expression, Fault> {
        self.nested(|parser| {
            let start = parser.span().start;
            let condition = parser.binary(1)?;
            let question = parser.span();
            if !parser.accept("?") {
                return Ok(condition);
            }
            let yes = parser.expression()?;
            parser.expect(":", &question)?;
            let no = parser.expression()?;
            let depths = [condition.depth, yes.depth, no.depth];
            let kind = Kind::Conditional(Box::new(condition), Box::new(yes), Box::new(no));
            parser.build(start, kind, &depths)
        })
    }

    fn binary(&mut self, least: u8) -> Result<Expression, Fault> {
        let start = self.span().start;
        let mut left = self.unary()?;
        let mut compared = false;
        while let Some((operator, strength)) = infix(self.peek()) {
            if strength < least {
                break;
            }
            if strength == COMPARISON && std::mem::replace(&mut compared, true) {
                return Err(Fault::new(
                    SYNTAX,
                    self.span(),
                    "comparisons don't chain",
                    "a second comparison",
                )
                .hint("write `a < b && b < c`"));
            }
            self.advance();
            let right = self.nested(|parser| parser.binary(strength + 1))?;
            let depths = [left.depth, right.depth];
            let kind = Kind::Binary(operator, Box::new(left), Box::new(right));
            left = self.build(start, kind, &depths)?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expression, Fault> {
        let start = self.span().start;
        if self.accept("!") {
            let inner = self.nested(Self::unary)?;
            let depth = inner.depth;
            return self.build(start, Kind::Not(Box::new(inner)), &[depth]);
        }
        if self.accept("-") {
            let inner = self.nested(Self::unary)?;
            let depth = inner.depth;
            return match inner.kind {
                Kind::Literal(Measure::Quantity(amount, dimension)) => {
                    self.build(start, Kind::Literal(Measure::Quantity(-amount, dimension)), &[])
                }
                _ => self.build(start, Kind::Minus(Box::new(inner)), &[depth]),
            };
        }
        self.postfix()
    }

    fn postfix(&mut self) -> Result<Expression, Fault> {
        let start = self.span().start;
        let mut base = self.primary()?;
        loop {
            let open = self.span();
            if self.accept(".") {
                base = self.member(start, base)?;
            } else if self.accept("[") {
                let index = self.expression()?;
                self.expect("]", &open)?;
                let depths = [base.depth, index.depth];
                base = self.build(start, Kind::Index(Box::new(base), Box::new(index)), &depths)?;
            } else {
                return Ok(base);
            }
        }
    }

    fn member(&mut self, start: usize, base: Expression) -> Result<Expression, Fault> {
        let Token::Name(name) = self.peek().clone() else {
            return Err(self.unexpected("a name after `.`"));
        };
        let (_, span) = self.advance();
        let label = Label { name, span };
        let open = self.span();
        if !self.accept("(") {
            let depth = base.depth;
            return self.build(start, Kind::Member(Box::new(base), label), &[depth]);
        }
        if let Some((_, which)) = Macro::ALL.iter().find(|(name, _)| *name == label.name) {
            return self.macro_call(start, base, *which, &open);
        }
        let mut arguments = vec![base];
        arguments.extend(self.arguments(&open)?);
        self.call(start, &label, arguments)
    }

    fn macro_call(
        &mut self,
        start: usize,
        list: Expression,
        which: Macro,
        open: &Range<usize>,
    ) -> Result<Expression, Fault> {
        let Token::Name(name) = self.peek().clone() else {
            return Err(self
                .unexpected("a name for the element")
                .hint("for instance `orders.log.all(r, r.status == 200)`"));
        };
        let (_, span) = self.advance();
        if !self.accept(",") {
            return Err(self.unexpected("`,` and a condition"));
        }
        let body = self.expression()?;
        self.expect(")", open)?;
        let depths = [list.depth, body.depth];
        let label = Label { name, span };
        self.build(start, Kind::Macro(which, Box::new(list), label, Box::new(body)), &depths)
    }

    fn arguments(&mut self, open: &Range<usize>) -> Result<Vec<Expression>, Fault> {
        let mut arguments = Vec::new();
        if self.accept(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.expression()?);
            if !self.accept(",") {
                break;
            }
        }
        let fault_is_comma = *self.peek() == Token::End;
        self.expect(")", open).map_err(|fault| match fault_is_comma {
            true => fault.hint(
                "in a list in brackets a comma ends the item: put the expectation in single \
                 quotes or on a line of its own after `- `",
            ),
            false => fault,
        })?;
        Ok(arguments)
    }

    fn call(
        &mut self,
        start: usize,
        label: &Label,
        arguments: Vec<Expression>,
    ) -> Result<Expression, Fault> {
        let Some(&(_, function, least, most, form)) =
            Function::ALL.iter().find(|row| row.0 == label.name)
        else {
            let names = Function::ALL.iter().map(|row| row.0);
            let names = names.chain(Macro::ALL.iter().map(|row| row.0));
            let fault = Fault::new(
                SYNTAX,
                label.span.clone(),
                format!("unknown function `{}`", label.name),
                "not a function of expectations",
            );
            return Err(match closest(&label.name, names.clone()) {
                Some(near) => fault.hint(format!("did you mean `{near}`?")),
                None => {
                    fault.hint(format!("there are `{}`", names.collect::<Vec<_>>().join("`, `")))
                }
            });
        };
        if arguments.len() < least || arguments.len() > most {
            return Err(Fault::new(
                SYNTAX,
                start..self.end(),
                format!("`{}` has the wrong number of arguments", label.name),
                format!("write `{form}`"),
            ));
        }
        let depths: Vec<usize> = arguments.iter().map(|argument| argument.depth).collect();
        self.build(start, Kind::Call(function, arguments), &depths)
    }

    fn primary(&mut self) -> Result<Expression, Fault> {
        let (token, span) = (self.peek().clone(), self.span());
        let start = span.start;
        match token {
            Token::Number(quantity) => {
                self.advance();
                self.build(start, Kind::Literal(quantity.into()), &[])
            }
            Token::Text(text) => {
                self.advance();
                self.build(start, Kind::Literal(Measure::Text(text)), &[])
            }
            Token::Name(name) => self.name(name),
            Token::Symbol("(") => {
                self.advance();
                let inner = self.expression()?;
                self.expect(")", &span)?;
                Ok(inner)
            }
            Token::Symbol("[") => {
                self.advance();
                self.list(span)
            }
            _ => Err(self.unexpected("a value")),
        }
    }

    fn name(&mut self, name: String) -> Result<Expression, Fault> {
        let (_, span) = self.advance();
        let literal = match name.as_str() {
            "true" => Some(Measure::Bool(true)),
            "false" => Some(Measure::Bool(false)),
            "null" => Some(Measure::Absent),
            "in" => {
                self.at -= 1;
                return Err(self.unexpected("a value"));
            }
            _ => None,
        };
        if let Some(literal) = literal {
            return self.build(span.start, Kind::Literal(literal), &[]);
        }
        let open = self.span();
        if self.accept("(") {
            let arguments = self.arguments(&open)?;
            return self.call(span.start, &Label { name, span }, arguments);
        }
        self.build(span.start, Kind::Name(name), &[])
    }

    fn list(&mut self, open: Range<usize>) -> Result<Expression, Fault> {
        let mut items = Vec::new();
        while !self.accept("]") {
            items.push(self.expression()?);
            if !self.accept(",") {
                self.expect("]", &open)?;
                break;
            }
        }
        let depths: Vec<usize> = items.iter().map(|item| item.depth).collect();
        self.build(open.start, Kind::List(items), &depths)
    }
}
