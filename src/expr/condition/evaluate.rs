//! The strict evaluation of conditions.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::super::datum::{Datum, Kind as Is};
use super::super::filter::FilterFault;
use super::super::limits::MAX_OUTPUT;
use super::super::number::{Arithmetic, NoResult, Number};
use super::super::test_word::{TestFault, contains};
use super::super::{Context, Segment};
use super::Operand;
use super::tree::{Comparison, Kind, Node};

/// Why there is no result, in words for the user.
type Fault = Box<str>;

/// One evaluation of a condition.
pub(super) struct Evaluation<'a, 't> {
    text: &'a str,
    context: &'a dyn Context,
    trace: Option<&'t mut Vec<Operand>>,
}

impl<'a, 't> Evaluation<'a, 't> {
    pub(super) fn new(
        text: &'a str,
        context: &'a dyn Context,
        trace: Option<&'t mut Vec<Operand>>,
    ) -> Evaluation<'a, 't> {
        Evaluation {
            text,
            context,
            trace,
        }
    }

    /// Whether the whole condition holds.
    pub(super) fn truth(&mut self, node: &'a Node) -> Result<bool, Fault> {
        self.boolean(node, "a condition")
    }

    fn boolean(&mut self, node: &'a Node, user: &str) -> Result<bool, Fault> {
        match &node.kind {
            Kind::And(left, right) => {
                Ok(self.boolean(left, "`and`")? && self.boolean(right, "`and`")?)
            }
            Kind::Or(left, right) => {
                Ok(self.boolean(left, "`or`")? || self.boolean(right, "`or`")?)
            }
            Kind::Not(inner) => Ok(!self.boolean(inner, "`not`")?),
            Kind::Compare(first, rest) => self.comparisons(first, rest),
            Kind::Test(test, input, argument) => {
                let value = self.operand(input)?;
                let given = match argument {
                    Some(argument) => Some(self.operand(argument)?),
                    None => None,
                };
                test.apply(&value, given.as_ref()).map_err(|fault| {
                    let word = self.tail(node, input);
                    match (fault, argument, given) {
                        (TestFault::Argument(needs), Some(argument), Some(given)) => {
                            self.needs(argument, &given, word, needs)
                        }
                        (TestFault::Input(needs) | TestFault::Argument(needs), ..) => {
                            self.needs(input, &value, word, needs)
                        }
                    }
                })
            }
            _ => match self.operand(node)? {
                Datum::Bool(value) => Ok(value),
                other => Err(format!(
                    "{} is {}, {user} needs true or false",
                    self.quoted(node),
                    other.described()
                )
                .into()),
            },
        }
    }

    fn comparisons(
        &mut self,
        first: &'a Node,
        rest: &'a [(Comparison, Node)],
    ) -> Result<bool, Fault> {
        let mut left_node = first;
        let mut left = self.operand(first)?;
        for (comparison, right_node) in rest {
            let right = self.operand(right_node)?;
            if !self.compare(*comparison, left_node, &left, right_node, &right)? {
                return Ok(false);
            }
            left_node = right_node;
            left = right;
        }
        Ok(true)
    }

