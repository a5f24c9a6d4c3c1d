use std::sync::Arc;

use smallvec::SmallVec;

use crate::{
    graph::Flow,
    run::{Outcome, Taken},
};

/// How many calls of one run are counted: loops make as many as they like.
pub(super) const MOST_CALLED: usize = 1_000;

/// A flow that was called, to be counted once the run has ended: where it is resumed, what it
/// called before is walked again.
#[derive(Clone, Debug)]
pub struct Called {
    pub(super) flow: Arc<Flow>,
    pub(super) outcome: Outcome,
    pub(super) taken: SmallVec<[Taken; 4]>,
}

impl Called {
    pub(super) fn count(&self) {
        self.flow.tally.count(self.outcome, &self.taken);
    }
}
