use super::{Done, Goes};
use crate::{
    engine::walk::Walk,
    expr::Template,
    graph::Step,
    run::{StepDetail, without_credentials},
};

/// Writes a line to the log.
pub(super) fn take(walk: &Walk<'_>, step: &Step, template: &Template) -> Done {
    match template.render(&walk.scope()) {
        Ok(line) => {
            let course = walk.course;
            // A run that is resumed has said so before.
            if !course.journal.is_behind() {
                let told = course.flow.veil.over(&line);
                let line = without_credentials(&course.input.request, &told);
                tracing::info!(target: "hookyard::flow", flow = &*course.flow.name, run = %course.input.id, "{line}");
            }
            Done {
                goes: Ok(Goes::To(step.next)),
                detail: walk.is_detailed().then_some(StepDetail::Log(line)),
            }
        }
        Err(error) => Done::failed(error.message),
    }
}
