use super::Value;

/// About how many bytes of memory a value holds on to, beside its own few.
pub fn value_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items
            .iter()
            .map(|item| size_of::<Value>() + value_bytes(item))
            .sum(),
        Value::Object(fields) => fields
            .iter()
            .map(|(key, value)| 64 + key.len() + value_bytes(value))
            .sum(),
        _ => 0,
    }
}
