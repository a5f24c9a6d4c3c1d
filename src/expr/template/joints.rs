//! `a ~ b`, spelled so that what it joins reads as JSON has it.
//!
//! minijinja joins values in the manner of Python (`True`). An operator cannot be replaced, but
//! its operands can be made text before, by our own filter.

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt};

use super::super::span;

/// The template with every operand of `~` passed through `string`.
pub(super) fn joined_as_json(tree: &Stmt<'_>, text: &str) -> String {
    let mut joints = Joints {
        text,
        inserts: Vec::new(),
    };
    joints.statement(tree);
    // all inserts at one place are alike, so their order does not matter
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

struct Joints<'t> {
    text: &'t str,
    inserts: Vec<(usize, &'static str)>,
}

impl Joints<'_> {
    fn operand(&mut self, expr: &Expr<'_>) {
        let is_text = match expr {
            Expr::Const(constant) => constant.value.as_str().is_some(),
            Expr::BinOp(node) => matches!(node.op, BinOpKind::Concat),
            _ => false,
        };
        if !is_text {
            let range = span::range(expr, self.text);
            self.inserts.push((range.start, "(("));
            self.inserts.push((range.end, ")|string)"));
        }
        self.expr(expr);
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        match expr {
            Expr::Var(_) | Expr::Const(_) => {}
            Expr::Slice(node) => {
                self.expr(&node.expr);
                self.all([&node.start, &node.stop, &node.step].into_iter().flatten());
            }
            Expr::UnaryOp(node) => self.expr(&node.expr),
            Expr::BinOp(node) if matches!(node.op, BinOpKind::Concat) => {
                self.operand(&node.left);
                self.operand(&node.right);
            }
            Expr::BinOp(node) => self.all([&node.left, &node.right]),
            Expr::Compare(node) => {
                self.expr(&node.expr);
                self.all(node.ops.iter().map(|operation| &operation.expr));
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
            Expr::GetItem(node) => self.all([&node.expr, &node.subscript_expr]),
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
