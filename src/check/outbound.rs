use super::scalar;
use crate::{
    diagnostic::{Diagnostic, Report},
    model::{Allowed, Outbound},
    syntax::{Node, Scalar},
};

/// `outbound { allow "10.0.0.0/8" "ntfy.internal" "*.example.org" }`.
pub(super) fn outbound(node: Node, report: &mut Report) -> Outbound {
    let mut fields = node.open();
    let mut allow = Vec::new();
    for child in fields.children_named("allow") {
        let mut line = child.open();
        let first = line.expect_argument(report, "a network, an address or a host");
        for value in first.into_iter().chain(line.arguments()) {
            if let Some(allowed) = allowed(&value, report) {
                if allow.contains(&allowed) {
                    report.push(Diagnostic::error(
                        value.span,
                        format!("`{allowed}` is allowed twice"),
                    ));
                } else {
                    allow.push(allowed);
                }
            }
        }
        line.finish(report);
    }
    fields.finish(report);
    Outbound { allow }
}

fn allowed(value: &Scalar, report: &mut Report) -> Option<Allowed> {
    let text = scalar::name(value, "what is allowed", report)?;
    let allowed = text.value.parse();
    if allowed.is_err() {
        report.push(
            Diagnostic::error(
                value.span,
                format!("{:?} is no network, address or host", text.value),
            )
            .help("\"10.0.0.0/8\", \"127.0.0.1\", \"ntfy.internal\" or \"*.example.org\": no scheme, no port"),
        );
    }
    allowed.ok()
}
