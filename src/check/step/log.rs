use super::Checked;
use crate::{
    check::{answers::Exits, expression, names::Names},
    diagnostic::Report,
    expr::Lenience,
    model::StepKind,
    syntax::Fields,
};

/// `log "…"`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let line = fields
        .expect_argument(report, "the line to write")
        .and_then(|text| expression::template(&text, "a line", Lenience::Lenient, names, report));
    Checked {
        kind: line.map(StepKind::Log),
        exits: Exits::goes_on(fields.span),
    }
}
