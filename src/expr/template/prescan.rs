//! The limits of a template, on its tokens: before a parser that recurses sees them.

use std::ops::Range;

use minijinja::machinery::{Span, Token};

use super::super::error::{ExprError, ExprErrorKind};
use super::super::limits::{MAX_DEPTH, MAX_EXPRESSION};
use super::super::span::bytes;
use super::super::syntax::{Depth, too_long};

/// The statements a template may use.
pub(in super::super) const STATEMENTS: [&str; 5] = ["if", "for", "set", "with", "raw"];

/// Statements of Jinja that templates here do without.
const REFUSED: [&str; 15] = [
    "include",
    "import",
    "from",
    "extends",
    "block",
    "endblock",
    "macro",
    "endmacro",
    "call",
    "endcall",
    "filter",
    "endfilter",
    "autoescape",
    "endautoescape",
    "do",
];

/// A block that is still open.
struct Open<'t> {
    word: &'t str,
    range: Range<usize>,
    /// How many `elif`s it has: each nests in the one before.
    arms: usize,
}

/// Refuses placeholders and statements that are too long or nest too deep, statements that there
/// are not, and blocks that are not closed; the latter only where the text is `complete`.
pub(in super::super) fn prescan(
    text: &str,
    tokens: &[(Token<'_>, Span)],
    complete: bool,
) -> Result<(), ExprError> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut inside: Option<(usize, Depth)> = None;
    let mut tokens = tokens.iter().peekable();
    while let Some((token, span)) = tokens.next() {
        let range = bytes(*span);
        match token {
            Token::TemplateData(_) => {}
            Token::VariableStart => inside = Some((range.start, Depth::default())),
            Token::BlockStart => {
                inside = Some((range.start, Depth::default()));
                if let Some((Token::Ident(word), span)) = tokens.peek() {
                    statement(text, word, bytes(*span), &mut open)?;
                }
            }
            Token::VariableEnd | Token::BlockEnd => {
                if let Some((start, _)) = inside.take()
                    && range.end - start > MAX_EXPRESSION
                {
                    return Err(too_long(start..range.end));
                }
            }
            token => {
                if let Some((start, depth)) = &mut inside {
                    if range.end - *start > MAX_EXPRESSION {
                        return Err(too_long(*start..range.end));
                    }
                    depth.token(token, range)?;
                }
            }
        }
    }
    match open.pop() {
        Some(block) if complete && inside.is_none() => {
            let message = format!("this `{0}` has no `{{% end{0} %}}`", block.word);
            Err(ExprError::new(ExprErrorKind::Syntax(message), block.range))
        }
        _ => Ok(()),
    }
}

fn statement<'t>(
    text: &str,
    word: &'t str,
    range: Range<usize>,
    open: &mut Vec<Open<'t>>,
) -> Result<(), ExprError> {
    let syntax =
        |message: String, range| Err(ExprError::new(ExprErrorKind::Syntax(message), range));
    match word {
        "if" | "for" | "with" => open.push(Open {
            word,
            range: range.clone(),
            arms: 0,
        }),
        // only `{% set name %}` opens a block, `{% set name = value %}` does not
        "set" if opens_block(&text[range.end..]) => {
            open.push(Open {
                word,
                range: range.clone(),
                arms: 0,
            });
        }
        "set" => {}
        "elif" | "else" => match open.last_mut() {
            Some(block) if block.word == "if" || (word == "else" && block.word == "for") => {
                block.arms += 1;
            }
            _ => return syntax(format!("this `{word}` belongs to no `if`"), range),
        },
        "endif" | "endfor" | "endwith" | "endset" => match open.pop() {
            Some(block) if block.word == &word[3..] => {}
            Some(block) => {
                return syntax(
                    format!("`{word}` closes no `{}`, which is open here", block.word),
                    range,
                );
            }
            None => return syntax(format!("`{word}` closes nothing"), range),
        },
        _ if REFUSED.contains(&word) => {
            let kind = ExprErrorKind::NotAllowed {
                what: format!("`{{% {word} %}}`"),
                instead: None,
            };
            return Err(ExprError::new(kind, range));
        }
        _ => {
            return Err(ExprError::new(
                ExprErrorKind::UnknownStatement(word.to_owned()),
                range,
            ));
        }
    }
    let depth: usize = open.iter().map(|block| 1 + block.arms).sum();
    if depth > MAX_DEPTH {
        return Err(ExprError::new(ExprErrorKind::TooDeep, range));
    }
    Ok(())
}

/// Whether a `set` with this after it has no `=`: as in the parser, its names are followed by the
/// end of the block or by a filter.
fn opens_block(after: &str) -> bool {
    let end = after.find(['=', '%', '|', '}']).unwrap_or(after.len());
    !after[end..].starts_with('=')
}
