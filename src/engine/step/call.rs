use std::sync::{Arc, atomic::AtomicBool};

use super::{Done, Fault, Goes};
use crate::{
    engine::{
        called::Called,
        told::Told,
        walk::{Course, End, Walk},
    },
    graph::{Call, Step, StepId},
    model::SetValue,
    payload,
    run::{CallRecord, Outcome, StepDetail, Value},
};

/// Takes the steps of another flow. They are told, and kept, below this one: the run is walked
/// through them again where it is resumed.
pub(super) async fn take(walk: &mut Walk<'_>, id: StepId, step: &Step, call: &Call) -> Done {
    let variables = match given(walk, call) {
        Ok(variables) => variables,
        Err(why) => {
            return Done::failed(format!("call {:?}: {why}", call.flow.name));
        }
    };
    let course = Course {
        flow: &call.flow,
        input: walk.course.input,
        means: walk.course.means,
        journal: walk.course.journal,
        deadline: walk.course.deadline,
        has_begun: AtomicBool::new(true),
        caller: walk.taking,
        called: walk.course.called,
    };
    let mut inner = Walk {
        course: &course,
        variables,
        handled: None,
        told: Told::new(walk.told.steps.of_call()),
        within: None,
        place: walk.place.of_call(id),
        may_park: walk.may_park,
        answered: None,
        taking: None,
    };
    let (end, failed) = inner.through(call.flow.entry).await;
    let Walk {
        variables, told, ..
    } = inner;
    walk.told.steps.took_room(&told.steps);
    let outcome = match (&end, &failed) {
        // It is walked again.
        (End::Parked(_), _) => None,
        (End::TimedOut, _) => Some(Outcome::TimedOut),
        (End::Cancelled, _) => Some(Outcome::Cancelled),
        (_, Some(_)) => Some(Outcome::Failed),
        (_, None) => Some(Outcome::Succeeded),
    };
    if let Some(outcome) = outcome {
        walk.course.has_called(Called {
            flow: Arc::clone(&call.flow),
            outcome,
            taken: told.taken,
        });
    }
    let mut output = None;
    let goes = match (end, failed) {
        // These are ends of the whole run.
        (end @ (End::Parked(_) | End::TimedOut | End::Cancelled), _) => Ok(Goes::Ends(end)),
        (_, Some(fault)) => Err(within(call, fault)),
        (end, None) => {
            if let End::Output(value) = end {
                output = Some(value);
            }
            if let Some(slot) = call.output {
                walk.variables[slot as usize].clone_from(&output);
            }
            Ok(Goes::To(step.next))
        }
    };
    let detail = walk.is_detailed().then(|| {
        StepDetail::Call(Box::new(CallRecord {
            flow: Arc::clone(&call.flow.shape),
            variables,
            steps: told.steps.into_records(),
            output,
        }))
    });
    Done { goes, detail }
}

/// The variables that the flow begins with.
fn given(walk: &Walk<'_>, call: &Call) -> Result<Vec<Option<Value>>, String> {
    let scope = walk.scope();
    let flow = &call.flow;
    let mut variables = vec![None; flow.slots];
    let inputs = flow.inputs.iter().zip(&call.inputs);
    for (slot, (input, value)) in inputs.enumerate() {
        let name = &flow.shape.variables[slot].name;
        let wrong = |why: String| format!("the input `{name}` {why}");
        let value = match value {
            None => None,
            Some(SetValue::Constant(value)) => Some(value.clone()),
            Some(SetValue::Rendered(template)) => template
                .value(&scope)
                .map_err(|error| wrong(format!("cannot be rendered: {}", error.message)))?,
        };
        variables[slot] = payload::fit(input.kind, &input.absence, value).map_err(wrong)?;
    }
    Ok(variables)
}

/// The failure of the call, where a step of the flow has failed.
fn within(call: &Call, fault: Fault) -> Fault {
    let flow = &call.flow;
    let step = fault.step.and_then(|step| flow.shape.step(step));
    let named = fault.named(flow);
    let message = match named {
        // One that only fails is called by what it says.
        Some(named) if step.is_some_and(|step| step.kind != "fail") => {
            format!("call {:?}: `{named}` failed: {}", flow.name, fault.message)
        }
        _ => format!("call {:?}: {}", flow.name, fault.message),
    };
    Fault {
        message,
        step: None,
        action: None,
        is_spent: fault.is_spent,
    }
}
