use std::fmt;

use http::HeaderName;

use super::shown::plain;
use crate::{
    payload,
    run::{Request, Value},
};

/// What a line of `parse` reads.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Origin {
    /// A header.
    Header,
    /// A place in the query.
    Query,
    /// A place in the body.
    Body,
}

impl Origin {
    /// The word that starts the line.
    pub fn word(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Query => "query",
            Self::Body => "body",
        }
    }
}

/// A sample that was read.
#[derive(Clone, PartialEq, Debug)]
pub enum Sample {
    /// The nested values of a query.
    Query(Value),
    /// A JSON document.
    Body(Value),
    /// Headers, in the order they were given.
    Headers(Vec<(String, String)>),
}

/// Why there is no sample: one plain sentence.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SampleError(String);

impl fmt::Display for SampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SampleError {}

fn wrong<T>(message: impl Into<String>) -> Result<T, SampleError> {
    Err(SampleError(message.into()))
}

impl Sample {
    /// What a captured request is a sample of: its headers, and its query and body as far as they
    /// can be read.
    pub fn of_request(request: &Request) -> Vec<Self> {
        let headers = request.headers.iter().map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes());
            (name.to_string(), value.into_owned())
        });
        let query = request.uri.query().map(payload::query);
        [Self::Headers(headers.collect())]
            .into_iter()
            .chain(query.and_then(Result::ok).map(Self::Query))
            .chain(payload::document(request).ok().map(Self::Body))
            .collect()
    }

    /// Takes a sample apart. Where nobody says what it is, its first characters do. `place` says in
    /// an error where it came from: ` in order.json`.
    ///
    /// # Errors
    /// It is none of what there is, or is malformed.
    pub fn parse(text: &str, origin: Option<Origin>, place: &str) -> Result<Self, SampleError> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text).trim();
        match origin.map_or_else(|| detect(text), Ok)? {
            Origin::Header => headers(text, place).map(Self::Headers),
            Origin::Query => query(text).map(Self::Query),
            Origin::Body => match serde_json::from_str(text) {
                Ok(document) => Ok(Self::Body(document)),
                Err(error) => {
                    let (line, column) = (error.line(), error.column());
                    let why = error.to_string();
                    let why = why.split(" at line ").next().unwrap_or_default();
                    wrong(format!(
                        "malformed JSON{place} at line {line}, column {column}: {why}"
                    ))
                }
            },
        }
    }
}

fn detect(text: &str) -> Result<Origin, SampleError> {
    if is_url(text) || text.starts_with('?') {
        Ok(Origin::Query)
    } else if text.starts_with(['{', '[']) {
        Ok(Origin::Body)
    } else if text.contains('=') {
        Ok(Origin::Query)
    } else if text.is_empty() {
        wrong("the sample is empty")
    } else {
        wrong(
            "the sample is no URL (http://…, https://… or /path?…), no JSON ({…} or […]) and no \
             query (a=1&b=2): say what it is with --query, --body or --header",
        )
    }
}

fn is_url(text: &str) -> bool {
    has_scheme(text) || (text.starts_with('/') && text.contains('?'))
}

fn has_scheme(text: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        text.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })
}

/// The values of a query, which may stand in a whole URL.
fn query(text: &str) -> Result<Value, SampleError> {
    let raw = if is_url(text) || text.starts_with('?') {
        let Some((_, behind)) = text.split_once('?') else {
            return wrong("the URL has no query: there is no `?` in it");
        };
        behind.split('#').next().unwrap_or_default()
    } else {
        text
    };
    payload::query(raw).map_err(|refused| SampleError(plain(&refused.message)))
}

/// The lines of a request's head. What they say may be secret, so errors only name a line.
fn headers(text: &str, place: &str) -> Result<Vec<(String, String)>, SampleError> {
    let mut headers = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            // What follows is a body.
            break;
        }
        let is_start = index == 0 && line.split(' ').any(|word| word.starts_with("HTTP/"));
        // HTTP/2 says what the first line did in headers of its own: `:path: /`.
        if is_start || line.starts_with(':') {
            continue;
        }
        let header = match line.split_once(':') {
            Some((name, value)) => Some((name, value.trim())),
            // That is how curl is told to send an empty one.
            None => line.strip_suffix(';').map(|name| (name, "")),
        };
        match header {
            Some((name, value)) if name.parse::<HeaderName>().is_ok() => {
                headers.push((name.to_owned(), value.to_owned()));
            }
            _ => {
                let line = index + 1;
                return wrong(format!(
                    "line {line}{place} is no header: one is written `Name: value`"
                ));
            }
        }
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parse(text: &str, origin: Option<Origin>) -> Result<Sample, String> {
        Sample::parse(text, origin, "").map_err(|error| error.to_string())
    }

    #[test]
    fn what_a_sample_is_shows_in_how_it_starts() {
        for (text, origin) in [
            ("https://x.example/?a=1", Origin::Query),
            ("HTTP://x.example/p", Origin::Query),
            ("/path?a=1", Origin::Query),
            ("?a", Origin::Query),
            ("a=1&b=2", Origin::Query),
            ("a={1}", Origin::Query),
            ("{\"a\": \"=\"}", Origin::Body),
            ("[1]", Origin::Body),
        ] {
            assert_eq!(detect(text), Ok(origin), "{text}");
        }
        for text in ["", "hello", "/path", "5", "X-Id: 1"] {
            assert!(detect(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_url_without_a_query_is_no_sample() {
        assert_eq!(
            parse("https://x.example/a#b", None),
            Err("the URL has no query: there is no `?` in it".to_owned())
        );
    }

    #[test]
    fn malformed_json_is_told_with_its_place() {
        assert_eq!(
            parse("{\n  \"a\": 1,\n}", None),
            Err("malformed JSON at line 3, column 1: trailing comma".to_owned())
        );
        assert_eq!(
            parse("\u{feff} {\"a\": 1} ", None),
            Ok(Sample::Body(json!({"a": 1})))
        );
        assert_eq!(parse("5", Some(Origin::Body)), Ok(Sample::Body(json!(5))));
    }

    #[test]
    fn headers_are_lines_and_what_is_around_them_is_passed_over() {
        let head =
            "POST /x HTTP/1.1\r\nX-Id: 1\r\n:path: /\r\nX-Empty;\r\nX-Url: http://a:1/\r\n\r\n{}";
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            parse(head, Some(Origin::Header)),
            Ok(Sample::Headers(vec![
                pair("X-Id", "1"),
                pair("X-Empty", ""),
                pair("X-Url", "http://a:1/"),
            ]))
        );
        assert_eq!(
            parse("X-Id: 1\nhunter2", Some(Origin::Header)),
            Err("line 2 is no header: one is written `Name: value`".to_owned())
        );
    }
}
