use super::{Done, Goes};
use crate::{
    engine::walk::{End, Walk},
    expr::JsonTemplate,
    run::StepDetail,
};

/// Ends a flow that was called, and gives a value.
pub(super) fn take(walk: &Walk<'_>, template: &JsonTemplate) -> Done {
    match template.value(&walk.scope()) {
        Ok(value) => Done {
            detail: walk
                .is_detailed()
                .then(|| StepDetail::Output(value.clone())),
            goes: Ok(Goes::Ends(End::Output(value))),
        },
        Err(error) => Done::failed(error.message),
    }
}
