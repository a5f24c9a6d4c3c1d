use super::{Goes, Taken};
use crate::{
    engine::run::Walk,
    graph::Step,
    model::SetValue,
    run::{RunError, StepDetail},
};

/// Sets variables; all values are computed before the first is set.
pub(super) fn take(
    walk: &mut Walk<'_>,
    step: &Step,
    values: &[(u32, SetValue)],
    error: Option<&RunError>,
) -> Taken {
    let scope = walk.scope(error);
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
                walk.input.variables[slot as usize] = value;
            }
            Taken {
                goes: Ok(Goes::To(step.next)),
                detail,
            }
        }
        Err::<_, crate::expr::RenderError>(error) => Taken {
            goes: Err(error.message),
            detail: None,
        },
    }
}
