use super::Taken;
use crate::{
    engine::run::Walk,
    expr::Template,
    run::{RunError, StepDetail},
};

/// Fails with the message the file gives.
pub(super) fn take(walk: &Walk<'_>, template: &Template, error: Option<&RunError>) -> Taken {
    let message = template
        .render(&walk.scope(error))
        .unwrap_or_else(|error| error.message);
    Taken {
        detail: walk
            .is_detailed()
            .then(|| StepDetail::Fail(message.clone())),
        goes: Err(message),
    }
}
