use std::{collections::HashMap, fmt, str};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::{
    app::{redo::Old, replay::without_redacted},
    observe::{Edited, REDACTED},
    run::{Request, Value, json_bytes},
};

/// An edited request, with what stood where it has been redacted, as far as that was kept.
pub(super) struct Filled {
    pub edited: Edited,
    /// Where it is still redacted.
    pub missing: Vec<Missing>,
}

/// A place where something was redacted that was not kept.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Missing {
    Header(HeaderName),
    Parameter(String),
    Path,
    Body,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => name.fmt(f),
            Self::Parameter(name) => write!(f, "?{name}"),
            Self::Path => f.write_str("the path"),
            Self::Body => f.write_str("the body"),
        }
    }
}

impl Filled {
    /// The request without the headers and parameters that are still redacted.
    pub fn without_missing(&self) -> Edited {
        let mut edited = self.edited.clone();
        let headers = std::mem::take(&mut edited.headers);
        let mut last = None;
        for (name, value) in headers {
            last = name.or(last);
            if let Some(name) = &last
                && !is_redacted(value.as_bytes())
            {
                edited.headers.append(name, value);
            }
        }
        let target = edited.target.path_and_query();
        if let Some(target) = target.filter(|target| target.query().is_some()) {
            let target = without_redacted(target.as_str());
            // A part of what is a target is one.
            edited.target = target.parse().unwrap_or(edited.target);
        }
        edited
    }
}

/// Puts what was kept in the places where the request says what was told of it, redacted.
pub(super) fn fill(edited: &Edited, old: &Old) -> Filled {
    let mut filled = Filled {
        edited: edited.clone(),
        missing: Vec::new(),
    };
    let told = &old.record["request"];
    let kept = old.kept.as_ref().map(|entry| &entry.request);
    fill_headers(&mut filled, told, kept);
    fill_target(&mut filled, told, kept);
    fill_body(&mut filled, told, kept);
    filled
}

fn is_redacted(bytes: &[u8]) -> bool {
    str::from_utf8(bytes).is_ok_and(|text| text.contains(REDACTED))
}

fn fill_headers(filled: &mut Filled, told: &Value, kept: Option<&Request>) {
    let redacted = |name: &HeaderName, at: usize| {
        let pairs = told["headers"].as_array().into_iter().flatten();
        pairs
            .filter(|pair| pair[0] == name.as_str())
            .nth(at)
            .and_then(|pair| json_bytes(&pair[1]).ok())
    };
    let mut counts = HashMap::<HeaderName, usize>::new();
    let mut headers = HeaderMap::new();
    for (name, value) in &filled.edited.headers {
        let count = counts.entry(name.clone()).or_default();
        let at = std::mem::replace(count, *count + 1);
        if !is_redacted(value.as_bytes()) {
            headers.append(name, value.clone());
            continue;
        }
        let there = kept.and_then(|kept| kept.headers.get_all(name).iter().nth(at));
        let is_told = redacted(name, at).as_deref() == Some(value.as_bytes());
        let value: HeaderValue = match there.filter(|_| is_told) {
            Some(there) => there.clone(),
            None => {
                filled.missing.push(Missing::Header(name.clone()));
                value.clone()
            }
        };
        headers.append(name, value);
    }
    filled.edited.headers = headers;
}

fn fill_target(filled: &mut Filled, told: &Value, kept: Option<&Request>) {
    let target = filled.edited.target.to_string();
    if !target.contains(REDACTED) {
        return;
    }
    let parts = |target: &str| {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parameters = query.split('&').map(str::to_owned);
        (path.to_owned(), parameters.collect::<Vec<_>>())
    };
    let (path, parameters) = parts(&target);
    let (told_path, told_parameters) = parts(told["target"].as_str().unwrap_or_default());
    let kept = kept.map(|kept| parts(&kept.uri.to_string()));
    // Where a secret held a `&`, nobody knows what belongs to what.
    let kept = kept.filter(|(_, kept)| kept.len() == told_parameters.len());
    let path = match &kept {
        _ if !path.contains(REDACTED) => path,
        Some((kept, _)) if path == told_path => kept.clone(),
        _ => {
            filled.missing.push(Missing::Path);
            path
        }
    };
    let parameters: Vec<_> = parameters
        .into_iter()
        .map(|parameter| {
            if !parameter.contains(REDACTED) {
                return parameter;
            }
            let mut places = told_parameters.iter();
            let at = places.position(|told| *told == parameter);
            if let Some(kept) = kept.as_ref().and_then(|(_, kept)| kept.get(at?)) {
                return kept.clone();
            }
            let name = parameter.split('=').next().unwrap_or_default();
            filled.missing.push(Missing::Parameter(name.to_owned()));
            parameter
        })
        .collect();
    let has_query = target.contains('?');
    let target = match has_query {
        true => format!("{path}?{}", parameters.join("&")),
        false => path,
    };
    if let Ok(target) = target.parse() {
        filled.edited.target = target;
    }
}

