use std::{cell::RefCell, path::PathBuf};

use super::scalar;
use crate::{
    diagnostic::{Diagnostic, Report, Span, did_you_mean, nearest},
    model::{SecretPlace, SecretPlaces, SecretRef},
    syntax::{Fields, Literal, Node, SECRET_PLACES, Scalar},
};

/// The named secrets, and the env-file.
#[derive(Debug, Default)]
pub(super) struct Secrets {
    pub named: Vec<(String, SecretRef)>,
    spans: Vec<Span>,
    /// Whether all of the configuration could be read: else a name may stand in what could not.
    is_complete: bool,
    pub env_file: Option<PathBuf>,
    env_file_span: Option<Span>,
    /// Names that are there, but broken.
    broken: Vec<String>,
    /// What flows refer to without a name; they only borrow this.
    nameless: RefCell<Vec<SecretRef>>,
}

impl Secrets {
    /// None yet, of a configuration that could be read completely or not.
    pub fn of(is_complete: bool) -> Self {
        Self {
            is_complete,
            ..Self::default()
        }
    }

    /// Everything that is to be looked up, each once. Nothing where some of the configuration is
    /// not known: it may name the env-file.
    pub fn places(&self) -> SecretPlaces {
        if !self.is_complete {
            return SecretPlaces::default();
        }
        let named = self.named.iter().map(|(_, secret)| secret.clone());
        let nameless = self.nameless.borrow();
        SecretPlaces {
            env_file: self.env_file.clone(),
            secrets: named.chain(nameless.iter().cloned()).collect(),
        }
    }

    fn note(&self, secret: &SecretRef) {
        if !self.named.iter().any(|(_, named)| named == secret) {
            self.nameless.borrow_mut().push(secret.clone());
        }
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.named.iter().map(|(name, _)| &**name)
    }

    /// The names that an expression may use: broken ones too, which are no further slip.
    pub fn known(&self) -> impl Iterator<Item = String> {
        self.names().map(str::to_owned).chain(self.broken.clone())
    }

    fn get(&self, name: &str) -> Option<&SecretRef> {
        self.named
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, secret)| secret)
    }
}

/// `secrets { env-file "…"; name (env)"NAME" }`.
pub(super) fn secrets(node: Node, secrets: &mut Secrets, report: &mut Report) {
    let mut fields = node.open();
    for child in fields.children() {
        let mut entry = child.open();
        let name = entry.name.clone();
        let Some(value) = entry.expect_argument(report, "a value, like `(env)\"NAME\"`") else {
            secrets.broken.push(name.text);
            continue;
        };
        if name.text == "env-file" {
            if let Some(first) = secrets.env_file_span {
                report.push(
                    Diagnostic::error(name.span, "there is one `env-file`")
                        .also(first, "it is here"),
                );
            } else if let Some(path) = scalar::name(&value, "the path of an env-file", report) {
                secrets.env_file = Some(PathBuf::from(&path.value));
                secrets.env_file_span = Some(name.span);
            }
        } else if let Some(i) = secrets.names().position(|known| known == name.text) {
            report.push(
                Diagnostic::error(
                    name.span,
                    format!("the secret `{}` is there twice", name.text),
                )
                .also(secrets.spans[i], "first here"),
            );
        } else if !crate::expr::is_variable_name(&name.text) {
            report.push(
                Diagnostic::error(name.span, format!("`{}` cannot name a secret", name.text))
                    .help("a name is lower-case letters, digits and `_`, no digit first"),
            );
            secrets.broken.push(name.text);
        } else if let Some(secret) = secret(&value, None, report) {
            secrets.named.push((name.text, secret));
            secrets.spans.push(name.span);
        } else {
            secrets.broken.push(name.text);
        }
        entry.finish(report);
    }
    fields.finish(report);
}

