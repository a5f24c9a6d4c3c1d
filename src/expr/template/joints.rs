//! A template, spelled so that its operators take what they should.
//!
//! minijinja joins values in the manner of Python (`True`), repeats lists and text by `*`, and
//! compares whatever it is given. An operator cannot be replaced, but its operands can be passed
//! through filters of our own before.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};

use super::super::span;

/// The filter for what arithmetic takes. No text can name it: it is not among the filters that
/// the walk over the text knows; nor are the others.
pub(super) const OPERAND: &str = "operand";

/// The filter for what is compared.
pub(super) const WEIGHED: &str = "weighed";

/// The filter for what an item or a slice is taken of.
pub(super) const MEASURED: &str = "measured";

/// The filter for the bounds of a slice.
pub(super) const BOUND: &str = "bound";

/// The template with every operand of `~` passed through `string`, and those of other operators
/// and slices through filters that check them.
pub(super) fn checked(tree: &Stmt<'_>, text: &str) -> String {
    let mut joints = Joints {
        text,
        inserts: Vec::new(),
    };
    joints.statement(tree);
    // What opens at one place is all alike. What closes there was noted from the inside out, and
    // the sort keeps that order.
    joints.inserts.sort_by_key(|(at, _)| *at);
    let mut out = String::with_capacity(text.len() + 12 * joints.inserts.len());
    let mut done = 0;
    for (at, insert) in joints.inserts {
        out.push_str(&text[done..at]);
        out.push_str(insert);
        done = at;
    }
    out.push_str(&text[done..]);
    out
}

/// How an operand is passed to the filter of its operator; `None` for operators that take any.
fn passed_on(op: BinOpKind) -> Option<&'static str> {
    Some(match op {
        BinOpKind::Add => ")|operand('+'))",
        BinOpKind::Sub => ")|operand('-'))",
        BinOpKind::Mul => ")|operand('*'))",
        BinOpKind::Div => ")|operand('/'))",
        BinOpKind::FloorDiv => ")|operand('//'))",
        BinOpKind::Rem => ")|operand('%'))",
        BinOpKind::Pow => ")|operand('**'))",
        BinOpKind::Concat => ")|string)",
        BinOpKind::Eq
        | BinOpKind::Ne
        | BinOpKind::Lt
        | BinOpKind::Lte
        | BinOpKind::Gt
        | BinOpKind::Gte
        | BinOpKind::In => COMPARED,
        BinOpKind::ScAnd | BinOpKind::ScOr => return None,
    })
}

const COMPARED: &str = ")|weighed)";

const MEASURE: &str = ")|measured)";

/// Whether the operator is sure to get what it takes.
fn fits(op: BinOpKind, expr: &Expr<'_>) -> bool {
    match (op, expr) {
        (BinOpKind::Concat, Expr::Const(constant)) => constant.value.as_str().is_some(),
        (BinOpKind::Concat, Expr::BinOp(node)) => matches!(node.op, BinOpKind::Concat),
        (_, Expr::Const(constant)) if is_arithmetic(op) => constant.value.is_number(),
        (_, Expr::BinOp(node)) if is_arithmetic(op) => is_arithmetic(node.op),
        (BinOpKind::Concat, _) => false,
        (_, Expr::Const(_)) => !is_arithmetic(op),
        _ => false,
    }
}

fn is_arithmetic(op: BinOpKind) -> bool {
    matches!(
        op,
        BinOpKind::Add
            | BinOpKind::Sub
            | BinOpKind::Mul
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::Pow
    )
}

struct Joints<'t> {
    text: &'t str,
    inserts: Vec<(usize, &'static str)>,
}

impl Joints<'_> {
    /// Passes what an operator takes through its filter.
    fn operand(&mut self, op: BinOpKind, expr: &Expr<'_>) {
        match passed_on(op) {
            Some(filter) if !fits(op, expr) => self.pass(expr, filter),
            _ => self.expr(expr),
        }
    }

    fn pass(&mut self, expr: &Expr<'_>, filter: &'static str) {
        let range = span::range(expr, self.text);
        self.inserts.push((range.start, "(("));
        self.expr(expr);
        self.inserts.push((range.end, filter));
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::Slice(node) => {
                self.pass(&node.expr, MEASURE);
                for part in [&node.start, &node.stop, &node.step].into_iter().flatten() {
                    self.pass(part, ")|bound)");
                }
            }
            Expr::UnaryOp(node) => self.expr(&node.expr),
            Expr::BinOp(node) => {
                self.operand(node.op, &node.left);
                self.operand(node.op, &node.right);
            }
            Expr::Compare(node) => {
                let others = node.ops.iter().map(|operation| &operation.expr);
                for compared in std::iter::once(&node.expr).chain(others) {
                    self.operand(BinOpKind::Eq, compared);
                }
            }
            Expr::IfExpr(node) => {
                self.all([&node.test_expr, &node.true_expr]);
                self.all(&node.false_expr);
            }
            Expr::Filter(node) => {
                self.all(&node.expr);
                self.arguments(&node.args);
            }
            Expr::Test(node) => {
                self.expr(&node.expr);
                self.arguments(&node.args);
            }
            Expr::GetAttr(node) => self.expr(&node.expr),
            Expr::GetItem(node) => {
                self.pass(&node.expr, MEASURE);
                self.expr(&node.subscript_expr);
            }
            Expr::Call(node) => {
                self.expr(&node.expr);
                self.arguments(&node.args);
            }
            Expr::List(node) => self.all(&node.items),
            Expr::Tuple(node) => self.all(&node.items),
            Expr::Map(node) => self.all(node.keys.iter().chain(&node.values)),
        }
    }

    fn all<'e>(&mut self, exprs: impl IntoIterator<Item = &'e Expr<'e>>) {
        exprs.into_iter().for_each(|expr| self.expr(expr));
    }

    fn arguments(&mut self, args: &[CallArg<'_>]) {
        for arg in args {
            match arg {
                CallArg::Pos(expr)
                | CallArg::Kwarg(_, expr)
                | CallArg::PosSplat(expr)
                | CallArg::KwargSplat(expr) => self.expr(expr),
            }
        }
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        statements
            .iter()
            .for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(node) => self.statements(&node.children),
            Stmt::EmitExpr(node) => self.expr(&node.expr),
            Stmt::EmitRaw(_) => {}
            Stmt::ForLoop(node) => {
                self.expr(&node.iter);
                self.all(&node.filter_expr);
                self.statements(&node.body);
                self.statements(&node.else_body);
            }
            Stmt::IfCond(node) => {
                self.expr(&node.expr);
                self.statements(&node.true_body);
                self.statements(&node.false_body);
            }
            Stmt::WithBlock(node) => {
                self.all(node.assignments.iter().map(|(_, value)| value));
                self.statements(&node.body);
            }
            Stmt::Set(node) => self.expr(&node.expr),
            Stmt::SetBlock(node) => {
                self.all(&node.filter);
                self.statements(&node.body);
            }
            // refused before
            Stmt::AutoEscape(_) | Stmt::FilterBlock(_) | Stmt::Do(_) => {}
        }
    }
}
