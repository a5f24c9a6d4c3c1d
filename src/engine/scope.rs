use std::borrow::Cow;

use super::step::Fault;
use crate::{
    engine::Input,
    expr::{Context, Root, Segment, walk},
    graph::Flow,
    payload,
    run::{Value, timestamp},
};

/// What the expressions of a running flow see.
#[derive(Debug)]
pub struct Scope<'r> {
    flow: &'r Flow,
    input: &'r Input,
    variables: &'r [Option<Value>],
    /// What the handler it is in handles.
    error: Option<&'r Fault>,
}

impl<'r> Scope<'r> {
    /// The scope of a run whose variables are these by now.
    pub fn new(flow: &'r Flow, input: &'r Input, variables: &'r [Option<Value>]) -> Self {
        Self {
            flow,
            input,
            variables,
            error: None,
        }
    }

    /// The same within the handler of a failure, where it is in one.
    pub(super) fn handling(self, error: Option<&'r Fault>) -> Self {
        Self { error, ..self }
    }

    fn request(&self, path: &[Segment]) -> Option<Cow<'_, Value>> {
        let request = &self.input.request;
        let (first, rest) = path.split_first()?;
        let Segment::Key(member) = first else {
            return None;
        };
        match &**member {
            "method" => text(request.method.as_str()),
            "path" => text(request.uri.path()),
            "remote" => text(request.peer.to_string()),
            "text" => text(String::from_utf8_lossy(&request.body).into_owned()),
            "headers" => self.header(rest),
            // A query that does not follow the grammar has no members.
            "query" => {
                let query = payload::query(request.uri.query().unwrap_or_default()).ok()?;
                walk(&query, rest).cloned().map(Cow::Owned)
            }
            "json" => walk(self.input.document.as_ref()?, rest).map(Cow::Borrowed),
            _ => None,
        }
    }

    fn header(&self, path: &[Segment]) -> Option<Cow<'_, Value>> {
        let headers = &self.input.request.headers;
        match path {
            // Names are lower case here, as they are in HTTP/2; the first value stands for all.
            [] => Some(Cow::Owned(Value::Object(
                headers
                    .keys()
                    .filter_map(|name| {
                        Some((name.as_str().to_owned(), header_text(headers.get(name)?)))
                    })
                    .collect(),
            ))),
            [Segment::Key(name)] => headers.get(&**name).map(header_text).map(Cow::Owned),
            _ => None,
        }
    }
}

fn header_text(value: &http::HeaderValue) -> Value {
    Value::String(String::from_utf8_lossy(value.as_bytes()).into_owned())
}

fn text<'v>(text: impl Into<String>) -> Option<Cow<'v, Value>> {
    Some(Cow::Owned(Value::String(text.into())))
}

/// The one member a path asks for, where it asks for one.
fn member(path: &[Segment]) -> Option<&str> {
    match path {
        [Segment::Key(name)] => Some(name),
        _ => None,
    }
}

impl Context for Scope<'_> {
    fn lookup<'a>(&'a self, root: Root, path: &[Segment]) -> Option<Cow<'a, Value>> {
        match root {
            Root::Variable(slot) => {
                let value = self.variables.get(slot as usize)?.as_ref()?;
                walk(value, path).map(Cow::Borrowed)
            }
            Root::Request => self.request(path),
            Root::Flow => match member(path)? {
                "name" => text(&*self.flow.name),
                "revision" => text(&*self.input.revision),
                _ => None,
            },
            Root::Run => match member(path)? {
                "id" => text(self.input.id.to_string()),
                "attempt" => Some(Cow::Owned(Value::from(1))),
                _ => None,
            },
            Root::Error => {
                let error = self.error?;
                match member(path)? {
                    "step" => text(error.named(self.flow)?),
                    "message" => text(&*error.message),
                    _ => None,
                }
            }
            Root::Secrets => {
                let name = member(path)?;
                let (_, secret) = self.flow.secrets.iter().find(|(known, _)| known == name)?;
                text(String::from_utf8_lossy(secret.expose()))
            }
        }
    }

    fn now(&self) -> Option<String> {
        // When the request came, not when this is read: a run says the same each time it is told.
        Some(timestamp(self.input.request.received))
    }
}
