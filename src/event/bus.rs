use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{self, TrySendError},
    },
    time::{Duration, Instant},
};

use super::{
    Event, FlowTallies, Progress, Started, Tally, TallySnapshot, View, Walking,
    closeness::Closeness, walking::Walks,
};
use crate::run::{Outcome, RunId, RunRecord};

/// Detailed records a second; what comes on top is brief or only counted.
const DETAILED_A_SECOND: u64 = 500;
/// Brief records of runs that did not succeed, a second.
const FAILURES_A_SECOND: u64 = 500;
/// Records of refused requests, a second. Anybody on the internet can send as many as they like:
/// they have an allowance of their own, and take nothing from those of the runs of real flows.
const REFUSED_A_SECOND: u64 = 100;

/// Answers whose run is yet to begin, a second: its end is told in any case.
const ANSWERS_A_SECOND: u64 = 1_000;

/// How many of the last records are remembered for whoever subscribes late.
const REMEMBERED: usize = 32;
/// Those with a longer body are not, in bytes.
const REMEMBERED_BODY: usize = 64 << 10;

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
    flows: FlowTallies,
    in_flight: AtomicU64,
    waiting: AtomicU64,
    parked: AtomicU64,
    dead: AtomicU64,
    dropped: AtomicU64,
    brief: AtomicU64,
    unrecorded: AtomicU64,
    audience: Mutex<Audience>,
    /// How the server stands, for whoever begins to look at it now.
    standing: Missed,
    // Read on every request, so that nobody watching costs one load and no lock.
    watching: AtomicUsize,
    // The same, of those who look at runs on their way.
    looking: AtomicUsize,
    walks: Walks,
    detailed: Allowance,
    failures: Allowance,
    refused: Allowance,
    answers: Allowance,
}

#[derive(Debug, Default)]
struct Audience {
    subscribers: Vec<Subscriber>,
    /// The last records, for whoever comes before the history has them. Small ones only.
    recent: VecDeque<Arc<RunRecord>>,
}

#[derive(Debug)]
struct Subscriber {
    id: u64,
    closeness: Closeness,
    events: mpsc::SyncSender<Event>,
    missed: Arc<Missed>,
}

/// How the server stands, as far as there was no room to tell it. Unlike what merely happened it
/// is not lost: a viewer who stalled during a reload would show the wrong one from then on. No
/// more than four events, since what is over is not told any more.
#[derive(Debug, Default)]
struct Missed {
    events: Mutex<Vec<Event>>,
    /// How many records there was no room for, which are not told later.
    records: AtomicU64,
    /// The same, of answers that left before their run began.
    answers: AtomicU64,
}

impl Bus {
    /// A subscription that holds up to `capacity` unread events and loses what comes on top.
    pub fn subscribe(&self, capacity: usize) -> Subscription {
        self.admit(capacity, Closeness::Answers).0
    }

    /// One that does not hear of a run before it ends.
    pub fn subscribe_to_ends(&self, capacity: usize) -> Subscription {
        self.admit(capacity, Closeness::Ends).0
    }

    /// One that hears of runs on their way, too, and the last records before it.
    pub fn subscribe_closely(&self, capacity: usize) -> (Subscription, Vec<Arc<RunRecord>>) {
        self.admit(capacity, Closeness::Steps)
    }

    fn admit(&self, capacity: usize, closeness: Closeness) -> (Subscription, Vec<Arc<RunRecord>>) {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let id = IDS.fetch_add(1, Ordering::Relaxed);
        let (sender, events) = mpsc::sync_channel(capacity);
        let missed = Arc::<Missed>::default();
        let mut audience = self.shared.audience();
        audience.subscribers.push(Subscriber {
            id,
            closeness,
            events: sender,
            missed: Arc::clone(&missed),
        });
        self.shared.count(&audience);
        let subscription = Subscription {
            events,
            missed,
            shared: Arc::clone(&self.shared),
            id,
        };
        (subscription, audience.recent.iter().cloned().collect())
    }

    /// How much of the run that begins now is worth recording. It may be asked before it is known
    /// whether there will be one: a request that is refused gives back what it took.
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

