use std::time::Duration;

use crate::{
    event::{TallySnapshot, bucket_ceiling},
    run::Outcome,
};

/// What ended within some time.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ended {
    outcomes: [u64; Outcome::ALL.len()],
    latency: Vec<u64>,
}

/// How long answers took: so many percent of them at most that long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Percentiles {
    /// Half of them.
    pub p50: Duration,
    /// 90 %.
    pub p90: Duration,
    /// 95 %.
    pub p95: Duration,
    /// 99 %.
    pub p99: Duration,
    /// All of them.
    pub max: Duration,
}

impl Ended {
    /// All that was ever counted.
    pub fn until(after: &TallySnapshot) -> Self {
        Self {
            outcomes: after.outcomes,
            latency: after.latency.clone(),
        }
    }

    /// What was counted between two moments.
    pub fn between(before: &TallySnapshot, after: &TallySnapshot) -> Self {
        let earlier = |bucket: usize| before.latency.get(bucket).copied().unwrap_or(0);
        let latency = after.latency.iter().enumerate();
        Self {
            outcomes: std::array::from_fn(|i| after.outcomes[i].saturating_sub(before.outcomes[i])),
            latency: latency
                .map(|(bucket, count)| count.saturating_sub(earlier(bucket)))
                .collect(),
        }
    }

    /// How many.
    pub fn total(&self) -> u64 {
        self.outcomes.iter().sum()
    }

    /// How many of them so.
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.outcomes[outcome as usize]
    }

    /// Which share of them so, from 0 to 1; nothing where there were none at all.
    pub fn share(&self, outcome: Outcome) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| self.count(outcome) as f64 / total as f64)
    }

    /// How long the answers took; nothing where there were none.
    pub fn percentiles(&self) -> Option<Percentiles> {
        let all: u64 = self.latency.iter().sum();
        let at = |percent: u64| {
            let rank = (all * percent).div_ceil(100).max(1);
            let mut seen = 0;
            self.latency
                .iter()
                .position(|count| {
                    seen += count;
                    seen >= rank
                })
                .map(bucket_ceiling)
        };
        Some(Percentiles {
            p50: at(50)?,
            p90: at(90)?,
            p95: at(95)?,
            p99: at(99)?,
            max: at(100)?,
        })
    }
}
