use crate::{
    observe::{REDACTED, TRUNCATED},
    run::Value,
};

/// Whether something of it was not kept.
pub fn is_obscure(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains(REDACTED),
        Value::Array(items) => items.iter().any(is_obscure),
        Value::Object(members) => {
            let is_cut = members.get(TRUNCATED).is_some_and(Value::is_string);
            is_cut
                || members
                    .iter()
                    .any(|(name, value)| name.contains(REDACTED) || is_obscure(value))
        }
        _ => false,
    }
}
