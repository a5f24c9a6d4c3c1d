//! What an expression reads, and whether it may: names, members, filters, tests and guards.
//!
//! Conditions and templates share this walk over minijinja's tree. A name that may be absent has
//! to be guarded where absence would matter, and guards are followed as control flows: the right
//! of `x is defined and …` knows that `x` is there.

use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Filter as FilterNode, UnaryOpKind};

use super::error::{ExprError, ExprErrorKind};
use super::template::{Lenience, TEMPLATE_FILTERS};
use super::{Root, Scope, Segment, filter, span, test_word};

/// Where an expression stands.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Condition,
    Template(Lenience),
}

/// Whether an expression's user can do without a value.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub(super) enum Absence {
    Accepted,
    /// It fails without one, unless it is lenient: then absence reads as nothing.
    Refused,
    /// It fails without one in any case.
    Fatal,
}

/// A chain of members with nothing computed in it: `order.items[0]`.
pub(super) struct StaticPath<'a> {
    pub(super) name: &'a str,
    pub(super) name_range: Range<usize>,
    pub(super) segments: Vec<Segment>,
    first: Option<Range<usize>>,
}

/// The chain that `expr` is, if nothing in it is computed.
pub(super) fn static_path<'a>(expr: &Expr<'a>) -> Option<StaticPath<'a>> {
    let mut segments = Vec::new();
    let mut first = None;
    let mut here = expr;
    loop {
        match here {
            Expr::Var(var) => {
                segments.reverse();
                return Some(StaticPath {
                    name: var.id,
                    name_range: span::bytes(var.span()),
                    segments,
                    first,
                });
            }
            Expr::GetAttr(node) => {
                segments.push(Segment::Key(node.name.into()));
                first = Some(span::member(node.span(), node.name));
                here = &node.expr;
            }
            Expr::GetItem(node) => {
                segments.push(constant_segment(&node.subscript_expr)?);
                first = Some(span::bytes(node.subscript_expr.span()));
                here = &node.expr;
            }
            _ => return None,
        }
    }
}

/// The segment a constant subscript is: `["key"]`, `[0]`, `[-1]`.
pub(super) fn constant_segment(expr: &Expr<'_>) -> Option<Segment> {
    match expr {
        Expr::Const(constant) => {
            if let Some(key) = constant.value.as_str() {
                return Some(Segment::Key(key.into()));
            }
            constant
                .value
                .is_integer()
                .then(|| constant.value.as_i64())
                .flatten()
                .map(Segment::Index)
        }
        Expr::UnaryOp(node) if matches!(node.op, UnaryOpKind::Neg) => {
            match constant_segment(&node.expr)? {
                Segment::Index(index) => Some(Segment::Index(-index)),
                Segment::Key(_) => None,
            }
        }
        _ => None,
    }
}

/// Whether `expr` is the literal `none`.
pub(super) fn is_none(expr: &Expr<'_>) -> bool {
    matches!(expr, Expr::Const(constant) if constant.value.is_none())
}

/// A name that a template gives itself.
pub(super) struct Local {
    pub(super) name: String,
    /// Whether some way to here does not give it.
    pub(super) may_be_absent: bool,
}

/// The walk over one expression or template, and what it found.
pub(super) struct Analysis<'s> {
    scope: &'s dyn Scope,
    place: Place,
    text: &'s str,
    /// All errors, in the order of the text.
    pub(super) errors: Vec<ExprError>,
    /// Everything that is read, each once.
    pub(super) roots: Vec<(Root, Vec<Segment>)>,
    /// The names that are read, as written, with their roots; each once.
    pub(super) names: Vec<(String, Root)>,
    /// Whether `now()` is called.
    pub(super) calls_now: bool,
    /// Names that `for`, `set` and `with` give, innermost scope last.
    pub(super) locals: Vec<Vec<Local>>,
    /// Names known to be present where the walk stands.
    pub(super) present: Vec<String>,
}

