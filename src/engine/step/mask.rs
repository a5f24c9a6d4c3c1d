use std::borrow::Cow;

use crate::{
    expr::{Root, Segment, Template},
    graph::Flow,
    run::{Value, Veil},
};

/// The secrets that somebody was given, to be kept out of what comes back.
pub(in crate::engine) struct Mask(Veil);

impl Mask {
    /// Those that these templates name.
    pub fn of<'t>(templates: impl Iterator<Item = &'t Template>, flow: &Flow) -> Self {
        let templates: Vec<_> = templates.collect();
        let is_named = |name: &str| {
            let mut roots = templates.iter().flat_map(|template| template.roots());
            roots.any(|(root, path)| {
                let is_it = matches!(&path[..], [Segment::Key(key), ..] if &**key == name);
                *root == Root::Secrets && is_it
            })
        };
        let mut veil = Veil::new("***");
        let named = flow.secrets.iter().filter(|(name, _)| is_named(name));
        for (_, secret) in named {
            veil.hide(&String::from_utf8_lossy(secret.expose()));
            veil.hide_encoded(secret.expose());
        }
        Self(veil)
    }

    /// What came back, as text without the secrets.
    pub fn text(&self, bytes: &[u8]) -> String {
        self.0.over(&String::from_utf8_lossy(bytes)).into_owned()
    }

    /// The same of something that goes on behind the last of these bytes, which may have cut a
    /// secret.
    pub fn start(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes);
        // A character may be cut, too.
        let text = text.trim_end_matches(char::REPLACEMENT_CHARACTER);
        self.0.over_start(text).into_owned()
    }

    /// What came back as JSON, without the secrets.
    pub fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Cow::Owned(told) = self.0.over(text) {
                    *text = told;
                }
            }
            Value::Number(number) => {
                if let Cow::Owned(told) = self.0.over(&number.to_string()) {
                    *value = told.into();
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            Value::Object(members) => {
                let old = std::mem::take(members);
                members.extend(old.into_iter().map(|(name, mut value)| {
                    self.value(&mut value);
                    (self.0.over(&name).into_owned(), value)
                }));
            }
            Value::Null | Value::Bool(_) => {}
        }
    }
}
