use std::time::Duration;

use crate::run::RunId;

/// How far a step of a run is that is being walked, told to whoever looks at that run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The run.
    pub run: RunId,
    /// The step's place among those of the run, in the order they began.
    pub place: usize,
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
