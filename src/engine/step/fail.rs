use super::Done;
use crate::{engine::walk::Walk, expr::Template, run::StepDetail};

/// Fails with the message the file gives.
pub(super) fn take(walk: &Walk<'_>, template: &Template) -> Done {
    let message = template
        .render(&walk.scope())
        .unwrap_or_else(|error| error.message);
    Done {
        detail: walk
            .is_detailed()
            .then(|| StepDetail::Fail(message.clone())),
        goes: Err(message.into()),
    }
}
