use super::Checked;
use crate::{
    check::{answers::Exits, expression, names::Names, scalar},
    diagnostic::Report,
    expr::Lenience,
    model::StepKind,
    syntax::Fields,
};

/// `delay "5m"`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let length = fields
        .expect_argument(report, "how long to wait: `delay \"5m\"`")
        .and_then(|value| {
            let template = expression::template(&value, "a time", Lenience::Strict, names, report)?;
            // What is the same for every run can be held to what it has to be now.
            if template.as_constant().is_some() {
                scalar::duration(&value, "`delay`", report)?;
            }
            Some(template)
        });
    Checked {
        kind: length.map(StepKind::Delay),
        exits: Exits::goes_on(fields.span),
    }
}