    fn compare(
        &self,
        comparison: Comparison,
        left_node: &Node,
        left: &Datum<'_>,
        right_node: &Node,
        right: &Datum<'_>,
    ) -> Result<bool, Fault> {
        let sides = [(left_node, left), (right_node, right)];
        if let (Datum::Number(a), Datum::Number(b)) = (left, right)
            && a.is_blurred(*b)
        {
            return Err(self.blurred(comparison, sides));
        }
        let order = |holds: fn(Ordering) -> bool| {
            let order = match (left, right) {
                (Datum::Number(a), Datum::Number(b)) => a.compare(*b),
                (Datum::Text(a), Datum::Text(b)) => Some(a.cmp(b)),
                _ => None,
            };
            order
                .map(holds)
                .ok_or_else(|| self.unordered(comparison, sides))
        };
        match comparison {
            Comparison::Less => order(Ordering::is_lt),
            Comparison::LessOrEqual => order(Ordering::is_le),
            Comparison::Greater => order(Ordering::is_gt),
            Comparison::GreaterOrEqual => order(Ordering::is_ge),
            Comparison::Equal | Comparison::Unequal => {
                let equal = if left_node.is_none() || right_node.is_none() {
                    left.is_absent() && right.is_absent()
                } else if left.is_absent() || right.is_absent() {
                    return Err(self.unequal_kinds(comparison, sides));
                } else {
                    left.equals(right)
                        .ok_or_else(|| self.unequal_kinds(comparison, sides))?
                };
                Ok(equal == (comparison == Comparison::Equal))
            }
            Comparison::In | Comparison::NotIn => {
                self.check_members(comparison, left_node, left, right_node)?;
                let found = contains(right, left).map_err(|fault| match fault {
                    TestFault::Input(needs) => {
                        let within = match right.kind() {
                            Is::List => format!("`{}`", comparison.sign()),
                            kind => format!("`{}` with {}", comparison.sign(), kind.noun()),
                        };
                        format!(
                            "{} is {}, {within} needs {needs}",
                            self.quoted(left_node),
                            left.described()
                        )
                        .into()
                    }
                    TestFault::Argument(needs) => {
                        self.needs(right_node, right, comparison.sign(), needs)
                    }
                })?;
                Ok(found == (comparison == Comparison::In))
            }
        }
    }

    /// A list that is written out says what it holds: looking for something of another kind in it
    /// is a slip, and not just "no".
    fn check_members(
        &self,
        comparison: Comparison,
        left_node: &Node,
        left: &Datum<'_>,
        right_node: &Node,
    ) -> Result<(), Fault> {
        let Kind::Constant(Value::Array(items)) = &right_node.kind else {
            return Ok(());
        };
        let mut kinds = items.iter().map(|item| Datum::borrowed(item).kind());
        let Some(first) = kinds.next() else {
            return Ok(());
        };
        if left.is_absent() || first == left.kind() || kinds.any(|kind| kind == left.kind()) {
            return Ok(());
        }
        Err(format!(
            "{} is {}, and {} holds nothing of that kind for `{}`",
            self.quoted(left_node),
            left.described(),
            self.quoted(right_node),
            comparison.sign()
        )
        .into())
    }

