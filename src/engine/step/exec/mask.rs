use crate::{
    expr::{Root, Segment},
    graph::Flow,
    model::Exec,
};

/// The secrets that a program was given, to be kept out of what it wrote.
pub(super) struct Mask(Vec<String>);

impl Mask {
    /// Those that the step names.
    pub fn of(exec: &Exec, flow: &Flow) -> Self {
        let is_named = |name: &str| {
            exec.secretive()
                .flat_map(|template| template.roots())
                .any(|(root, path)| {
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

    /// What a program wrote, as text without the secrets.
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
