use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::Moment;
use crate::{
    event::{TallySnapshot, bucket_ceiling},
    run::Outcome,
};

const SECOND: Duration = Duration::from_secs(1);
/// What the present rate is measured over: one burst of webhooks should not flicker by.
const NOW: Duration = Duration::from_secs(3);

/// How much, how fast and how well, over the last minute: differences of snapshots.
#[derive(Clone, Debug, Default)]
pub struct Rates {
    // The first snapshot of every second of the last minute, oldest first.
    marks: VecDeque<(Duration, Arc<TallySnapshot>)>,
    latest: Option<(Duration, Arc<TallySnapshot>)>,
}

/// How long runs took: so many percent of them at most that long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Percentiles {
    /// Half of them.
    pub p50: Duration,
    /// 95 %.
    pub p95: Duration,
    /// 99 %.
    pub p99: Duration,
}

/// What became of the requests, each from 0 to 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Shares {
    /// Failed or timed out.
    pub failed: f64,
    /// Refused before they became a run.
    pub refused: f64,
}

impl Rates {
    /// How many seconds are looked back.
    pub const SECONDS: usize = 60;

    /// Takes in a snapshot that was heard of at `now`.
    pub fn take(&mut self, snapshot: &Arc<TallySnapshot>, now: Moment) {
        let now = now.steady;
        let whole = Duration::from_secs(now.as_secs());
        if self.marks.back().is_none_or(|(at, _)| whole > *at) {
            self.marks.push_back((whole, Arc::clone(snapshot)));
        }
        let oldest = now.saturating_sub(SECOND * (Self::SECONDS as u32 + 1));
        while self.marks.front().is_some_and(|(at, _)| *at < oldest) {
            self.marks.pop_front();
        }
        self.latest = Some((now, Arc::clone(snapshot)));
    }

    /// The counters as they were heard of last.
    pub fn latest(&self) -> Option<&TallySnapshot> {
        self.latest.as_ref().map(|(_, snapshot)| &**snapshot)
    }

    /// How many requests ended in each of the last so many whole seconds, oldest first.
    pub fn per_second(&self, seconds: usize, now: Moment) -> Vec<u64> {
        let end = now.steady.as_secs();
        let mut bars = vec![0; seconds];
        for ((from, before), (_, after)) in self.marks.iter().zip(self.marks.iter().skip(1)) {
            // A bar for the second that began at `from`; the one that runs now is not shown.
            if let Some(back) = end.checked_sub(from.as_secs() + 1)
                && let Some(bar) = seconds.checked_sub(back as usize + 1)
            {
                bars[bar] = total(after).saturating_sub(total(before));
            }
        }
        bars
    }

    /// Requests a second at present.
    pub fn now(&self) -> Option<f64> {
        let (at, latest) = self.latest.as_ref()?;
        let (since, before) = self
            .marks
            .iter()
            .rev()
            .find(|(mark, _)| at.saturating_sub(*mark) >= NOW)
            .or_else(|| self.marks.front())?;
        let over = at.saturating_sub(*since).max(SECOND).as_secs_f64();
        Some(total(latest).saturating_sub(total(before)) as f64 / over)
    }

    /// How long the runs of the last minute took; nothing where there were none.
    pub fn percentiles(&self) -> Option<Percentiles> {
        let (before, after) = self.ends()?;
        let counts: Vec<u64> = after
            .latency
            .iter()
            .enumerate()
            .map(|(i, count)| count.saturating_sub(before.latency.get(i).copied().unwrap_or(0)))
            .collect();
        let all: u64 = counts.iter().sum();
        let at = |percent: u64| {
            let rank = (all * percent).div_ceil(100).max(1);
            let mut seen = 0;
            counts
                .iter()
                .position(|count| {
                    seen += count;
                    seen >= rank
                })
                .map(bucket_ceiling)
        };
        Some(Percentiles {
            p50: at(50)?,
            p95: at(95)?,
            p99: at(99)?,
        })
    }

    /// What became of the requests of the last minute; nothing where there were none.
    pub fn shares(&self) -> Option<Shares> {
        let (before, after) = self.ends()?;
        let count = |outcome: Outcome| {
            after.outcomes[outcome as usize].saturating_sub(before.outcomes[outcome as usize])
        };
        let all: u64 = Outcome::ALL.into_iter().map(count).sum();
        let share = |outcomes: &[Outcome]| {
            outcomes.iter().copied().map(count).sum::<u64>() as f64 / all as f64
        };
        (all > 0).then(|| Shares {
            failed: share(&[
                Outcome::Failed,
                Outcome::TimedOut,
                Outcome::Cancelled,
                Outcome::Dead,
            ]),
            refused: share(&[Outcome::Refused]),
        })
    }

    fn ends(&self) -> Option<(&TallySnapshot, &TallySnapshot)> {
        Some((&self.marks.front()?.1, &self.latest.as_ref()?.1))
    }
}

fn total(snapshot: &TallySnapshot) -> u64 {
    snapshot.outcomes.iter().sum()
}