fn fill_body(filled: &mut Filled, told: &Value, kept: Option<&Request>) {
    let body = &filled.edited.body;
    if !is_redacted(body) {
        return;
    }
    let told = json_bytes(&told["body"]).unwrap_or_default();
    let kept = kept.map(|kept| &kept.body);
    let there = kept.and_then(|kept| {
        if *body == told {
            return Some(kept.clone());
        }
        let read = |bytes: &[u8]| serde_json::from_slice::<Value>(bytes).ok();
        let mut new = read(body)?;
        fill_value(&mut new, &read(&told)?, &read(kept)?);
        Some(Bytes::from(new.to_string()))
    });
    if let Some(there) = there {
        filled.edited.body = there;
    }
    if is_redacted(&filled.edited.body) {
        filled.missing.push(Missing::Body);
    }
}

/// Fills texts in that are as they were told, at the same place.
fn fill_value(value: &mut Value, told: &Value, kept: &Value) {
    match (value, told, kept) {
        (Value::Object(members), Value::Object(told), Value::Object(kept)) => {
            for (name, value) in members {
                if let (Some(told), Some(kept)) = (told.get(name), kept.get(name)) {
                    fill_value(value, told, kept);
                }
            }
        }
        (Value::Array(items), Value::Array(told), Value::Array(kept)) => {
            for ((value, told), kept) in items.iter_mut().zip(told).zip(kept) {
                fill_value(value, told, kept);
            }
        }
        (value @ Value::String(_), told, kept) if value == told && is_text_redacted(told) => {
            *value = kept.clone();
        }
        _ => {}
    }
}

fn is_text_redacted(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.contains(REDACTED))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use http::StatusCode;
    use serde_json::json;

    use super::*;
    use crate::{
        queue::Entry,
        run::{Peer, Reply, RunId},
    };

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = pairs.iter().map(|(name, value)| {
            (
                HeaderName::from_static(name),
                HeaderValue::from_static(value),
            )
        });
        pairs.collect()
    }

    fn edited(target: &str, pairs: &[(&'static str, &'static str)], body: &'static str) -> Edited {
        Edited {
            run: RunId::from_u128(7),
            method: http::Method::POST,
            target: target.parse().unwrap(),
            headers: headers(pairs),
            body: body.into(),
        }
    }

    /// What is known of a run whose request had secrets in it, and was kept whole or not.
    fn old(is_kept: bool) -> Old {
        let request = Request {
            method: http::Method::POST,
            uri: "/a/s3same?token=t0k3n&b=1".parse().unwrap(),
            headers: headers(&[("x-token", "one")]),
            body: r#"{"pin":"s3same","list":[1,"s3same!"],"n":1}"#.into(),
            peer: Peer::Unix,
            received: UNIX_EPOCH,
        };
        Old {
            record: json!({ "request": {
                "target": "/a/[redacted]?token=[redacted]&b=1",
                "headers": [["x-token", "[redacted]"]],
                "body": r#"{"pin":"[redacted]","list":[1,"[redacted]!"],"n":1}"#,
            } }),
            flow: "a".to_owned(),
            kept: is_kept.then(|| Entry {
                id: RunId::from_u128(7),
                flow: "a".into(),
                revision: "r".into(),
                request,
                variables: Vec::new(),
                document: None,
                reply: Reply::empty(StatusCode::OK),
                continues: None,
                replay_of: None,
            }),
        }
    }

    #[test]
    fn what_stands_where_it_was_redacted_is_filled_in_from_what_was_kept() {
        let filled = fill(
            &edited(
                "/a/[redacted]?c=2&token=[redacted]",
                &[("x-token", "[redacted]"), ("x-a", "1")],
                r#"{"list":[1,"[redacted]!"],"pin":"[redacted]","n":2}"#,
            ),
            &old(true),
        );
        let expected = edited(
            "/a/s3same?c=2&token=t0k3n",
            &[("x-token", "one"), ("x-a", "1")],
            r#"{"list":[1,"s3same!"],"n":2,"pin":"s3same"}"#,
        );
        assert_eq!((filled.edited, filled.missing), (expected, Vec::new()));
    }

    #[test]
    fn what_was_not_kept_or_stands_elsewhere_is_named() {
        let request = edited(
            "/a/[redacted]?token=[redacted]&b=1",
            &[("x-token", "[redacted]"), ("x-a", "1")],
            "[redacted]",
        );
        let told = |filled: &Filled| -> Vec<String> {
            filled.missing.iter().map(ToString::to_string).collect()
        };
        let filled = fill(&request, &old(false));
        assert_eq!(told(&filled), ["x-token", "the path", "?token", "the body"]);
        let rest = edited("/a/[redacted]?b=1", &[("x-a", "1")], "[redacted]");
        assert_eq!(filled.without_missing(), rest);
        let moved = edited(
            "/b/[redacted]?key=[redacted]",
            &[("x-other", "[redacted]")],
            r#"{"other":"[redacted]"}"#,
        );
        assert_eq!(
            told(&fill(&moved, &old(true))),
            ["x-other", "the path", "?key", "the body"]
        );
    }
}
