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
    missed: Arc<Missed>,
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
    missed: Arc<Missed>,
}

/// How the server stands, as far as there was no room to tell it. Unlike what merely happened it
/// is not lost: a viewer who stalled during a reload would show the wrong one from then on. No
/// more than three events, since what is over is not told any more.
#[derive(Debug, Default)]
struct Missed(Mutex<Vec<Event>>);

impl Bus {
    /// A subscription that holds up to `capacity` unread events and loses what comes on top.
    pub fn subscribe(&self, capacity: usize) -> Subscription {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let id = IDS.fetch_add(1, Ordering::Relaxed);
        let (sender, events) = mpsc::sync_channel(capacity);
        let missed = Arc::<Missed>::default();
        let mut subscribers = self.shared.subscribers();
        subscribers.push(Subscriber {
            id,
            events: sender,
            missed: Arc::clone(&missed),
        });
        self.shared
            .watching
            .store(subscribers.len(), Ordering::Relaxed);
        Subscription {
            events,
            missed,
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

    /// Hands an event to every subscriber that has room for it; how the server stands is told
    /// those that have none once they have.
    pub fn publish(&self, event: Event) {
        if !self.is_watched() {
            return;
        }
        for subscriber in self.shared.subscribers().iter() {
            if !subscriber.send(event.clone()) {
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
        if let Some(event) = self.try_next() {
            return Ok(Some(event));
        }
        match self.events.recv_timeout(timeout) {
            Ok(event) => Ok(Some(event)),
            Err(RecvTimeoutError::Timeout) => Ok(None),
            Err(RecvTimeoutError::Disconnected) => Err(Closed),
        }
    }

    /// The next event, if one is waiting.
    pub fn try_next(&self) -> Option<Event> {
        // What was missed came after all that is in the channel.
        self.events.try_recv().ok().or_else(|| self.missed.take())
    }
}

impl Subscriber {
    /// Says whether the event is told, now or later.
    fn send(&self, event: Event) -> bool {
        if !matches!(
            event,
            Event::Loaded(_) | Event::Rejected(_) | Event::Draining
        ) {
            return !matches!(self.events.try_send(event), Err(TrySendError::Full(_)));
        }
        let mut missed = self.missed.events();
        // Behind what was missed before, or they would be told in the wrong order.
        if !missed.is_empty() {
            keep(&mut missed, event);
        } else if let Err(TrySendError::Full(event)) = self.events.try_send(event) {
            keep(&mut missed, event);
        }
        true
    }
}

fn keep(missed: &mut Vec<Event>, event: Event) {
    match event {
        // A configuration that went live leaves nothing of those before it.
        Event::Loaded(_) => {
            missed.retain(|kept| !matches!(kept, Event::Loaded(_) | Event::Rejected(_)));
        }
        Event::Rejected(_) => missed.retain(|kept| !matches!(kept, Event::Rejected(_))),
        _ => missed.retain(|kept| !matches!(kept, Event::Draining)),
    }
    missed.push(event);
}

impl Missed {
    fn events(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        // Every change of it is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Event> {
        let mut events = self.events();
        (!events.is_empty()).then(|| events.remove(0))
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

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::event::{Loaded, Rejected};

    fn loaded(revision: &str) -> Event {
        Event::Loaded(Arc::new(Loaded {
            revision: revision.into(),
            at: SystemTime::now(),
            file: String::new(),
            flows: Vec::new(),
            listening: Vec::new(),
        }))
    }

    fn rejected(message: &str) -> Event {
        Event::Rejected(Arc::new(Rejected {
            at: SystemTime::now(),
            location: None,
            message: message.to_owned(),
            errors: 1,
            rendered: String::new(),
        }))
    }

    fn told(subscription: &Subscription) -> Vec<String> {
        std::iter::from_fn(|| subscription.try_next())
            .map(|event| match event {
                Event::Loaded(loaded) => loaded.revision.to_string(),
                Event::Rejected(rejected) => rejected.message.clone(),
                Event::Notice(text) => text.to_string(),
                event => format!("{event:?}"),
            })
            .collect()
    }

    #[test]
    fn what_finds_no_room_is_lost_but_how_the_server_stands_is_told_later() {
        let bus = Bus::default();
        let subscription = bus.subscribe(1);
        for event in [
            Event::Notice("first".into()),
            Event::Notice("lost".into()),
            rejected("over"),
            loaded("over too"),
            loaded("live"),
            rejected("over as well"),
            rejected("broken"),
            Event::Draining,
        ] {
            bus.publish(event);
        }
        assert_eq!(told(&subscription), ["first", "live", "broken", "Draining"]);
        assert_eq!(bus.tally().dropped, 1);
        bus.publish(loaded("next"));
        assert_eq!(told(&subscription), ["next"]);
    }

    #[test]
    fn how_the_server_stands_is_told_in_order() {
        let bus = Bus::default();
        let subscription = bus.subscribe(1);
        bus.publish(Event::Notice("full".into()));
        bus.publish(rejected("broken"));
        assert!(subscription.try_next().is_some());
        // There is room again, but not past what was missed.
        bus.publish(loaded("fixed"));
        assert_eq!(told(&subscription), ["fixed"]);
    }
}
