use super::Checked;
use crate::{
    check::{answers::Exits, expression, json, names::Names, variable},
    diagnostic::{Diagnostic, Report},
    expr::Lenience,
    model::{SetValue, StepKind},
    syntax::{Fields, Literal, Scalar},
};

/// `set total="{{ … }}" note="…"`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    Checked {
        kind: values(fields, names, report),
        exits: Exits::goes_on(fields.span),
    }
}

/// What `what` is set to: a template, or a constant that is there.
pub(super) fn value(
    scalar: &Scalar,
    what: &str,
    names: &mut Names,
    report: &mut Report,
) -> Option<SetValue> {
    match &scalar.literal {
        Literal::String(_) => {
            expression::template(scalar, "a value", Lenience::Strict, names, report)
                .map(SetValue::Rendered)
        }
        Literal::Null => {
            report.push(Diagnostic::error(
                scalar.span,
                format!("{what} cannot be set to `#null`: that is what an absent one is"),
            ));
            None
        }
        _ => json::constant(scalar, report).map(SetValue::Constant),
    }
}

fn values(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Option<StepKind> {
    let properties = fields.properties_left();
    if properties.is_empty() {
        // Told once: what stands there in their place is no further slip.
        fields.arguments();
        report.push(
            Diagnostic::error(fields.span, "`set` sets nothing")
                .help("`set total=\"{{ amount * 2 }}\"`"),
        );
        return None;
    }
    let mut values = Vec::new();
    let mut is_whole = true;
    let mut set_names = Vec::new();
    for (name, scalar) in properties {
        let value = value(&scalar, "a variable", names, report);
        let is_name = variable::is_usable(&name.text, name.span, report);
        match (is_name, value) {
            (true, Some(value)) => set_names.push((name.text, value)),
            (true, None) => {
                // Known from here on, so that its uses are not reported as well.
                names.set(&name.text, "set");
                is_whole = false;
            }
            (false, _) => {
                names.become_unsure();
                is_whole = false;
            }
        }
    }
    // All values are computed before the first variable is set.
    for (name, value) in set_names {
        values.push((names.set(&name, "set"), value));
    }
    is_whole.then_some(StepKind::Set(values))
}
