//! Values of minijinja as JSON and back, within limits.
//!
//! A value of minijinja may be lazy, or hold one list many times: how large it is shows only when
//! it is walked, so the walk itself counts and stops.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use minijinja::value::{Enumerator, Object, ObjectRepr, ValueKind};
use minijinja::{Error, ErrorKind, State, Value as JinjaValue};
use serde_json::{Map as JsonMap, Value};

use super::super::limits::{MAX_NESTING, MAX_OUTPUT};

/// How many bytes of text cost as much fuel as an item.
const BYTES_PER_FUEL: usize = 64;

pub(super) fn invalid(message: String) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

pub(super) fn too_long() -> Error {
    Error::from(ErrorKind::WriteFailure)
}

/// The value as JSON.
///
/// # Errors
/// Where JSON cannot hold it, it is over [`MAX_OUTPUT`], or the fuel does not last.
pub(super) fn from_jinja(state: &State<'_, '_>, value: &JinjaValue) -> Result<Value, Error> {
    let mut walk = Walk::new(state);
    walk.json(value, 0)
}

/// Pays for a look at all of a value.
///
/// # Errors
/// As [`from_jinja`].
pub(super) fn weigh(state: &State<'_, '_>, value: &JinjaValue) -> Result<(), Error> {
    let mut walk = Walk::new(state);
    walk.weight(value, 0)
}

/// Pays for a look at all of a text, or at none of another value.
///
/// # Errors
/// Where the fuel does not last.
pub(super) fn measure(state: &State<'_, '_>, value: &JinjaValue) -> Result<(), Error> {
    let bytes = value.as_str().map_or(0, str::len);
    state.consume_fuel((bytes / BYTES_PER_FUEL) as u64)
}

/// A walk over a value that counts what it passes.
struct Walk<'w, 's, 'e> {
    state: &'w State<'s, 'e>,
    /// The bytes it may still pass.
    left: usize,
}

impl<'w, 's, 'e> Walk<'w, 's, 'e> {
    fn new(state: &'w State<'s, 'e>) -> Walk<'w, 's, 'e> {
        Walk {
            state,
            left: MAX_OUTPUT,
        }
    }

    /// Passes `bytes` at a depth.
    fn pass(&mut self, bytes: usize, depth: usize) -> Result<(), Error> {
        self.left = self.left.checked_sub(bytes).ok_or_else(too_long)?;
        if depth > MAX_NESTING {
            return Err(invalid("a value that nests too deep".to_owned()));
        }
        self.state.consume_fuel(1 + (bytes / BYTES_PER_FUEL) as u64)
    }

    fn json(&mut self, value: &JinjaValue, depth: usize) -> Result<Value, Error> {
        // quotes, brackets and commas do not count: whatever comes takes a byte or more
        self.pass(value.as_str().map_or(1, str::len), depth)?;
        Ok(match value.kind() {
            ValueKind::Undefined | ValueKind::None => Value::Null,
            ValueKind::Bool => Value::Bool(value.is_true()),
            ValueKind::Number => number(value)?,
            ValueKind::String => Value::from(value.as_str().unwrap_or_default()),
            ValueKind::Seq | ValueKind::Iterable => {
                let mut items = Vec::new();
                for item in value.try_iter()? {
                    items.push(self.json(&item, depth + 1)?);
                }
                Value::Array(items)
            }
            ValueKind::Map => {
                let mut members = JsonMap::new();
                for key in value.try_iter()? {
                    let name = match key.kind() {
                        ValueKind::String => key.as_str().unwrap_or_default().to_owned(),
                        ValueKind::Bool => key.is_true().to_string(),
                        ValueKind::Number => number(&key)?.to_string(),
                        _ => return Err(unholdable()),
                    };
                    self.pass(name.len(), depth)?;
                    let member = self.json(&value.get_item(&key)?, depth + 1)?;
                    members.insert(name, member);
                }
                Value::Object(members)
            }
            _ => return Err(unholdable()),
        })
    }

    fn weight(&mut self, value: &JinjaValue, depth: usize) -> Result<(), Error> {
        self.pass(value.as_str().map_or(1, str::len), depth)?;
        match value.kind() {
            ValueKind::Seq | ValueKind::Iterable => {
                for item in value.try_iter()? {
                    self.weight(&item, depth + 1)?;
                }
            }
            ValueKind::Map => {
                for key in value.try_iter()? {
                    self.weight(&key, depth + 1)?;
                    self.weight(&value.get_item(&key)?, depth + 1)?;
                }
            }
            ValueKind::Invalid => return Err(unholdable()),
            _ => {}
        }
        Ok(())
    }
}

fn unholdable() -> Error {
    invalid("a value that JSON cannot hold".to_owned())
}

fn number(value: &JinjaValue) -> Result<Value, Error> {
    let number = if value.is_integer() {
        let signed = i64::try_from(value.clone()).map(Value::from);
        signed
            .or_else(|_| u64::try_from(value.clone()).map(Value::from))
            .ok()
    } else {
        let float = f64::try_from(value.clone()).ok();
        float
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number)
    };
    number.ok_or_else(|| invalid("a calculation gives a number that is too large".to_owned()))
}

/// Null becomes undefined: to a template both are absent.
pub(super) fn to_jinja(value: &Value) -> JinjaValue {
    match value {
        Value::Null => JinjaValue::UNDEFINED,
        Value::Bool(value) => JinjaValue::from(*value),
        Value::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => JinjaValue::from(integer),
            (None, Some(integer)) => JinjaValue::from(integer),
            (None, None) => number
                .as_f64()
                .map_or(JinjaValue::UNDEFINED, JinjaValue::from),
        },
        Value::String(text) => JinjaValue::from(text.as_str()),
        Value::Array(items) => JinjaValue::from_object(List(items.iter().map(to_jinja).collect())),
        Value::Object(members) => JinjaValue::from_object(Map(members
            .iter()
            .map(|(key, value)| (key.clone(), to_jinja(value)))
            .collect())),
    }
}

/// A list of JSON: minijinja's own would show itself in the manner of Python.
#[derive(Debug)]
struct List(Vec<JinjaValue>);

impl Object for List {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }

    fn get_value(self: &Arc<Self>, key: &JinjaValue) -> Option<JinjaValue> {
        self.0.get(key.as_usize()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}

/// An object of JSON.
#[derive(Debug)]
pub(super) struct Map(pub(super) BTreeMap<String, JinjaValue>);

impl Object for Map {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Map
    }

    fn get_value(self: &Arc<Self>, key: &JinjaValue) -> Option<JinjaValue> {
        self.0.get(key.as_str()?).cloned()
    }

    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Values(
            self.0
                .keys()
                .map(|key| JinjaValue::from(key.as_str()))
                .collect(),
        )
    }

    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(&self.0).map_err(|_| fmt::Error)?)
    }
}
