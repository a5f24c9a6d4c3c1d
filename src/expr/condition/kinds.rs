//! What the declared types and the literals of a condition tell before any run: parts of it that
//! no run could decide. Told only where both sides are sure.

use serde_json::Value;

use super::super::datum::{Datum, Kind as Is};
use super::super::error::{ExprError, ExprErrorKind};
use super::super::filter::Filter;
use super::super::{Root, Scope};
use super::tree::{Comparison, Kind, Node};

/// A walk through a condition that gathers what can never be decided.
pub(super) struct Kinds<'a> {
    text: &'a str,
    scope: &'a dyn Scope,
    pub(super) errors: Vec<ExprError>,
}

impl<'a> Kinds<'a> {
    pub(super) fn new(text: &'a str, scope: &'a dyn Scope) -> Kinds<'a> {
        Kinds {
            text,
            scope,
            errors: Vec::new(),
        }
    }

    /// Looks at what has to be a boolean for `user`.
    pub(super) fn boolean(&mut self, node: &Node, user: &str) {
        let Some(kind) = self.kind(node).filter(|kind| *kind != Is::Bool) else {
            return;
        };
        let part = self.part(node);
        self.error(
            node,
            format!("`{part}` is {}, {user} needs true or false", kind.noun()),
            Some(format!(
                "compare it, like `{part} == …`, or ask whether it is there: `{part} is defined`"
            )),
        );
    }

    /// What kind of value a node has whenever it has one, where that is sure.
    fn kind(&mut self, node: &Node) -> Option<Is> {
        match &node.kind {
            Kind::Constant(Value::Null) => None,
            Kind::Constant(value) => Some(Datum::borrowed(value).kind()),
            Kind::Lookup(root @ Root::Variable(_), path) if path.is_empty() => {
                self.scope.kind(*root)
            }
            Kind::Lookup(..) => None,
            Kind::Member(inner, _) => {
                self.kind(inner);
                None
            }
            Kind::Index(inner, index) => {
                self.kind(inner);
                self.kind(index);
                None
            }
            Kind::Not(inner) => {
                self.boolean(inner, "`not`");
                Some(Is::Bool)
            }
            Kind::And(left, right) => {
                self.boolean(left, "`and`");
                self.boolean(right, "`and`");
                Some(Is::Bool)
            }
            Kind::Or(left, right) => {
                self.boolean(left, "`or`");
                self.boolean(right, "`or`");
                Some(Is::Bool)
            }
            Kind::Compare(first, rest) => {
                let mut left = (&**first, self.kind(first));
                for (comparison, node) in rest {
                    let right = (node, self.kind(node));
                    self.comparison(*comparison, left, right);
                    left = right;
                }
                Some(Is::Bool)
            }
            Kind::Test(_, input, argument) => {
                self.kind(input);
                if let Some(argument) = argument {
                    self.kind(argument);
                }
                Some(Is::Bool)
            }
            Kind::Negate(inner) => {
                self.kind(inner);
                Some(Is::Number)
            }
            Kind::Arithmetic(_, left, right) => {
                self.kind(left);
                self.kind(right);
                Some(Is::Number)
            }
            Kind::Concat(left, right) => {
                self.kind(left);
                self.kind(right);
                Some(Is::Text)
            }
            Kind::List(items) => {
                for item in items {
                    self.kind(item);
                }
                Some(Is::List)
            }
            Kind::Object(members) => {
                for (key, value) in members {
                    self.kind(key);
                    self.kind(value);
                }
                Some(Is::Object)
            }
            Kind::Filter(filter, input, arguments) => {
                let input = self.kind(input);
                let arguments: Vec<_> = arguments.iter().map(|node| self.kind(node)).collect();
                filtered(*filter, input, &arguments)
            }
        }
    }

    fn comparison(
        &mut self,
        comparison: Comparison,
        (left, left_kind): (&Node, Option<Is>),
        (right, right_kind): (&Node, Option<Is>),
    ) {
        let (Some(left_kind), Some(right_kind)) = (left_kind, right_kind) else {
            return;
        };
        let Some(needs) = comparison.needs() else {
            return;
        };
        let is_ordered = matches!(left_kind, Is::Number | Is::Text);
        if left_kind == right_kind && (is_ordered || !comparison.is_order()) {
            return;
        }
        let message = format!(
            "`{}` is {} and `{}` is {}, `{}` needs {needs}",
            self.part(left),
            left_kind.noun(),
            self.part(right),
            right_kind.noun(),
            comparison.sign(),
        );
        let whole = Node {
            kind: Kind::Constant(Value::Null),
            range: left.range.start..right.range.end,
        };
        let help = [(left, right_kind), (right, left_kind)]
            .into_iter()
            .find_map(|(node, other)| quoted_number(node).filter(|_| other == Is::Number))
            .map(|number| format!("a number is written without quotes: `{number}`"));
        self.error(&whole, message, help);
    }

    fn part(&self, node: &Node) -> &'a str {
        &self.text[node.range.clone()]
    }

    fn error(&mut self, node: &Node, message: String, help: Option<String>) {
        let kind = ExprErrorKind::NeverDecided { message, help };
        self.errors.push(ExprError::new(kind, node.range.clone()));
    }
}

/// The number in a text that is one.
fn quoted_number(node: &Node) -> Option<&str> {
    match &node.kind {
        Kind::Constant(Value::String(text)) => {
            Some(&**text).filter(|text| text.parse::<f64>().is_ok())
        }
        _ => None,
    }
}

/// What a filter gives, where that does not depend on the run.
fn filtered(filter: Filter, input: Option<Is>, arguments: &[Option<Is>]) -> Option<Is> {
    match filter {
        Filter::Default => input.filter(|input| arguments.first() == Some(&Some(*input))),
        Filter::Length | Filter::Int | Filter::Float | Filter::Abs | Filter::Round => {
            Some(Is::Number)
        }
        Filter::Lower
        | Filter::Upper
        | Filter::Trim
        | Filter::String
        | Filter::Join
        | Filter::Replace
        | Filter::ToJson
        | Filter::UrlEncode => Some(Is::Text),
        Filter::Split | Filter::Keys => Some(Is::List),
        Filter::First | Filter::Last => None,
    }
}
