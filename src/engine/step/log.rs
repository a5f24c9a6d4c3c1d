use super::{Goes, Taken};
use crate::{
    engine::run::Walk,
    expr::Template,
    graph::Step,
    run::{RunError, StepDetail},
};

/// Writes a line to the log.
pub(super) fn take(
    walk: &Walk<'_>,
    step: &Step,
    template: &Template,
    error: Option<&RunError>,
) -> Taken {
    match template.render(&walk.scope(error)) {
        Ok(line) => {
            tracing::info!(target: "hookyard::flow", flow = &*walk.flow.name, run = %walk.input.id, "{line}");
            Taken {
                goes: Ok(Goes::To(step.next)),
                detail: walk.is_detailed().then_some(StepDetail::Log(line)),
            }
        }
        Err(error) => Taken {
            goes: Err(error.message),
            detail: None,
        },
    }
}
