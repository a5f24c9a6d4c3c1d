use std::fmt::Write;

use serde::{Serialize, Serializer};

use super::Value;

/// Bytes as JSON: text as a string, so that it can be read; anything else as
/// `{"base16": "00ff"}`. Written as it stands, without a value in between.
pub struct BytesJson<'a>(pub &'a [u8]);

impl Serialize for BytesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match std::str::from_utf8(self.0) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => {
                let mut digits = String::with_capacity(2 * self.0.len());
                for byte in self.0 {
                    let _ = write!(digits, "{byte:02x}");
                }
                serializer.collect_map([("base16", digits)])
            }
        }
    }
}

/// Bytes as [`BytesJson`] writes them.
pub fn bytes_json(bytes: &[u8]) -> Value {
    // Texts, and maps of them, are values.
    serde_json::to_value(BytesJson(bytes)).unwrap_or_default()
}

/// The bytes that [`bytes_json`] wrote.
///
/// # Errors
/// It wrote none like this; the sentence says so.
pub fn json_bytes(value: &Value) -> Result<Vec<u8>, String> {
    if let Some(text) = value.as_str() {
        return Ok(text.as_bytes().to_vec());
    }
    value["base16"]
        .as_str()
        .filter(|digits| digits.is_ascii() && digits.len() % 2 == 0)
        .and_then(|digits| {
            let pairs = (0..digits.len()).step_by(2);
            pairs
                .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).ok())
                .collect()
        })
        .ok_or_else(|| "bytes are neither text nor base16".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bytes_that_are_no_text_are_written_in_base16() {
        assert_eq!(bytes_json(&[0, 255]), json!({ "base16": "00ff" }));
        assert_eq!(bytes_json("ü".as_bytes()), json!("ü"));
        assert_eq!(json_bytes(&json!({ "base16": "00ff" })), Ok(vec![0, 255]));
        for senseless in [
            json!({ "base16": "0" }),
            json!({ "base16": "0g" }),
            json!(1),
        ] {
            assert_eq!(
                json_bytes(&senseless),
                Err("bytes are neither text nor base16".to_owned())
            );
        }
    }
}
