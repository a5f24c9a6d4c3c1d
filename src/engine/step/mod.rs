//! One file per step kind: each takes a step and says where the run goes.

mod branch;
mod call;
mod delay;
mod each;
mod exec;
mod fail;
mod header;
mod http;
mod log;
mod mask;
mod output;
mod parallel;
mod render;
mod respond;
mod set;

pub use exec::become_program;
pub(super) use mask::Mask;
pub use respond::render_reply;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
};

use super::{
    caught, effect,
    walk::{End, Walk},
};
use crate::{
    graph::{Flow, Step, StepId, StepKind},
    run::{RunError, StepDetail},
};

/// Where a run goes from a step.
pub(super) enum Goes {
    /// To this step; `None` is the end of the block.
    To(Option<StepId>),
    /// No further.
    Ends(End),
}

/// A step that was taken: where the run goes, or why it failed; and what is told of it.
pub(super) struct Done {
    pub goes: Result<Goes, Fault>,
    /// `None` where the record is brief.
    pub detail: Option<StepDetail>,
}

impl Done {
    /// A step that failed before there was anything to tell of it.
    fn failed(why: String) -> Self {
        Self {
            goes: Err(why.into()),
            detail: None,
        }
    }
}

/// Why a step failed.
#[derive(Clone, Debug)]
pub(super) struct Fault {
    /// A plain sentence.
    pub message: String,
    /// The step inside of it that did, where it was one.
    pub step: Option<StepId>,
    /// What that step was about to do, where it acts on the world: its title, with the values of
    /// this run in it.
    pub action: Option<String>,
    /// Whether it was tried as often as it may be.
    pub is_spent: bool,
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self {
            message,
            step: None,
            action: None,
            is_spent: false,
        }
    }
}

impl Fault {
    /// The step that failed, as messages name it.
    pub fn named(&self, flow: &Flow) -> Option<String> {
        let step = flow.shape.steps.get(self.step? as usize)?;
        Some(match &self.action {
            Some(action) => format!("{} {action}", step.kind),
            None => step.to_string(),
        })
    }
}

impl From<Fault> for RunError {
    fn from(fault: Fault) -> Self {
        Self {
            step: fault.step,
            message: fault.message,
        }
    }
}

/// Takes a step that never waits, and survives its panic.
pub(super) fn take(walk: &mut Walk<'_>, id: StepId, step: &Step) -> Done {
    // A panic leaves the variables as they were or as they were to be: a step sets them last.
    catch_unwind(AssertUnwindSafe(|| dispatch(walk, id, step)))
        .unwrap_or_else(|_| panicked(walk, id))
}

/// Takes a step that may wait, and survives its panic.
pub(super) fn wait_for<'w>(
    walk: &'w mut Walk<'_>,
    id: StepId,
    step: &'w Step,
) -> Pin<Box<dyn Future<Output = Done> + Send + 'w>> {
    // What waits keeps much in its future, which runs that never do should not carry; and it may
    // hold a walk again.
    Box::pin(async move {
        let done = caught(pin!(dispatch_waiting(walk, id, step))).await;
        done.unwrap_or_else(|_| panicked(walk, id))
    })
}

fn dispatch(walk: &mut Walk<'_>, id: StepId, step: &Step) -> Done {
    match &step.kind {
        StepKind::Branch(branch) => branch::take(walk, id, branch),
        StepKind::Respond(respond) => respond::take(walk, id, step, respond),
        StepKind::Set(values) => set::take(walk, step, values),
        StepKind::Log(template) => log::take(walk, step, template),
        StepKind::Output(template) => output::take(walk, template),
        StepKind::Stop => ends(walk, End::Stopped),
        StepKind::Fail(template) => fail::take(walk, template),
        StepKind::Break => ends(walk, End::Broken),
        StepKind::Continue => ends(walk, End::Continued),
        StepKind::Delay(_)
        | StepKind::Http(_)
        | StepKind::Exec(_)
        | StepKind::Each(_)
        | StepKind::Parallel(_)
        | StepKind::Call(_) => {
            unreachable!("it waits")
        }
    }
}

async fn dispatch_waiting(walk: &mut Walk<'_>, id: StepId, step: &Step) -> Done {
    match &step.kind {
        StepKind::Delay(template) => delay::take(walk, id, step, template).await,
        StepKind::Http(http) => effect::take(walk, id, step, &**http).await,
        StepKind::Each(each) => each::take(walk, id, step, each).await,
        StepKind::Parallel(parallel) => parallel::take(walk, id, step, parallel).await,
        StepKind::Call(call) => call::take(walk, id, step, call).await,
        StepKind::Exec(exec) => effect::take(walk, id, step, &**exec).await,
        _ => dispatch(walk, id, step),
    }
}

fn ends(walk: &Walk<'_>, end: End) -> Done {
    Done {
        goes: Ok(Goes::Ends(end)),
        detail: walk.is_detailed().then_some(StepDetail::Stop),
    }
}

fn panicked(walk: &Walk<'_>, id: StepId) -> Done {
    let shape = walk.course.flow.shape.steps.get(id as usize);
    let name = shape.map_or("the step".to_owned(), ToString::to_string);
    Done::failed(format!("{name} panicked, which is a fault of the server's"))
}
