use super::{Page, Tone, words};
use crate::{
    observe::Entry,
    run::{ConditionRecord, Outcome, RunRecord, StepDetail, StepShape},
};

pub(super) fn write(page: &mut Page, entry: &Entry, record: &RunRecord) {
    let Some(shape) = record.flow.as_deref() else {
        return words::no_flow(page, entry);
    };
    if record.outcome == Outcome::Refused {
        page.line()
            .put(Tone::Dim, "Refused before any condition was looked at.");
        return;
    }
    if !record.detailed {
        words::brief(page);
        page.blank();
        for taken in &record.taken {
            if let Some(step) = shape.steps.get(taken.step as usize) {
                branch(page, step, &[], taken.arm, None, true);
            }
        }
        return;
    }
    let mut none = true;
    for ran in &record.steps {
        if let (StepDetail::Branch { conditions, arm }, Some(step)) =
            (&ran.detail, shape.steps.get(ran.step as usize))
        {
            if !none {
                page.blank();
            }
            none = false;
            branch(
                page,
                step,
                conditions,
                *arm,
                words::step_error(record, ran),
                false,
            );
        }
    }
    if none {
        page.line().put(Tone::Dim, "No branch was come to.");
    }
}

fn branch(
    page: &mut Page,
    step: &StepShape,
    conditions: &[ConditionRecord],
    taken: Option<u32>,
    error: Option<&str>,
    brief: bool,
) {
    page.line()
        .put(Tone::Accent, "branch ")
        .put(Tone::Strong, &step.title);
    for (index, arm) in step.arms.iter().enumerate() {
        let is_taken = taken == Some(index as u32);
        let looked_at = conditions
            .iter()
            .find(|condition| condition.arm as usize == index);
        let text = arm.condition.as_deref().unwrap_or("otherwise");
        let line = page.line();
        line.hang(6);
        match looked_at.map(|condition| condition.result) {
            Some(None) => line.put(Tone::Bad, "  ? ").put(Tone::Bad, text),
            Some(Some(true)) => line.put(Tone::Lit, "  ✓ ").put(Tone::Lit, text),
            Some(Some(false)) => line.put(Tone::Plain, "  ✗ ").put(Tone::Plain, text),
            None if is_taken => line.put(Tone::Lit, "  ✓ ").put(Tone::Lit, text),
            None => line.put(Tone::Dim, "  · ").put(Tone::Dim, text),
        };
        if arm.condition.is_some() && arm.title != text {
            line.put(Tone::Plain, "  ").put(Tone::Dim, &arm.title);
        }
        if looked_at.is_none() && !is_taken && !brief {
            line.put(Tone::Dim, "  (not looked at)");
        }
        for operand in looked_at.iter().flat_map(|condition| &condition.operands) {
            let (tone, value) = words::value(operand.value.as_ref());
            page.line()
                .put(Tone::Plain, "      ")
                .put(Tone::Plain, &operand.text)
                .put(Tone::Dim, " = ")
                .put(tone, &value)
                .hang(8);
        }
        if let Some(condition) = looked_at
            && condition.result.is_none()
        {
            page.text(Tone::Bad, 6, error.unwrap_or("It could not be decided."));
        }
    }
    let undecided = conditions
        .iter()
        .any(|condition| condition.result.is_none());
    if taken.is_none() && !undecided {
        page.line().put(
            Tone::Dim,
            "  Nothing matched: the run went on below the branch.",
        );
    }
}
