use http::HeaderMap;

use super::{Refused, body, body::Body, coerce::coerce, percent, query::query};
use crate::{
    expr::TooMuch,
    model::{Absence, BodySource, Format, Kind, Parse, ParseEntry, ParseSource},
    run::{Request, Value, value_bytes},
};

/// What was read from a request.
#[derive(Clone, PartialEq, Debug)]
pub struct Parsed {
    /// The variables by slot; those that no line of `parse` fills are absent.
    pub variables: Vec<Option<Value>>,
    /// The body as a value, where [`Parse::needs_document`] says so.
    pub document: Option<Value>,
}

impl Parsed {
    /// About how many bytes of memory it holds on to.
    pub fn bytes(&self) -> usize {
        let values = self.variables.iter().flatten().chain(&self.document);
        values.map(value_bytes).sum()
    }
}

/// Reads what `parse` names; a body may be of the formats of `accept` beside JSON. `parameters`
/// are the names and raw values of the path's parameters, and `slots` says how many variables the
/// flow has.
///
/// # Errors
/// In this order: the body's format is not taken (415); the body, the query or a path parameter
/// is malformed (400); something required is absent, or something is of another type than
/// declared (422).
pub fn read(
    parse: &Parse,
    accept: &[Format],
    request: &Request,
    parameters: &[(&str, &str)],
    slots: usize,
) -> Result<Parsed, Refused> {
    let mut body = if parse.reads_body() {
        body::read(parse, accept, request)?
    } else {
        Body::Unread
    };
    let query = if parse.reads_query() {
        Some(query(request.uri.query().unwrap_or_default())?)
    } else {
        None
    };
    let mut variables = vec![None; slots.max(parse.entries.len())];
    for (entry, variable) in parse.entries.iter().zip(&mut variables) {
        let value = match &entry.source {
            ParseSource::Header { name, as_list } => header(&request.headers, name, *as_list),
            ParseSource::Query(path) => match &query {
                Some(query) => found(entry, path.find(query))?,
                None => None,
            },
            ParseSource::PathParameter(name) => parameter(parameters, name)?,
            ParseSource::Body(BodySource::Plain(index, path)) => match &mut body {
                Body::Unread => None,
                Body::Found(found) => found.get_mut(*index as usize).and_then(Option::take),
                Body::Document(document) => found(entry, path.find(document))?,
            },
            ParseSource::Body(BodySource::JsonPath(path)) => match &body {
                Body::Document(document) => found(entry, path.find(document))?,
                Body::Unread | Body::Found(_) => None,
            },
        };
        *variable = settle(entry, value)?;
    }
    Ok(Parsed {
        variables,
        document: match body {
            Body::Document(document) if parse.needs_document => Some(document),
            _ => None,
        },
    })
}

/// What a path found, where it could be evaluated.
fn found(
    entry: &ParseEntry,
    found: Result<Option<Value>, TooMuch>,
) -> Result<Option<Value>, Refused> {
    found.map_err(|why| Refused::unprocessable(format!("{} {why}", name(&entry.source))))
}

/// Gives a value its type, or its default.
fn settle(entry: &ParseEntry, found: Option<Value>) -> Result<Option<Value>, Refused> {
    fit(entry.kind, &entry.absence, found)
        .map_err(|why| Refused::unprocessable(format!("{} {why}", name(&entry.source))))
}

/// Gives a value a type, or the default of one that is absent.
///
/// # Errors
/// It is of another type, or absent and required: the rest of a sentence that begins with the
/// value's place.
pub fn fit(
    kind: Option<Kind>,
    absence: &Absence,
    found: Option<Value>,
) -> Result<Option<Value>, String> {
    let found = found.filter(|value| !value.is_null());
    let fitting = match (found, kind) {
        (Some(value), Some(kind)) => Some(coerce(kind, value)?).filter(|value| !value.is_null()),
        (found, _) => found,
    };
    match (fitting, absence) {
        (Some(value), _) => Ok(Some(value)),
        (None, Absence::Allowed) => Ok(None),
        (None, Absence::Default(value)) => Ok(Some(value.clone())),
        (None, Absence::Refused) => Err("is required".to_owned()),
    }
}

/// The place, as its sender knows it.
fn name(source: &ParseSource) -> String {
    match source {
        ParseSource::Header { name, .. } => format!("the header `{name}`"),
        ParseSource::Query(path) => format!("`{}` in the query", path.text()),
        ParseSource::PathParameter(name) => format!("`{name}` in the path"),
        ParseSource::Body(BodySource::Plain(_, path) | BodySource::JsonPath(path)) => {
            format!("`{}`", path.text())
        }
    }
}

/// Header values are bytes; what is not UTF-8 is replaced, not refused.
fn header(headers: &HeaderMap, name: &http::HeaderName, as_list: bool) -> Option<Value> {
    let text = |value: &http::HeaderValue| {
        Value::String(String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    if as_list {
        let values: Vec<_> = headers.get_all(name).iter().map(text).collect();
        (!values.is_empty()).then_some(Value::Array(values))
    } else {
        headers.get(name).map(text)
    }
}

fn parameter(parameters: &[(&str, &str)], name: &str) -> Result<Option<Value>, Refused> {
    let Some((_, raw)) = parameters.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    let text = percent::decode(raw, percent::Plus::IsPlus).map_err(|error| {
        Refused::malformed(format!("malformed path: {error} in the parameter `{name}`"))
    })?;
    Ok(Some(Value::String(text)))
}
