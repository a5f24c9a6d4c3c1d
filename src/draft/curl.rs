use std::fmt::Write;

use http::header;

use super::lines::SKIPPED_HEADERS;
use crate::{observe::Capture, run::Curl};

/// A command for a shell that sends a captured request again, to the server at `origin`. What curl
/// works out by itself, and what concerns a connection alone, is not in it.
pub fn curl(capture: &Capture, origin: &str) -> String {
    let body = &*capture.body;
    let mut curl = Curl::new(capture.method.as_str(), !body.is_empty());
    for (name, value) in &capture.headers {
        if SKIPPED_HEADERS.contains(&name.as_str()) {
            continue;
        }
        let value = String::from_utf8_lossy(value.as_bytes());
        // That is how curl is told to send an empty one.
        let header = match &*value {
            "" => format!("{name};"),
            value => format!("{name}: {value}"),
        };
        curl.add("-H", &header);
    }
    if !body.is_empty() {
        let has_type = capture
            .headers
            .iter()
            .any(|(name, _)| *name == header::CONTENT_TYPE);
        if !has_type {
            // Else curl calls it a form.
            curl.add("-H", "Content-Type:");
        }
    }
    let mut printed = String::new();
    match std::str::from_utf8(body) {
        Ok("") => {}
        Ok(text) if !text.contains('\0') => curl.add("--data-raw", text),
        _ => {
            curl.add("--data-binary", "@-");
            printed = format!("printf '{}' | ", octal(body));
        }
    }
    printed + &curl.to(&format!("{origin}{}", capture.target))
}

/// Bytes that no argument can hold, as `printf` takes them.
fn octal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "\\{byte:03o}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use bytes::Bytes;
    use http::{HeaderName, HeaderValue, Method};

    use super::*;
    use crate::run::{Peer, Request};

    fn send(
        method: Method,
        target: &str,
        headers: &[(&'static str, &'static str)],
        body: &[u8],
    ) -> String {
        let headers = headers.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        let capture = Capture::new(&Request {
            method,
            uri: target.parse().unwrap(),
            headers: headers.collect(),
            body: Bytes::copy_from_slice(body),
            peer: Peer::Unix,
            received: UNIX_EPOCH,
        });
        curl(&capture, "https://x.example")
    }

    fn line(method: Method, headers: &[(&'static str, &'static str)], body: &[u8]) -> String {
        send(method, "/p/1?a=b", headers, body)
    }

    #[test]
    fn the_request_is_sent_as_it_came_without_what_concerns_the_connection() {
        let headers = [
            ("host", "y"),
            ("content-length", "8"),
            ("connection", "close"),
            ("content-type", "application/json"),
            ("x-empty", ""),
        ];
        assert_eq!(
            line(Method::POST, &headers, b"{\"a\":\n1}"),
            "curl -i -H 'content-type: application/json' -H 'x-empty;' \
             --data-raw '{\"a\":\n1}' 'https://x.example/p/1?a=b'"
        );
    }

    #[test]
    fn the_method_is_told_where_curl_would_choose_another() {
        assert_eq!(
            line(Method::POST, &[], b""),
            "curl -i -X POST 'https://x.example/p/1?a=b'"
        );
        assert_eq!(
            line(Method::PUT, &[("content-type", "text/plain")], b"@file"),
            "curl -i -X PUT -H 'content-type: text/plain' --data-raw '@file' 'https://x.example/p/1?a=b'"
        );
    }

    #[test]
    fn a_body_that_no_argument_can_hold_is_printed_into_curl() {
        assert_eq!(
            line(Method::POST, &[], b"\0\xff'"),
            "printf '\\000\\377\\047' | curl -i -H Content-Type: --data-binary '@-' \
             'https://x.example/p/1?a=b'"
        );
    }

    #[test]
    fn what_is_redacted_in_the_url_is_no_pattern() {
        assert_eq!(
            send(Method::GET, "/p?token=abc", &[], b""),
            "curl -i -X GET -g 'https://x.example/p?token=[redacted]'"
        );
    }
}