/// The secrets of one credential: one as a property, or several as the arguments of a child.
pub(super) fn credential(
    fields: &mut Fields,
    name: &'static str,
    secrets: &Secrets,
    report: &mut Report,
) -> Vec<SecretRef> {
    let property = fields.property(name);
    let child = fields.child(name, report);
    let values = match (property, child) {
        (Some(value), None) => vec![value],
        (None, Some(child)) => {
            let mut child = child.open();
            let values = child.arguments();
            if values.is_empty() {
                report.push(Diagnostic::error(
                    child.span,
                    format!("`{name}` needs a value, like `(env)\"NAME\"`"),
                ));
            }
            child.finish(report);
            values
        }
        (Some(value), Some(child)) => {
            report.push(
                Diagnostic::error(child.span, format!("`{name}` is given twice"))
                    .also(value.span, "first here")
                    .help("several values go into one child: `password (env)\"NEW\" (env)\"OLD\"`"),
            );
            return Vec::new();
        }
        (None, None) if fields.has_slip_of_property(name) => return Vec::new(),
        (None, None) => {
            report.push(Diagnostic::error(
                fields.span,
                format!("`{}` needs `{name}`", fields.name.text),
            ));
            return Vec::new();
        }
    };
    values
        .iter()
        .filter_map(|value| secret(value, Some(secrets), report))
        .inspect(|secret| secrets.note(secret))
        .collect()
}

/// Whether a shell would put a variable's value in the place of a text: `$NAME`, `${NAME}`.
fn is_like_a_variable(text: &str) -> bool {
    let name = text.strip_prefix('$').map(|rest| {
        let braced = rest.strip_prefix('{');
        let braced = braced.and_then(|rest| rest.strip_suffix('}'));
        braced.unwrap_or(rest)
    });
    name.is_some_and(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase() || c == '_')
            && name
                .bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}

/// One secret: `(env)"NAME"`, `(file)"path"`, `(credential)"name"`, `(secret)"name"` or plain text.
fn secret(value: &Scalar, named: Option<&Secrets>, report: &mut Report) -> Option<SecretRef> {
    let Literal::String(text) = &value.literal else {
        report.push(Diagnostic::error(
            value.span,
            format!("a secret is text in quotes, found {}", value.kind()),
        ));
        return None;
    };
    if text.value.is_empty() {
        report.push(
            Diagnostic::error(value.span, "a secret cannot be empty")
                .help("an empty secret would let anybody in"),
        );
        return None;
    }
    let Some(annotation) = &value.annotation else {
        if is_like_a_variable(&text.value) {
            // Without its name: a password may look like this, and stays hidden.
            report.push(
                Diagnostic::warning(value.span, "this secret is the text with the `$` itself")
                    .help("a variable of the environment is written `(env)\"NAME\"`"),
            );
        }
        return Some(SecretRef {
            place: SecretPlace::Plain(text.value.clone()),
            span: value.span,
        });
    };
    let name = text.value.clone();
    let place = match (&*annotation.text, named) {
        ("env", _) => SecretPlace::Env(name),
        ("file", _) => SecretPlace::File(PathBuf::from(name)),
        ("credential", _) => SecretPlace::Credential(name),
        ("secret", Some(secrets)) => {
            let found = secrets.get(&name).cloned();
            if found.is_none() && secrets.is_complete && !secrets.broken.contains(&name) {
                let mut diagnostic =
                    Diagnostic::error(value.span, format!("there is no secret named `{name}`"));
                diagnostic = match nearest(&name, secrets.names()) {
                    Some(near) => diagnostic.help(did_you_mean(near)),
                    None => diagnostic.help("name it in `secrets { … }`"),
                };
                report.push(diagnostic);
            }
            return found;
        }
        ("secret", None) => {
            report.push(
                Diagnostic::error(annotation.span, "a secret cannot be another one")
                    .help("say where it is kept: `(env)\"NAME\"`, `(file)\"path\"` or `(credential)\"name\"`"),
            );
            return None;
        }
        (unknown, _) => {
            let mut diagnostic = Diagnostic::error(
                annotation.span,
                format!("`({unknown})` is no place where a secret is kept"),
            );
            diagnostic = match nearest(unknown, SECRET_PLACES) {
                Some(near) => diagnostic.help(did_you_mean(&format!("({near})"))),
                None => {
                    let places = SECRET_PLACES.map(|place| format!("`({place})`"));
                    diagnostic.help(format!("there are {}", places.join(", ")))
                }
            };
            report.push(diagnostic);
            return None;
        }
    };
    Some(SecretRef {
        place,
        span: value.span,
    })
}
