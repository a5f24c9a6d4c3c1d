//! A captured request as a text to be edited, and the request that was made of it.

use std::{fmt, str};

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Uri,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};

use crate::{
    observe::Edited,
    payload::{is_json, slip},
    run::{Request, RunId, Value},
};

/// What stands above the request. No line of it is a part of that.
const PREAMBLE: &str = "\
# A captured request. Change it, save it and leave: the server then says which way it would go.
# Nothing is done by that. The body begins below the first empty line.
# [redacted] is filled in by the server where it still has what stood there, and else says so.
# An empty file throws away what was changed before.
";

/// Why a text is no request.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EditSlip {
    /// The line, from 1 on.
    line: usize,
    /// The sentence.
    why: String,
}

impl EditSlip {
    fn new(line: usize, why: impl Into<String>) -> Self {
        Self {
            line,
            why: why.into(),
        }
    }
}

impl fmt::Display for EditSlip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.why)
    }
}

impl std::error::Error for EditSlip {}

/// The request as a text; `None` where a part of it is no text.
pub fn editable(request: &Request) -> Option<String> {
    let mut text = format!("{PREAMBLE}{} {}\n", request.method, request.uri);
    for (name, value) in &request.headers {
        let value = str::from_utf8(value.as_bytes()).ok()?;
        text += &format!("{name}: {value}\n");
    }
    text += &format!("\n{}\n", str::from_utf8(&request.body).ok()?);
    Some(text)
}

/// Whether somebody took everything out, to begin anew.
pub fn is_blank(text: &str) -> bool {
    text.lines().all(is_aside)
}

/// What was made of the request of a run. The end of the last line is not a part of the body:
/// editors add it.
///
/// # Errors
/// It is no request, or its body is no JSON though that is what it says it is.
pub fn read_edited(run: RunId, text: &str) -> Result<Edited, EditSlip> {
    let mut lines = Lines { rest: text, at: 0 };
    let (method, target) = loop {
        match lines.next() {
            None => return Err(EditSlip::new(lines.at.max(1), NO_REQUEST_LINE)),
            Some(line) if is_aside(line) => {}
            Some(line) => break request_line(line).map_err(|why| EditSlip::new(lines.at, why))?,
        }
    };
    let mut headers = HeaderMap::new();
    while let Some(line) = lines.next().filter(|line| !line.is_empty()) {
        let (name, value) = header(line).map_err(|why| EditSlip::new(lines.at, why))?;
        headers.append(name, value);
    }
    let body = lines.rest;
    let body = body.strip_suffix('\n').unwrap_or(body);
    // Where nothing is said, a body is read as JSON.
    if headers.get(CONTENT_TYPE).is_none_or(is_json)
        && !body.trim().is_empty()
        && let Err(error) = serde_json::from_str::<Value>(body)
    {
        let (line, why) = (lines.at + error.line(), slip(&error));
        return Err(EditSlip::new(line, format!("the body is no JSON: {why}")));
    }
    if let Some(length) = headers.get_mut(CONTENT_LENGTH) {
        *length = body.len().into();
    }
    Ok(Edited {
        run,
        method,
        target,
        headers,
        body: body.to_owned().into(),
    })
}

const NO_REQUEST_LINE: &str = "there is no request line, like `POST /path?query`";

/// The lines of a head, and what is behind them.
struct Lines<'t> {
    rest: &'t str,
    /// The number of the last line.
    at: usize,
}

impl<'t> Lines<'t> {
    fn next(&mut self) -> Option<&'t str> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
        self.rest = rest;
        self.at += 1;
        Some(line.trim_end())
    }
}

/// Whether a line above the request is none of it.
fn is_aside(line: &str) -> bool {
    line.trim().is_empty() || line.starts_with('#')
}

fn request_line(line: &str) -> Result<(Method, Uri), String> {
    let mut words = line.split_ascii_whitespace();
    let (Some(method), Some(target)) = (words.next(), words.next()) else {
        return Err(NO_REQUEST_LINE.to_owned());
    };
    let is_over = match words.next() {
        None => true,
        Some(version) => version.starts_with("HTTP/") && words.next().is_none(),
    };
    if !is_over {
        return Err("a blank within path or query is written `%20`".to_owned());
    }
    let method = Method::from_bytes(method.as_bytes())
        .map_err(|_| format!("{method:?} is no method, like `POST`"))?;
    let uri = target.parse().ok().filter(|_| target.starts_with('/'));
    let uri = uri.ok_or_else(|| format!("{target:?} is no path, like `/hooks?a=1`"))?;
    Ok((method, uri))
}

