use std::time::SystemTime;

use crate::run::{RunId, timestamp_shown};

/// How many of the runs that another one waits for are named.
pub const NAMED: usize = 3;

/// Why a run waits that has not ended, as far as it is known to who looks at it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waits {
    /// How many runs of its flow go at once, where it says so.
    pub concurrency: Option<u32>,
    /// The first [`NAMED`] of those that take a place of its flow, and until when, where they are
    /// parked.
    pub placed: Vec<(RunId, Option<SystemTime>)>,
    /// How many take one.
    pub places: usize,
    /// How many of all flows are being walked.
    pub at_work: usize,
    /// How many of all flows wait for their turn.
    pub waiting: u64,
    /// What it is parked by.
    pub pause: Pause,
}

/// What a run is parked by.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Pause {
    /// It is not known.
    #[default]
    Unknown,
    /// A `delay`.
    Delay,
    /// The pause before the next try of a step, which is named where that is known.
    Retry(Option<String>),
}

impl Waits {
    /// Why its turn has not come; `None` where nothing is known to wait.
    pub fn turn(&self) -> Option<String> {
        let limit = self
            .concurrency
            .filter(|limit| *limit as usize <= self.places);
        if let Some(limit) = limit {
            let runs = if limit == 1 { "run" } else { "runs" };
            let holders = self.holders();
            return Some(format!(
                "Its flow takes {limit} {runs} at a time (`concurrency`): {holders}."
            ));
        }
        if self.waiting == 0 {
            return None;
        }
        let runs = |count: u64| match count {
            1 => "1 run is".to_owned(),
            count => format!("{count} runs are"),
        };
        Some(match self.at_work {
            0 => format!(
                "Its turn has not come: of all flows {} waiting.",
                runs(self.waiting)
            ),
            at_work => format!(
                "Its turn has not come: of all flows {} being done, and {} waiting.",
                runs(at_work as u64),
                self.waiting
            ),
        })
    }

    /// Until when it is parked, and by what; what that holds up.
    pub fn parked(&self, due: SystemTime) -> Vec<String> {
        let due = timestamp_shown(due);
        let by = match &self.pause {
            Pause::Unknown => "a `delay`, or the pause before its next try".to_owned(),
            Pause::Delay => "a `delay`".to_owned(),
            Pause::Retry(None) => "the pause before the next try of a step".to_owned(),
            Pause::Retry(Some(step)) => format!("the pause before the next try of `{step}`"),
        };
        let mut told = vec![format!("Parked until {due}: {by}.")];
        if self.concurrency.is_some() {
            told.push("It keeps its place in the `concurrency` of its flow meanwhile.".to_owned());
        }
        told
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
        Some(due) => format!("#{} is parked until {}", run.short(), timestamp_shown(*due)),
        None => format!("#{} is running", run.short()),
    }
}
