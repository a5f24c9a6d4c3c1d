use super::Checked;
use crate::{
    check::{answers::Exits, names::Names, reply, scalar},
    diagnostic::{Diagnostic, Report},
    model::{Respond, StepKind, Then},
    syntax::Fields,
};

/// `respond 200 then="continue" { … }`.
pub(super) fn check(fields: &mut Fields, names: &mut Names, report: &mut Report) -> Checked {
    let span = fields.span;
    let word = fields.property("then");
    let then = word.as_ref().map_or(Some(Then::End), |value| {
        scalar::word(value, "`then`", &[("continue", Then::Continue)], report)
    });
    if let Some(value) = &word
        && names.handles_error()
    {
        report.push(
            Diagnostic::error(
                value.span,
                "a flow cannot go on from an answer in `on-error`",
            )
            .help("answer here without `then`, and do the rest above it"),
        );
    }
    let exits = match &word {
        None => Exits::responds(span),
        Some(_) => Exits::answers_first(span),
    };
    let reply = reply::reply(fields, names, report);
    let respond = reply.zip(then).map(|(reply, then)| Respond { reply, then });
    Checked {
        kind: respond.map(StepKind::Respond),
        exits,
    }
}