    fn unordered(&self, comparison: Comparison, sides: [(&Node, &Datum<'_>); 2]) -> Fault {
        let sign = comparison.sign();
        let needs = comparison.needs().unwrap_or_default();
        let misfit = sides
            .into_iter()
            .find(|(_, value)| !matches!(value, Datum::Number(_) | Datum::Text(_)));
        match misfit {
            Some((node, value)) => self.needs(node, value, sign, needs),
            None => self.mismatched(sign, needs, sides),
        }
    }

    fn blurred(&self, comparison: Comparison, [left, right]: [(&Node, &Datum<'_>); 2]) -> Fault {
        format!(
            "`{}` cannot tell {} from {}: numbers beyond 2^53 with a fraction or an exponent, or \
             beyond 64 bits, are not kept to the digit",
            comparison.sign(),
            self.quoted(left.0),
            self.quoted(right.0),
        )
        .into()
    }

    fn unequal_kinds(&self, comparison: Comparison, sides: [(&Node, &Datum<'_>); 2]) -> Fault {
        let sign = comparison.sign();
        match sides.into_iter().find(|(_, value)| value.is_absent()) {
            Some((node, value)) => self.needs(node, value, sign, "two values"),
            None => self.mismatched(sign, comparison.needs().unwrap_or_default(), sides),
        }
    }

    /// Two values that do not go together: told of the one that is not written out, or of both.
    fn mismatched(&self, sign: &str, needs: &str, sides: [(&Node, &Datum<'_>); 2]) -> Fault {
        let [(left_node, left), (right_node, right)] = sides;
        match (left_node.is_constant(), right_node.is_constant()) {
            (false, true) => self.needs(left_node, left, sign, needs),
            (true, false) => self.needs(right_node, right, sign, needs),
            _ => format!(
                "{} is {} and {} is {}, `{sign}` needs {needs}",
                self.quoted(left_node),
                left.described(),
                self.quoted(right_node),
                right.described()
            )
            .into(),
        }
    }

    /// The value of a node that a comparison, a test or a joint takes: what a trace shows.
    fn operand(&mut self, node: &'a Node) -> Result<Datum<'a>, Fault> {
        let value = self.value(node);
        if self.trace.is_some() && !node.is_constant() {
            match &value {
                Ok(value) => self.record(node, value),
                Err(_) => self.record_lookups(node),
            }
        }
        value
    }

    fn record(&mut self, node: &Node, value: &Datum<'_>) {
        let text = &self.text[node.range.clone()];
        if let Some(trace) = &mut self.trace
            && !trace.iter().any(|operand| operand.text == text)
        {
            let value = (!value.is_absent()).then(|| value.to_value());
            trace.push(Operand {
                text: text.to_owned(),
                value,
            });
        }
    }

    /// Where a computed operand has no value, what it was computed from is worth showing.
    fn record_lookups(&mut self, node: &'a Node) {
        match &node.kind {
            Kind::Lookup(root, path) => {
                let value = Datum::read(self.context, *root, path);
                self.record(node, &value);
            }
            Kind::Constant(_) => {}
            Kind::Member(inner, _) | Kind::Not(inner) | Kind::Negate(inner) => {
                self.record_lookups(inner);
            }
            Kind::Index(left, right)
            | Kind::And(left, right)
            | Kind::Or(left, right)
            | Kind::Arithmetic(_, left, right)
            | Kind::Concat(left, right) => {
                self.record_lookups(left);
                self.record_lookups(right);
            }
            Kind::Compare(first, rest) => {
                self.record_lookups(first);
                rest.iter().for_each(|(_, node)| self.record_lookups(node));
            }
            Kind::List(items) => items.iter().for_each(|node| self.record_lookups(node)),
            Kind::Object(members) => members.iter().for_each(|(key, value)| {
                self.record_lookups(key);
                self.record_lookups(value);
            }),
            Kind::Filter(_, input, arguments) => {
                self.record_lookups(input);
                arguments.iter().for_each(|node| self.record_lookups(node));
            }
            Kind::Test(_, input, argument) => {
                self.record_lookups(input);
                argument.iter().for_each(|node| self.record_lookups(node));
            }
        }
    }

    fn value(&mut self, node: &'a Node) -> Result<Datum<'a>, Fault> {
        match &node.kind {
            Kind::Constant(value) => Ok(Datum::borrowed(value)),
            Kind::Lookup(root, path) => Ok(Datum::read(self.context, *root, path)),
            Kind::Member(inner, segment) => Ok(self.value(inner)?.step(segment)),
            Kind::Index(inner, index) => {
                let base = self.value(inner)?;
                let segment = match self.value(index)? {
                    Datum::Text(key) => Segment::Key(key.as_ref().into()),
                    Datum::Number(Number::Integer(at)) => match i64::try_from(at) {
                        Ok(at) => Segment::Index(at),
                        Err(_) => return Ok(Datum::Absent),
                    },
                    other => return Err(self.needs(index, &other, "[]", "text or a whole number")),
                };
                Ok(base.step(&segment))
            }
            Kind::And(..) | Kind::Or(..) | Kind::Not(_) | Kind::Compare(..) | Kind::Test(..) => {
                self.boolean(node, "a condition").map(Datum::Bool)
            }
            Kind::Negate(inner) => match self.value(inner)? {
                Datum::Number(number) => {
                    self.compute(node, Arithmetic::Subtract, Number::Integer(0), number)
                }
                other => Err(self.needs(inner, &other, "-", "a number")),
            },
            Kind::Arithmetic(op, left, right) => {
                let a = self.number(left, op.sign())?;
                let b = self.number(right, op.sign())?;
                self.compute(node, *op, a, b)
            }
            Kind::Concat(left, right) => {
                let mut text = self.scalar(left)?;
                let rest = self.scalar(right)?;
                if text.len() + rest.len() > MAX_OUTPUT {
                    return Err(format!("{} gives too much text", self.quoted(node)).into());
                }
                text.push_str(&rest);
                Ok(Datum::text(text))
            }
            Kind::List(items) => {
                let values = items
                    .iter()
                    .map(|item| Ok(self.value(item)?.to_value()))
                    .collect::<Result<Vec<Value>, Fault>>()?;
                Ok(Datum::List(Cow::Owned(values)))
            }
            Kind::Object(members) => {
                let mut object = Map::new();
                for (key_node, value_node) in members {
                    let key = match self.value(key_node)? {
                        Datum::Text(key) => key.into_owned(),
                        other => return Err(self.needs(key_node, &other, "{}", "text as a key")),
                    };
                    object.insert(key, self.value(value_node)?.to_value());
                }
                Ok(Datum::Object(Cow::Owned(object)))
            }
            Kind::Filter(filter, input, arguments) => {
                let value = self.value(input)?;
                if value.is_absent() && !filter.accepts_absent() {
                    return Err(self.needs(input, &value, self.tail(node, input), "a value"));
                }
                let given = arguments
                    .iter()
                    .map(|node| self.value(node))
                    .collect::<Result<Vec<_>, _>>()?;
                filter.apply(value.clone(), &given).map_err(|fault| {
                    self.filter_fault(node, (input, &value), arguments, &given, fault)
                })
            }
        }
    }

    fn number(&mut self, node: &'a Node, sign: &str) -> Result<Number, Fault> {
        match self.value(node)? {
            Datum::Number(number) => Ok(number),
            Datum::Text(text) if sign == "+" => Err(format!(
                "{} is {}, `+` needs two numbers; `~` joins texts",
                self.quoted(node),
                Datum::Text(text).described()
            )
            .into()),
            other => Err(self.needs(node, &other, sign, "two numbers")),
        }
    }

    fn scalar(&mut self, node: &'a Node) -> Result<String, Fault> {
        match self.value(node)? {
            Datum::Text(text) => Ok(text.into_owned()),
            value @ (Datum::Bool(_) | Datum::Number(_)) => Ok(value.to_text()),
            other => Err(self.needs(node, &other, "~", "texts, numbers or booleans")),
        }
    }

    fn compute(
        &self,
        node: &Node,
        op: Arithmetic,
        left: Number,
        right: Number,
    ) -> Result<Datum<'a>, Fault> {
        op.compute(left, right)
            .map(Datum::Number)
            .map_err(|reason| {
                let reason = match reason {
                    NoResult::DivisionByZero => "divides by zero",
                    NoResult::Overflow => "gives a number that is too large",
                };
                format!("{} {reason}", self.quoted(node)).into()
            })
    }

    fn filter_fault(
        &self,
        node: &Node,
        input: (&Node, &Datum<'_>),
        arguments: &[Node],
        given: &[Datum<'_>],
        fault: FilterFault,
    ) -> Fault {
        let word = self.tail(node, input.0);
        match fault {
            FilterFault::Input(needs) => self.needs(input.0, input.1, word, needs),
            FilterFault::Argument(index, needs) => match (arguments.get(index), given.get(index)) {
                (Some(node), Some(value)) => self.needs(node, value, word, needs),
                _ => format!("`{word}` needs {needs}").into(),
            },
            FilterFault::TooLarge => format!("{} gives too much text", self.quoted(node)).into(),
        }
    }

    fn needs(&self, node: &Node, value: &Datum<'_>, user: &str, needs: &str) -> Fault {
        format!(
            "{} is {}, `{user}` needs {needs}",
            self.quoted(node),
            value.described()
        )
        .into()
    }

    fn quoted(&self, node: &Node) -> String {
        format!("`{}`", &self.text[node.range.clone()])
    }

    /// The word of the filter or test that `node` applies to `input`.
    fn tail(&self, node: &Node, input: &Node) -> &'a str {
        let rest = &self.text[input.range.end.min(node.range.end)..node.range.end];
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let rest = rest.trim_start_matches(|c: char| !is_word(c));
        let mut words = rest
            .split(|c: char| !is_word(c))
            .filter(|word| !word.is_empty());
        // `value is not word`, `value | word`
        words
            .find(|word| !matches!(*word, "is" | "not"))
            .unwrap_or("it")
    }
}
