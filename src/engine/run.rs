use std::{
    mem,
    sync::{Arc, Mutex, PoisonError, atomic::AtomicBool},
    time::{Duration, Instant},
};

use smallvec::SmallVec;

use super::{
    Journal, Means, Pause, Unkept,
    called::Called,
    key::Place,
    steps::Steps,
    told::Told,
    walk::{Course, End, Walk},
};
use crate::{
    event::{Bus, Detail},
    graph::{Flow, StepId},
    run::{
        Continues, Outcome, ReplayOf, Reply, Request, RunError, RunId, RunRecord, StepRecord,
        Taken, Value,
    },
};

/// What a run begins with.
#[derive(Clone, Debug)]
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
    /// Where it is the rest of a run that has answered: which, and where it begins.
    pub continues: Option<Continues>,
    /// The run that it repeats, where it does.
    pub replay_of: Option<ReplayOf>,
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
    /// How long after the end of the request's head that was, where it was before the run ended.
    pub answered: Option<Duration>,
    /// What is still to be done of the flow once it has answered, where it is.
    pub rest: Option<Rest>,
    /// Why it did not succeed.
    pub error: Option<RunError>,
    /// The branches taken.
    pub taken: SmallVec<[Taken; 4]>,
    /// The steps that ran, where they were recorded.
    pub steps: Vec<StepRecord>,
    /// The flows that were called.
    pub called: Vec<Called>,
}

/// The steps below an answer that does not end the flow: a run of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rest {
    /// The step that answered.
    pub answered_by: StepId,
    /// The step it begins at.
    pub from: StepId,
}

/// How the walk over a run's steps came to an end.
#[derive(Debug)]
pub enum Ended {
    /// With the run.
    Finished(Box<Finished>),
    /// The run has nothing to do for so long, and is to be resumed.
    Parked(Pause),
}

impl Finished {
    /// Tells how the run ended, and what its caller was answered.
    pub fn tell(self, bus: &Bus, flow: &Flow, sent: &Reply) {
        let now = Instant::now();
        let took = now.saturating_duration_since(self.input.started);
        let (outcome, detail) = (self.outcome, self.input.detail);
        let answered = self.answered.unwrap_or(took);
        self.count(flow);
        bus.finish(outcome, answered, detail, now, || {
            self.into_record(flow, sent, took)
        });
    }

    /// Counts the run at its flow, and at those that it called.
    pub fn count(&self, flow: &Flow) {
        flow.tally.count(self.outcome, &self.taken);
        self.called.iter().for_each(Called::count);
    }

    /// The story of the run, which took so long, and of what its caller was answered.
    pub fn into_record(self, flow: &Flow, sent: &Reply, took: Duration) -> RunRecord {
        RunRecord {
            id: self.input.id,
            continues: self.input.continues.map(|rest| rest.run),
            replay_of: self.input.replay_of,
            flow: Some(Arc::clone(&flow.shape)),
            revision: self.input.revision,
            request: self.input.request,
            duration: took,
            answered: self.answered,
            spent: None,
            outcome: self.outcome,
            error: self.error,
            variables: self.input.variables,
            taken: self.taken,
            steps: self.steps,
            reply: Some(sent.clone()),
            detailed: self.input.detail == Detail::Full,
            cut: Default::default(),
        }
    }
}

/// Runs a flow whose caller waits, until `deadline` is over at the boundary of two steps.
pub async fn run(flow: &Flow, input: Input, deadline: Instant, means: &Means) -> Finished {
    match walk(flow, input, Some(deadline), means, &Unkept).await {
        Ended::Finished(finished) => *finished,
        Ended::Parked(_) => unreachable!("what is not kept is not put aside"),
    }
}

/// Runs a flow that nobody waits for, or the rest of one, from behind the last effect that
/// `journal` knows of. What stands below an answer is no run of its own here.
pub async fn resume(flow: &Flow, input: Input, means: &Means, journal: &dyn Journal) -> Ended {
    walk(flow, input, None, means, journal).await
}

/// Walks a run to its end. Where a step failed that nothing handles, the run has failed. A step that
/// panics has failed: a run always ends, and its end is always told.
async fn walk(
    flow: &Flow,
    mut input: Input,
    deadline: Option<Instant>,
    means: &Means,
    journal: &dyn Journal,
) -> Ended {
    let mut variables = mem::take(&mut input.variables);
    // Steps set the slots behind the trigger's.
    variables.resize(flow.slots, None);
    let called = Mutex::default();
    let course = Course {
        flow,
        input: &input,
        means,
        journal,
        deadline,
        has_begun: AtomicBool::new(false),
        caller: None,
        called: &called,
    };
    let mut walk = Walk {
        course: &course,
        variables,
        handled: None,
        told: Told::new(Steps::of_run()),
        within: None,
        place: Place::default(),
        may_park: journal.is_kept(),
        answered: None,
        taking: None,
    };
    let entry = input
        .continues
        .map_or(flow.entry, |continues| Some(continues.from));
    let (end, failed) = walk.through(entry).await;
    let Walk {
        variables,
        told,
        answered,
        ..
    } = walk;
    input.variables = variables;
    let mut rest = None;
    let (outcome, reply, ended_by) = match end {
        End::Parked(pause) => return Ended::Parked(pause),
        End::TimedOut => (
            Outcome::TimedOut,
            None,
            Some(format!("the run took longer than {:?}", flow.timeout)),
        ),
        End::Cancelled => (
            Outcome::Cancelled,
            None,
            Some(journal.why_cancelled().to_string()),
        ),
        End::Answered(reply) => (Outcome::Succeeded, Some(reply), None),
        End::AnsweredFirst(reply, below) => {
            rest = Some(below);
            (Outcome::Succeeded, Some(reply), None)
        }
        // Outside of a loop there is nothing to leave, and nobody to give something to; the
        // checker sees to that.
        End::Through | End::Stopped | End::Broken | End::Continued | End::Output(_) => {
            (Outcome::Succeeded, None, None)
        }
    };
    let outcome = match (outcome, &failed) {
        (Outcome::Succeeded, Some(fault)) if fault.is_spent && journal.is_kept() => Outcome::Dead,
        (Outcome::Succeeded, Some(_)) => Outcome::Failed,
        (outcome, _) => outcome,
    };
    let error = failed.map(RunError::from).or_else(|| {
        ended_by.map(|message| RunError {
            step: None,
            message,
        })
    });
    Ended::Finished(Box::new(Finished {
        input,
        outcome,
        reply: reply.or(answered),
        answered: None,
        rest,
        error,
        taken: told.taken,
        steps: told.steps.into_records(),
        called: called.into_inner().unwrap_or_else(PoisonError::into_inner),
    }))
}
