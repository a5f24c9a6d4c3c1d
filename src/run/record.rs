use std::{iter, sync::Arc, time::Duration};

use smallvec::SmallVec;

use super::{FlowShape, Outcome, ReplayOf, Reply, Request, RunId, Spent, Value};

/// What came in, what was parsed, which way it went, and why.
#[derive(Clone, Debug)]
pub struct RunRecord {
    /// The run's id; refused requests have one too.
    pub id: RunId,
    /// The run that this one is the rest of, where it is.
    pub continues: Option<RunId>,
    /// The run that this one repeats, where somebody asked for it to be done again.
    pub replay_of: Option<ReplayOf>,
    /// The flow, or `None` where no flow has that path.
    pub flow: Option<Arc<FlowShape>>,
    /// The revision of the configuration that served it.
    pub revision: Arc<str>,
    /// What came in.
    pub request: Request,
    /// From the end of the request's head to the end of the run.
    pub duration: Duration,
    /// The same, to the answer, where a caller that waited was not answered at the end of the run but
    /// before it: the flow's `timeout` was over.
    pub answered: Option<Duration>,
    /// What the time of a durable run went to, where none of it was lost with a process.
    pub spent: Option<Spent>,
    /// How it ended.
    pub outcome: Outcome,
    /// Why it did not succeed.
    pub error: Option<RunError>,
    /// The variables by slot of [`FlowShape::variables`]; `None` is absent.
    pub variables: Vec<Option<Value>>,
    /// The branches taken, in order. Kept of every run.
    pub taken: SmallVec<[Taken; 4]>,
    /// The steps in the order they ran. Empty where the record is brief.
    pub steps: Vec<StepRecord>,
    /// What was answered; an async run's answer left before the run began.
    pub reply: Option<Reply>,
    /// Whether conditions and steps were recorded: under heavy load some records are brief.
    pub detailed: bool,
    /// Which bodies are not whole: those of a record that was kept or told.
    pub cut: Cut,
}

impl RunRecord {
    /// How long the caller waited; of a run that nobody waited for, how long it took.
    pub fn took(&self) -> Duration {
        self.answered.unwrap_or(self.duration)
    }

    /// Whether it is the story of a durable run, and not of a request that was answered at its end.
    pub fn was_queued(&self) -> bool {
        match self.outcome {
            Outcome::Refused | Outcome::Skipped => false,
            // What goes on without its caller was queued, whatever its flow is.
            _ if self.continues.is_some() || self.replay_of.is_some() => true,
            _ if self.flow.as_ref().is_none_or(|flow| flow.sync) => false,
            // An async run that was walked and failed did so at a step.
            Outcome::Failed => self.error.as_ref().is_none_or(|error| error.step.is_some()),
            _ => true,
        }
    }
}

/// How much of its bodies a record has.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Cut {
    /// Of the request's.
    pub request: Extent,
    /// Of the response's.
    pub response: Extent,
}

/// How much of a body is there.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Extent {
    /// All of it.
    #[default]
    Whole,
    /// The beginning of one that had so many bytes, where that is known.
    Beginning(Option<usize>),
}

/// Why a run did not succeed, in a plain sentence.
#[derive(Clone, PartialEq, Debug)]
pub struct RunError {
    /// The step that failed, where it was one.
    pub step: Option<u32>,
    /// The sentence.
    pub message: String,
}

/// One branch decision; a loop that had items, and a lane, are told of like one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Taken {
    /// The branch's step id.
    pub step: u32,
    /// The arm's index; `None` where nothing matched and there is no `otherwise`.
    pub arm: Option<u32>,
}

/// One step that ran.
#[derive(Clone, Debug)]
pub struct StepRecord {
    /// The step's id.
    pub step: u32,
    /// The round or lane that it ran in, where it did.
    pub within: Option<Arc<Within>>,
    /// How many steps between the one before it and this one are not kept, those of flows that
    /// were called included.
    pub unkept_before: u64,
    /// From the start of the run to the start of the step.
    pub started: Duration,
    /// How long it took; of a branch, the decision alone.
    pub took: Duration,
    /// Why it failed, where it did.
    pub error: Option<String>,
    /// What it did.
    pub detail: StepDetail,
}

