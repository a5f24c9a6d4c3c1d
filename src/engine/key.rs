//! The keys that a journal keeps something under. `3[0]/1` stands for step 1 in the first round of
//! step 3, or `3/1` for that of the flow which step 3 calls; `1#tries` belongs to step 1, and is no
//! effect.

use std::fmt::Write;

use crate::{
    graph::{Flow, StepId, StepKind},
    run::StepShape,
};

/// Ends each part of a place.
const INSIDE: char = '/';
/// Begins the number of a round.
const ROUND: char = '[';
/// Begins the number of a lane.
const LANE: char = '.';
/// Begins what a key stands for that is no effect.
const MARK: char = '#';

/// The tries that an effect took so far.
pub(super) const TRIES: &str = "tries";
/// A process that may be left over.
pub(super) const PROCESS: &str = "process";
/// A wait that was over before the wall clock said so.
pub(super) const OVER: &str = "over";

/// The key of what a run's time went to. It is nothing that a step did, and has no step's place in
/// it.
pub const SPENT: &str = "#spent";

/// The steps and rounds that a walk is inside of.
#[derive(Default)]
pub(super) struct Place(String);

impl Place {
    /// The key of a step's effect.
    pub fn key(&self, id: StepId) -> String {
        format!("{}{id}", self.0)
    }

    /// Inside of the flow that a step calls.
    pub fn of_call(&self, id: StepId) -> Self {
        Self(format!("{}{id}{INSIDE}", self.0))
    }

    /// Inside of a lane of a step.
    pub fn of_lane(&self, id: StepId, lane: usize) -> Self {
        Self(format!("{}{id}{LANE}{lane}{INSIDE}", self.0))
    }

    /// Inside of a round of a step.
    pub fn of_round(&self, id: StepId, round: usize) -> Self {
        let mut inside = Self(self.0.clone());
        inside.enter(id, round);
        inside
    }

    /// Goes inside of a round of a step. It gives what to [`leave`](Self::leave) to.
    pub fn enter(&mut self, id: StepId, round: usize) -> usize {
        let outside = self.0.len();
        // writing to a String cannot fail
        let _ = write!(self.0, "{id}{ROUND}{round}]{INSIDE}");
        outside
    }

    /// Goes back outside.
    pub fn leave(&mut self, outside: usize) {
        self.0.truncate(outside);
    }

    /// What the keys of everything inside begin with.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key of something that belongs to an effect and is none itself.
pub(super) fn beside(key: &str, what: &str) -> String {
    format!("{key}{MARK}{what}")
}

/// Whether a key stands for an effect that is done.
pub fn is_effect(key: &str) -> bool {
    !key.contains(MARK)
}

/// Whether a key stands for the tries that an effect took so far.
pub fn is_tries(key: &str) -> bool {
    is_beside(key, TRIES)
}

/// Whether a key stands for a process that may be left over.
pub fn is_process(key: &str) -> bool {
    is_beside(key, PROCESS)
}

fn is_beside(key: &str, what: &str) -> bool {
    key.rsplit_once(MARK)
        .is_some_and(|(_, found)| found == what)
}

/// The step of a flow, or of one that it calls, that the effect under a key is of.
pub fn step_at<'f>(mut flow: &'f Flow, key: &str) -> Option<&'f StepShape> {
    let mut parts = key.split(INSIDE);
    let own = parts.next_back()?.parse::<usize>().ok()?;
    for part in parts {
        let id = part.split([ROUND, LANE]).next()?;
        let step = flow.steps.get(id.parse::<usize>().ok()?)?;
        if let StepKind::Call(call) = &step.kind {
            flow = &call.flow;
        }
    }
    flow.shape.steps.get(own)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_tells_the_way_to_a_step() {
        let mut place = Place::default();
        assert_eq!(place.key(7), "7");
        assert_eq!(place.of_call(3).of_lane(1, 2).key(0), "3/1.2/0");
        let outside = place.enter(3, 0);
        assert_eq!(place.key(1), "3[0]/1");
        assert_eq!(place.of_round(1, 12).as_str(), "3[0]/1[12]/");
        place.leave(outside);
        assert_eq!(place.as_str(), "");
    }

    #[test]
    fn what_stands_beside_an_effect_is_none() {
        let is = |key: &str| (is_effect(key), is_tries(key), is_process(key));
        assert_eq!(is("3/1"), (true, false, false));
        assert_eq!(is(&beside("3/1", TRIES)), (false, true, false));
        assert_eq!(is(&beside("3/1", PROCESS)), (false, false, true));
        assert_eq!(is(&beside("3/1#tries", OVER)), (false, false, false));
        assert_eq!(is(SPENT), (false, false, false));
    }
}
