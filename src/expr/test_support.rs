//! A scope and a context over one object, for tests.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::{Binding, Context, Root, Scope, Segment, ValueKind, walk};

/// Variables by name: those whose value is null may be absent.
pub(super) struct Names {
    names: Vec<String>,
    values: Vec<Value>,
    request: Value,
    flow: Value,
}

impl Names {
    pub(super) fn new(variables: Value) -> Names {
        let Value::Object(members) = variables else {
            panic!("an object of variables")
        };
        let (names, values) = members.into_iter().unzip();
        let request = json!({
            "method": "POST", "path": "/p", "query": {"a": "1"}, "headers": {"x-id": "7"}, "json": {"k": [1, 2]},
        });
        Names {
            names,
            values,
            request,
            flow: json!({"name": "payment", "revision": "abc"}),
        }
    }
}

impl Scope for Names {
    fn lookup(&self, name: &str) -> Option<Binding> {
        let root = match name {
            "request" => Root::Request,
            "flow" => Root::Flow,
            "secrets" => Root::Secrets,
            _ => {
                let slot = self.names.iter().position(|other| other == name)?;
                let may_be_absent = self.values[slot].is_null();
                return Some(Binding {
                    root: Root::Variable(slot as u32),
                    may_be_absent,
                });
            }
        };
        Some(Binding {
            root,
            may_be_absent: false,
        })
    }

    fn member_exists(&self, root: Root, member: &str) -> bool {
        match root {
            Root::Request => self.request.get(member).is_some(),
            Root::Flow => self.flow.get(member).is_some(),
            Root::Secrets => member == "ntfy",
            _ => true,
        }
    }

    fn kind(&self, _: Root) -> Option<ValueKind> {
        None
    }
}

impl Context for Names {
    fn lookup<'a>(&'a self, root: Root, path: &[Segment]) -> Option<Cow<'a, Value>> {
        let base = match root {
            Root::Variable(slot) => self.values.get(slot as usize)?,
            Root::Request => &self.request,
            Root::Flow => &self.flow,
            _ => return None,
        };
        walk(base, path).map(Cow::Borrowed)
    }

    fn now(&self) -> Option<String> {
        Some("2026-01-02T03:04:05Z".to_owned())
    }
}
