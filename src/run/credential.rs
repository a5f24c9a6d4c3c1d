//! By what names a request's credentials are known, whoever keeps or passes it on.

use std::borrow::Cow;

use http::HeaderMap;

use super::{Request, Veil};

/// What stands in the place of a secret of which nothing is told, not even whether it is the same
/// as another.
pub const REDACTED: &str = "[redacted]";

/// A credential that is shorter may stand in any text by chance, in bytes.
pub const TELLING: usize = 8;

/// Whether a header's value is nobody's business; the name is in lower case.
pub fn is_secret_header(name: &str) -> bool {
    const WHOLE: [&str; 4] = [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
    ];
    const PARTS: [&str; 5] = ["token", "secret", "signature", "api-key", "apikey"];
    WHOLE.contains(&name) || PARTS.iter().any(|part| name.contains(part))
}

/// Whether a query parameter's value is nobody's business; the name is as it is written there.
pub fn is_secret_parameter(name: &str) -> bool {
    const WORDS: [&str; 3] = ["key", "sig", "apikey"];
    let name = from_url(name);
    is_secret_member(&name)
        || name
            .to_ascii_lowercase()
            .split(|c: char| !c.is_ascii_alphanumeric())
            .any(|word| WORDS.contains(&word))
}

/// Whether a member of a body is nobody's business: `key` is too common a name there.
pub fn is_secret_member(name: &str) -> bool {
    const PARTS: [&str; 4] = ["token", "secret", "signature", "password"];
    let name = name.to_ascii_lowercase();
    PARTS.iter().any(|part| name.contains(part))
}

/// What a request proves itself with: the values of its headers and query parameters that are
/// nobody's business, as they are written, and decoded.
pub fn credentials(request: &Request) -> Vec<String> {
    let mut found: Vec<_> = secret_headers(&request.headers).collect();
    let query = request.uri.query().unwrap_or_default();
    for (name, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
        if !value.is_empty() && is_secret_parameter(name) {
            found.push(value.to_owned());
            found.push(from_url(value));
        }
    }
    found
}

/// The values of headers that are nobody's business.
pub fn secret_headers(headers: &HeaderMap) -> impl Iterator<Item = String> {
    let values = headers
        .iter()
        .filter(|(name, value)| is_secret_header(name.as_str()) && !value.is_empty());
    values.map(|(_, value)| String::from_utf8_lossy(value.as_bytes()).into_owned())
}

/// A text that is told of a request, without what the request proves itself with.
pub fn without_credentials<'t>(request: &Request, text: &'t str) -> Cow<'t, str> {
    let found = credentials(request);
    if found.is_empty() {
        return text.into();
    }
    if found.iter().any(|value| *value == text) {
        return REDACTED.into();
    }
    let mut veil = Veil::new(REDACTED);
    for value in found.iter().filter(|value| value.len() >= TELLING) {
        veil.hide(value);
    }
    veil.over(text)
}

/// A text of a query, decoded as far as it can be.
pub fn from_url(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        rest = behind;
        let encoded = behind
            .get(..2)
            .filter(|_| *first == b'%')
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (first, encoded) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = &behind[2..];
            }
            (b'+', None) => bytes.push(b' '),
            (byte, None) => bytes.push(*byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use bytes::Bytes;
    use http::{HeaderMap, Method};

    use super::*;
    use crate::run::Peer;

    #[test]
    fn a_text_is_told_without_what_a_request_proves_itself_with() {
        let mut headers = HeaderMap::new();
        headers.insert("x-api-key", "apik3yvalue".parse().unwrap());
        headers.insert("x-token", "short".parse().unwrap());
        headers.insert("x-note", "a note of some length".parse().unwrap());
        let request = Request {
            method: Method::POST,
            uri: "/a?sig=long+enough&page=12345678".parse().unwrap(),
            headers,
            body: Bytes::new(),
            peer: Peer::Unix,
            received: UNIX_EPOCH,
        };
        for (text, told) in [
            ("by apik3yvalue!", "by [redacted]!"),
            ("long+enough, long enough", "[redacted], [redacted]"),
            // What is short may stand there by chance.
            ("a short one", "a short one"),
            ("short", "[redacted]"),
            (
                "a note of some length, 12345678",
                "a note of some length, 12345678",
            ),
        ] {
            assert_eq!(without_credentials(&request, text), told);
        }
    }
}
