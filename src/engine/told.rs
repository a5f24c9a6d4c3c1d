use smallvec::SmallVec;

use super::steps::Steps;
use crate::{graph::StepId, run::Taken};

/// The most branches taken that are told of one run: loops take as many as they like.
const MOST_TAKEN: usize = 1_000;

/// What a walk has to tell.
pub(super) struct Told {
    pub taken: SmallVec<[Taken; 4]>,
    pub steps: Steps,
}

impl Told {
    /// Nothing yet, with room for these steps.
    pub fn new(steps: Steps) -> Self {
        Self {
            taken: SmallVec::new(),
            steps,
        }
    }

    /// Nothing yet, of a walk beside or inside of the one that has told this.
    pub fn of_fork(&self) -> Self {
        Self::new(self.steps.of_fork())
    }

    /// Notes which way a walk took at a step.
    pub fn took(&mut self, step: StepId, arm: Option<u32>) {
        if self.taken.len() < MOST_TAKEN {
            self.taken.push(Taken { step, arm });
        }
    }

    /// Takes in what another walk has told, as far as there is room for.
    pub fn add(&mut self, told: Self) {
        let left = MOST_TAKEN.saturating_sub(self.taken.len());
        self.taken.extend(told.taken.into_iter().take(left));
        self.steps.join(told.steps);
    }
}