impl<'s> Analysis<'s> {
    pub(super) fn new(scope: &'s dyn Scope, place: Place, text: &'s str) -> Analysis<'s> {
        Analysis {
            scope,
            place,
            text,
            errors: Vec::new(),
            roots: Vec::new(),
            names: Vec::new(),
            calls_now: false,
            locals: vec![Vec::new()],
            present: Vec::new(),
        }
    }

    pub(super) fn error(&mut self, kind: ExprErrorKind, range: Range<usize>) {
        self.errors.push(ExprError::new(kind, range));
    }

    pub(super) fn refuse(
        &mut self,
        what: &str,
        instead: Option<&'static str>,
        range: Range<usize>,
    ) {
        self.error(
            ExprErrorKind::NotAllowed {
                what: what.to_owned(),
                instead,
            },
            range,
        );
    }

    pub(super) fn scope_knows(&self, name: &str) -> bool {
        self.scope.lookup(name).is_some()
    }

    /// The local of that name that is meant here.
    pub(super) fn local(&self, name: &str) -> Option<&Local> {
        let mut innermost_first = self.locals.iter().rev().flatten();
        innermost_first.find(|local| local.name == name)
    }

    /// Walks `body` knowing that `names` are present.
    pub(super) fn knowing(&mut self, names: Vec<String>, body: impl FnOnce(&mut Self)) {
        let before = self.present.len();
        self.present.extend(names);
        body(self);
        self.present.truncate(before);
    }

    /// Walks `expr`, whose user does or does not do without a value.
    pub(super) fn expr(&mut self, expr: &Expr<'_>, absence: Absence) {
        if let Some(path) = static_path(expr) {
            return self.read(path, absence);
        }
        match expr {
            Expr::Var(_) => {}
            Expr::Const(node) => {
                // JSON holds integers from i64::MIN to u64::MAX
                if node.value.is_integer() && u64::try_from(node.value.clone()).is_err() {
                    self.refuse("an integer this large", None, span::bytes(node.span()));
                }
            }
            Expr::Slice(node) => {
                if self.place == Place::Condition {
                    let range = span::range(expr, self.text);
                    return self.refuse("a slice", None, range);
                }
                self.expr(&node.expr, Absence::Fatal);
                for part in [&node.start, &node.stop, &node.step].into_iter().flatten() {
                    self.expr(part, Absence::Fatal);
                }
            }
            Expr::UnaryOp(node) if matches!(node.op, UnaryOpKind::Not) => self.truth(&node.expr),
            Expr::UnaryOp(node) => self.expr(&node.expr, Absence::Fatal),
            Expr::BinOp(node) => self.binary(node.op, &node.left, &node.right, expr),
            Expr::Compare(node) => {
                self.expr(&node.expr, Absence::Refused);
                for operation in &node.ops {
                    self.expr(&operation.expr, Absence::Refused);
                }
            }
            Expr::IfExpr(node) => {
                if self.place == Place::Condition {
                    let range = span::range(expr, self.text);
                    return self.error(ExprErrorKind::InlineIf, range);
                }
                self.truth(&node.test_expr);
                let (yes, no) = (
                    self.facts(&node.test_expr, true),
                    self.facts(&node.test_expr, false),
                );
                self.knowing(yes, |this| this.expr(&node.true_expr, absence));
                if let Some(other) = &node.false_expr {
                    self.knowing(no, |this| this.expr(other, absence));
                }
            }
            Expr::Filter(node) => self.filter(node, node.span(), absence),
            Expr::Test(node) => {
                let test = test_word::find(node.name);
                match test {
                    None => self.error(
                        ExprErrorKind::UnknownTest(node.name.to_owned()),
                        span::word(node.span(), node.name),
                    ),
                    Some(test) => {
                        let (count, takes) = test.arity();
                        self.arguments(
                            node.name,
                            &node.args,
                            count..=count,
                            takes,
                            span::word(node.span(), node.name),
                        );
                    }
                }
                let accepts = test.is_none_or(|test| test.accepts_absent());
                self.expr(
                    &node.expr,
                    if accepts {
                        Absence::Accepted
                    } else {
                        Absence::Refused
                    },
                );
                self.call_args(&node.args, Absence::Fatal);
            }
            Expr::GetAttr(node) => self.expr(&node.expr, absence),
            Expr::GetItem(node) => {
                self.expr(&node.expr, absence);
                self.expr(&node.subscript_expr, Absence::Refused);
            }
            Expr::Call(node) => self.call(&node.expr, &node.args, expr),
            Expr::List(node) => self.all(&node.items),
            Expr::Tuple(node) => self.all(&node.items),
            Expr::Map(node) => {
                for key in &node.keys {
                    self.expr(key, Absence::Fatal);
                }
                self.all(&node.values);
            }
        }
    }

    fn all(&mut self, items: &[Expr<'_>]) {
        for item in items {
            self.expr(item, Absence::Refused);
        }
    }

    /// Walks an expression that is only asked whether it is true: in a template an absent value
    /// is not, in a condition it has no answer.
    pub(super) fn truth(&mut self, expr: &Expr<'_>) {
        let absence = match self.place {
            Place::Condition => Absence::Refused,
            Place::Template(_) => Absence::Accepted,
        };
        match expr {
            Expr::UnaryOp(node) if matches!(node.op, UnaryOpKind::Not) => self.truth(&node.expr),
            _ => self.expr(expr, absence),
        }
    }

    fn binary(&mut self, op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>, whole: &Expr<'_>) {
        match op {
            BinOpKind::ScAnd => {
                self.truth(left);
                let known = self.facts(left, true);
                self.knowing(known, |this| this.truth(right));
            }
            BinOpKind::ScOr => {
                self.truth(left);
                let known = self.facts(left, false);
                self.knowing(known, |this| this.truth(right));
            }
            BinOpKind::Eq | BinOpKind::Ne if is_none(left) || is_none(right) => {
                if self.place != Place::Condition {
                    let range = span::range(whole, self.text);
                    self.refuse(
                        "comparing with `none`",
                        Some("write `is none` or `is defined`"),
                        range,
                    );
                }
                self.expr(left, Absence::Accepted);
                self.expr(right, Absence::Accepted);
            }
            BinOpKind::Add
            | BinOpKind::Sub
            | BinOpKind::Mul
            | BinOpKind::Div
            | BinOpKind::FloorDiv
            | BinOpKind::Rem
            | BinOpKind::Pow => {
                self.expr(left, Absence::Fatal);
                self.expr(right, Absence::Fatal);
            }
            _ => {
                self.expr(left, Absence::Refused);
                self.expr(right, Absence::Refused);
            }
        }
    }

    pub(super) fn filter(
        &mut self,
        node: &FilterNode<'_>,
        node_span: minijinja::machinery::Span,
        absence: Absence,
    ) {
        let range = span::word(node_span, node.name);
        let found = filter::find(node.name);
        let in_template = self.place != Place::Condition;
        let of_templates = in_template && TEMPLATE_FILTERS.contains(&node.name);
        match found {
            Some(filter) => {
                let (count, takes) = filter.arity();
                self.arguments(node.name, &node.args, count, takes, range);
            }
            None if of_templates => {}
            None => {
                let name = node.name.to_owned();
                self.error(ExprErrorKind::UnknownFilter { name, in_template }, range);
            }
        }
        let is_default = found.is_some_and(|filter| filter.accepts_absent());
        if let Some(input) = &node.expr {
            let unknown = found.is_none() && !of_templates;
            let input_absence = match absence {
                _ if is_default || unknown => Absence::Accepted,
                // of an absent value, a filter makes an absent value
                Absence::Fatal => Absence::Fatal,
                _ => Absence::Refused,
            };
            self.expr(input, input_absence);
        }
        self.call_args(
            &node.args,
            if is_default { absence } else { Absence::Fatal },
        );
    }

    fn arguments(
        &mut self,
        name: &str,
        args: &[CallArg<'_>],
        count: std::ops::RangeInclusive<usize>,
        takes: &'static str,
        range: Range<usize>,
    ) {
        let plain = args.iter().all(|arg| matches!(arg, CallArg::Pos(_)));
        if !plain || !count.contains(&args.len()) {
            self.error(
                ExprErrorKind::Arguments {
                    name: name.to_owned(),
                    takes,
                },
                range,
            );
        }
    }

    fn call_args(&mut self, args: &[CallArg<'_>], absence: Absence) {
        for arg in args {
            match arg {
                CallArg::Pos(expr)
                | CallArg::Kwarg(_, expr)
                | CallArg::PosSplat(expr)
                | CallArg::KwargSplat(expr) => self.expr(expr, absence),
            }
        }
    }

    fn call(&mut self, callee: &Expr<'_>, args: &[CallArg<'_>], whole: &Expr<'_>) {
        let range = span::range(whole, self.text);
        if self.place == Place::Condition {
            return self.error(ExprErrorKind::Call, range);
        }
        match callee {
            Expr::Var(var) if var.id == "now" => {
                if !args.is_empty() {
                    let kind = ExprErrorKind::Arguments {
                        name: "now".into(),
                        takes: "no arguments",
                    };
                    self.error(kind, range);
                }
                self.calls_now = true;
            }
            Expr::Var(var) => self.error(
                ExprErrorKind::UnknownFunction(var.id.to_owned()),
                span::bytes(var.span()),
            ),
            _ => self.error(ExprErrorKind::Call, range),
        }
    }

    fn read(&mut self, path: StaticPath<'_>, absence: Absence) {
        if let Some(local) = self.local(path.name) {
            if local.may_be_absent && !self.is_guarded(path.name, absence) {
                self.error(
                    ExprErrorKind::MayBeAbsent(path.name.to_owned()),
                    path.name_range,
                );
            }
            return;
        }
        let Some(binding) = self.scope.lookup(path.name) else {
            if path.name == "now" && self.place != Place::Condition {
                return self.refuse("`now` without `()`", Some("write `now()`"), path.name_range);
            }
            return self.error(
                ExprErrorKind::UnknownName(path.name.to_owned()),
                path.name_range,
            );
        };
        if let Some(word) = binding.root.word() {
            match (path.segments.first(), &path.first) {
                (Some(Segment::Key(member)), Some(range))
                    if !self.scope.member_exists(binding.root, member) =>
                {
                    let kind = ExprErrorKind::UnknownMember {
                        root: word.to_owned(),
                        member: member.to_string(),
                    };
                    return self.error(kind, range.clone());
                }
                (Some(Segment::Index(index)), Some(range)) => {
                    let kind = ExprErrorKind::UnknownMember {
                        root: word.to_owned(),
                        member: index.to_string(),
                    };
                    return self.error(kind, range.clone());
                }
                (None, _) if binding.root == Root::Secrets => {
                    return self.refuse(
                        "`secrets` as a whole",
                        Some("name one: `secrets.name`"),
                        path.name_range,
                    );
                }
                _ => {}
            }
        }
        if binding.may_be_absent && !self.is_guarded(path.name, absence) {
            self.error(
                ExprErrorKind::MayBeAbsent(path.name.to_owned()),
                path.name_range,
            );
        }
        if !self.names.iter().any(|(name, _)| name == path.name) {
            self.names.push((path.name.to_owned(), binding.root));
        }
        let read = (binding.root, path.segments);
        if !self.roots.contains(&read) {
            self.roots.push(read);
        }
    }

    /// Whether it does no harm if `name` is absent, or it is known not to be.
    fn is_guarded(&self, name: &str, absence: Absence) -> bool {
        match absence {
            Absence::Accepted => true,
            Absence::Refused if self.place == Place::Template(Lenience::Lenient) => true,
            _ => self.present.iter().any(|present| present == name),
        }
    }

    /// The names that are present when `expr` turns out to be `outcome`.
    pub(super) fn facts(&self, expr: &Expr<'_>, outcome: bool) -> Vec<String> {
        match expr {
            Expr::UnaryOp(node) if matches!(node.op, UnaryOpKind::Not) => {
                self.facts(&node.expr, !outcome)
            }
            Expr::BinOp(node) => {
                let both = |this: &Self| {
                    let mut all = this.facts(&node.left, outcome);
                    all.extend(this.facts(&node.right, outcome));
                    all
                };
                let either = |this: &Self| {
                    let right = this.facts(&node.right, outcome);
                    let mut left = this.facts(&node.left, outcome);
                    left.retain(|name| right.contains(name));
                    left
                };
                match (node.op, outcome) {
                    (BinOpKind::ScAnd, true) | (BinOpKind::ScOr, false) => both(self),
                    (BinOpKind::ScAnd, false) | (BinOpKind::ScOr, true) => either(self),
                    (BinOpKind::Eq, false) | (BinOpKind::Ne, true) if is_none(&node.right) => {
                        name_of(&node.left)
                    }
                    (BinOpKind::Eq, false) | (BinOpKind::Ne, true) if is_none(&node.left) => {
                        name_of(&node.right)
                    }
                    _ => Vec::new(),
                }
            }
            Expr::Test(node) => match (node.name, outcome) {
                ("defined", true) | ("undefined" | "none", false) => name_of(&node.expr),
                _ => Vec::new(),
            },
            // in a template `{% if x %}` is enough of a guard: an absent value is not true
            _ if outcome && self.place != Place::Condition => name_of(expr),
            _ => Vec::new(),
        }
    }
}

/// The name at the head of a chain: where a member is present, so is what it is a member of.
fn name_of(expr: &Expr<'_>) -> Vec<String> {
    static_path(expr)
        .map(|path| path.name.to_owned())
        .into_iter()
        .collect()
}
