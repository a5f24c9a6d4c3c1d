//! Where a node of minijinja's tree stands in the text.
//!
//! The tree's own spans end well but do not all start well: a chain of members starts at its last
//! dot, and a comparison at the token before it. A node starts where its leftmost part does, or
//! where the brackets around that part open.

use std::ops::Range;

use minijinja::machinery::Span;
use minijinja::machinery::ast::{Expr, UnaryOpKind};

/// The bytes of a span.
pub(super) fn bytes(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// The bytes of `expr` in `text`.
pub(super) fn range(expr: &Expr<'_>, text: &str) -> Range<usize> {
    let start = start(expr, text);
    let end = (expr.span().end_offset as usize).max(start);
    opened(text, start, end)..end
}

/// Moves `start` to the left over the parentheses that are closed before `end` and were opened
/// before `start`: the tree knows nothing of those in `(a).b`.
fn opened(text: &str, start: usize, end: usize) -> usize {
    let (mut depth, mut missing) = (0usize, 0usize);
    let mut quote = None;
    let mut escaped = false;
    for byte in text[start..end].bytes() {
        match (quote, byte) {
            _ if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') if depth == 0 => missing += 1,
            (None, b')') => depth -= 1,
            _ => {}
        }
    }
    let mut start = start;
    for _ in 0..missing {
        match text[..start].trim_end().strip_suffix('(') {
            Some(before) => start = before.len(),
            None => break,
        }
    }
    start
}

fn start(expr: &Expr<'_>, text: &str) -> usize {
    let mut here = expr;
    loop {
        here = match here {
            Expr::GetAttr(node) => &node.expr,
            Expr::GetItem(node) => &node.expr,
            Expr::Slice(node) => &node.expr,
            Expr::Call(node) => &node.expr,
            Expr::Test(node) => &node.expr,
            Expr::BinOp(node) => &node.left,
            Expr::Compare(node) => &node.expr,
            Expr::IfExpr(node) => &node.true_expr,
            Expr::Filter(node) => match &node.expr {
                Some(expr) => expr,
                None => return node.span().start_offset as usize,
            },
            // `a not in b` and `a is not b` are a `not` that stands further right
            Expr::UnaryOp(node)
                if matches!(node.op, UnaryOpKind::Not)
                    && !text[node.span().start_offset as usize..].starts_with("not") =>
            {
                &node.expr
            }
            other => return other.span().start_offset as usize,
        };
    }
}

/// The word of a filter or test, which is where its own span starts.
pub(super) fn word(span: Span, name: &str) -> Range<usize> {
    let start = span.start_offset as usize;
    start..start + name.len()
}

/// The last member of a chain, which is where its own span ends.
pub(super) fn member(span: Span, name: &str) -> Range<usize> {
    let end = span.end_offset as usize;
    end - name.len()..end
}
