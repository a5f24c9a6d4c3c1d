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
        walk.told.took(id, arm);
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
    let is_told = |operand: &&Operand| {
        let told = format!("`{}` is absent", operand.text);
        operand.value.is_none() && undecided.message.contains(&told)
    };
    let others = undecided.operands.iter().filter(|it| !is_told(it));
    let read: Vec<_> = others
        .map(|operand| match &operand.value {
            Some(value) => format!("{} = {}", operand.text, shortened(&value.to_string())),
            None => format!("{} is absent", operand.text),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::EvalError;

    #[test]
    fn what_was_absent_is_told_once_and_the_other_operands_with_it() {
        let operand = |text: &str, value: Option<i32>| Operand {
            text: text.to_owned(),
            value: value.map(Into::into),
        };
        let undecided = |message: &str, operands| EvalError {
            message: message.to_owned(),
            operands,
        };
        let why = "`item.qty` is absent, `==` needs two values";
        for (operands, told) in [
            (vec![operand("item.qty", None)], ""),
            (
                vec![operand("item.qty", None), operand("least", Some(3))],
                " (least = 3)",
            ),
            (
                vec![operand("note", None), operand("item.qty", None)],
                " (note is absent)",
            ),
        ] {
            assert_eq!(
                explain("item.qty == least", &undecided(why, operands)),
                format!("`item.qty == least` cannot be decided: {why}{told}")
            );
        }
    }
}
