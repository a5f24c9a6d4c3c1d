use http::{HeaderName, HeaderValue};

/// What a header came to.
///
/// # Errors
/// A sentence without the value: no header may have it (RFC 9110, 5.5: no CR, LF or NUL).
pub(super) fn header_value(name: &HeaderName, text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|_| {
        format!(
            "the header {name} came to a value with control characters, which no header may have"
        )
    })
}
