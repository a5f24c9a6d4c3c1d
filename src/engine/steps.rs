use std::collections::VecDeque;

use crate::run::StepRecord;

/// How many steps are told from the beginning of a run.
const FIRST: usize = 900;
/// How many of those behind them: how a run ended is not to be missed because a loop was long.
const LAST: usize = 100;
/// The same of a flow that is called.
const LAST_OF_CALL: usize = 1;

/// The steps that are told of a walk: loops take as many as they like, and only the first and the
/// last of them are kept.
pub(super) struct Steps {
    first: Vec<StepRecord>,
    /// How many more of the first there may be.
    room: usize,
    /// How many of the last there may be.
    most_last: usize,
    /// Most walks never come to it.
    last: Option<Box<Last>>,
}

#[derive(Default)]
struct Last {
    steps: VecDeque<StepRecord>,
    /// How many were here and are gone.
    gone: usize,
    /// How many steps that were, with those inside of them.
    unkept: u64,
}

impl Steps {
    /// Those of a whole run.
    pub fn of_run() -> Self {
        Self::with_room(FIRST, LAST)
    }

    /// Those of a flow that is called in a run of which these are told.
    pub fn of_call(&self) -> Self {
        Self::with_room(self.room, LAST_OF_CALL)
    }

    /// Those of a walk beside the one of which these are told.
    pub fn of_fork(&self) -> Self {
        Self::with_room(self.room, self.most_last)
    }

    fn with_room(room: usize, most_last: usize) -> Self {
        Self {
            first: Vec::new(),
            room,
            most_last,
            last: None,
        }
    }

    /// Adds a step; by the number that it is given it is found again, as long as it is kept.
    pub fn push(&mut self, step: StepRecord) -> usize {
        if self.room > 0 {
            let weight = usize::try_from(step.count()).unwrap_or(usize::MAX);
            self.room = self.room.saturating_sub(weight);
            self.first.push(step);
            return self.first.len() - 1;
        }
        let last = self.last.get_or_insert_default();
        if last.steps.len() == self.most_last
            && let Some(oldest) = last.steps.pop_front()
        {
            last.gone += 1;
            last.unkept += oldest.count();
        }
        last.steps.push_back(step);
        self.first.len() + last.gone + last.steps.len() - 1
    }

    /// A step that was added; `None` where it is not kept any more.
    pub fn get_mut(&mut self, number: usize) -> Option<&mut StepRecord> {
        let Some(behind) = number.checked_sub(self.first.len()) else {
            return self.first.get_mut(number);
        };
        let last = self.last.as_mut()?;
        last.steps.get_mut(behind.checked_sub(last.gone)?)
    }

    /// Adds what was told of another walk.
    pub fn join(&mut self, other: Self) {
        for step in other.into_records() {
            self.push(step);
        }
    }

    /// Takes what a flow that was called has left of the room.
    pub fn took_room(&mut self, called: &Self) {
        self.room = self.room.min(called.room);
    }

    /// The steps in their order; the first one behind a gap says how many are missing there.
    pub fn into_records(self) -> Vec<StepRecord> {
        let mut steps = self.first;
        if let Some(mut last) = self.last {
            if let Some(step) = last.steps.front_mut() {
                step.unkept_before += last.unkept;
            }
            steps.extend(last.steps);
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::run::StepDetail;

    fn step(step: u32) -> StepRecord {
        StepRecord {
            step,
            within: None,
            unkept_before: 0,
            started: Duration::ZERO,
            took: Duration::ZERO,
            error: None,
            detail: StepDetail::Nothing,
        }
    }

    /// Their ids, and how many are missing before them.
    fn told(steps: Steps) -> Vec<(u32, u64)> {
        let records = steps.into_records().into_iter();
        records
            .map(|step| (step.step, step.unkept_before))
            .collect()
    }

    #[test]
    fn the_first_and_the_last_are_kept_and_those_between_them_counted() {
        let mut steps = Steps::with_room(2, 2);
        let numbers: Vec<_> = (0..7).map(|id| steps.push(step(id))).collect();
        let found = |number: &usize| steps.get_mut(*number).map(|step| step.step);
        let found: Vec<_> = numbers.iter().map(found).collect();
        let kept = [Some(0), Some(1), None, None, None, Some(5), Some(6)];
        assert_eq!(found, kept);
        assert_eq!(told(steps), [(0, 0), (1, 0), (5, 3), (6, 0)]);
    }

    #[test]
    fn walks_beside_each_other_share_the_room_and_no_step_is_counted_twice() {
        let mut steps = Steps::with_room(3, 2);
        steps.push(step(0));
        let forks = [10, 20].map(|id| {
            let mut fork = steps.of_fork();
            for id in id..id + 5 {
                fork.push(step(id));
            }
            fork
        });
        for fork in forks {
            steps.join(fork);
        }
        assert_eq!(told(steps), [(0, 0), (10, 0), (11, 0), (23, 6), (24, 0)]);
    }
}
