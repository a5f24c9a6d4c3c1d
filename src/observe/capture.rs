use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, header};

use super::{
    Marks, REDACTED, Redactor,
    redact::{Taken, redacted_query},
    untagged,
};
use crate::run::{Request, RunRecord, Value, is_secret_header, is_secret_member};

/// Tags are for those who look at a server; what leaves it has nothing that they could be compared
/// with.
const MARKS: Marks = Marks::Plain;

/// A request as it may leave the server again: what [`Redactor`] would redact in headers and query
/// is not in it, nor are members of the body that are named like a credential.
#[derive(Clone, Debug)]
pub struct Capture {
    /// The method.
    pub method: Method,
    /// The path and the query, in which secret values are redacted.
    pub target: String,
    /// The headers that are no credentials, in their order.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body. It is what was sent to the byte where nothing in it is secret.
    pub body: Bytes,
    /// The headers that are left out.
    pub withheld: Vec<HeaderName>,
    /// Whether anything in target or body is redacted.
    pub redacted: bool,
    known: Redactor,
}

impl Capture {
    /// Takes what is secret out of a request.
    pub fn new(request: &Request) -> Self {
        let mut taken = Vec::new();
        let mut withheld: Vec<HeaderName> = Vec::new();
        let mut headers = Vec::new();
        for (name, value) in &request.headers {
            if !is_secret_header(name.as_str()) {
                headers.push((name.clone(), value.clone()));
                continue;
            }
            taken.push(Taken::new(
                String::from_utf8_lossy(value.as_bytes()),
                &MARKS,
            ));
            if !withheld.contains(name) {
                withheld.push(name.clone());
            }
        }
        let uri = &request.uri;
        let mut target = match uri.query() {
            Some(query) => format!(
                "{}?{}",
                uri.path(),
                redacted_query(query, &MARKS, &mut taken)
            ),
            None => uri.path().to_owned(),
        };
        let mut body = without_members(request, &mut taken);
        // What was a credential in one place is one in the others, too.
        let mut known = Redactor::new([], MARKS);
        for taken in taken.iter().filter(|taken| taken.is_telling()) {
            known.know(taken);
        }
        redact(&known, &mut target);
        headers.retain_mut(|(_, value)| {
            let Ok(before) = std::str::from_utf8(value.as_bytes()) else {
                return true;
            };
            let mut text = before.to_owned();
            redact(&known, &mut text);
            HeaderValue::try_from(text).is_ok_and(|after| {
                *value = after;
                true
            })
        });
        if let Ok(before) = std::str::from_utf8(&body) {
            let mut text = before.to_owned();
            redact(&known, &mut text);
            if text != before {
                body = text.into();
            }
        }
        Self {
            method: request.method.clone(),
            redacted: body != request.body || uri.path_and_query().is_none_or(|at| *at != *target),
            target,
            headers,
            body,
            withheld,
            known,
        }
    }

    /// The record of the run that this request began, as it may leave the server.
    pub fn record(&self, record: &RunRecord) -> Value {
        let mut record = record.clone();
        record.request.body = self.body.clone();
        self.known.record(&record)
    }

    /// Another text, without what is a credential in this request.
    pub fn redacted_text(&self, text: &str) -> String {
        let mut text = text.to_owned();
        redact(&self.known, &mut text);
        text
    }
}

fn redact(known: &Redactor, text: &mut String) {
    known.whole_text(text);
    if let Cow::Owned(plain) = untagged(text) {
        *text = plain;
    }
}

/// The body without the values of members and fields that are named like credentials.
fn without_members(request: &Request, taken: &mut Vec<Taken>) -> Bytes {
    let is_form = request
        .headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| {
            kind.as_bytes()
                .starts_with(b"application/x-www-form-urlencoded")
        });
    if is_form {
        return match std::str::from_utf8(&request.body) {
            Ok(form) => redacted_query(form, &MARKS, taken).into(),
            Err(_) => request.body.clone(),
        };
    }
    let Ok(mut document) = serde_json::from_slice::<Value>(&request.body) else {
        return request.body.clone();
    };
    if redact_members(&mut document, taken) {
        document.to_string().into()
    } else {
        request.body.clone()
    }
}

/// Whether there was anything to redact.
fn redact_members(value: &mut Value, taken: &mut Vec<Taken>) -> bool {
    let mut any = false;
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                match member {
                    Value::String(text) if is_secret_member(name) && !text.is_empty() => {
                        let secret = std::mem::replace(text, REDACTED.to_owned());
                        taken.push(Taken::new(secret, &MARKS));
                        any = true;
                    }
                    member => any |= redact_members(member, taken),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                any |= redact_members(item, taken);
            }
        }
        _ => {}
    }
    any
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::HeaderMap;

    use super::*;
    use crate::run::Peer;

    fn capture(target: &str, headers: &[(&'static str, &'static str)], body: &str) -> Capture {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            })
            .collect();
        Capture::new(&Request {
            method: Method::POST,
            uri: target.parse().unwrap(),
            headers,
            body: body.to_owned().into(),
            peer: Peer::Unix,
            received: UNIX_EPOCH,
        })
    }

    #[test]
    fn what_is_not_secret_stays_as_it_was_sent() {
        let capture = capture("/a?b=%20c", &[("x-id", "1")], "{ \"b\":1.50, \"a\" : 2 }");
        assert_eq!(
            (&*capture.target, &*capture.body, capture.redacted),
            ("/a?b=%20c", &b"{ \"b\":1.50, \"a\" : 2 }"[..], false)
        );
        assert_eq!(capture.withheld, Vec::<HeaderName>::new());
    }

    #[test]
    fn credentials_are_taken_out_wherever_they_stand() {
        let capture = capture(
            "/a?token=hunter2hunter2",
            &[
                ("cookie", "id=1"),
                ("x-hub-signature-256", "sha256=abc"),
                ("x-echo", "say hunter2hunter2"),
            ],
            r#"{"a":[{"password":"open sesame","key":"k"}],"b":"hunter2hunter2 open sesame","token":5}"#,
        );
        assert_eq!(capture.target, "/a?token=[redacted]");
        assert_eq!(
            capture.headers,
            [(
                HeaderName::from_static("x-echo"),
                HeaderValue::from_static("say [redacted]")
            )]
        );
        assert_eq!(
            capture.body,
            r#"{"a":[{"key":"k","password":"[redacted]"}],"b":"[redacted] [redacted]","token":5}"#
        );
        assert_eq!(capture.withheld, ["cookie", "x-hub-signature-256"]);
        assert!(capture.redacted);
    }

    #[test]
    fn what_a_server_has_redacted_leaves_without_its_tags() {
        let capture = capture(
            "/a?b=[redacted:00ff]&token=[redacted:0123]",
            &[("x-echo", "say [redacted:0123]")],
            r#"{"b":"[redacted:00ff]"}"#,
        );
        assert_eq!(capture.target, "/a?b=[redacted]&token=[redacted]");
        assert_eq!(capture.headers[0].1, "say [redacted]");
        assert_eq!(capture.body, r#"{"b":"[redacted]"}"#);
    }

    #[test]
    fn a_form_is_redacted_like_a_query() {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let capture = capture("/a", &[form], "user=ada&password=hunter2");
        assert_eq!(capture.body, "user=ada&password=[redacted]");
    }
}
