//! The walk over the statements of a template: names they give, guards they are.

use minijinja::machinery::ast::{Expr, Stmt};

use super::super::analysis::{Absence, Analysis};
use super::super::span;

impl Analysis<'_> {
    /// Walks a statement.
    pub(super) fn statement(&mut self, statement: &Stmt<'_>) {
        match statement {
            Stmt::Template(node) => self.statements(&node.children),
            Stmt::EmitExpr(node) => self.expr(&node.expr, Absence::Refused),
            Stmt::EmitRaw(_) => {}
            Stmt::ForLoop(node) => {
                self.expr(&node.iter, Absence::Refused);
                self.locals.push(vec!["loop".to_owned()]);
                self.assign(&node.target);
                let mut known = Vec::new();
                if let Some(filter) = &node.filter_expr {
                    self.truth(filter);
                    known = self.facts(filter, true);
                }
                if node.recursive {
                    self.refuse("a recursive `for`", None, span::bytes(node.span()));
                }
                self.knowing(known, |this| this.statements(&node.body));
                self.locals.pop();
                self.statements(&node.else_body);
            }
            Stmt::IfCond(node) => {
                self.truth(&node.expr);
                let (yes, no) = (self.facts(&node.expr, true), self.facts(&node.expr, false));
                self.knowing(yes, |this| this.statements(&node.true_body));
                self.knowing(no, |this| this.statements(&node.false_body));
            }
            Stmt::WithBlock(node) => {
                self.locals.push(Vec::new());
                for (target, value) in &node.assignments {
                    self.expr(value, Absence::Refused);
                    self.assign(target);
                }
                self.statements(&node.body);
                self.locals.pop();
            }
            Stmt::Set(node) => {
                self.expr(&node.expr, Absence::Refused);
                self.assign(&node.target);
            }
            Stmt::SetBlock(node) => {
                if let Some(filter) = &node.filter {
                    self.expr(filter, Absence::Refused);
                }
                self.statements(&node.body);
                self.assign(&node.target);
            }
            Stmt::AutoEscape(node) => self.refuse_statement("autoescape", node.span()),
            Stmt::FilterBlock(node) => self.refuse_statement("filter", node.span()),
            Stmt::Do(node) => self.refuse_statement("do", node.span()),
        }
    }

    fn refuse_statement(&mut self, word: &str, at: minijinja::machinery::Span) {
        self.refuse(&format!("`{{% {word} %}}`"), None, span::bytes(at));
    }

    fn statements(&mut self, statements: &[Stmt<'_>]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    /// Takes the names a statement gives. They must be new: whether a name still means what it
    /// did would depend on the branches taken.
    fn assign(&mut self, target: &Expr<'_>) {
        match target {
            Expr::Var(var) => {
                if self.scope_knows(var.id) {
                    let what = format!("`{}`, which has a meaning already,", var.id);
                    self.refuse(&what, Some("choose another name"), span::bytes(var.span()));
                } else if let Some(local) = self.locals.last_mut() {
                    local.push(var.id.to_owned());
                }
            }
            Expr::List(list) => list.items.iter().for_each(|item| self.assign(item)),
            Expr::Tuple(tuple) => tuple.items.iter().for_each(|item| self.assign(item)),
            other => {
                self.refuse("a member", Some("set a name"), span::bytes(other.span()));
            }
        }
    }
}