impl StepRecord {
    /// How many steps that is: itself, those of a flow that it called, and those that are missing
    /// before any of them.
    pub fn count(&self) -> u64 {
        let inside = match &self.detail {
            StepDetail::Call(call) => call.steps.iter().map(Self::count).sum(),
            _ => 0,
        };
        1 + self.unkept_before + inside
    }

    /// How many of a list of steps are not kept, those of flows that were called included.
    pub fn unkept(steps: &[Self]) -> u64 {
        steps
            .iter()
            .map(|step| match &step.detail {
                StepDetail::Call(call) => step.unkept_before + Self::unkept(&call.steps),
                _ => step.unkept_before,
            })
            .sum()
    }
}

/// A round of a loop, or a lane.
#[derive(Clone, PartialEq, Debug)]
pub struct Within {
    /// The id of the `each` or the `parallel`.
    pub step: u32,
    /// Which of its rounds or lanes.
    pub part: Part,
    /// The round or lane around it.
    pub outside: Option<Arc<Within>>,
}

/// One of what a step takes its inner steps for.
#[derive(Clone, PartialEq, Debug)]
pub enum Part {
    /// A round of `each`.
    Round {
        /// Counted from 1.
        number: u32,
        /// Its item, where that is short enough to be told again and again.
        item: Option<Value>,
    },
    /// A lane of `parallel`, by its index.
    Lane(u32),
}

impl Within {
    /// The rounds and lanes from the outermost one in.
    pub fn path(within: Option<&Arc<Self>>) -> Vec<&Self> {
        let mut path: Vec<&Self> = iter::successors(within, |within| within.outside.as_ref())
            .map(|within| &**within)
            .collect();
        path.reverse();
        path
    }
}

/// What a step did, by kind.
#[derive(Clone, Debug)]
pub enum StepDetail {
    /// Nothing: it failed before it could.
    Nothing,
    /// `branch`: every condition that was looked at, and the arm taken.
    Branch {
        /// In order; conditions behind the one that was true were not looked at.
        conditions: Vec<ConditionRecord>,
        /// The arm's index, if one was taken.
        arm: Option<u32>,
    },
    /// `respond`: the status answered.
    Respond(u16),
    /// `set`: slots and their new values.
    Set(Vec<(u32, Option<Value>)>),
    /// `log`: the line written.
    Log(String),
    /// `delay`: how long.
    Delay(Duration),
    /// A step that acts on the world: what it did, and what came back.
    Effect {
        /// What was done, in a line: a command, a method and a URL.
        action: String,
        /// How often it was tried.
        attempts: u32,
        /// How long the last try took.
        took: Duration,
        /// What came back, where it succeeded.
        output: Option<Value>,
    },
    /// `call`: what became of the other flow.
    Call(Box<CallRecord>),
    /// `output`: what was given.
    Output(Value),
    /// `each`: how many items there were.
    Each(usize),
    /// `stop`.
    Stop,
    /// `fail`: its message.
    Fail(String),
}

/// What became of a flow that was called: a story within a story.
#[derive(Clone, Debug)]
pub struct CallRecord {
    /// The flow.
    pub flow: Arc<FlowShape>,
    /// Its variables by slot, as it left them.
    pub variables: Vec<Option<Value>>,
    /// The steps in the order they ran; each began so long after the run that called it.
    pub steps: Vec<StepRecord>,
    /// What it gave.
    pub output: Option<Value>,
}

/// One condition that was looked at.
#[derive(Clone, Debug)]
pub struct ConditionRecord {
    /// The arm's index.
    pub arm: u32,
    /// What it came to; `None` where it could not be decided.
    pub result: Option<bool>,
    /// What it read, in the order it was read.
    pub operands: Vec<OperandRecord>,
}

/// One value a condition read.
#[derive(Clone, PartialEq, Debug)]
pub struct OperandRecord {
    /// The operand as written.
    pub text: String,
    /// Its value then; `None` is absent.
    pub value: Option<Value>,
}
