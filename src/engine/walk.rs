use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Instant, SystemTime},
};

use smallvec::SmallVec;

use super::{
    Input, Journal, Means, Scope,
    step::{self, Done, Fault, Goes},
};
use crate::{
    event::Detail,
    graph::{Flow, StepId},
    run::{Reply, RunError, StepDetail, StepRecord, Taken, Value},
};

/// What all parts of a run share while it is under way.
pub(super) struct Course<'r> {
    pub flow: &'r Flow,
    /// What it began with; its variables are in the walks.
    pub input: &'r Input,
    pub means: &'r Means,
    pub journal: &'r dyn Journal,
    /// When it has to be over.
    pub deadline: Option<Instant>,
    /// Whether a step was taken: the first one always is.
    pub has_begun: AtomicBool,
}

/// One way through a flow's steps: a run is one, and more where steps run beside each other.
pub(super) struct Walk<'r> {
    pub course: &'r Course<'r>,
    /// The variables by slot.
    pub variables: Vec<Option<Value>>,
    /// What the handler that the walk is in handles.
    pub handled: Option<RunError>,
    pub taken: SmallVec<[Taken; 4]>,
    pub steps: Vec<StepRecord>,
    /// The steps and rounds that the walk is inside of: what makes keys of its effects.
    pub place: String,
    /// Whether the run may be put aside while this walk waits.
    pub may_park: bool,
}

/// How a walk over a block of steps ended.
pub(super) enum End {
    /// Behind the block's last step.
    Through,
    /// The run is to end well.
    Stopped,
    /// It answered, and ends well.
    Answered(Reply),
    /// It has nothing to do until then.
    Parked(SystemTime),
    /// Its time was over at the boundary of two steps.
    TimedOut,
    /// Somebody asked for its end.
    Cancelled,
}

impl Walk<'_> {
    /// Whether every step is recorded.
    pub fn is_detailed(&self) -> bool {
        self.course.input.detail == Detail::Full
    }

    /// What expressions see here.
    pub fn scope(&self) -> Scope<'_> {
        Scope::new(
            self.course.flow,
            self.course.input,
            &self.variables,
            self.handled.as_ref(),
        )
    }

    /// The key of a step's effect.
    pub fn key(&self, id: StepId) -> String {
        format!("{}{id}", self.place)
    }

    /// Takes one step after the other, from `entry` to the end of its block.
    ///
    /// A failed step goes to its own `on-error`, and the walk goes on behind the step.
    ///
    /// # Errors
    /// A step failed that nothing in the block handles.
    pub async fn walk(&mut self, entry: Option<StepId>) -> Result<End, Fault> {
        let mut at = entry;
        while let Some(id) = at {
            if let Some(end) = self.ends_here() {
                return Ok(end);
            }
            let step = &self.course.flow.steps[id as usize];
            let began = self.is_detailed().then(Instant::now);
            let Done { goes, detail } = if step.kind.waits() {
                // What waits keeps much in its future, which runs that never do should not carry.
                Box::pin(step::wait_for(self, id, step)).await
            } else {
                step::take(self, id, step)
            };
            if let Some(began) = began {
                self.steps.push(StepRecord {
                    step: id,
                    started: began.saturating_duration_since(self.course.input.started),
                    took: began.elapsed(),
                    error: goes.as_ref().err().map(|error| error.message.clone()),
                    detail: detail.unwrap_or(StepDetail::Nothing),
                });
            }
            match goes {
                Ok(Goes::To(next)) => at = next,
                Ok(Goes::Ends(end)) => return Ok(end),
                Err(mut fault) => {
                    fault.step.get_or_insert(id);
                    let Some(handler) = step.on_error else {
                        return Err(fault);
                    };
                    self.handled = Some(fault.into());
                    at = Some(handler);
                }
            }
        }
        Ok(End::Through)
    }

    /// Whether the run ends before the next step, because of what happened beside it.
    fn ends_here(&self) -> Option<End> {
        let course = self.course;
        // Each step of a run that nobody waits for would pay for the look at the clock.
        if course.has_begun.swap(true, Ordering::Relaxed)
            && course
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
        {
            return Some(End::TimedOut);
        }
        course.journal.is_cancelled().then_some(End::Cancelled)
    }
}
