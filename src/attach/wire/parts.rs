//! What messages are read by: a part that is not there, or is something else, is nothing.

use crate::run::Value;

pub(super) fn members(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

pub(super) fn texts(list: &Value) -> Vec<String> {
    members(list).map(text).collect()
}

pub(super) fn optional(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

pub(super) fn id(value: &Value) -> Option<u32> {
    u32::try_from(value.as_u64()?).ok()
}

pub(super) fn ids(list: &Value) -> Vec<u32> {
    members(list).filter_map(id).collect()
}
