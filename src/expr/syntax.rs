//! From text to minijinja's tree, with limits before and plain words after.
//!
//! minijinja's parser recurses, and not all of its recursion is bounded. Its tokenizer does not
//! recurse, so the depth of the tree is bounded on the tokens, before the parser sees them.

use std::ops::Range;
use std::sync::LazyLock;

use minijinja::machinery::ast::{Expr, Stmt};
use minijinja::machinery::{Span, Token, Tokenizer, parse, parse_expr};
use minijinja::syntax::SyntaxConfig;

use super::error::{ExprError, ExprErrorKind};
use super::limits::{MAX_DEPTH, MAX_EXPRESSION, MAX_TREE};
use super::span::bytes;

/// The syntax of templates: Jinja's, but a trailing newline stays.
pub(super) static SYNTAX: LazyLock<SyntaxConfig> = LazyLock::new(|| {
    // the default delimiters are valid, so the builder cannot fail
    SyntaxConfig::builder()
        .keep_trailing_newline(true)
        .build()
        .unwrap_or_default()
});

/// Parses one expression.
///
/// # Errors
/// Where the text is empty, over a limit, or not an expression.
pub(super) fn expression(text: &str) -> Result<Expr<'_>, ExprError> {
    if text.trim().is_empty() {
        return Err(ExprError::new(
            ExprErrorKind::Empty("the expression"),
            0..text.len(),
        ));
    }
    if text.len() > MAX_EXPRESSION {
        return Err(too_long(0..text.len()));
    }
    let (tokens, stopped) = tokens(text, true);
    let mut depth = Depth::default();
    for (token, span) in &tokens {
        depth.token(token, bytes(*span))?;
    }
    parse_expr(text).map_err(|error| {
        locate(text, &error, &tokens, stopped, |prefix| {
            parse_expr(prefix).err()
        })
    })
}

/// Parses a template.
///
/// # Errors
/// Where a placeholder or statement is over a limit, a block is not closed, or the text is not a
/// template.
pub(super) fn template(text: &str) -> Result<Stmt<'_>, ExprError> {
    let (tokens, stopped) = tokens(text, false);
    super::template::prescan(text, &tokens, stopped.is_none())?;
    parse(text, "template", SYNTAX.clone()).map_err(|error| {
        locate(text, &error, &tokens, stopped, |prefix| {
            parse(prefix, "template", SYNTAX.clone()).err()
        })
    })
}

pub(super) fn too_long(range: Range<usize>) -> ExprError {
    let kind = ExprErrorKind::TooLong {
        length: range.len(),
        limit: MAX_EXPRESSION,
    };
    ExprError::new(kind, range)
}

