use std::time::SystemTime;

use super::{Page, Tone};
use crate::{
    dashboard::text,
    event::TallySnapshot,
    observe::{Entry, Runs, Stage},
    run::RunId,
};

/// How many of the runs that another one waits for are named.
const NAMED: usize = 3;

/// Why a run waits that has not begun, as far as it is known here.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waits {
    /// How many runs of its flow go at once, where it says so.
    concurrency: Option<u32>,
    /// The first of those that take a place of its flow, and until when, where they are parked.
    placed: Vec<(RunId, Option<SystemTime>)>,
    /// How many take one.
    places: usize,
    /// How many of all flows wait.
    waiting: u64,
}

impl Waits {
    /// Why that run waits, where it does.
    pub fn of(entry: &Entry, runs: &Runs, tally: Option<&TallySnapshot>) -> Self {
        if !matches!(entry.stage, Stage::Queued | Stage::Parked(_)) {
            return Self::default();
        }
        let shape = entry.shape.as_ref();
        let placed = runs.placed(&entry.flow);
        let mut placed: Vec<_> = placed
            .map(|other| match other.stage {
                Stage::Parked(due) => (other.id, Some(due)),
                _ => (other.id, None),
            })
            .collect();
        let places = placed.len();
        placed.truncate(NAMED);
        Self {
            concurrency: shape.and_then(|shape| shape.concurrency),
            placed,
            places,
            waiting: tally.map_or(0, |tally| tally.waiting),
        }
    }

    /// Says why a run waits for its turn.
    pub(super) fn write_turn(&self, page: &mut Page) {
        let limit = self
            .concurrency
            .filter(|limit| *limit as usize <= self.places);
        let told = if let Some(limit) = limit {
            let runs = text::plural(limit as usize, "run");
            format!(
                "Its flow takes {runs} at a time (`concurrency`): {}.",
                self.holders()
            )
        } else if self.waiting > 0 {
            format!(
                "Its turn has not come: of all flows {} waiting.",
                match self.waiting {
                    1 => "1 run is".to_owned(),
                    count => format!("{count} runs are"),
                }
            )
        } else {
            "Nothing was heard of its end. Under heavy load a run that succeeds may end unrecorded."
                .to_owned()
        };
        page.line().put(Tone::Dim, &told);
    }

    /// Says until when a run is parked, and what that holds up.
    pub(super) fn write_parked(&self, page: &mut Page, due: SystemTime) {
        let due = text::timestamp(due);
        let why = "a `delay`, or the pause before its next try";
        page.line()
            .put(Tone::Dim, &format!("Parked until {due}: {why}."));
        if self.concurrency.is_some() {
            let told = "It keeps its place in the `concurrency` of its flow meanwhile.";
            page.line().put(Tone::Dim, told);
        }
    }

    fn holders(&self) -> String {
        let mut told: Vec<_> = self.placed.iter().map(holder).collect();
        if self.places > told.len() {
            told.push(format!("and {} more", self.places - told.len()));
        }
        told.join(", ")
    }
}

fn holder((run, due): &(RunId, Option<SystemTime>)) -> String {
    match due {
        Some(due) => format!("#{} is parked until {}", run.short(), text::timestamp(*due)),
        None => format!("#{} is running", run.short()),
    }
}
