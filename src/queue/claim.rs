use std::{
    collections::BTreeMap,
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use super::{Entry, cancellation::Cancellation, clock::deadline, line::Shared, payloads::Kept};
use crate::{
    run::{Cancelled, Outcome, RunId, Value, millis, millis_not_before},
    store::{HistoryRow, HistorySummary, Parked},
};

/// How often a run may be interrupted before it is not begun again.
pub const MOST_INTERRUPTIONS: u32 = 5;

/// A run that was claimed. It stays in the file until something is said of how it goes on; where
/// it is dropped without a word, it has been interrupted, and is claimed again by the next process.
pub struct Claim {
    /// What was accepted.
    pub entry: Entry,
    /// How often it was interrupted.
    pub interruptions: u32,
    effects: BTreeMap<String, Value>,
    /// When it was to go on, where it was parked.
    due_ms: Option<i64>,
    seq: i64,
    cancellation: Arc<Cancellation>,
    is_begun: AtomicBool,
    is_settled: Arc<AtomicBool>,
    shared: Arc<Shared>,
}

/// How a run ended.
#[derive(Clone, PartialEq, Debug)]
pub struct Finish {
    /// Its outcome; one that is dead is kept.
    pub outcome: Outcome,
    /// How long it took.
    pub duration: Duration,
    /// Why it did not succeed, as it is listed.
    pub error: Option<String>,
    /// The story of the run, as JSON.
    pub record: String,
}

/// The run was interrupted so often that it is not begun again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Dead {
    /// How often.
    pub interruptions: u32,
}

impl Claim {
    pub(super) fn new(
        shared: Arc<Shared>,
        seq: i64,
        cancellation: Arc<Cancellation>,
        kept: Kept,
    ) -> Self {
        Self {
            entry: kept.entry,
            interruptions: kept.interruptions,
            effects: kept.effects,
            due_ms: kept.due_ms,
            seq,
            cancellation,
            is_begun: AtomicBool::new(false),
            is_settled: Arc::default(),
            shared,
        }
    }

    /// What an effect came to in an earlier life of the run.
    pub fn recall(&self, key: &str) -> Option<&Value> {
        self.effects.get(key)
    }

    /// All that is recalled, by key.
    pub fn recalled(&self) -> &BTreeMap<String, Value> {
        &self.effects
    }

    /// Counts on disk that the run is walked, so that one which ends its process is not begun for
    /// ever. To be awaited before its first effect; waits for the store to be well.
    ///
    /// # Errors
    /// It was interrupted [`MOST_INTERRUPTIONS`] times.
    pub async fn begin(&self) -> Result<(), Dead> {
        if self.interruptions >= MOST_INTERRUPTIONS {
            return Err(Dead {
                interruptions: self.interruptions,
            });
        }
        self.shared
            .persist(|| self.shared.store.begin(self.seq))
            .await;
        self.is_begun.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Keeps what an effect came to, for later lives of the run; on disk when this returns. Waits
    /// for the store to be well.
    pub async fn keep(&self, key: &str, value: Value) {
        let value = value.to_string();
        self.shared
            .persist(|| {
                self.shared
                    .store
                    .keep_effect(self.seq, key.to_owned(), value.clone())
            })
            .await;
    }

    /// Completes when the run is to end as cancelled.
    pub async fn cancelled(&self) {
        self.cancellation.cancelled().await;
    }

    /// Whether the run is to end as cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.cancellation.is_cancelled()
    }

    /// Why the run is to end as cancelled, where it is.
    pub fn why_cancelled(&self) -> Option<Cancelled> {
        self.cancellation.why()
    }

    /// Ends the run: it leaves the queue and enters the history at once. Waits for the store to be
    /// well.
    pub async fn finish(self, finish: Finish) {
        let is_dead = finish.outcome == Outcome::Dead;
        let row = Arc::new(history_row(
            self.entry.id,
            &self.entry.flow,
            &self.entry.revision,
            self.entry.request.received,
            finish,
        ));
        let settled = Arc::clone(&self.is_settled);
        self.shared.end(self.seq, row, is_dead, settled).await;
    }

    /// Whether it was parked until then: the time has come, though the wall clock may have been set
    /// back since.
    pub fn has_waited(&self, due: SystemTime) -> bool {
        self.due_ms == Some(millis_not_before(due))
    }

    /// Keeps the run until `due`, which is so long, without a worker and across restarts. Waits for
    /// the store to be well.
    pub async fn park(self, due: SystemTime, wait: Duration) {
        let until_then = deadline(due, SystemTime::now(), wait, Instant::now());
        let parked = Parked {
            due_ms: millis_not_before(due),
            wait_ms: i64::try_from(wait.as_millis()).unwrap_or(i64::MAX),
        };
        self.put_back(Some(parked)).await;
        self.shared
            .change(|schedule| schedule.park(self.seq, until_then));
    }

    /// Puts the run back, to be claimed again as if it had not been. Waits for the store to be
    /// well.
    pub async fn give_back(self) {
        self.put_back(None).await;
        self.shared.change(|schedule| schedule.give_back(self.seq));
    }

    async fn put_back(&self, parked: Option<Parked>) {
        let (seq, is_begun) = (self.seq, self.is_begun.load(Ordering::SeqCst));
        self.shared
            .persist(|| self.shared.store.put_back(seq, parked, is_begun))
            .await;
        self.is_settled.store(true, Ordering::SeqCst);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        if self.is_settled.load(Ordering::SeqCst) {
            return;
        }
        if !self.is_begun.load(Ordering::SeqCst) {
            self.shared.store.interrupted(self.seq);
        }
        self.shared.change(|schedule| schedule.release(self.seq));
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("id", &self.entry.id)
            .field("flow", &self.entry.flow)
            .field("interruptions", &self.interruptions)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Dead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the run was interrupted {} times", self.interruptions)
    }
}

/// The history's row of a run that was `accepted` then, and ends now.
pub(super) fn history_row(
    id: RunId,
    flow: &str,
    revision: &str,
    accepted: SystemTime,
    finish: Finish,
) -> HistoryRow {
    HistoryRow {
        summary: HistorySummary {
            id: id.to_string(),
            flow: flow.to_owned(),
            revision: revision.to_owned(),
            outcome: finish.outcome.to_string(),
            accepted_ms: millis(accepted),
            finished_ms: millis(SystemTime::now()),
            duration_us: i64::try_from(finish.duration.as_micros()).unwrap_or(i64::MAX),
            error: finish.error,
        },
        record: finish.record,
    }
}
