use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use smallvec::SmallVec;

use super::step::{self, Goes};
use crate::{
    event::{Bus, Detail},
    graph::Flow,
    run::{
        Outcome, Reply, Request, RunError, RunId, RunRecord, StepDetail, StepRecord, Taken, Value,
    },
};

/// What a run begins with.
#[derive(Debug)]
pub struct Input {
    /// The run's id.
    pub id: RunId,
    /// The revision that accepted it.
    pub revision: Arc<str>,
    /// What came in.
    pub request: Request,
    /// The variables by slot: those the trigger parsed; the rest is absent.
    pub variables: Vec<Option<Value>>,
    /// The whole body as a value, where [`crate::model::Parse::needs_document`] says so.
    pub document: Option<Value>,
    /// When the request's head was complete.
    pub started: Instant,
    /// How much to record.
    pub detail: Detail,
}

/// A run that ended.
#[derive(Debug)]
pub struct Finished {
    /// What it began with; the variables are as the run left them.
    pub input: Input,
    /// How it ended.
    pub outcome: Outcome,
    /// What it answered, where it did.
    pub reply: Option<Reply>,
    /// Why it did not succeed.
    pub error: Option<RunError>,
    /// The branches taken.
    pub taken: SmallVec<[Taken; 4]>,
    /// The steps that ran, where they were recorded.
    pub steps: Vec<StepRecord>,
}

impl Finished {
    /// Tells how the run ended, and what its caller was answered.
    pub fn tell(self, bus: &Bus, flow: &Flow, sent: &Reply) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.input.started);
        let (outcome, detail) = (self.outcome, self.input.detail);
        bus.finish(outcome, took, detail, now, || {
            self.into_record(flow, sent, took)
        });
    }

    /// The story of the run, which took so long, and of what its caller was answered.
    pub fn into_record(self, flow: &Flow, sent: &Reply, took: Duration) -> RunRecord {
        RunRecord {
            id: self.input.id,
            flow: Some(Arc::clone(&flow.shape)),
            revision: self.input.revision,
            request: self.input.request,
            duration: took,
            outcome: self.outcome,
            error: self.error,
            variables: self.input.variables,
            taken: self.taken,
            steps: self.steps,
            reply: Some(sent.clone()),
            detailed: self.input.detail == Detail::Full,
        }
    }
}

/// A run under way.
pub(super) struct Walk<'f> {
    pub flow: &'f Flow,
    pub input: Input,
    pub taken: SmallVec<[Taken; 4]>,
    steps: Vec<StepRecord>,
}

impl Walk<'_> {
    /// Whether every step is recorded.
    pub fn is_detailed(&self) -> bool {
        self.input.detail == Detail::Full
    }
}

/// Runs a flow to its end, or until `deadline` is over at the boundary of two steps.
///
/// A failed step goes to its own `on-error`, and the run goes on behind the step; without one the
/// run has failed, and the flow's `on-error` runs, which may answer but not mend it. A step that
/// panics has failed: a run always ends, and its end is always told.
pub async fn run(flow: &Flow, input: Input, deadline: Option<Instant>) -> Finished {
    let mut walk = Walk {
        flow,
        input,
        taken: SmallVec::new(),
        steps: Vec::new(),
    };
    // Steps set the slots behind the trigger's.
    walk.input.variables.resize(flow.slots, None);
    let mut at = flow.entry;
    let mut reply = None;
    let mut timed_out = false;
    // What the handler that the run is in handles, and what the run ended badly for.
    let mut handled: Option<RunError> = None;
    let mut failed: Option<RunError> = None;
    while let Some(id) = at {
        let is_first = flow.entry == Some(id);
        if !is_first && deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            timed_out = true;
            break;
        }
        let place = &flow.steps[id as usize];
        let began = walk.is_detailed().then(Instant::now);
        let taken = step::take(&mut walk, id, place, handled.as_ref());
        if let Some(began) = began {
            walk.steps.push(StepRecord {
                step: id,
                started: began.saturating_duration_since(walk.input.started),
                took: began.elapsed(),
                error: taken.goes.as_ref().err().cloned(),
                detail: taken.detail.unwrap_or(StepDetail::Nothing),
            });
        }
        match taken.goes {
            Ok(Goes::To(next)) => at = next,
            Ok(Goes::Answers(answer)) => {
                reply = Some(answer);
                break;
            }
            Err(message) => {
                let error = RunError {
                    step: Some(id),
                    message,
                };
                at = match place.on_error {
                    Some(handler) => Some(handler),
                    // The flow's handler runs once: what fails in it ends the run.
                    None if failed.is_none() => flow.on_error,
                    None => None,
                };
                if place.on_error.is_none() && failed.is_none() {
                    failed = Some(error.clone());
                }
                handled = Some(error);
            }
        }
    }
    let outcome = match (timed_out, &failed) {
        (true, _) => Outcome::TimedOut,
        (false, Some(_)) => Outcome::Failed,
        (false, None) => Outcome::Succeeded,
    };
    let error = failed.or_else(|| {
        timed_out.then(|| RunError {
            step: None,
            message: format!("the run took longer than {:?}", flow.timeout),
        })
    });
    Finished {
        input: walk.input,
        outcome,
        reply,
        error,
        taken: walk.taken,
        steps: walk.steps,
    }
}
