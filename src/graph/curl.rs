use serde_json::Map;

use crate::{
    expr::Segment,
    model::{Auth, BodySource, Format, Kind, ParseSource, Route, Trigger},
    run::{Curl, Value},
};

/// What stands where only the reader knows a value.
const SAMPLE: &str = "example";

/// A command for a shell that sends a trigger something that it can parse, as far as its paths are
/// plain. A password is never in it: curl asks for it.
pub fn curl(trigger: &Trigger, url: &str) -> String {
    let method = trigger
        .methods
        .first()
        .map_or("POST", |method| method.as_str());
    let body = sample_body(trigger);
    let mut curl = Curl::new(method, body.is_some());
    if let Some(Auth::Basic(basic)) = trigger.auth.first() {
        curl.add("-u", &basic.user);
    }
    for entry in &trigger.parse.entries {
        if let ParseSource::Header { name, .. } = &entry.source {
            let value = sample_text(entry.kind);
            curl.add("-H", &format!("{name}: {value}"));
        }
    }
    match body {
        Some(fields) if trigger.accept.contains(&Format::Form) => {
            for (name, value) in fields.iter().flat_map(|(name, value)| form(name, value)) {
                curl.add("-d", &format!("{name}={value}"));
            }
        }
        Some(fields) => {
            curl.add("-H", "Content-Type: application/json");
            curl.add("-d", &Value::Object(fields).to_string());
        }
        None => {}
    }
    curl.to(&sample_url(trigger, url))
}

/// The URL with something in each parameter of its path and its query.
fn sample_url(trigger: &Trigger, url: &str) -> String {
    let mut url = url.to_owned();
    let entries = &trigger.parse.entries;
    for name in trigger.route.iter().flat_map(Route::parameters) {
        let mut entries = entries.iter();
        let entry = entries.find(
            |entry| matches!(&entry.source, ParseSource::PathParameter(read) if read == name),
        );
        let value = sample_text(entry.and_then(|entry| entry.kind));
        url = url.replace(&format!("{{{name}}}"), &value);
    }
    let queries = entries.iter().filter_map(|entry| match &entry.source {
        ParseSource::Query(path) => {
            let key = query_key(path.segments()?);
            Some(format!("{key}={}", sample_text(entry.kind)))
        }
        _ => None,
    });
    let query = queries.collect::<Vec<_>>().join("&");
    if query.is_empty() {
        url
    } else {
        format!("{url}?{query}")
    }
}

/// A path as a query writes it: `a[b][0]`.
fn query_key(path: &[Segment]) -> String {
    let mut key = String::new();
    for segment in path {
        let text = match segment {
            Segment::Key(name) => name.to_string(),
            Segment::Index(index) => index.to_string(),
        };
        key += &if key.is_empty() {
            text
        } else {
            format!("[{text}]")
        };
    }
    key
}

/// An object that has something at each plain path of the body; `None` where there is no such
/// path.
fn sample_body(trigger: &Trigger) -> Option<Map<String, Value>> {
    let mut body = Value::Null;
    for entry in &trigger.parse.entries {
        if let ParseSource::Body(BodySource::Plain(_, path)) = &entry.source {
            plant(&mut body, path.segments()?, sample(entry.kind));
        }
    }
    match body {
        Value::Object(fields) => Some(fields),
        _ => None,
    }
}

fn sample(kind: Option<Kind>) -> Value {
    match kind {
        None | Some(Kind::String) => Value::from(SAMPLE),
        Some(Kind::Number | Kind::Integer) => Value::from(1),
        Some(Kind::Bool) => Value::Bool(true),
        Some(Kind::List) => Value::from(vec![SAMPLE]),
        Some(Kind::Json) => Value::Object(Map::new()),
    }
}

/// The same where only text can stand.
fn sample_text(kind: Option<Kind>) -> String {
    match sample(kind) {
        Value::Number(number) => number.to_string(),
        Value::Bool(bool) => bool.to_string(),
        // JSON as well, with nothing in it that a URL would escape.
        Value::Object(_) => "1".to_owned(),
        _ => SAMPLE.to_owned(),
    }
}

/// Puts a value at a path, making what is on the way to it.
fn plant(at: &mut Value, path: &[Segment], value: Value) {
    /// Longer lists say no more.
    const LONGEST: usize = 100;
    match path.split_first() {
        None => {
            // What another path has put below stays.
            if at.is_null() {
                *at = value;
            }
        }
        Some((Segment::Key(key), rest)) => {
            if !at.is_object() {
                *at = Value::Object(Map::new());
            }
            plant(&mut at[&**key], rest, value);
        }
        Some((Segment::Index(index), rest)) => {
            let index = usize::try_from(*index).unwrap_or(0).min(LONGEST);
            if !at.is_array() {
                *at = Value::Array(Vec::new());
            }
            if let Value::Array(items) = at {
                if items.len() <= index {
                    items.resize(index + 1, Value::Null);
                }
                plant(&mut items[index], rest, value);
            }
        }
    }
}

/// The form fields that a value comes to: brackets nest.
fn form(name: &str, value: &Value) -> Vec<(String, String)> {
    match value {
        Value::Object(fields) => fields
            .iter()
            .flat_map(|(key, value)| form(&format!("{name}[{key}]"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .flat_map(|item| form(&format!("{name}[]"), item))
            .collect(),
        Value::String(text) => vec![(name.to_owned(), text.clone())],
        other => vec![(name.to_owned(), other.to_string())],
    }
}