    /// Counts a run that ended, or a request that was refused, whose answer `took` so long. Its record
    /// is published where somebody watches and it is detailed, or failed and there is room for
    /// it, or was refused and there is room for that; `record` is called only then.
    pub fn finish(
        &self,
        outcome: Outcome,
        took: Duration,
        detail: Detail,
        now: Instant,
        record: impl FnOnce() -> RunRecord,
    ) {
        self.shared.tally.count(outcome);
        if outcome != Outcome::Refused {
            self.shared.tally.answered(took);
        }
        if !self.is_watched() {
            return;
        }
        let shared = &*self.shared;
        let has_room = match (outcome, detail) {
            (Outcome::Refused, _) => {
                if detail == Detail::Full
                    && let Some(started) = now.checked_sub(took)
                {
                    shared.detailed.give_back(started);
                }
                shared.refused.take(REFUSED_A_SECOND, now)
            }
            (_, Detail::Full) => true,
            (_, Detail::Brief) => {
                !outcome.is_success() && shared.failures.take(FAILURES_A_SECOND, now)
            }
        };
        if !has_room {
            shared.unrecorded.fetch_add(1, Ordering::Relaxed);
            return;
        }
        // What was refused has no steps to leave out.
        if detail == Detail::Brief && outcome != Outcome::Refused {
            shared.brief.fetch_add(1, Ordering::Relaxed);
        }
        self.publish(Event::Finished(Arc::new(record())));
    }

    /// Counts a durable run that ended, and publishes its record where somebody watches. How long its
    /// request took was counted when it was answered.
    pub fn end(&self, record: RunRecord) {
        self.shared.tally.count(record.outcome);
        if self.is_watched() {
            self.publish(Event::Finished(Arc::new(record)));
        }
    }

    /// Whether the answer to a request is to be told whose run is yet to begin; counts it as not told
    /// where somebody watches and there is no room for it.
    pub fn may_tell_answer(&self, now: Instant) -> bool {
        if !self.is_watched() {
            return false;
        }
        let has_room = self.shared.answers.take(ANSWERS_A_SECOND, now);
        if !has_room {
            self.shared.unrecorded.fetch_add(1, Ordering::Relaxed);
        }
        has_room
    }

    /// Counts the answer to a request, after it `took` so long, whose run is yet to begin.
    pub fn answered(&self, took: Duration) {
        self.shared.tally.answered(took);
    }

