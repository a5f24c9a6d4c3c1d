use super::Checked;
use crate::{
    check::{answers::Exits, expression, names::Names},
    diagnostic::Report,
    expr::Lenience,
    model::StepKind,
    syntax::Fields,
};

/// `fail "…"`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let message = fields
        .expect_argument(report, "a message")
        .and_then(|text| expression::template(&text, "a message", Lenience::Strict, names, report));
    Checked {
        kind: message.map(StepKind::Fail),
        exits: Exits::fails(),
    }
}
