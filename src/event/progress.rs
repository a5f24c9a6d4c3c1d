use std::{sync::Arc, time::Duration};

use crate::run::{FlowShape, RunId};

/// How far a step of a run is that is being walked, told to whoever looks at that run.
#[derive(Clone, PartialEq, Debug)]
pub struct Progress {
    /// The run.
    pub run: RunId,
    /// The step's place among those of the run, in the order they began.
    pub place: usize,
    /// The flow that it is a step of: the run's own, or one that is called.
    pub flow: Arc<FlowShape>,
    /// The place of the `call` that it is inside of, where it is.
    pub caller: Option<usize>,
    /// The step's keyword.
    pub kind: &'static str,
    /// What is drawn beside the keyword.
    pub title: String,
    /// How far it is.
    pub passage: Passage,
}

/// A step on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passage {
    /// The step's id.
    pub step: u32,
    /// From the start of the run to the start of the step.
    pub started: Duration,
    /// How long it took, once it ended.
    pub took: Option<Duration>,
    /// Whether it failed.
    pub has_failed: bool,
}
