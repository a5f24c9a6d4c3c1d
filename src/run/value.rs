use super::Value;

/// About how many bytes of memory a value holds on to, beside its own few.
pub fn value_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(items) => items
            .iter()
            .map(|item| size_of::<Value>() + value_bytes(item))
            .sum(),
        // A B-tree has its first node once it has anything, with room for eleven.
        Value::Object(fields) if fields.is_empty() => 0,
        Value::Object(fields) => fields.iter().fold(560, |bytes, (key, value)| {
            bytes + 80 + key.len() + value_bytes(value)
        }),
        _ => 0,
    }
}
