use super::{Done, Fault, Goes};
use crate::{
    engine::walk::Walk,
    expr::Operand,
    graph::{Branch, StepId},
    run::{ConditionRecord, OperandRecord, StepDetail},
};

/// Takes the first arm whose condition is true. A condition that cannot be decided fails the
/// step: no branch is taken on a guess.
pub(super) fn take(walk: &mut Walk<'_>, id: StepId, branch: &Branch) -> Done {
    let mut conditions = walk.is_detailed().then(Vec::new);
    let mut found = Ok(None);
    {
        let scope = walk.scope();
        for (i, arm) in branch.arms.iter().enumerate() {
            let mut operands = Vec::new();
            let trace = conditions.is_some().then_some(&mut operands);
            let result = arm.condition.evaluate(&scope, trace);
            if let Some(conditions) = &mut conditions {
                conditions.push(ConditionRecord {
                    arm: i as u32,
                    result: result.as_ref().ok().copied(),
                    operands: operands.into_iter().map(operand_record).collect(),
                });
            }
            match result {
                Ok(false) => {}
                Ok(true) => {
                    found = Ok(Some(i));
                    break;
                }
                Err(undecided) => {
                    found = Err(explain(arm.condition.text(), &undecided));
                    break;
                }
            }
        }
    }
    let (arm, goes) = match found {
        Ok(Some(i)) => (Some(i as u32), Ok(Goes::To(branch.arms[i].entry))),
        Ok(None) => (
            branch.has_otherwise.then_some(branch.arms.len() as u32),
            Ok(Goes::To(branch.fallback)),
        ),
        Err(message) => (None, Err(message)),
    };
    if goes.is_ok() {
        walk.took(id, arm);
    }
    Done {
        goes: goes.map_err(Fault::from),
        detail: conditions.map(|conditions| StepDetail::Branch { conditions, arm }),
    }
}

fn operand_record(operand: Operand) -> OperandRecord {
    OperandRecord {
        text: operand.text,
        value: operand.value,
    }
}

/// The sentence that names the condition, what was wrong, and what the other operands were.
fn explain(condition: &str, undecided: &crate::expr::EvalError) -> String {
    let mut message = format!("`{condition}` cannot be decided: {}", undecided.message);
    let read: Vec<_> = undecided
        .operands
        .iter()
        .filter_map(|operand| match &operand.value {
            Some(value) => Some(format!(
                "{} = {}",
                operand.text,
                shortened(&value.to_string())
            )),
            None => {
                let absent = format!("{} is absent", operand.text);
                let is_told = undecided
                    .message
                    .contains(&format!("`{}` is absent", operand.text));
                (!is_told).then_some(absent)
            }
        })
        .collect();
    if !read.is_empty() {
        message.push_str(&format!(" ({})", read.join(", ")));
    }
    message
}

/// Enough of a value to recognise it by.
fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
