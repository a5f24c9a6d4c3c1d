use super::{Page, Tone, words};
use crate::{
    observe::{Entry, near_miss},
    run::{
        ArmShape, ConditionRecord, FlowShape, Outcome, RunRecord, StepDetail, StepRecord, StepShape,
    },
};

/// How far what belongs to an arm stands in.
const INSIDE: usize = 6;

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
        for (branch, taken) in shape.branches(&record.taken) {
            title(page, branch, None);
            for arm in &branch.arms {
                let is_taken = taken.is_some_and(|taken| std::ptr::eq(taken, arm));
                self::arm(page, arm_text(arm), &arm.title, is_taken, None);
            }
        }
        return;
    }
    let before = page.clone();
    flow(page, record, shape, &record.steps, None);
    if *page == before {
        page.line().put(Tone::Dim, "No branch was come to.");
    }
}

/// The branches of a flow: those that the run came to, in that order, then the others.
fn flow(
    page: &mut Page,
    record: &RunRecord,
    shape: &FlowShape,
    steps: &[StepRecord],
    called: Option<&str>,
) {
    for ran in steps {
        match (&ran.detail, shape.step(ran.step)) {
            (StepDetail::Branch { conditions, arm }, Some(step)) => {
                title(page, step, called);
                branch(page, step, conditions, *arm, words::step_error(record, ran));
                page.blank();
            }
            (StepDetail::Call(call), _) => {
                flow(page, record, &call.flow, &call.steps, Some(&call.flow.name));
            }
            _ => {}
        }
    }
    let parents = parents(shape);
    for (id, step) in shape.steps.iter().enumerate() {
        let is_missed = step.is_branch() && !steps.iter().any(|ran| ran.step as usize == id);
        if is_missed {
            title(page, step, called);
            page.line()
                .put(Tone::Dim, "  · ")
                .put(Tone::Dim, &not_come_to(shape, steps, &parents, id))
                .hang(4);
        }
    }
}

fn title(page: &mut Page, step: &StepShape, called: Option<&str>) {
    page.separate();
    let line = page.line();
    line.put(Tone::Accent, "branch ")
        .put(Tone::Strong, &step.title);
    if let Some(flow) = called {
        line.put(Tone::Dim, &format!("  in {flow}"));
    }
}

fn arm_text(arm: &ArmShape) -> &str {
    arm.condition.as_deref().unwrap_or("otherwise")
}

fn branch(
    page: &mut Page,
    step: &StepShape,
    conditions: &[ConditionRecord],
    taken: Option<u32>,
    error: Option<&str>,
) {
    let undecided = conditions
        .iter()
        .any(|condition| condition.result.is_none());
    for (index, arm) in step.arms.iter().enumerate() {
        let is_taken = taken == Some(index as u32);
        let looked_at = conditions
            .iter()
            .find(|condition| condition.arm as usize == index);
        let text = arm_text(arm);
        let Some(condition) = looked_at else {
            let not = if arm.condition.is_some() {
                "not looked at"
            } else {
                "not taken"
            };
            let why = if undecided {
                "undecided above"
            } else {
                "decided above"
            };
            let why = (!is_taken).then(|| format!("({not}: {why})"));
            self::arm(page, text, &arm.title, is_taken, why.as_deref());
            continue;
        };
        let (tone, sign) = match condition.result {
            None => (Tone::Bad, "  ? "),
            Some(true) => (Tone::Lit, "  ✓ "),
            Some(false) => (Tone::Plain, "  ✗ "),
        };
        let line = page.line();
        line.put(tone, sign).put(tone, text).hang(INSIDE);
        if arm.title != text {
            line.put(Tone::Plain, "  ").put(Tone::Dim, &arm.title);
        }
        for operand in &condition.operands {
            let (tone, value) = words::value(operand.value.as_ref());
            page.line()
                .put(Tone::Plain, &" ".repeat(INSIDE))
                .put(Tone::Plain, &operand.text)
                .put(Tone::Dim, " = ")
                .put(tone, &value)
                .hang(INSIDE + 2);
        }
        if condition.result.is_none() {
            page.text(
                Tone::Bad,
                INSIDE,
                error.unwrap_or("It could not be decided."),
            );
        }
        if condition.result != Some(true)
            && let Some(miss) = near_miss(text, &condition.operands)
        {
            page.text(Tone::Warn, INSIDE, &miss.to_string());
        }
    }
    if taken.is_none() && !undecided {
        page.line().put(
            Tone::Dim,
            "  Nothing matched: the run went on below the branch.",
        );
    }
}

/// An arm whose condition was not looked at, or of which it is not known.
fn arm(page: &mut Page, text: &str, title: &str, is_taken: bool, why: Option<&str>) {
    let (tone, sign) = if is_taken {
        (Tone::Lit, "  ✓ ")
    } else {
        (Tone::Dim, "  · ")
    };
    let line = page.line();
    line.put(tone, sign).put(tone, text).hang(INSIDE);
    if title != text {
        line.put(Tone::Plain, "  ").put(Tone::Dim, title);
    }
    if let Some(why) = why {
        line.put(Tone::Dim, "  ").put(Tone::Dim, why);
    }
}

/// Where a step stands: in which step, and in which of its arms; none of them is its `on-error`.
type Parent = (usize, Option<usize>);

fn parents(shape: &FlowShape) -> Vec<Option<Parent>> {
    let mut parents = vec![None; shape.steps.len()];
    for (id, step) in shape.steps.iter().enumerate() {
        let arms = step.arms.iter().enumerate();
        let children = arms
            .flat_map(|(arm, shape)| shape.steps.iter().map(move |child| (child, Some(arm))))
            .chain(step.on_error.iter().map(|child| (child, None)));
        for (child, arm) in children {
            if let Some(parent) = parents.get_mut(*child as usize) {
                *parent = Some((id, arm));
            }
        }
    }
    parents
}

/// Why a run did not come to a step: the nearest turn that it took another way.
fn not_come_to(
    shape: &FlowShape,
    steps: &[StepRecord],
    parents: &[Option<Parent>],
    id: usize,
) -> String {
    let mut step = id;
    // A shape from elsewhere may run in circles.
    for _ in 0..parents.len() {
        let Some((parent, arm)) = parents[step] else {
            break;
        };
        let ran = steps.iter().find(|ran| ran.step as usize == parent);
        match (ran.map(|ran| &ran.detail), arm) {
            (Some(_), None) => return format!("not come to: {} did not fail", shape.steps[parent]),
            (Some(StepDetail::Branch { arm: taken, .. }), Some(arm))
                if *taken != Some(arm as u32) =>
            {
                return format!(
                    "not come to: {} did not go to `{}`",
                    shape.steps[parent], shape.steps[parent].arms[arm].title
                );
            }
            (Some(_), Some(_)) => break,
            (None, _) => step = parent,
        }
    }
    let in_on_error = shape.on_error.iter().any(|outer| *outer as usize == step);
    if in_on_error && steps.iter().all(|ran| ran.error.is_none()) {
        "not come to: nothing failed".to_owned()
    } else {
        "not come to: the run ended before".to_owned()
    }
}
