//! Values as text.

use std::fmt::{self, Write};

use serde_json::Value;

use super::limits::MAX_SHOWN;

/// Writes `value` as the text a template shows: scalars as JSON has them (`true`, `3`, `1.5`),
/// strings bare, null as nothing, lists and objects as compact JSON.
pub fn write_text(value: &Value, out: &mut String) {
    // writing to a String cannot fail
    let _ = text_to(value, out);
}

/// [`write_text`] to anything that takes text.
pub(super) fn text_to(value: &Value, out: &mut impl Write) -> fmt::Result {
    match value {
        Value::Null => Ok(()),
        Value::Bool(true) => out.write_str("true"),
        Value::Bool(false) => out.write_str("false"),
        Value::Number(number) => write!(out, "{number}"),
        Value::String(text) => out.write_str(text),
        // Value displays as compact JSON
        Value::Array(_) | Value::Object(_) => write!(out, "{value}"),
    }
}

/// `value` as JSON, cut to what a message can show.
pub(super) fn shown(value: &Value) -> String {
    let mut out = Bounded {
        text: String::new(),
        left: MAX_SHOWN,
    };
    if write!(out, "{value}").is_err() {
        out.text.push('…');
    }
    out.text
}

/// Takes so many characters and then fails, so that a huge value costs no more than a small one.
struct Bounded {
    text: String,
    left: usize,
}

impl Write for Bounded {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            if self.left == 0 {
                return Err(fmt::Error);
            }
            self.left -= 1;
            self.text.push(character);
        }
        Ok(())
    }
}
