use std::sync::Arc;

use super::{Flow, ReplyRenderer};
use crate::{
    expr::{Condition, JsonRenderer, JsonTemplate, Template},
    model::{Exec, Http, Retry, SetValue, Then, Wait},
};

/// A step's index in [`super::Flow::steps`]; the same number stands for it in every record.
pub type StepId = u32;

/// One step and where the run goes from it.
#[derive(Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// The step behind it; `None` ends the run.
    pub next: Option<StepId>,
    /// How often it is tried, where more than once.
    pub retry: Option<Retry>,
    /// Where the run goes when it fails; `None` leaves that to the flow.
    pub on_error: Option<StepId>,
    /// Where it is written: `flows.kdl:27`.
    pub place: Box<str>,
}

/// What a step does.
#[derive(Debug)]
pub enum StepKind {
    /// Takes the first arm whose condition is true.
    Branch(Branch),
    /// Answers.
    Respond(Respond),
    /// Sets variables.
    Set(Vec<(u32, SetValue)>),
    /// Writes a line to the log.
    Log(Template),
    /// Waits so long.
    Delay(Template),
    /// Asks another server.
    Http(Box<Http<JsonRenderer>>),
    /// Does something with each item of a list.
    Each(Each),
    /// Goes out of the loop around it.
    Break,
    /// Goes on with the next item of the loop around it.
    Continue,
    /// Does several things beside each other.
    Parallel(Parallel),
    /// Runs a program.
    Exec(Box<Exec>),
    /// Takes the steps of another flow.
    Call(Box<Call>),
    /// Ends a flow that was called, and gives this.
    Output(JsonTemplate),
    /// Ends the run well.
    Stop,
    /// Ends the run badly.
    Fail(Template),
}

impl StepKind {
    /// Whether the step waits for something, so that a run with it needs a task of its own to
    /// outlive its caller.
    pub fn waits(&self) -> bool {
        match self {
            Self::Delay(_)
            | Self::Http(_)
            | Self::Exec(_)
            | Self::Each(_)
            | Self::Parallel(_)
            | Self::Call(_) => true,
            // Its answer waits until the rest is queued.
            Self::Respond(respond) => respond.then == Then::Continue,
            Self::Branch(_)
            | Self::Break
            | Self::Continue
            | Self::Set(_)
            | Self::Log(_)
            | Self::Output(_)
            | Self::Stop
            | Self::Fail(_) => false,
        }
    }
}

/// An answer.
#[derive(Debug)]
pub struct Respond {
    /// What is answered.
    pub reply: ReplyRenderer,
    /// What becomes of the flow then.
    pub then: Then,
}

/// Another flow, taken in the midst of this one.
#[derive(Debug)]
pub struct Call {
    /// The flow.
    pub flow: Arc<Flow>,
    /// What it is given, by its inputs; `None` where one is not given.
    pub inputs: Vec<Option<SetValue>>,
    /// The slot that takes its output.
    pub output: Option<u32>,
}

/// A decision.
#[derive(Debug)]
pub struct Branch {
    /// The `when`s, in order.
    pub arms: Vec<Arm>,
    /// Where nothing matched: the first step of `otherwise`, or the step below the branch.
    pub fallback: Option<StepId>,
    /// Whether there is an `otherwise`; in records it is the arm behind the last `when`.
    pub has_otherwise: bool,
}

/// One `when`.
#[derive(Debug)]
pub struct Arm {
    /// When it is taken.
    pub condition: Condition,
    /// Its first step, or the step below the branch where it has none.
    pub entry: Option<StepId>,
}

/// A loop. Its block ends in itself: no step of it leads out.
#[derive(Debug)]
pub struct Each {
    /// Gives the list.
    pub items: Template,
    /// The slot that takes one item after the other.
    pub item: u32,
    /// How many items are under way at once.
    pub concurrency: usize,
    /// The first step of its block.
    pub entry: Option<StepId>,
}

/// Steps beside each other. Their blocks end in themselves.
#[derive(Debug)]
pub struct Parallel {
    /// What it waits for.
    pub wait: Wait,
    /// The first step of each lane.
    pub lanes: Vec<Option<StepId>>,
}
