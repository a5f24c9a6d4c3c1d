use super::waits::waits;
use crate::{
    event::TallySnapshot,
    observe::{Entry, Runs, Stage, Waits},
    run::RunId,
};

/// How many of a run's replays are named.
const NAMED: usize = 2;

/// What the runs around it tell of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Around {
    /// Why it waits, where it does.
    pub(super) waits: Waits,
    /// The last of its replays that are known here, the latest first.
    pub(super) replays: Vec<Replay>,
    /// How many came before those.
    pub(super) earlier: usize,
}

/// A run that repeats another one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Replay {
    pub(super) run: RunId,
    pub(super) stage: Stage,
    pub(super) is_edited: bool,
}

impl Around {
    /// What they tell of that run.
    pub fn of(entry: &Entry, runs: &Runs, tally: Option<&TallySnapshot>) -> Self {
        let mut replays: Vec<_> = runs
            .replays(entry.id)
            .map(|(replay, of)| Replay {
                run: replay.id,
                stage: replay.stage,
                is_edited: of.is_edited,
            })
            .collect();
        replays.reverse();
        let earlier = replays.len().saturating_sub(NAMED);
        replays.truncate(NAMED);
        Self {
            waits: waits(entry, runs, tally),
            replays,
            earlier,
        }
    }
}
