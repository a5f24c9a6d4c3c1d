use std::{sync::Arc, time::Duration};

use http::{HeaderValue, Method};

use super::{ReplyRenderer, Step, StepId};
use crate::{
    event::FlowTally,
    model::{Auth, Dedupe, Format, Input, Mode, Outbound, Parse, Secret},
    run::{FlowShape, Policy, Veil},
};

/// One flow, compiled.
#[derive(Debug)]
pub struct Flow {
    /// Its name.
    pub name: Arc<str>,
    /// Whether the caller waits.
    pub mode: Mode,
    /// How long a sync run may take.
    pub timeout: Duration,
    /// How its runs go beside each other.
    pub policy: Policy,
    /// What starts it; `None` where other flows call it, and no request leads to it.
    pub trigger: Option<Trigger>,
    /// What it takes where it is called; input `i` fills variable `i`.
    pub inputs: Vec<Input>,
    /// All its steps; edges between them are indexes.
    pub steps: Vec<Step>,
    /// Where a run begins; `None` where the flow has no steps.
    pub entry: Option<StepId>,
    /// Where a run goes that failed; `None` where nothing handles it.
    pub on_error: Option<StepId>,
    /// How many variables a run has.
    pub slots: usize,
    /// The secrets that its steps may name.
    pub secrets: Arc<[(String, Secret)]>,
    /// What hides them in texts that get into the log.
    pub veil: Arc<Veil>,
    /// What its requests may reach.
    pub outbound: Arc<Outbound>,
    /// Whether no step ever waits, so that a run needs no task of its own to outlive its caller.
    pub immediate: bool,
    /// What its runs are counted by.
    pub tally: FlowTally,
    /// What it looks like from outside.
    pub shape: Arc<FlowShape>,
}

/// What starts a flow.
#[derive(Debug)]
pub struct Trigger {
    /// The methods it takes.
    pub methods: Vec<Method>,
    /// The same, as the `Allow` header of a 405.
    pub allow: HeaderValue,
    /// The ways to prove oneself, secrets resolved; none means anybody may.
    pub auth: Vec<Auth<Secret>>,
    /// The body formats it takes beside JSON.
    pub accept: Vec<Format>,
    /// What is read from a request.
    pub parse: Parse,
    /// By what a request is known to have come before.
    pub dedupe: Option<Dedupe>,
    /// An async flow's answer.
    pub reply: ReplyRenderer,
}
