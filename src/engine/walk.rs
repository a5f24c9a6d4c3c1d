use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::{
    Input, Journal, Means, Pause, Rest, Scope,
    called::{Called, MOST_CALLED},
    key::Place,
    step::{self, Done, Fault, Goes},
    told::Told,
};
use crate::{
    event::Detail,
    graph::{Flow, StepId},
    run::{Part, Reply, StepDetail, StepRecord, Value, Within},
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
    /// What the journal knows the `call` by that the flow was called with, where it was.
    pub caller: Option<usize>,
    /// The flows that the run has called.
    pub called: &'r Mutex<Vec<Called>>,
}

/// One way through a flow's steps: a run is one, and more where steps run beside each other.
pub(super) struct Walk<'r> {
    pub course: &'r Course<'r>,
    /// The variables by slot.
    pub variables: Vec<Option<Value>>,
    /// What the handler that the walk is in handles.
    pub handled: Option<Fault>,
    pub told: Told,
    /// The round or lane that it is in, to be told.
    pub within: Option<Arc<Within>>,
    /// The steps and rounds that the walk is inside of: what makes keys of its effects.
    pub place: Place,
    /// Whether the run may be put aside while this walk waits.
    pub may_park: bool,
    /// What it has answered and gone on from.
    pub answered: Option<Reply>,
    /// What the journal knows the step by that is being taken.
    pub taking: Option<usize>,
}

/// A step that has begun.
struct Begun {
    /// Where its record is.
    at: usize,
    began: Instant,
    /// What the journal knows it by.
    place: Option<usize>,
}

/// How a walk over a block of steps ended.
pub(super) enum End {
    /// Behind the block's last step.
    Through,
    /// The run is to end well.
    Stopped,
    /// It answered, and ends well.
    Answered(Reply),
    /// The flow was called, and gives this.
    Output(Value),
    /// It answered, and what stands below is left to be done.
    AnsweredFirst(Reply, Rest),
    /// It has nothing to do for so long.
    Parked(Pause),
    /// Its time was over at the boundary of two steps.
    TimedOut,
    /// Somebody asked for its end.
    Cancelled,
    /// Out of the loop around it.
    Broken,
    /// With the next item of the loop around it.
    Continued,
}

impl Course<'_> {
    /// Notes that a flow was called.
    pub fn has_called(&self, called: Called) {
        let mut all = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() < MOST_CALLED {
            all.push(called);
        }
    }
}

impl<'r> Walk<'r> {
    /// Whether every step is recorded.
    pub fn is_detailed(&self) -> bool {
        self.course.input.detail == Detail::Full
    }

    /// What expressions see here.
    pub fn scope(&self) -> Scope<'_> {
        Scope::new(self.course.flow, self.course.input, &self.variables)
            .handling(self.handled.as_ref())
    }

    /// The key of a step's effect.
    pub fn key(&self, id: StepId) -> String {
        self.place.key(id)
    }

    /// A walk of its own over steps inside of a step: what it sets stays with it. `inside` is where
    /// keys see it, `within` where it is told.
    pub fn fork(&self, inside: Place, within: Option<Arc<Within>>) -> Walk<'r> {
        Walk {
            course: self.course,
            variables: self.variables.clone(),
            handled: self.handled.clone(),
            told: self.told.of_fork(),
            within,
            place: inside,
            may_park: false,
            answered: None,
            taking: None,
        }
    }

    /// The part of step `id` that a walk is in, to be told; nothing where nothing is told.
    pub fn part(&self, step: StepId, part: impl FnOnce() -> Part) -> Option<Arc<Within>> {
        self.is_detailed().then(|| {
            Arc::new(Within {
                step,
                part: part(),
                outside: self.within.clone(),
            })
        })
    }

    /// Takes the steps of the flow from `entry` on. Where one failed that nothing handles, the
    /// flow's `on-error` follows, which may answer but not mend it: how the walk ended, and what
    /// failed.
    pub async fn through(&mut self, entry: Option<StepId>) -> (End, Option<Fault>) {
        let mut failed = None;
        let mut end = self.walk(entry).await;
        if let Err(fault) = end {
            self.handled = Some(fault.clone());
            failed = Some(fault);
            // What fails in the handler ends the run.
            end = self.walk(self.course.flow.on_error).await;
        }
        (end.unwrap_or(End::Through), failed)
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
            let record = self.begin_record(id);
            let Done { goes, detail } = if step.kind.waits() {
                step::wait_for(self, id, step).await
            } else {
                step::take(self, id, step)
            };
            if let Some(Begun { at, began, place }) = record {
                let took = began.elapsed();
                // One that the run is parked by goes on.
                let is_parked = matches!(goes, Ok(Goes::Ends(End::Parked(_))));
                if let Some(place) = place.filter(|_| !is_parked) {
                    self.course.journal.ended(place, took, goes.is_err());
                }
                if let Some(record) = self.told.steps.get_mut(at) {
                    record.took = took;
                    record.error = goes.as_ref().err().map(|error| error.message.clone());
                    record.detail = detail.unwrap_or(StepDetail::Nothing);
                }
            }
            match goes {
                Ok(Goes::To(next)) => at = next,
                Ok(Goes::Ends(end)) => return Ok(end),
                Err(mut fault) => {
                    fault.step.get_or_insert(id);
                    let Some(handler) = step.on_error else {
                        return Err(fault);
                    };
                    self.handled = Some(fault);
                    at = Some(handler);
                }
            }
        }
        Ok(End::Through)
    }

    /// Takes the place of a step's record, before those of the steps inside of it.
    fn begin_record(&mut self, id: StepId) -> Option<Begun> {
        if !self.is_detailed() {
            return None;
        }
        let course = self.course;
        let began = Instant::now();
        let started = began.saturating_duration_since(course.input.started);
        let at = self.told.steps.push(StepRecord {
            step: id,
            within: self.within.clone(),
            unkept_before: 0,
            started,
            took: Duration::ZERO,
            error: None,
            detail: StepDetail::Nothing,
        });
        let shape = &course.flow.shape;
        let place = course.journal.begins(shape, course.caller, id, started);
        self.taking = place;
        Some(Begun { at, began, place })
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
