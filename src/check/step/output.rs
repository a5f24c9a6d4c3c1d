use super::Checked;
use crate::{
    check::{answers::Exits, json, names::Names},
    diagnostic::{Diagnostic, Report},
    expr::{JsonTemplate, Lenience},
    model::StepKind,
    syntax::Fields,
};

/// `output "{{ total }}"`, or `output { json { … }; }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    Checked {
        kind: value(fields, names, report).map(StepKind::Output),
        exits: Exits::gives(fields.span),
    }
}

fn value(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<JsonTemplate> {
    let scalar = fields.argument();
    let tree = fields.child("json", report);
    match (scalar, tree) {
        (Some(scalar), None) => json::scalar(&scalar, Lenience::Strict, names, report),
        (None, Some(node)) => json::json(node, Lenience::Strict, names, report),
        (Some(scalar), Some(tree)) => {
            report.push(
                Diagnostic::error(tree.span, "a flow gives one value")
                    .also(scalar.span, "the other is here"),
            );
            None
        }
        (None, None) => {
            report.push(
                Diagnostic::error(fields.span, "`output` gives nothing")
                    .help("`output \"{{ total }}\"`, or `output { json { … }; }`"),
            );
            None
        }
    }
}