/// What a header holds may be secret, so it is not told.
fn header(line: &str) -> Result<(HeaderName, HeaderValue), String> {
    let Some((name, value)) = line.split_once(':') else {
        return Err(
            "this is no header, which is written `name: value`; an empty line ends them".to_owned(),
        );
    };
    let known = HeaderName::from_bytes(name.as_bytes());
    let known = known.map_err(|_| format!("{name:?} is no name of a header"))?;
    let value = HeaderValue::from_bytes(value.trim().as_bytes())
        .map_err(|_| format!("the value of {name} has something in it that no header can have"))?;
    Ok((known, value))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::run::Peer;

    fn run() -> RunId {
        RunId::from_u128(7)
    }

    fn request(body: &[u8]) -> Request {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_static("application/json"));
        headers.insert("x-empty", HeaderValue::from_static(""));
        headers.append("x-name", HeaderValue::from_bytes("Ä b".as_bytes()).unwrap());
        headers.append("x-name", HeaderValue::from_static("[redacted]"));
        Request {
            method: Method::POST,
            uri: "/a/b?c=%20&token=[redacted]".parse().unwrap(),
            headers,
            body: body.to_vec().into(),
            peer: Peer::Unix,
            received: UNIX_EPOCH,
        }
    }

    fn slip(text: &str) -> String {
        read_edited(run(), text).unwrap_err().to_string()
    }

    #[test]
    fn what_nobody_changed_is_the_same_request_to_the_byte() {
        for body in ["", "{\n\n  \"a\": 1\n}", "{}\n", "\n[]"] {
            let request = request(body.as_bytes());
            let text = editable(&request).unwrap();
            let expected = Edited {
                run: run(),
                method: request.method,
                target: request.uri,
                headers: request.headers,
                body: request.body,
            };
            assert_eq!(read_edited(run(), &text), Ok(expected), "{text}");
        }
        assert_eq!(editable(&request(b"\xff")), None);
    }

    #[test]
    fn a_text_is_read_as_people_write_it() {
        let text = "# a note\n\nput /a HTTP/1.1\r\nX-Id:1  \r\ncontent-type: text/plain\r\nContent-Length: 99\r\n\r\none\ntwo";
        let edited = read_edited(run(), text).unwrap();
        assert_eq!(
            (edited.method.as_str(), &*edited.target.to_string()),
            ("put", "/a")
        );
        let headers: Vec<_> = edited.headers.iter().collect();
        let expected = [
            ("x-id", "1"),
            ("content-type", "text/plain"),
            ("content-length", "7"),
        ];
        assert_eq!(headers.len(), expected.len());
        for ((name, value), (expected_name, expected_value)) in headers.into_iter().zip(expected) {
            assert_eq!(
                (name.as_str(), value),
                (expected_name, &HeaderValue::from_static(expected_value))
            );
        }
        assert_eq!(edited.body, "one\ntwo");
        // What ends with its head has no body.
        assert_eq!(read_edited(run(), "GET /a").unwrap().body, "");
    }

    #[test]
    fn a_mistake_is_told_with_its_line() {
        for (text, expected) in [
            (
                "",
                "line 1: there is no request line, like `POST /path?query`",
            ),
            (
                "# only\n# notes\n",
                "line 2: there is no request line, like `POST /path?query`",
            ),
            (
                "# a note\nPOST\n",
                "line 2: there is no request line, like `POST /path?query`",
            ),
            ("PO{ST /a\n", "line 1: \"PO{ST\" is no method, like `POST`"),
            ("POST a\n", "line 1: \"a\" is no path, like `/hooks?a=1`"),
            (
                "POST /a b\n",
                "line 1: a blank within path or query is written `%20`",
            ),
            (
                "POST /a\nx-a: 1\nsecret\n",
                "line 3: this is no header, which is written `name: value`; an empty line ends them",
            ),
            (
                "POST /a\nx a: 1\n",
                "line 2: \"x a\" is no name of a header",
            ),
            (
                "POST /a\nx-a: \u{1}\n",
                "line 2: the value of x-a has something in it that no header can have",
            ),
            (
                "POST /a\n\n{\n  \"a\": 1,\n}\n",
                "line 5: the body is no JSON: trailing comma",
            ),
            (
                "POST /a\ncontent-type: application/vnd.x+json; a=b\n\n[",
                "line 4: the body is no JSON: EOF while parsing a list",
            ),
        ] {
            assert_eq!(slip(text), expected, "{text:?}");
        }
    }

    #[test]
    fn only_what_is_nothing_but_notes_is_blank() {
        let text = editable(&request(b"{}")).unwrap();
        for (text, expected) in [
            ("", true),
            ("\n# a\n", true),
            (PREAMBLE, true),
            (&*text, false),
        ] {
            assert_eq!(is_blank(text), expected, "{text:?}");
        }
    }
}