    /// Hands an event to every subscriber that has room for it; how the server stands is told
    /// those that have none once they have.
    pub fn publish(&self, event: Event) {
        if event.is_standing() {
            keep(&mut self.shared.standing.events(), event.clone());
        }
        let closeness = event.closeness();
        let is_of_steps = closeness == Closeness::Steps;
        if !self.is_watched() || (is_of_steps && self.shared.looking.load(Ordering::Relaxed) == 0) {
            return;
        }
        let mut is_told = true;
        let mut audience = self.shared.audience();
        let subscribers = audience.subscribers.iter();
        for subscriber in subscribers.filter(|subscriber| subscriber.closeness >= closeness) {
            is_told &= subscriber.send(event.clone());
        }
        if let Event::Finished(record) = &event {
            audience.remember(record);
        }
        drop(audience);
        // What is not a record is told again soon, or was of that moment.
        if !is_told && matches!(event, Event::Finished(_)) {
            self.shared.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How the server stands: the configuration that is live, the one that was refused since, and
    /// whether it is stopping, as far as any of it was told.
    pub fn standing(&self) -> Vec<Event> {
        self.shared.standing.events().clone()
    }

    /// Notes that a durable run is being walked, until that is dropped.
    pub fn walk(&self, started: Started) -> Walking {
        Walking::begin(self, self.walks(), started)
    }

    /// Looks at a run, where it is being walked: the steps up to now, in the order they began.
    /// What is told from here on comes behind them.
    pub fn view(&self, run: RunId) -> Option<(View, Vec<Progress>)> {
        self.walks().view(run)
    }

    /// Whether a durable run is being walked.
    pub fn is_under_way(&self, run: RunId) -> bool {
        self.walks().has(run)
    }

    pub(super) fn walks(&self) -> &Walks {
        &self.shared.walks
    }

    /// Counts a request as being served until the guard is dropped.
    pub fn in_flight(&self) -> InFlight {
        self.shared.in_flight.fetch_add(1, Ordering::Relaxed);
        InFlight(Arc::clone(&self.shared))
    }

    /// The counters of all flows.
    pub fn flows(&self) -> &FlowTallies {
        &self.shared.flows
    }

    /// Says how many durable runs wait for their turn, and how many are parked.
    pub fn set_queued(&self, waiting: u64, parked: u64) {
        self.shared.waiting.store(waiting, Ordering::Relaxed);
        self.shared.parked.store(parked, Ordering::Relaxed);
    }

    /// Says how many dead runs are kept.
    pub fn set_dead(&self, count: u64) {
        self.shared.dead.store(count, Ordering::Relaxed);
    }

    /// All counters now. Of the process, only itself can tell.
    pub fn tally(&self) -> TallySnapshot {
        let (outcomes, latency) = self.shared.tally.counts();
        TallySnapshot {
            outcomes,
            latency,
            dropped: self.shared.dropped.load(Ordering::Relaxed),
            brief: self.shared.brief.load(Ordering::Relaxed),
            unrecorded: self.shared.unrecorded.load(Ordering::Relaxed),
            in_flight: self.shared.in_flight.load(Ordering::Relaxed),
            waiting: self.shared.waiting.load(Ordering::Relaxed),
            parked: self.shared.parked.load(Ordering::Relaxed),
            dead: self.shared.dead.load(Ordering::Relaxed),
            process: None,
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
    /// The next event; none when none came within `timeout`.
    pub fn next(&self, timeout: Duration) -> Option<Event> {
        // The other end of the channel lives as long as this one: only time can run out.
        self.try_next()
            .or_else(|| self.events.recv_timeout(timeout).ok())
    }

    /// How many records there was no room for.
    pub fn lost(&self) -> u64 {
        self.missed.records.load(Ordering::Relaxed)
    }

    /// How many answers that left before their run began there was no room for.
    pub fn lost_answers(&self) -> u64 {
        self.missed.answers.load(Ordering::Relaxed)
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
        if !event.is_standing() {
            let lost = match &event {
                Event::Finished(_) => Some(&self.missed.records),
                Event::Accepted(accepted) if accepted.answered.is_some() => {
                    Some(&self.missed.answers)
                }
                _ => None,
            };
            let is_full = matches!(self.events.try_send(event), Err(TrySendError::Full(_)));
            if let Some(lost) = lost.filter(|_| is_full) {
                lost.fetch_add(1, Ordering::Relaxed);
            }
            return !is_full;
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
            missed.retain(|kept| matches!(kept, Event::Draining));
        }
        Event::Rejected(_) => missed.retain(|kept| !matches!(kept, Event::Rejected(_))),
        Event::Rerouted(_) => missed.retain(|kept| !matches!(kept, Event::Rerouted(_))),
        _ => missed.retain(|kept| !matches!(kept, Event::Draining)),
    }
    missed.push(event);
}

impl Missed {
    fn events(&self) -> std::sync::MutexGuard<'_, Vec<Event>> {
        // Every change of it is whole.
        self.events.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> Option<Event> {
        let mut events = self.events();
        (!events.is_empty()).then(|| events.remove(0))
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut audience = self.shared.audience();
        audience
            .subscribers
            .retain(|subscriber| subscriber.id != self.id);
        self.shared.count(&audience);
    }
}

impl Audience {
    fn remember(&mut self, record: &Arc<RunRecord>) {
        if record.request.body.len() <= REMEMBERED_BODY {
            if self.recent.len() == REMEMBERED {
                self.recent.pop_front();
            }
            self.recent.push_back(Arc::clone(record));
        }
    }
}

impl Shared {
    fn count(&self, audience: &Audience) {
        let subscribers = &audience.subscribers;
        let is_near = |subscriber: &&Subscriber| subscriber.closeness == Closeness::Steps;
        let near = subscribers.iter().filter(is_near);
        self.looking.store(near.count(), Ordering::Relaxed);
        self.watching.store(subscribers.len(), Ordering::Relaxed);
    }

    fn audience(&self) -> std::sync::MutexGuard<'_, Audience> {
        // The lists are valid after any panic, since they are only pushed to and taken from.
        self.audience.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many a second, refilled as each second begins.
#[derive(Debug)]
struct Allowance {
    epoch: Instant,
    /// The latest second that began, counted from 1.
    second: AtomicU64,
    left: AtomicU64,
}

impl Default for Allowance {
    fn default() -> Self {
        Self {
            epoch: Instant::now(),
            second: AtomicU64::new(0),
            left: AtomicU64::new(0),
        }
    }
}

impl Allowance {
    fn take(&self, a_second: u64, now: Instant) -> bool {
        let second = self.second(now);
        // Whoever read the clock before others did takes from what is left of theirs.
        if self.second.fetch_max(second, Ordering::Relaxed) < second {
            self.left.store(a_second, Ordering::Relaxed);
        }
        let one_less = |left: u64| left.checked_sub(1);
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }

    /// Makes good what was taken then; it is no more where another second has begun.
    fn give_back(&self, taken: Instant) {
        if self.second.load(Ordering::Relaxed) == self.second(taken) {
            self.left.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn second(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.epoch).as_secs() + 1
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::{
        event::{Accepted, Loaded, Reason, Rejected, Rerouted},
        run::{Peer, Request, RunId},
    };

    fn loaded(revision: &str) -> Event {
        Event::Loaded(Arc::new(Loaded {
            revision: revision.into(),
            at: SystemTime::now(),
            file: String::new(),
            files: Vec::new(),
            is_kept: false,
            commit: None,
            flows: Vec::new(),
            listening: Vec::new(),
        }))
    }

    fn rejected(message: &str) -> Event {
        Event::Rejected(Arc::new(Rejected {
            reason: Reason::Broken,
            at: SystemTime::now(),
            location: None,
            message: message.to_owned(),
            errors: 1,
            rendered: String::new(),
        }))
    }

    fn rerouted(revision: &str) -> Event {
        Event::Rerouted(Arc::new(Rerouted {
            revision: revision.into(),
            ..Rerouted::default()
        }))
    }

    fn told(subscription: &Subscription) -> Vec<String> {
        texts(std::iter::from_fn(|| subscription.try_next()))
    }

    fn texts(events: impl IntoIterator<Item = Event>) -> Vec<String> {
        events
            .into_iter()
            .map(|event| match event {
                Event::Loaded(loaded) => loaded.revision.to_string(),
                Event::Rejected(rejected) => rejected.message.clone(),
                Event::Rerouted(rerouted) => format!("rerouted by {}", rerouted.revision),
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
            rerouted("what is over"),
            loaded("live"),
            rerouted("live, first"),
            rerouted("live"),
            rejected("over as well"),
            rejected("broken"),
            Event::Draining,
        ] {
            bus.publish(event);
        }
        assert_eq!(
            told(&subscription),
            ["first", "live", "rerouted by live", "broken", "Draining"]
        );
        assert_eq!(bus.tally().dropped, 0);
        bus.publish(loaded("next"));
        assert_eq!(told(&subscription), ["next"]);
    }

    #[test]
    fn how_the_server_stands_is_known_though_nobody_watched() {
        let bus = Bus::default();
        for event in [
            rejected("over"),
            loaded("live"),
            Event::Notice("of that moment".into()),
            rejected("broken"),
        ] {
            bus.publish(event);
        }
        assert_eq!(texts(bus.standing()), ["live", "broken"]);
    }

    fn record(outcome: Outcome, detail: Detail) -> RunRecord {
        let received = SystemTime::now();
        RunRecord {
            id: RunId::new(received),
            continues: None,
            replay_of: None,
            flow: None,
            revision: "".into(),
            request: Request {
                method: http::Method::GET,
                uri: http::Uri::default(),
                headers: http::HeaderMap::new(),
                body: bytes::Bytes::new(),
                peer: Peer::Unix,
                received,
            },
            duration: Duration::ZERO,
            answered: None,
            spent: None,
            outcome,
            error: None,
            variables: Vec::new(),
            taken: smallvec::SmallVec::new(),
            steps: Vec::new(),
            reply: None,
            detailed: detail == Detail::Full,
            cut: Default::default(),
        }
    }

    #[test]
    fn who_subscribes_late_is_given_the_last_small_records() {
        let bus = Bus::default();
        let _history = bus.subscribe(100);
        let mut large = record(Outcome::Succeeded, Detail::Full);
        large.request.body = vec![0; REMEMBERED_BODY + 1].into();
        bus.publish(Event::Finished(Arc::new(large)));
        let small: Vec<_> = std::iter::repeat_with(|| record(Outcome::Succeeded, Detail::Full))
            .take(REMEMBERED + 5)
            .collect();
        for record in &small {
            bus.publish(Event::Finished(Arc::new(record.clone())));
        }
        let (subscription, recent) = bus.subscribe_closely(10);
        let recent: Vec<_> = recent.iter().map(|record| record.id).collect();
        let last: Vec<_> = small[5..].iter().map(|record| record.id).collect();
        assert_eq!(recent, last);
        assert!(subscription.try_next().is_none());
    }

    /// A request that comes and ends at once.
    fn request(bus: &Bus, outcome: Outcome, now: Instant) {
        let detail = bus.detail(now);
        bus.finish(outcome, Duration::ZERO, detail, now, || {
            record(outcome, detail)
        });
    }

    fn finished(subscription: &Subscription, is_it: impl Fn(&RunRecord) -> bool) -> usize {
        std::iter::from_fn(|| subscription.try_next())
            .filter(|event| matches!(event, Event::Finished(record) if is_it(record)))
            .count()
    }

    #[test]
    fn who_hears_of_ends_alone_has_room_for_nothing_else() {
        let bus = Bus::default();
        let (ends, all) = (bus.subscribe_to_ends(1), bus.subscribe(2));
        let accepted = Accepted {
            id: RunId::from_u128(7),
            flow: Arc::default(),
            at: SystemTime::now(),
            answered: None,
        };
        bus.publish(Event::Accepted(accepted));
        bus.end(record(Outcome::Succeeded, Detail::Full));
        assert!(matches!(ends.try_next(), Some(Event::Finished(_))));
        assert!(matches!(all.try_next(), Some(Event::Accepted(_))));
        assert_eq!((ends.lost(), all.lost()), (0, 0));
    }

    #[test]
    fn how_long_a_run_took_behind_its_answer_is_no_latency() {
        let bus = Bus::default();
        let answers = || bus.tally().latency.iter().sum::<u64>();
        bus.answered(Duration::from_millis(1));
        bus.end(record(Outcome::Succeeded, Detail::Full));
        assert_eq!((bus.tally().outcomes[0], answers()), (1, 1));
        request(&bus, Outcome::Succeeded, Instant::now());
        request(&bus, Outcome::Refused, Instant::now());
        assert_eq!((bus.tally().outcomes[0], answers()), (2, 2));
    }

    #[test]
    fn a_scan_crowds_out_no_run_of_a_flow() {
        let bus = Bus::default();
        let subscription = bus.subscribe(10_000);
        let now = Instant::now();
        for _ in 0..2_000 {
            request(&bus, Outcome::Refused, now);
        }
        assert_eq!(finished(&subscription, |_| true), 100);
        assert_eq!((bus.tally().unrecorded, bus.tally().brief), (1_900, 0));
        for _ in 0..500 {
            request(&bus, Outcome::Succeeded, now);
        }
        assert_eq!(finished(&subscription, |record| record.detailed), 500);
        for _ in 0..2_000 {
            request(&bus, Outcome::Refused, now);
            request(&bus, Outcome::Succeeded, now);
        }
        for _ in 0..500 {
            request(&bus, Outcome::Failed, now);
        }
        let is_failure = |record: &RunRecord| record.outcome == Outcome::Failed;
        assert_eq!(finished(&subscription, is_failure), 500);
        // And in the next second there is room again.
        request(&bus, Outcome::Refused, now + Duration::from_secs(1));
        assert_eq!(finished(&subscription, |_| true), 1);
    }

    #[test]
    fn what_was_taken_in_a_second_that_is_over_is_not_given_back_in_the_next() {
        let bus = Bus::default();
        let _subscription = bus.subscribe(10);
        let then = Instant::now();
        let now = then + Duration::from_secs(2);
        assert_eq!(bus.detail(then), Detail::Full);
        let details = || (0..501).filter(|_| bus.detail(now) == Detail::Full).count();
        assert_eq!(details(), 500);
        let refuse = |started| {
            let took = now - started;
            bus.finish(Outcome::Refused, took, Detail::Full, now, || {
                record(Outcome::Refused, Detail::Full)
            });
        };
        refuse(then);
        assert_eq!(details(), 0);
        refuse(now);
        assert_eq!(details(), 1);
    }

    #[test]
    fn every_record_is_whole_or_brief_or_not_made_and_what_found_no_room_is_counted_once() {
        let bus = Bus::default();
        let (narrow, narrower, wide) = (bus.subscribe(2), bus.subscribe(1), bus.subscribe(10_000));
        let now = Instant::now();
        for outcome in [Outcome::Succeeded, Outcome::Failed] {
            for _ in 0..600 {
                request(&bus, outcome, now);
            }
        }
        bus.publish(Event::Notice("no record".into()));
        let tally = bus.tally();
        assert_eq!((tally.brief, tally.unrecorded), (500, 200));
        assert_eq!(finished(&wide, |_| true), 1_000);
        assert_eq!(finished(&narrow, |_| true), 2);
        assert_eq!(finished(&narrower, |_| true), 1);
        assert_eq!(tally.dropped, 999);
        assert_eq!(
            [&narrow, &narrower, &wide].map(Subscription::lost),
            [998, 999, 0]
        );
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
