use super::{
    scalar,
    secret::{self, Secrets},
};
use crate::{
    diagnostic::{Diagnostic, Report},
    model::{Auth, Basic, SecretRef},
    syntax::{Fields, Node, is_secret_place},
};

/// `auth { basic user="…" { password … } }`: any of the ways in it passes.
pub(super) fn auth(node: Node, secrets: &Secrets, report: &mut Report) -> Vec<Auth> {
    let mut fields = node.open();
    let mut ways = Vec::new();
    let children = fields.clone().children();
    for child in &children {
        hide(child.clone(), report);
    }
    let mut nodes = fields.children_named("basic");
    nodes.extend(fields.slip_of_child("basic", report));
    for child in nodes {
        let mut line = child.open();
        ways.extend(basic(&mut line, secrets, report).map(Auth::Basic));
        line.finish(report);
    }
    if children.is_empty() {
        report.push(
            Diagnostic::error(fields.span, "`auth` names no way to prove oneself").help(
                "`basic user=\"…\" password=(env)\"…\"`; a webhook without `auth` is open to all",
            ),
        );
    }
    fields.finish(report);
    ways
}

/// Hides every value but the user's name: a slip may have put a secret anywhere.
fn hide(node: Node, report: &mut Report) {
    let name = node.name.text.clone();
    let mut fields = node.open();
    let properties = fields.properties_left().into_iter();
    let values = properties
        .filter(|(property, _)| property.text != "user")
        .map(|(_, value)| value)
        .chain(fields.arguments());
    for value in values {
        let is_reference = value.as_text().is_some()
            && value
                .annotation
                .as_ref()
                .is_some_and(|annotation| is_secret_place(&annotation.text));
        if !is_reference && name != "user" {
            report.mask(value.span);
        }
    }
    for child in fields.children() {
        hide(child, report);
    }
}

/// HTTP Basic authentication (RFC 7617).
fn basic(fields: &mut Fields, secrets: &Secrets, report: &mut Report) -> Option<Basic<SecretRef>> {
    if !fields.arguments().is_empty() {
        report.push(
            Diagnostic::error(fields.span, "`basic` takes its user and password by name")
                .help("`basic user=\"…\" password=(env)\"…\"`"),
        );
        fields.properties_left();
        fields.children();
        return None;
    }
    let has_child = |name: &str| {
        let mut children = fields.clone().children().into_iter();
        children.any(|child| child.name.text == name)
    };
    let is_user_child = has_child("user");
    let user = match fields.property("user") {
        Some(value) => {
            scalar::name(&value, "a user", report).map(|text| (text.value.clone(), value.span))
        }
        None if is_user_child || fields.has_slip_of_property("user") => None,
        None => {
            report.push(Diagnostic::error(fields.span, "`basic` needs `user=\"…\"`"));
            None
        }
    };
    let passwords = secret::credential(fields, "password", secrets, report);
    let (user, user_span) = user?;
    if user.contains(':') {
        report.push(Diagnostic::error(
            user_span,
            "a Basic user cannot have `:`: it ends the name (RFC 7617)",
        ));
        return None;
    }
    (!passwords.is_empty()).then_some(Basic { user, passwords })
}
