use super::{Done, Goes};
use crate::{engine::walk::Walk, graph::Step, model::SetValue, run::StepDetail};

/// Sets variables; all values are computed before the first is set.
pub(super) fn take(walk: &mut Walk<'_>, step: &Step, values: &[(u32, SetValue)]) -> Done {
    let scope = walk.scope();
    let computed: Result<Vec<_>, _> = values
        .iter()
        .map(|(slot, value)| {
            let value = match value {
                SetValue::Constant(value) => Some(value.clone()),
                SetValue::Rendered(template) => template.value(&scope)?,
            };
            Ok((*slot, value))
        })
        .collect();
    match computed {
        Ok(computed) => {
            let detail = walk
                .is_detailed()
                .then(|| StepDetail::Set(computed.clone()));
            for (slot, value) in computed {
                walk.variables[slot as usize] = value;
            }
            Done {
                goes: Ok(Goes::To(step.next)),
                detail,
            }
        }
        Err::<_, crate::expr::RenderError>(error) => Done::failed(error.message),
    }
}
