//! Templates of plain placeholders, rendered without building anything.

use std::borrow::Cow;
use std::fmt::{self, Write};

use minijinja::machinery::ast::{CallArg, Expr, Stmt};
use serde_json::Value;

use super::super::analysis::static_path;
use super::super::filter::{self, Filter};
use super::super::syntax::to_json;
use super::super::text::text_to;
use super::super::{Context, Root, Scope, Segment};

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Part {
    Constant(Box<str>),
    Placeholder {
        root: Root,
        path: Box<[Segment]>,
        filter: PlainFilter,
    },
    Now,
}

/// The filters a plain placeholder may have.
#[derive(Clone, Debug)]
pub(super) enum PlainFilter {
    None,
    Default(Value),
    String,
    ToJson,
}

/// The parts of a template that has only plain placeholders; `None` for any other.
pub(super) fn parts(statements: &[Stmt<'_>], scope: &dyn Scope) -> Option<Vec<Part>> {
    statements
        .iter()
        .map(|statement| match statement {
            Stmt::EmitRaw(raw) => Some(Part::Constant(raw.raw.into())),
            Stmt::EmitExpr(emit) => placeholder(&emit.expr, scope),
            _ => None,
        })
        .collect()
}

fn placeholder(expr: &Expr<'_>, scope: &dyn Scope) -> Option<Part> {
    let (path, filter) = match expr {
        Expr::Call(call) => {
            let is_now = matches!(&call.expr, Expr::Var(var) if var.id == "now");
            return (is_now && call.args.is_empty()).then_some(Part::Now);
        }
        Expr::Filter(node) => {
            let filter = match (filter::find(node.name)?, node.args.as_slice()) {
                (Filter::Default, [CallArg::Pos(Expr::Const(constant))])
                    if !constant.value.is_none() =>
                {
                    PlainFilter::Default(to_json(&constant.value))
                }
                (Filter::String, []) => PlainFilter::String,
                (Filter::ToJson, []) => PlainFilter::ToJson,
                _ => return None,
            };
            (static_path(node.expr.as_ref()?)?, filter)
        }
        _ => (static_path(expr)?, PlainFilter::None),
    };
    let root = scope.lookup(path.name)?.root;
    Some(Part::Placeholder {
        root,
        path: path.segments.into(),
        filter,
    })
}

impl Part {
    /// The value of a placeholder.
    pub(super) fn value<'a>(&'a self, context: &'a dyn Context) -> Option<Cow<'a, Value>> {
        match self {
            Part::Constant(text) => Some(Cow::Owned(Value::from(text.as_ref()))),
            Part::Now => context.now().map(|now| Cow::Owned(Value::String(now))),
            Part::Placeholder { root, path, filter } => {
                let found = context.lookup(*root, path).filter(|value| !value.is_null());
                match filter {
                    PlainFilter::None => found,
                    PlainFilter::Default(fallback) => {
                        Some(found.unwrap_or(Cow::Borrowed(fallback)))
                    }
                    PlainFilter::String => {
                        let mut text = String::new();
                        if let Some(value) = found {
                            // writing to a String cannot fail
                            let _ = text_to(&value, &mut text);
                        }
                        Some(Cow::Owned(Value::String(text)))
                    }
                    PlainFilter::ToJson => {
                        let json = found.map_or("null".to_owned(), |value| value.to_string());
                        Some(Cow::Owned(Value::String(json)))
                    }
                }
            }
        }
    }

    /// Writes the text of the part.
    pub(super) fn write_to(&self, context: &dyn Context, out: &mut impl Write) -> fmt::Result {
        match self {
            Part::Constant(text) => out.write_str(text),
            Part::Now => context.now().map_or(Ok(()), |now| out.write_str(&now)),
            Part::Placeholder { root, path, filter } => {
                let found = context.lookup(*root, path).filter(|value| !value.is_null());
                match (found, filter) {
                    (Some(value), PlainFilter::ToJson) => write!(out, "{value}"),
                    (None, PlainFilter::ToJson) => out.write_str("null"),
                    (Some(value), _) => text_to(&value, out),
                    (None, PlainFilter::Default(fallback)) => text_to(fallback, out),
                    (None, _) => Ok(()),
                }
            }
        }
    }
}
