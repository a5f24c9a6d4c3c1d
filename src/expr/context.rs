//! What a running flow knows.

use std::borrow::Cow;

use serde_json::Value;

use super::Root;

/// One step into a document.
#[derive(Clone, PartialEq, Eq, Debug, Hash)]
pub enum Segment {
    /// The member of an object.
    Key(Box<str>),
    /// The item of a list; a negative index counts from the end.
    Index(i64),
}

/// What a running flow knows; the engine implements it.
pub trait Context {
    /// The value at `path` under `root`. `None` and JSON null are both absent.
    fn lookup<'a>(&'a self, root: Root, path: &[Segment]) -> Option<Cow<'a, Value>>;

    /// The time as text after RFC 3339, for `now()`; `None` where there is no clock.
    fn now(&self) -> Option<String>;
}

/// Follows `path` into `value`. Null is absent, and so is anything beyond it.
pub fn walk<'v>(value: &'v Value, path: &[Segment]) -> Option<&'v Value> {
    let mut here = value;
    for segment in path {
        here = step(here, segment)?;
    }
    (!here.is_null()).then_some(here)
}

fn step<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match (value, segment) {
        (Value::Object(members), Segment::Key(key)) => members.get(key.as_ref()),
        (Value::Array(items), Segment::Index(index)) => items.get(position(*index, items.len())?),
        _ => None,
    }
}

/// The place of `index` in a list of `length` items; a negative index counts from the end.
pub(super) fn position(index: i64, length: usize) -> Option<usize> {
    if index < 0 {
        length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
    } else {
        usize::try_from(index).ok()
    }
}
