//! The walk over the statements of a template: names they give, guards they are.

use minijinja::machinery::ast::{Expr, Stmt};

use super::super::analysis::{Absence, Analysis, Local};
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
                self.locals.push(vec![Local {
                    name: "loop".to_owned(),
                    may_be_absent: false,
                }]);
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
                let otherwise = self.arm(Vec::new(), &node.else_body);
                self.join_arms(otherwise, &[]);
            }
            Stmt::IfCond(node) => {
                self.truth(&node.expr);
                let (yes, no) = (self.facts(&node.expr, true), self.facts(&node.expr, false));
                let yes = self.arm(yes, &node.true_body);
                let no = self.arm(no, &node.false_body);
                self.join_arms(yes, &no);
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

    /// Walks statements that are not always reached, knowing that `known` are present: the names
    /// they give.
    fn arm(&mut self, known: Vec<String>, body: &[Stmt<'_>]) -> Vec<Local> {
        self.locals.push(Vec::new());
        self.knowing(known, |this| this.statements(body));
        self.locals.pop().unwrap_or_default()
    }

    /// Takes the names that two arms give, of which one is reached: what only one of them gives
    /// may be absent after them.
    fn join_arms(&mut self, one: Vec<Local>, other: &[Local]) {
        let given = |arm: &[Local], name: &str| {
            arm.iter()
                .any(|local| local.name == name && !local.may_be_absent)
        };
        let mut after = Vec::new();
        for Local { name, .. } in one.iter().chain(other) {
            let before = self.local(name).is_some_and(|local| !local.may_be_absent);
            let always = given(&one, name) && given(other, name);
            after.push(Local {
                name: name.clone(),
                may_be_absent: !always && !before,
            });
        }
        for local in after {
            self.give(local);
        }
    }

    /// Takes a name into the innermost scope.
    fn give(&mut self, local: Local) {
        if let Some(scope) = self.locals.last_mut() {
            scope.retain(|other| other.name != local.name);
            scope.push(local);
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
                } else {
                    self.give(Local {
                        name: var.id.to_owned(),
                        may_be_absent: false,
                    });
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
