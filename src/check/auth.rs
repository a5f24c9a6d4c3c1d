use super::{
    scalar,
    secret::{self, Secrets},
};
use crate::{
    diagnostic::{Diagnostic, Report},
    model::{Auth, Basic, SecretRef},
    syntax::{Fields, Node},
};

/// `auth { basic user="…" { password … } }`: any of the ways in it passes.
pub(super) fn auth(node: Node, secrets: &Secrets, report: &mut Report) -> Vec<Auth> {
    let mut fields = node.open();
    let mut ways = Vec::new();
    for child in fields.children_named("basic") {
        let mut line = child.open();
        ways.extend(basic(&mut line, secrets, report).map(Auth::Basic));
        line.finish(report);
    }
    if ways.is_empty() && !report.has_errors() {
        report.push(
            Diagnostic::error(fields.span, "`auth` names no way to prove oneself").help(
                "`basic user=\"…\" password=(env)\"…\"`; a webhook without `auth` is open to all",
            ),
        );
    }
    fields.finish(report);
    ways
}

/// HTTP Basic authentication (RFC 7617).
fn basic(fields: &mut Fields, secrets: &Secrets, report: &mut Report) -> Option<Basic<SecretRef>> {
    let user = match fields.property("user") {
        Some(value) => scalar::name(&value, "a user", report).map(|text| text.value.clone()),
        None => {
            report.push(Diagnostic::error(fields.span, "`basic` needs `user=\"…\"`"));
            None
        }
    };
    let passwords = secret::credential(fields, "password", secrets, report);
    let user = user?;
    if user.contains(':') {
        report.push(Diagnostic::error(
            fields.span,
            "a Basic user cannot have `:`: it ends the name (RFC 7617)",
        ));
        return None;
    }
    (!passwords.is_empty()).then_some(Basic { user, passwords })
}
