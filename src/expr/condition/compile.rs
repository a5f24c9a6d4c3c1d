//! From minijinja's tree to ours. The names have been checked before.

use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr, UnaryOpKind};
use serde_json::{Map, Value};

use super::super::analysis::{constant_segment, static_path};
use super::super::error::{ExprError, ExprErrorKind};
use super::super::number::Arithmetic;
use super::super::syntax::to_json;
use super::super::{Scope, filter, span, test_word};
use super::tree::{Comparison, Kind, Node};

pub(super) struct Compiler<'s> {
    pub(super) text: &'s str,
    pub(super) scope: &'s dyn Scope,
}

impl Compiler<'_> {
    pub(super) fn node(&self, expr: &Expr<'_>) -> Result<Node, ExprError> {
        let range = span::range(expr, self.text);
        if let Some(path) = static_path(expr) {
            let binding = self.scope.lookup(path.name).ok_or_else(|| {
                let kind = ExprErrorKind::UnknownName(path.name.to_owned());
                ExprError::new(kind, path.name_range.clone())
            })?;
            return Ok(Node {
                kind: Kind::Lookup(binding.root, path.segments.into()),
                range,
            });
        }
        let kind = match expr {
            Expr::Const(constant) => Kind::Constant(to_json(&constant.value)),
            Expr::UnaryOp(node) => {
                let inner = self.node(&node.expr)?;
                match node.op {
                    UnaryOpKind::Not => match inner.kind {
                        // `a not in b` arrives as `not (a in b)`
                        Kind::Compare(left, mut rest)
                            if rest.len() == 1
                                && rest[0].0 == Comparison::In
                                && inner.range.start == range.start =>
                        {
                            rest[0].0 = Comparison::NotIn;
                            Kind::Compare(left, rest)
                        }
                        kind => Kind::Not(Box::new(Node {
                            kind,
                            range: inner.range,
                        })),
                    },
                    UnaryOpKind::Neg => Kind::Negate(Box::new(inner)),
                }
            }
            Expr::BinOp(node) => {
                let left = Box::new(self.node(&node.left)?);
                let right = self.node(&node.right)?;
                match binary(node.op) {
                    Binary::And => Kind::And(left, Box::new(right)),
                    Binary::Or => Kind::Or(left, Box::new(right)),
                    Binary::Concat => Kind::Concat(left, Box::new(right)),
                    Binary::Arithmetic(op) => Kind::Arithmetic(op, left, Box::new(right)),
                    Binary::Comparison(op) => Kind::Compare(left, vec![(op, right)]),
                }
            }
            Expr::Compare(node) => {
                let first = Box::new(self.node(&node.expr)?);
                let rest = node
                    .ops
                    .iter()
                    .map(|operation| Ok((comparison(operation.op), self.node(&operation.expr)?)))
                    .collect::<Result<_, ExprError>>()?;
                Kind::Compare(first, rest)
            }
            Expr::Filter(node) => {
                let (Some(filter), Some(input)) = (filter::find(node.name), &node.expr) else {
                    return Err(self.refused(expr));
                };
                let input = Box::new(self.node(input)?);
                let arguments = self.arguments(&node.args, expr)?;
                Kind::Filter(filter, input, arguments)
            }
            Expr::Test(node) => {
                let test = test_word::find(node.name).ok_or_else(|| self.refused(expr))?;
                let input = Box::new(self.node(&node.expr)?);
                let argument = self.arguments(&node.args, expr)?.pop().map(Box::new);
                Kind::Test(test, input, argument)
            }
            Expr::GetAttr(node) => Kind::Member(
                Box::new(self.node(&node.expr)?),
                super::Segment::Key(node.name.into()),
            ),
            Expr::GetItem(node) => {
                let inner = Box::new(self.node(&node.expr)?);
                match constant_segment(&node.subscript_expr) {
                    Some(segment) => Kind::Member(inner, segment),
                    None => Kind::Index(inner, Box::new(self.node(&node.subscript_expr)?)),
                }
            }
            Expr::List(node) => Kind::List(self.nodes(&node.items)?),
            Expr::Tuple(node) => Kind::List(self.nodes(&node.items)?),
            Expr::Map(node) => {
                let keys = self.nodes(&node.keys)?;
                Kind::Object(keys.into_iter().zip(self.nodes(&node.values)?).collect())
            }
            Expr::Var(_) | Expr::Slice(_) | Expr::IfExpr(_) | Expr::Call(_) => {
                return Err(self.refused(expr));
            }
        };
        Ok(Node {
            kind: folded(kind),
            range,
        })
    }

    fn nodes(&self, exprs: &[Expr<'_>]) -> Result<Vec<Node>, ExprError> {
        exprs.iter().map(|expr| self.node(expr)).collect()
    }

    fn arguments(&self, args: &[CallArg<'_>], whole: &Expr<'_>) -> Result<Vec<Node>, ExprError> {
        args.iter()
            .map(|arg| match arg {
                CallArg::Pos(expr) => self.node(expr),
                _ => Err(self.refused(whole)),
            })
            .collect()
    }

    /// The checks before let none of these through; an error is still better than a panic.
    fn refused(&self, expr: &Expr<'_>) -> ExprError {
        let kind = ExprErrorKind::NotAllowed {
            what: format!("a {}", expr.description()),
            instead: None,
        };
        ExprError::new(kind, span::range(expr, self.text))
    }
}

/// Lists and objects of constants are built once, here.
fn folded(kind: Kind) -> Kind {
    match kind {
        Kind::List(items)
            if items
                .iter()
                .all(|item| matches!(item.kind, Kind::Constant(_))) =>
        {
            let values = items.into_iter().filter_map(|item| match item.kind {
                Kind::Constant(value) => Some(value),
                _ => None,
            });
            Kind::Constant(Value::Array(values.collect()))
        }
        Kind::Object(members)
            if members.iter().all(|(key, value)| {
                matches!(
                    (&key.kind, &value.kind),
                    (Kind::Constant(Value::String(_)), Kind::Constant(_))
                )
            }) =>
        {
            let pairs =
                members
                    .into_iter()
                    .filter_map(|(key, value)| match (key.kind, value.kind) {
                        (Kind::Constant(Value::String(key)), Kind::Constant(value)) => {
                            Some((key, value))
                        }
                        _ => None,
                    });
            Kind::Constant(Value::Object(pairs.collect::<Map<_, _>>()))
        }
        other => other,
    }
}

enum Binary {
    And,
    Or,
    Concat,
    Arithmetic(Arithmetic),
    Comparison(Comparison),
}

fn binary(op: BinOpKind) -> Binary {
    match op {
        BinOpKind::ScAnd => Binary::And,
        BinOpKind::ScOr => Binary::Or,
        BinOpKind::Concat => Binary::Concat,
        BinOpKind::Add => Binary::Arithmetic(Arithmetic::Add),
        BinOpKind::Sub => Binary::Arithmetic(Arithmetic::Subtract),
        BinOpKind::Mul => Binary::Arithmetic(Arithmetic::Multiply),
        BinOpKind::Div => Binary::Arithmetic(Arithmetic::Divide),
        BinOpKind::FloorDiv => Binary::Arithmetic(Arithmetic::FloorDivide),
        BinOpKind::Rem => Binary::Arithmetic(Arithmetic::Remainder),
        BinOpKind::Pow => Binary::Arithmetic(Arithmetic::Power),
        BinOpKind::Eq => Binary::Comparison(Comparison::Equal),
        BinOpKind::Ne => Binary::Comparison(Comparison::Unequal),
        BinOpKind::Lt => Binary::Comparison(Comparison::Less),
        BinOpKind::Lte => Binary::Comparison(Comparison::LessOrEqual),
        BinOpKind::Gt => Binary::Comparison(Comparison::Greater),
        BinOpKind::Gte => Binary::Comparison(Comparison::GreaterOrEqual),
        BinOpKind::In => Binary::Comparison(Comparison::In),
    }
}

fn comparison(op: CompareOpKind) -> Comparison {
    match op {
        CompareOpKind::Eq => Comparison::Equal,
        CompareOpKind::Ne => Comparison::Unequal,
        CompareOpKind::Lt => Comparison::Less,
        CompareOpKind::Lte => Comparison::LessOrEqual,
        CompareOpKind::Gt => Comparison::Greater,
        CompareOpKind::Gte => Comparison::GreaterOrEqual,
        CompareOpKind::In => Comparison::In,
        CompareOpKind::NotIn => Comparison::NotIn,
    }
}
