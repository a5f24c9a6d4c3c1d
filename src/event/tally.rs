use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use super::Process;
use crate::run::{self, Outcome};

/// How many latency buckets there are: eight to each doubling of microseconds.
pub const LATENCY_BUCKETS: usize = 8 * 40;

/// Counters that lose nothing: every request is counted here, whether or not its record finds
/// room on the bus.
#[derive(Debug)]
pub struct Tally {
    outcomes: [AtomicU64; Outcome::ALL.len()],
    latency: [AtomicU64; LATENCY_BUCKETS],
}

/// All counters at one moment. Counts only ever grow; a rate is the difference of two snapshots.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TallySnapshot {
    /// Ended runs and refused requests, by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; Outcome::ALL.len()],
    /// Answers by latency; see [`bucket_ceiling`]. Those of refused requests are not in it, and what
    /// a run did behind its answer is not, either.
    pub latency: Vec<u64>,
    /// Records that were made and some subscriber was too slow for.
    pub dropped: u64,
    /// Records that were made without steps, because too many runs came at once.
    pub brief: u64,
    /// Records, and answers whose run is yet to begin, that were not told, because too many came at
    /// once.
    pub unrecorded: u64,
    /// Requests being served now.
    pub in_flight: u64,
    /// Durable runs that wait for their turn now.
    pub waiting: u64,
    /// Those that are put aside now, until a moment comes.
    pub parked: u64,
    /// Dead runs that are kept now.
    pub dead: u64,
    /// The process that serves, where it told of itself.
    pub process: Option<Process>,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            outcomes: Default::default(),
            latency: std::array::from_fn(|_| AtomicU64::new(0)),
        }
    }
}

impl Tally {
    /// Counts one ended run or refused request.
    pub fn count(&self, outcome: Outcome) {
        self.outcomes[outcome as usize].fetch_add(1, Ordering::Relaxed);
    }

    /// Counts an answer, which took so long.
    pub fn answered(&self, took: Duration) {
        self.latency[bucket(took)].fetch_add(1, Ordering::Relaxed);
    }

    /// Ended runs and refused requests by outcome, and answers by latency.
    pub fn counts(&self) -> ([u64; Outcome::ALL.len()], Vec<u64>) {
        (
            std::array::from_fn(|i| self.outcomes[i].load(Ordering::Relaxed)),
            self.latency
                .iter()
                .map(|count| count.load(Ordering::Relaxed))
                .collect(),
        )
    }
}

fn bucket(took: Duration) -> usize {
    let micros = run::micros(took);
    if micros < 8 {
        return micros as usize;
    }
    let power = 63 - u64::from(micros.leading_zeros());
    let eighth = (micros >> (power - 3)) & 7;
    (((power - 2) * 8 + eighth) as usize).min(LATENCY_BUCKETS - 1)
}

/// The longest time that is counted in a bucket: at most an eighth above the shortest one.
pub fn bucket_ceiling(bucket: usize) -> Duration {
    if bucket < 8 {
        return Duration::from_micros(bucket as u64);
    }
    let power = (bucket / 8 + 2) as u32;
    let eighth = (bucket % 8) as u64;
    Duration::from_micros((1 << power) + ((eighth + 1) << (power - 3)) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_latency_lies_under_its_buckets_ceiling_and_over_the_one_before() {
        for micros in (0..5_000).chain([1 << 20, (1 << 30) + 12_345]) {
            let took = Duration::from_micros(micros);
            let at = bucket(took);
            assert!(took <= bucket_ceiling(at), "{micros} in {at}");
            assert!(at == 0 || took > bucket_ceiling(at - 1), "{micros} in {at}");
        }
    }
}
