//! One file per step kind: each takes a step and says where the run goes.

mod branch;
mod fail;
mod log;
mod respond;
mod set;

pub use respond::render_reply;

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Scope, run::Walk};
use crate::{
    graph::{Step, StepId, StepKind},
    run::{Reply, RunError, StepDetail},
};

/// Where a run goes from a step.
#[derive(Debug)]
pub(super) enum Goes {
    /// To this step; `None` ends the run well.
    To(Option<StepId>),
    /// It answers, and ends well.
    Answers(Reply),
}

/// A step that was taken: where the run goes, or why it failed; and what is told of it.
pub(super) struct Taken {
    pub goes: Result<Goes, String>,
    /// `None` where the record is brief.
    pub detail: Option<StepDetail>,
}

/// Takes one step, and survives its panic.
pub(super) fn take(
    walk: &mut Walk<'_>,
    id: StepId,
    step: &Step,
    error: Option<&RunError>,
) -> Taken {
    // A panic leaves the variables as they were or as they were to be: a step sets them last.
    catch_unwind(AssertUnwindSafe(|| dispatch(walk, id, step, error))).unwrap_or_else(|_| {
        let shape = walk.flow.shape.steps.get(id as usize);
        let name = shape.map_or("the step".to_owned(), ToString::to_string);
        Taken {
            goes: Err(format!("{name} panicked, which is a fault of the server's")),
            detail: None,
        }
    })
}

fn dispatch(walk: &mut Walk<'_>, id: StepId, step: &Step, error: Option<&RunError>) -> Taken {
    match &step.kind {
        StepKind::Branch(branch) => branch::take(walk, id, branch, error),
        StepKind::Respond(reply) => respond::take(walk, reply, error),
        StepKind::Set(values) => set::take(walk, step, values, error),
        StepKind::Log(template) => log::take(walk, step, template, error),
        StepKind::Stop => Taken {
            goes: Ok(Goes::To(None)),
            detail: walk.is_detailed().then_some(StepDetail::Stop),
        },
        StepKind::Fail(template) => fail::take(walk, template, error),
    }
}

impl<'f> Walk<'f> {
    fn scope<'r>(&'r self, error: Option<&'r RunError>) -> Scope<'r>
    where
        'f: 'r,
    {
        Scope::new(self.flow, &self.input, error)
    }
}
