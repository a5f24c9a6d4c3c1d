use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{
    graph::StepId,
    run::{Cancelled, FlowShape, Value},
};

/// Something a journal has yet to do.
pub type Pending<'j> = Pin<Box<dyn Future<Output = ()> + Send + 'j>>;

/// Where one run keeps what its effects came to.
///
/// Keys are made by the engine: the place that a step has in the run, and what is kept of it.
/// They are the same each time the run is walked.
pub trait Journal: Send + Sync {
    /// What was kept under `key` when the run was walked before.
    fn recall(&self, key: &str) -> Option<Value>;

    /// Keeps a value; when it is done, no crash can lose it.
    fn keep(&self, key: String, value: Value) -> Pending<'_>;

    /// Whether an effect that was kept has not been recalled yet: what the run does now, it did
    /// before.
    fn is_behind(&self) -> bool;

    /// Hears that nothing that was kept below this place will be recalled: the run went another way
    /// then, and goes it again.
    fn pass_over(&self, _place: &str) {}

    /// Whether the run was put aside until this moment and goes on because it has come, whatever the
    /// wall clock says.
    fn has_waited(&self, _due: SystemTime) -> bool {
        false
    }

    /// Hears that a step of a flow begins, so long after the start of the run: what it is told of
    /// the step's end by, where it wants to hear of that. `caller` is that of the `call` that the
    /// step is inside of.
    fn begins(
        &self,
        _flow: &Arc<FlowShape>,
        _caller: Option<usize>,
        _step: StepId,
        _started: Duration,
    ) -> Option<usize> {
        None
    }

    /// Hears that a step has ended.
    fn ended(&self, _place: usize, _took: Duration, _has_failed: bool) {}

    /// Whether the run outlives the process: it may be put aside while it waits, and stays where
    /// its tries are spent.
    fn is_kept(&self) -> bool;

    /// Whether the run is to end at the next step. One that was told to before it was taken up
    /// again still recalls what it did, so that its story has it.
    fn is_cancelled(&self) -> bool;

    /// Why it is.
    fn why_cancelled(&self) -> Cancelled {
        Cancelled::default()
    }

    /// Is done once the run is to end: it begins no effect any more, and waits for none.
    fn cancelled(&self) -> Pending<'_>;
}

/// The journal of a run whose caller waits: with the process both are gone, and nothing is kept.
#[derive(Clone, Copy, Debug)]
pub struct Unkept;

impl Journal for Unkept {
    fn recall(&self, _: &str) -> Option<Value> {
        None
    }

    fn keep(&self, _: String, _: Value) -> Pending<'_> {
        Box::pin(std::future::ready(()))
    }

    fn is_behind(&self) -> bool {
        false
    }

    fn is_kept(&self) -> bool {
        false
    }

    fn is_cancelled(&self) -> bool {
        false
    }

    fn cancelled(&self) -> Pending<'_> {
        Box::pin(std::future::pending())
    }
}
