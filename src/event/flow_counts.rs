use std::sync::Arc;

use super::Windows;

/// What passed through the flows of a revision: every run that ended, none left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlowCounts {
    /// The revision whose steps and arms are meant.
    pub revision: Arc<str>,
    /// The flows of which something was ever counted.
    pub flows: Vec<FlowCount>,
}

/// What passed through one flow.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct FlowCount {
    /// The flow's name.
    pub name: Arc<str>,
    /// Its runs that ended.
    pub runs: Windows,
    /// The requests that were refused.
    pub refused: Windows,
    /// Its runs that have not ended, and those that are kept.
    pub standing: Standing,
    /// The arms that were ever taken.
    pub arms: Vec<ArmCount>,
}

/// How the durable runs of a flow stand now.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// How many wait for their turn.
    pub waiting: u64,
    /// How many are put aside until a moment comes. Each keeps its place in the flow's `concurrency`.
    pub parked: u64,
    /// How many are being walked.
    pub running: u64,
    /// How many are dead, and kept.
    pub dead: u64,
}

/// How often one arm of a branch was taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct ArmCount {
    /// The branch's step id.
    pub step: u32,
    /// The arm's index; `None` where nothing matched and there is no `otherwise`.
    pub arm: Option<u32>,
    /// The runs that took it, once for each time.
    pub passed: Windows,
}
