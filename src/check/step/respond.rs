use super::Checked;
use crate::{
    check::{answers::Exits, names::Names, reply},
    diagnostic::Report,
    model::StepKind,
    syntax::Fields,
};

/// `respond 200 { … }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let exits = Exits::responds(fields.span);
    Checked {
        kind: reply::reply(fields, names, report).map(StepKind::Respond),
        exits,
    }
}
