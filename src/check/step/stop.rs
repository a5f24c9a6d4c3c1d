use super::Checked;
use crate::{
    check::{answers::Exits, names::Names},
    diagnostic::Report,
    model::StepKind,
    syntax::Fields,
};

/// `stop`.
pub(super) fn check(fields: &mut Fields, _: &mut Names, _: &mut Report) -> Checked {
    Checked {
        kind: Some(StepKind::Stop),
        exits: Exits::stops(fields.span),
    }
}
