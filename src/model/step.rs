use std::time::Duration;

use crate::{
    expr::{Condition, JsonTemplate, Template},
    run::Value,
};

use super::{Call, Exec, Http, ReplyTemplate};

/// Steps in the order they run.
pub type Block = Vec<Step>;

/// One step.
#[derive(Debug)]
pub struct Step {
    /// What it does.
    pub kind: StepKind,
    /// How often it is tried, where more than once.
    pub retry: Option<Retry>,
    /// What runs when it fails; with it the run goes on behind the step.
    pub on_error: Block,
    /// Where it is written: `flows.kdl:27`.
    pub place: Box<str>,
}

/// `retry attempts=3 backoff="2s" max="1m"`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Retry {
    /// How often it is tried at most, the first time included.
    pub attempts: u32,
    /// The longest pause before the second try; the bound doubles for each further one.
    pub backoff: Duration,
    /// The longest pause of all.
    pub max: Duration,
}

/// What a step does.
#[derive(Debug)]
pub enum StepKind {
    /// `branch`.
    Branch(Branch),
    /// `respond`.
    Respond(Respond),
    /// `set`: slots and what they become.
    Set(Vec<(u32, SetValue)>),
    /// `log`.
    Log(Template),
    /// `delay`: how long.
    Delay(Template),
    /// `http`.
    Http(Box<Http>),
    /// `each`.
    Each(Each),
    /// `break`: out of the `each` around it.
    Break,
    /// `continue`: on with the next item of the `each` around it.
    Continue,
    /// `parallel`.
    Parallel(Parallel),
    /// `exec`.
    Exec(Box<Exec>),
    /// `call`.
    Call(Box<Call>),
    /// `output`: a flow that is called ends well, and gives this.
    Output(JsonTemplate),
    /// `stop`: the run ends well.
    Stop,
    /// `fail`: the run ends badly, with this message.
    Fail(Template),
}

impl StepKind {
    /// The blocks of steps inside of it, in the order of the file.
    pub fn blocks(&self) -> impl Iterator<Item = &Block> {
        let blocks: Vec<&Block> = match self {
            Self::Branch(branch) => {
                let arms = branch.arms.iter().map(|arm| &arm.steps);
                arms.chain(&branch.otherwise).collect()
            }
            Self::Each(each) => vec![&each.steps],
            Self::Parallel(parallel) => parallel.lanes.iter().map(|lane| &lane.steps).collect(),
            Self::Respond(_)
            | Self::Set(_)
            | Self::Log(_)
            | Self::Delay(_)
            | Self::Http(_)
            | Self::Break
            | Self::Continue
            | Self::Exec(_)
            | Self::Call(_)
            | Self::Output(_)
            | Self::Stop
            | Self::Fail(_) => Vec::new(),
        };
        blocks.into_iter()
    }
}

/// `respond 200 then="continue" { … }`.
#[derive(Debug)]
pub struct Respond {
    /// What is answered.
    pub reply: ReplyTemplate,
    /// What becomes of the flow then.
    pub then: Then,
}

/// What becomes of a flow once it has answered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Then {
    /// It ends.
    End,
    /// The steps below go on in the background.
    Continue,
}

/// What a variable is set to.
#[derive(Debug)]
pub enum SetValue {
    /// The same for every run.
    Constant(Value),
    /// Rendered for each run; exactly one placeholder keeps the value's type.
    Rendered(Template),
}

/// `branch "name" { when …; otherwise … }`.
#[derive(Debug)]
pub struct Branch {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// The `when`s, in order: the first true one is taken.
    pub arms: Vec<Arm>,
    /// What runs when none was true; without it the run goes on below.
    pub otherwise: Option<Block>,
}

/// `when "condition" label="…" { … }`.
#[derive(Debug)]
pub struct Arm {
    /// When it is taken.
    pub condition: Condition,
    /// Its display name.
    pub label: Option<String>,
    /// What it does.
    pub steps: Block,
}

/// `each "{{ items }}" as="item" concurrency=4 { … }`.
#[derive(Debug)]
pub struct Each {
    /// A single placeholder, which gives the list.
    pub items: Template,
    /// The variable that takes one item after the other.
    pub item: u32,
    /// How many items are under way at once; with more than one, what their steps set is gone
    /// behind the loop.
    pub concurrency: usize,
    /// What is done with each.
    pub steps: Block,
}

/// `parallel wait="all" { lane "name" { … } }`.
#[derive(Debug)]
pub struct Parallel {
    /// What it waits for.
    pub wait: Wait,
    /// What runs beside each other.
    pub lanes: Vec<Lane>,
}

/// One of the ways that run beside each other.
#[derive(Debug)]
pub struct Lane {
    /// Its name, where it has one.
    pub name: Option<String>,
    /// What it does.
    pub steps: Block,
}

/// What `parallel` waits for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wait {
    /// All lanes; it fails where one of them did.
    All,
    /// The first lane that ends well; the others are cut off. It fails where all of them did.
    Any,
    /// All lanes, however they end.
    Settled,
}
