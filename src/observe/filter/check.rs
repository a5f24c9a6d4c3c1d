use std::{borrow::Cow, time::Duration};

use super::{comparison::Comparison, kind::Kind, pattern::Pattern, status::Digits};
use crate::{
    observe::{Entry, Moment},
    run::{Value, value_bytes},
};

/// Values that are larger are not looked into: a list of a thousand runs is searched for each
/// letter that is typed.
const SEARCHED: usize = 64 << 10;

/// One thing that holds for a run or does not.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Check {
    /// A text is there.
    Text(Place, Pattern),
    /// A number stands so to another.
    Number(Place, Comparison, f64),
    /// The status looks so.
    Status(Digits),
    /// The status stands so to another.
    StatusOrder(Comparison, u16),
    /// It took so long.
    Took(Comparison, Duration),
    /// It came within that time.
    Since(Duration),
    /// It stands so.
    Is(Kind),
}

/// Where a text is looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Place {
    Anywhere,
    Flow,
    Branch,
    Variable(String),
    Header(String),
    Method,
    Path,
    Id,
}

impl Check {
    pub(super) fn holds(&self, entry: &Entry, now: Moment) -> bool {
        match self {
            Self::Text(place, pattern) => place.any(entry, |text| match place {
                Place::Anywhere => pattern.holds_lower(text),
                _ => pattern.holds(text),
            }),
            Self::Number(place, comparison, number) => place.any(entry, |text| {
                text.trim()
                    .parse::<f64>()
                    .ok()
                    .and_then(|value| value.partial_cmp(number))
                    .is_some_and(|order| comparison.holds(order))
            }),
            Self::Status(digits) => entry.status.is_some_and(|status| digits.holds(status)),
            Self::StatusOrder(comparison, other) => entry
                .status
                .is_some_and(|status| comparison.holds(status.cmp(other))),
            Self::Took(comparison, other) => entry
                .took
                .is_some_and(|took| comparison.holds(took.cmp(other))),
            Self::Since(time) => now.since(entry.at) <= *time,
            Self::Is(kind) => kind.holds(entry.stage),
        }
    }
}

impl Place {
    /// Whether something holds for a text that is there.
    fn any(&self, entry: &Entry, holds: impl Fn(&str) -> bool) -> bool {
        let record = entry.record.as_deref();
        match self {
            Self::Anywhere => holds(&entry.haystack),
            Self::Flow => holds(&entry.flow),
            Self::Method => holds(&entry.method),
            Self::Path => holds(&entry.path),
            Self::Id => holds(&entry.id.to_string()),
            Self::Branch => record.is_some_and(|record| {
                let shape = record.flow.as_deref();
                shape.is_some_and(|shape| {
                    let mut branches = shape.branches(&record.taken);
                    branches.any(|(_, arm)| arm.is_some_and(|arm| holds(&arm.title)))
                })
            }),
            Self::Variable(name) => record.is_some_and(|record| {
                record
                    .flow
                    .iter()
                    .flat_map(|shape| &shape.variables)
                    .zip(&record.variables)
                    .filter(|(variable, _)| variable.name == *name)
                    .filter_map(|(_, value)| value.as_ref().and_then(text))
                    .any(|text| holds(&text))
            }),
            Self::Header(name) => record.is_some_and(|record| {
                record
                    .request
                    .headers
                    .get_all(name)
                    .iter()
                    .any(|value| holds(&String::from_utf8_lossy(value.as_bytes())))
            }),
        }
    }
}

/// A value as conditions and templates show it: a string as it is, anything else as JSON.
fn text(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::String(text) => (text.len() <= SEARCHED).then_some(Cow::Borrowed(text)),
        value => (value_bytes(value) <= SEARCHED).then(|| Cow::Owned(value.to_string())),
    }
}
