use serde_json::Number;

use crate::{expr::is_exact, model::Kind, run::Value};

/// Gives a value the type that `type=` declares.
///
/// # Errors
/// The rest of a sentence that begins with the value's place: `must be a number, it is text`.
pub(super) fn coerce(kind: Kind, value: Value) -> Result<Value, String> {
    match kind {
        Kind::String => match value {
            Value::String(_) => Ok(value),
            Value::Number(number) if is_blurred(&number) => {
                Err(format!("must be text, it is a number {BLURRED}"))
            }
            Value::Bool(_) | Value::Number(_) => Ok(Value::String(value.to_string())),
            other => Err(mismatch("text", &other)),
        },
        Kind::Number => number(value, "a number").map(Value::Number),
        Kind::Integer => {
            let number = number(value, "a whole number")?;
            whole(&number).map(Value::Number)
        }
        Kind::Bool => match value {
            Value::Bool(_) => Ok(value),
            Value::String(text) if text == "true" => Ok(Value::Bool(true)),
            Value::String(text) if text == "false" => Ok(Value::Bool(false)),
            other => Err(mismatch("true or false", &other)),
        },
        Kind::List => Ok(match value {
            Value::Array(_) => value,
            single => Value::Array(vec![single]),
        }),
        Kind::Json => match value {
            // As deep as a body may nest, no deeper: the parser sees to it.
            Value::String(text) => {
                serde_json::from_str(&text).map_err(|error| format!("must be JSON text: {error}"))
            }
            other => Ok(other),
        },
    }
}

/// A number, or text that JSON would read as one: no white space, no `+`, no leading zeros.
fn number(value: Value, wanted: &str) -> Result<Number, String> {
    match value {
        Value::Number(number) => Ok(number),
        Value::String(text) => Some(&text)
            .filter(|text| !text.starts_with(char::is_whitespace))
            .filter(|text| !text.ends_with(char::is_whitespace))
            .and_then(|text| serde_json::from_str(text).ok())
            .ok_or_else(|| mismatch(wanted, &Value::String(text))),
        other => Err(mismatch(wanted, &other)),
    }
}

/// `5.0` and `1e2` are whole, and become `5` and `100`.
fn whole(number: &Number) -> Result<Number, String> {
    if !number.is_f64() {
        return Ok(number.clone());
    }
    let float = number.as_f64().unwrap_or(f64::NAN);
    if float.fract() != 0.0 {
        return Err("must be a whole number, it has a fraction".to_owned());
    }
    if is_blurred(number) {
        return Err(format!("must be a whole number, it is one {BLURRED}"));
    }
    Ok(Number::from(float as i64))
}

/// What a number is that is not kept to the digit.
const BLURRED: &str = "too large to be kept to the digit";

/// Whether other whole numbers would have been read as the same.
fn is_blurred(number: &Number) -> bool {
    number.is_f64() && !number.as_f64().is_some_and(is_exact)
}

fn mismatch(wanted: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "null",
        Value::Bool(true) => "true",
        Value::Bool(false) => "false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    format!("must be {wanted}, it is {found}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_take_the_declared_type_where_nothing_is_lost() {
        for (kind, value, expected) in [
            (Kind::String, json!("a"), json!("a")),
            (Kind::String, json!(5), json!("5")),
            (Kind::String, json!(5.5), json!("5.5")),
            (Kind::String, json!(true), json!("true")),
            (Kind::Number, json!(5.5), json!(5.5)),
            (Kind::Number, json!("-5.5e1"), json!(-55.0)),
            (Kind::Integer, json!("5"), json!(5)),
            (Kind::Integer, json!(5.0), json!(5)),
            (Kind::Integer, json!("-1e2"), json!(-100)),
            (Kind::Integer, json!(u64::MAX), json!(u64::MAX)),
            (Kind::Integer, json!(-0.0), json!(0)),
            (Kind::Bool, json!(false), json!(false)),
            (Kind::Bool, json!("true"), json!(true)),
            (Kind::List, json!(1), json!([1])),
            (Kind::List, json!([1]), json!([1])),
            (Kind::Json, json!("{\"a\":[1]}"), json!({"a": [1]})),
            (Kind::Json, json!({"a": 1}), json!({"a": 1})),
        ] {
            assert_eq!(
                coerce(kind, value.clone()),
                Ok(expected),
                "{kind:?} {value}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_told() {
        for (kind, value, message) in [
            (Kind::String, json!({}), "must be text, it is an object"),
            (Kind::String, json!([1]), "must be text, it is a list"),
            (Kind::Number, json!("x"), "must be a number, it is text"),
            (Kind::Number, json!(""), "must be a number, it is text"),
            (Kind::Number, json!(" 5"), "must be a number, it is text"),
            (Kind::Number, json!("5\n"), "must be a number, it is text"),
            (Kind::Number, json!("1e999"), "must be a number, it is text"),
            (Kind::Number, json!("NaN"), "must be a number, it is text"),
            (Kind::Number, json!("0x10"), "must be a number, it is text"),
            (Kind::Number, json!("05"), "must be a number, it is text"),
            (Kind::Number, json!(true), "must be a number, it is true"),
            (
                Kind::Integer,
                json!([5]),
                "must be a whole number, it is a list",
            ),
            (
                Kind::Integer,
                json!(5.5),
                "must be a whole number, it has a fraction",
            ),
            (
                Kind::Integer,
                json!("18446744073709551616"),
                "must be a whole number, it is one too large to be kept to the digit",
            ),
            (
                Kind::Integer,
                json!("9007199254740993.0"),
                "must be a whole number, it is one too large to be kept to the digit",
            ),
            (
                Kind::String,
                json!(12345678901234567890123_f64),
                "must be text, it is a number too large to be kept to the digit",
            ),
            (
                Kind::Bool,
                json!("TRUE"),
                "must be true or false, it is text",
            ),
            (
                Kind::Bool,
                json!(1),
                "must be true or false, it is a number",
            ),
        ] {
            assert_eq!(
                coerce(kind, value.clone()),
                Err(message.to_owned()),
                "{kind:?} {value}"
            );
        }
        assert!(coerce(Kind::Json, json!("{")).is_err());
        assert!(coerce(Kind::Json, json!("[".repeat(200))).is_err());
    }
}