/// The tokens of `text`, and where the tokenizer stopped if it could not go on.
pub(super) fn tokens(text: &str, in_expression: bool) -> (Vec<(Token<'_>, Span)>, Option<usize>) {
    let mut tokenizer = Tokenizer::new(text, "expression", in_expression, SYNTAX.clone());
    let mut tokens = Vec::new();
    loop {
        match tokenizer.next_token() {
            Ok(Some(token)) => tokens.push(token),
            Ok(None) => return (tokens, None),
            Err(_) => {
                let end = tokens
                    .last()
                    .map_or(0, |(_, span)| span.end_offset as usize);
                let rest = &text[end..];
                return (tokens, Some(end + rest.len() - rest.trim_start().len()));
            }
        }
    }
}

/// Puts minijinja's words into plain ones, and finds the place they are about.
///
/// The errors carry no place. But the parser stops at the first token it cannot use, so the text
/// up to the token before only lacks an end, and the text up to that token fails as it stands.
fn locate(
    text: &str,
    error: &minijinja::Error,
    tokens: &[(Token<'_>, Span)],
    stopped: Option<usize>,
    parse: impl Fn(&str) -> Option<minijinja::Error>,
) -> ExprError {
    let at_end = |error: &minijinja::Error| {
        error
            .detail()
            .is_none_or(|detail| detail.starts_with("unexpected end of input"))
    };
    let fails = |count: usize| {
        let end = tokens[count - 1].1.end_offset as usize;
        parse(&text[..end]).is_some_and(|error| !at_end(&error))
    };
    // the number of tokens that can be used, by bisection: more tokens never mend an error
    let (mut good, mut bad) = (0, tokens.len() + 1);
    while bad - good > 1 {
        let middle = (good + bad) / 2;
        if fails(middle) {
            bad = middle
        } else {
            good = middle
        }
    }
    let detail = error.detail().unwrap_or("this is not an expression");
    if let Some((token, span)) = tokens.get(bad - 1) {
        let range = bytes(*span);
        let message = unexpected(&text[range.clone()], token, detail);
        return ExprError::new(ExprErrorKind::Syntax(message), range);
    }
    if let Some(start) = stopped {
        let character = text[start..].chars().next();
        let (end, message) = match (character, detail) {
            (Some('"' | '\''), _) => (text.len(), "this text has no closing quote".to_owned()),
            (_, "unexpected end of comment") => {
                (text.len(), "this comment has no closing `#}`".to_owned())
            }
            (Some(character), "unexpected character") => (
                start + character.len_utf8(),
                format!("`{character}` means nothing here"),
            ),
            _ => (text.len(), detail.to_owned()),
        };
        return ExprError::new(ExprErrorKind::Syntax(message), start..end);
    }
    let end = text.trim_end().len();
    let message = match detail.split_once(", expected ") {
        Some((_, expected)) => {
            format!("this ends too early: {} should follow", in_words(expected))
        }
        None => "this ends too early".to_owned(),
    };
    ExprError::new(ExprErrorKind::Syntax(message), end..end)
}

/// What minijinja expects, in words that stand in a sentence.
fn in_words(expected: &str) -> &str {
    match expected {
        "expression" => "a value",
        "identifier" => "a name",
        "end of variable block" => "`}}`",
        "end of block" => "`%}`",
        other => other,
    }
}

fn unexpected(written: &str, token: &Token<'_>, detail: &str) -> String {
    if matches!(token, Token::Assign) {
        return "`=` compares nothing, write `==`".to_owned();
    }
    match detail.split_once(", expected ") {
        Some((_, expected)) => {
            format!(
                "`{written}` cannot stand here, {} should",
                in_words(expected)
            )
        }
        None if detail.starts_with("unexpected") => format!("`{written}` cannot stand here"),
        None => detail.to_owned(),
    }
}

/// An upper bound of the depth of the tree an expression will give, kept token by token.
pub(super) struct Depth {
    /// One level per open bracket, and the outermost.
    levels: Vec<Level>,
    /// Operators of all levels but the innermost.
    outer: usize,
    /// Signs and `not`s in a row.
    signs: usize,
}

#[derive(Default)]
struct Level {
    /// `and`s and `or`s: they lie over everything else in the level.
    joints: usize,
    /// All other operators since the last of those.
    operators: usize,
    /// Members, indexes, calls, filters and tests in a row.
    chain: usize,
}

impl Level {
    fn weight(&self) -> usize {
        self.joints + self.operators + 1
    }
}

impl Default for Depth {
    fn default() -> Depth {
        Depth {
            levels: vec![Level::default()],
            outer: 0,
            signs: 0,
        }
    }
}

impl Depth {
    /// Takes the next token of the expression.
    pub(super) fn token(
        &mut self,
        token: &Token<'_>,
        range: Range<usize>,
    ) -> Result<(), ExprError> {
        let Some(level) = self.levels.last_mut() else {
            // more brackets closed than opened: the parser will say so
            return Ok(());
        };
        let sign = matches!(token, Token::Minus | Token::Plus | Token::Ident("not"));
        self.signs = if sign { self.signs + 1 } else { 0 };
        match token {
            Token::Ident("and" | "or" | "if" | "else") => {
                level.joints += 1;
                level.operators = 0;
                level.chain = 0;
            }
            Token::Comma | Token::Colon => {
                level.joints = 0;
                level.operators = 0;
                level.chain = 0;
            }
            Token::Dot | Token::Pipe | Token::Ident("is") => {
                level.operators += 1;
                level.chain += 1;
            }
            Token::BracketOpen | Token::ParenOpen | Token::BraceOpen => {
                level.operators += 1;
                level.chain += 1;
                self.outer += level.weight();
                self.levels.push(Level::default());
            }
            Token::BracketClose | Token::ParenClose | Token::BraceClose => {
                self.levels.pop();
                if let Some(level) = self.levels.last() {
                    self.outer -= level.weight();
                }
            }
            Token::Ident("not" | "in")
            | Token::Plus
            | Token::Minus
            | Token::Mul
            | Token::Div
            | Token::FloorDiv
            | Token::Pow
            | Token::Mod
            | Token::Tilde
            | Token::Eq
            | Token::Ne
            | Token::Gt
            | Token::Gte
            | Token::Lt
            | Token::Lte => {
                level.operators += 1;
                level.chain = 0;
            }
            _ => {}
        }
        let here = self.levels.last();
        let too_deep = self.levels.len() > MAX_DEPTH + 1
            || self.signs > MAX_DEPTH
            || here.is_some_and(|level| {
                level.chain > MAX_DEPTH || self.outer + level.weight() > MAX_TREE
            });
        if too_deep {
            return Err(ExprError::new(ExprErrorKind::TooDeep, range));
        }
        Ok(())
    }
}

/// A constant as JSON. Only literals come here, all of which JSON can hold.
pub(super) fn to_json(value: &minijinja::Value) -> serde_json::Value {
    serde_json::to_value(value).unwrap_or_default()
}
