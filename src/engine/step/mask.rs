use crate::{
    expr::{Root, Segment, Template},
    graph::Flow,
};

/// The secrets that somebody was given, to be kept out of what comes back.
pub(in crate::engine) struct Mask(Vec<String>);

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
        let mut secrets: Vec<_> = flow
            .secrets
            .iter()
            .filter(|(name, _)| is_named(name))
            .map(|(_, secret)| String::from_utf8_lossy(secret.expose()).into_owned())
            .collect();
        // One secret may be a part of another.
        secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
        Self(secrets)
    }

    /// What came back, as text without the secrets.
    pub fn text(&self, bytes: &[u8]) -> String {
        let mut text = String::from_utf8_lossy(bytes).into_owned();
        for secret in &self.0 {
            if text.contains(&**secret) {
                text = text.replace(&**secret, "***");
            }
        }
        text
    }
}
