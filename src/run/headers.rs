use std::fmt::Display;

use http::{HeaderMap, HeaderName, HeaderValue};
use serde::{Serialize, Serializer};

use super::{BytesJson, Value, json_bytes};

/// Headers as JSON: in pairs, since a name may come more than once. Written as they stand, without
/// a value in between.
pub struct HeadersJson<'a>(pub &'a HeaderMap);

impl Serialize for HeadersJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs = self.0.iter();
        serializer
            .collect_seq(pairs.map(|(name, value)| (name.as_str(), BytesJson(value.as_bytes()))))
    }
}

/// Headers as [`HeadersJson`] writes them.
pub fn headers_json(headers: &HeaderMap) -> Value {
    // Lists of texts, and of maps of them, are values.
    serde_json::to_value(HeadersJson(headers)).unwrap_or_default()
}

/// The headers that [`headers_json`] wrote.
///
/// # Errors
/// It wrote none like these; the sentence says so.
pub fn json_headers(value: &Value) -> Result<HeaderMap, String> {
    let pairs = match value {
        // Where none are told, there are none.
        Value::Null => &[],
        value => value
            .as_array()
            .ok_or("the headers are no list")?
            .as_slice(),
    };
    let mut headers = HeaderMap::with_capacity(pairs.len());
    for pair in pairs {
        let name = pair[0].as_str().ok_or("a header has no name")?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(amiss("name"))?;
        let value = HeaderValue::from_bytes(&json_bytes(&pair[1])?).map_err(amiss("value"))?;
        headers.append(name, value);
    }
    Ok(headers)
}

fn amiss<E: Display>(what: &str) -> impl Fn(E) -> String {
    move |error| format!("a header's {what} cannot be read: {error}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn headers_lead_back_to_themselves() {
        let written = json!([["a", "1"], ["a", { "base16": "ff" }], ["b", "2"]]);
        let headers = json_headers(&written).unwrap();
        assert_eq!(headers.get_all("a").iter().count(), 2);
        assert_eq!(headers_json(&headers), written);
    }

    #[test]
    fn what_are_no_headers_is_refused() {
        for (senseless, why) in [
            (json!("a"), "the headers are no list"),
            (json!([[1, "x"]]), "a header has no name"),
            (
                json!([["a b", "x"]]),
                "a header's name cannot be read: invalid HTTP header name",
            ),
            (
                json!([["a", "\n"]]),
                "a header's value cannot be read: failed to parse header value",
            ),
        ] {
            assert_eq!(json_headers(&senseless), Err(why.to_owned()));
        }
    }
}
