use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, RecvTimeoutError, TrySendError},
    },
    time::{Duration, Instant},
};

use super::{Event, Tally, TallySnapshot};
use crate::run::{Outcome, RunRecord};

/// Detailed records a second; what comes on top is brief or only counted.
const DETAILED_A_SECOND: i64 = 500;
/// Brief records of runs that did not succeed, a second.
const FAILURES_A_SECOND: i64 = 500;

/// Hands events to whoever subscribed, never waiting for anybody.
#[derive(Clone, Debug, Default)]
pub struct Bus {
    shared: Arc<Shared>,
}

/// How much of a run is worth recording.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Nobody is watching, or too many runs come at once: the branches taken, no more.
    Brief,
    /// Every step, and every operand of every condition.
    Full,
}

/// One subscriber's end of the stream. Dropping it unsubscribes.
#[derive(Debug)]
pub struct Subscription {
    events: mpsc::Receiver<Event>,
    shared: Arc<Shared>,
    id: u64,
}

#[derive(Debug, Default)]
struct Shared {
    tally: Tally,
    in_flight: AtomicU64,
    queued: AtomicU64,
    dropped: AtomicU64,
    brief: AtomicU64,
    subscribers: Mutex<Vec<Subscriber>>,
    // Read on every request, so that nobody watching costs one load and no lock.
    watching: AtomicUsize,
    detailed: Allowance,
    failures: Allowance,
}

#[derive(Debug)]
struct Subscriber {
    id: u64,
    events: mpsc::SyncSender<Event>,
}

impl Bus {
    /// A subscription that holds up to `capacity` unread events and loses what comes on top.
    pub fn subscribe(&self, capacity: usize) -> Subscription {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let id = IDS.fetch_add(1, Ordering::Relaxed);
        let (sender, events) = mpsc::sync_channel(capacity);
        let mut subscribers = self.shared.subscribers();
        subscribers.push(Subscriber { id, events: sender });
        self.shared
            .watching
            .store(subscribers.len(), Ordering::Relaxed);
        Subscription {
            events,
            shared: Arc::clone(&self.shared),
            id,
        }
    }

    /// How much of the run that begins now is worth recording.
    pub fn detail(&self, now: Instant) -> Detail {
        if self.is_watched() && self.shared.detailed.take(DETAILED_A_SECOND, now) {
            Detail::Full
        } else {
            Detail::Brief
        }
    }

    /// Whether anybody is subscribed.
    pub fn is_watched(&self) -> bool {
        self.shared.watching.load(Ordering::Relaxed) > 0
    }

    /// Counts a run that ended, and publishes its record where somebody watches and it is
    /// detailed, or a failure that there is room for; `record` is called only then.
    pub fn finish(
        &self,
        outcome: Outcome,
        took: Duration,
        detail: Detail,
        now: Instant,
        record: impl FnOnce() -> RunRecord,
    ) {
        self.shared.tally.count(outcome, took);
        if !self.is_watched() {
            return;
        }
        if detail == Detail::Brief {
            self.shared.brief.fetch_add(1, Ordering::Relaxed);
            if outcome.is_success() || !self.shared.failures.take(FAILURES_A_SECOND, now) {
                return;
            }
        }
        self.publish(Event::Finished(Arc::new(record())));
    }

    /// Hands an event to every subscriber that has room for it.
    pub fn publish(&self, event: Event) {
        if !self.is_watched() {
            return;
        }
        for subscriber in self.shared.subscribers().iter() {
            if let Err(TrySendError::Full(_)) = subscriber.events.try_send(event.clone()) {
                self.shared.dropped.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    /// Counts a request as being served until the guard is dropped.
    pub fn in_flight(&self) -> InFlight {
        self.shared.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(&self.shared))
    }

    /// Says how many runs wait for a worker.
    pub fn set_queued(&self, count: u64) {
        self.shared.queued.store(count, Ordering::Relaxed);
    }

    /// All counters now.
    pub fn tally(&self) -> TallySnapshot {
        let (outcomes, latency) = self.shared.tally.counts();
        TallySnapshot {
            outcomes,
            latency,
            dropped: self.shared.dropped.load(Ordering::Relaxed),
            brief: self.shared.brief.load(Ordering::Relaxed),
            in_flight: self.shared.in_flight.load(Ordering::Relaxed),
            queued: self.shared.queued.load(Ordering::Relaxed),
        }
    }
}

/// A request that is being served; see [`Bus::in_flight`].
#[derive(Debug)]
pub struct InFlight(Arc<Shared>);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Subscription {
    /// The next event, or `Ok(None)` when none came within `timeout`.
    ///
    /// # Errors
    /// The bus is gone.
    pub fn next(&self, timeout: Duration) -> Result<Option<Event>, Closed> {
        match self.events.recv_timeout(timeout) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Closed),
        }
    }

    /// The next event, if one is waiting.
    pub fn try_next(&self) -> Option<Event> {
        self.events.try_recv().ok()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut subscribers = self.shared.subscribers();
        subscribers.retain(|subscriber| subscriber.id != self.id);
        self.shared
            .watching
            .store(subscribers.len(), Ordering::Relaxed);
    }
}

/// The bus is gone: no event will ever come again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Closed;

impl Shared {
    fn subscribers(&self) -> std::sync::MutexGuard<'_, Vec<Subscriber>> {
        // The list is valid after any panic, since it is only pushed to and retained from.
        self.subscribers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many a second, refilled as each second begins.
#[derive(Debug)]
struct Allowance {
    epoch: Instant,
    second: AtomicU64,
    left: AtomicI64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            epoch: Instant::now(),
            second: AtomicU64::new(u64::MAX),
            left: AtomicI64::new(0),
        }
    }
}

impl Allowance {
    fn take(&self, a_second: i64, now: Instant) -> bool {
        let second = now.saturating_duration_since(self.epoch).as_secs();
        if self.second.swap(second, Ordering::Relaxed) != second {
            self.left.store(a_second, Ordering::Relaxed);
        }
        self.left.fetch_sub(1, Ordering::Relaxed) > 0
    }
}
