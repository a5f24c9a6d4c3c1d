//! A value while an expression is evaluated: borrowed wherever it can be.

use std::borrow::Cow;
use std::cmp::Ordering;

use serde_json::{Map, Value};

use super::context::position;
use super::number::Number;
use super::text::{shown, text_to};
use super::{Context, Root, Segment, walk};

/// A value while an expression is evaluated.
#[derive(Clone, Debug)]
pub(super) enum Datum<'a> {
    Absent,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Cow<'a, [Value]>),
    Object(Cow<'a, Map<String, Value>>),
}

/// What kind of thing a value is, as messages tell it.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// No value, or JSON null.
    Absent,
    /// True or false.
    Bool,
    /// A number.
    Number,
    /// Text.
    Text,
    /// A list.
    List,
    /// An object.
    Object,
}

impl<'a> Datum<'a> {
    pub(super) fn borrowed(value: &'a Value) -> Datum<'a> {
        match value {
            Value::Null => Datum::Absent,
            Value::Bool(value) => Datum::Bool(*value),
            Value::Number(number) => Datum::Number(Number::from_json(number)),
            Value::String(text) => Datum::Text(Cow::Borrowed(text)),
            Value::Array(items) => Datum::List(Cow::Borrowed(items)),
            Value::Object(members) => Datum::Object(Cow::Borrowed(members)),
        }
    }

    pub(super) fn owned(value: Value) -> Datum<'static> {
        match value {
            Value::Null => Datum::Absent,
            Value::Bool(value) => Datum::Bool(value),
            Value::Number(number) => Datum::Number(Number::from_json(&number)),
            Value::String(text) => Datum::Text(Cow::Owned(text)),
            Value::Array(items) => Datum::List(Cow::Owned(items)),
            Value::Object(members) => Datum::Object(Cow::Owned(members)),
        }
    }

    pub(super) fn read(context: &'a dyn Context, root: Root, path: &[Segment]) -> Datum<'a> {
        match context.lookup(root, path) {
            None => Datum::Absent,
            Some(Cow::Borrowed(value)) => Datum::borrowed(value),
            Some(Cow::Owned(value)) => Datum::owned(value),
        }
    }

    pub(super) fn text(text: String) -> Datum<'static> {
        Datum::Text(Cow::Owned(text))
    }

    pub(super) fn kind(&self) -> Kind {
        match self {
            Datum::Absent => Kind::Absent,
            Datum::Bool(_) => Kind::Bool,
            Datum::Number(_) => Kind::Number,
            Datum::Text(_) => Kind::Text,
            Datum::List(_) => Kind::List,
            Datum::Object(_) => Kind::Object,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        matches!(self, Datum::Absent)
    }

    pub(super) fn to_value(&self) -> Value {
        match self {
            Datum::Absent => Value::Null,
            Datum::Bool(value) => Value::Bool(*value),
            Datum::Number(number) => number.to_json().unwrap_or_default(),
            Datum::Text(text) => Value::String(text.clone().into_owned()),
            Datum::List(items) => Value::Array(items.clone().into_owned()),
            Datum::Object(members) => Value::Object(members.clone().into_owned()),
        }
    }

    /// The value one segment further; anything beyond an absent value is absent.
    pub(super) fn step(self, segment: &Segment) -> Datum<'a> {
        let path = std::slice::from_ref(segment);
        match (self, segment) {
            (Datum::Object(Cow::Borrowed(members)), Segment::Key(key)) => members
                .get(key.as_ref())
                .map_or(Datum::Absent, Datum::borrowed),
            (Datum::Object(Cow::Owned(mut members)), Segment::Key(key)) => members
                .remove(key.as_ref())
                .map_or(Datum::Absent, Datum::owned),
            (Datum::List(Cow::Borrowed(items)), Segment::Index(index)) => {
                position(*index, items.len())
                    .and_then(|index| items.get(index))
                    .map_or(Datum::Absent, Datum::borrowed)
            }
            (Datum::List(Cow::Owned(items)), Segment::Index(_)) => {
                walk(&Value::Array(items), path).map_or(Datum::Absent, |v| Datum::owned(v.clone()))
            }
            _ => Datum::Absent,
        }
    }

    /// The text a template shows for it.
    pub(super) fn to_text(&self) -> String {
        match self {
            Datum::Text(text) => text.clone().into_owned(),
            other => {
                let mut out = String::new();
                // writing to a String cannot fail
                let _ = text_to(&other.to_value(), &mut out);
                out
            }
        }
    }

    /// Whether two values are equal, or `None` where they are of different kinds. Within lists
    /// and objects a difference in kind is a difference.
    pub(super) fn equals(&self, other: &Datum<'_>) -> Option<bool> {
        Some(match (self, other) {
            (Datum::Absent, Datum::Absent) => true,
            (Datum::Bool(a), Datum::Bool(b)) => a == b,
            (Datum::Number(a), Datum::Number(b)) => a.compare(*b) == Some(Ordering::Equal),
            (Datum::Text(a), Datum::Text(b)) => a == b,
            (Datum::List(a), Datum::List(b)) => {
                a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same(a, b))
            }
            (Datum::Object(a), Datum::Object(b)) => {
                a.len() == b.len()
                    && a.iter()
                        .all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
            }
            _ => return None,
        })
    }

    /// What it is and what it holds, for a message: `text ("5")`, `a number (3)`, `absent`.
    pub(super) fn described(&self) -> String {
        match self {
            Datum::Absent => "absent".into(),
            other => format!("{} ({})", other.kind().noun(), shown(&other.to_value())),
        }
    }
}

/// Whether two values of JSON are equal; numbers by value, whatever their type.
fn same(a: &Value, b: &Value) -> bool {
    Datum::borrowed(a)
        .equals(&Datum::borrowed(b))
        .unwrap_or(false)
}

impl Kind {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Kind::Absent => "absent",
            Kind::Bool => "a boolean",
            Kind::Number => "a number",
            Kind::Text => "text",
            Kind::List => "a list",
            Kind::Object => "an object",
        }
    }
}
