use std::sync::Arc;

use super::{ArmCount, FlowCount, Standing, edge::Edge};
use crate::run::{Outcome, Taken};

/// The counters of one flow: every run that ended is counted here, with the arms that it took. No
/// lock is taken and nothing is allocated for it.
#[derive(Debug, Default)]
pub struct FlowTally {
    pub(super) runs: Arc<Edge>,
    pub(super) refused: Arc<Edge>,
    /// By step; of a branch its arms, and behind them the way past all of them.
    pub(super) arms: Vec<Vec<Arc<Edge>>>,
}

impl FlowTally {
    /// Counts a run that ended so, or a request that did not become one.
    pub fn count(&self, outcome: Outcome, taken: &[Taken]) {
        let is_error = match outcome {
            Outcome::Succeeded => false,
            Outcome::Failed | Outcome::TimedOut | Outcome::Cancelled | Outcome::Dead => true,
            Outcome::Refused => return self.refused.count(false),
            Outcome::Skipped => return,
        };
        self.runs.count(is_error);
        for taken in taken {
            let arms = self.arms.get(taken.step as usize);
            let edge = arms.and_then(|arms| match taken.arm {
                Some(arm) => arms.get(arm as usize),
                None => arms.last(),
            });
            if let Some(edge) = edge {
                edge.count(is_error);
            }
        }
    }

    /// What passed, as of [`super::FlowTallies::advance`]; `None` where nothing ever did.
    pub fn counts(&self, name: &Arc<str>, standing: Standing) -> Option<FlowCount> {
        let (runs, refused) = (self.runs.windows(), self.refused.windows());
        if runs.day.runs + refused.day.runs == 0 && standing == Standing::default() {
            return None;
        }
        let mut counted = Vec::new();
        for (step, arms) in (0..).zip(&self.arms) {
            let past = arms.len().saturating_sub(1);
            for (at, edge) in arms.iter().enumerate() {
                let passed = edge.windows();
                if passed.day.runs > 0 {
                    let arm = (at < past).then_some(at as u32);
                    counted.push(ArmCount { step, arm, passed });
                }
            }
        }
        Some(FlowCount {
            name: Arc::clone(name),
            runs,
            refused,
            standing,
            arms: counted,
        })
    }
}
