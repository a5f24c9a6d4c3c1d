use std::{
    collections::VecDeque,
    io,
    sync::mpsc::{self, Receiver, Sender},
    time::{Duration, Instant, SystemTime},
};

use super::{
    SHOWN_BODY,
    bodies::{has_large_body, kept_bodies},
};
use crate::{
    event::{Bus, Event, IsToEnd, Observer, Subscription},
    run::{RunRecord, Value, millis},
    store::{Fault, HistoryRow, HistorySummary, Store},
};

/// How many records may wait on the bus.
const CAPACITY: usize = 1024;
/// How many successes are kept a second.
const SUCCESSES_A_SECOND: u32 = 200;
/// The most rows of one write.
const ROWS: usize = 64;
/// How much the rows of one write may weigh, in bytes, beside the last of them: an accept may have
/// to wait for it.
const BYTES: usize = 256 << 10;
/// How much may wait while the store is slow, in bytes.
const MOST_WAITING: usize = 8 << 20;
/// How many records a second have more of their bodies than the others: to take the secrets out of
/// one may take as long as a hundred others.
const LARGE_A_SECOND: u32 = 8;
/// How long rows are gathered for one write.
const LINGER: Duration = Duration::from_millis(50);
/// Between two tellings of how many were left out.
const TELL: Duration = Duration::from_secs(60);

/// Starts to keep the sync runs that ended, and the requests of known flows that were refused, on a
/// thread of its own. A subscriber like any other: where it cannot follow, or the store cannot,
/// records are left out and counted, successes before failures, and nobody waits. `redact` makes of
/// a record, and so many bytes of its bodies, what may be kept of it; `tell` hears once a minute how
/// many records were left out, where any were.
///
/// Async runs enter the history with the write that takes them out of the queue.
///
/// # Errors
/// There is no thread to be had.
pub fn keep_history(
    bus: &Bus,
    store: Store,
    redact: impl Fn(&RunRecord, usize) -> Value + Send + 'static,
    tell: impl Fn(u64) + Send + 'static,
) -> io::Result<Observer> {
    let subscription = bus.subscribe_to_ends(CAPACITY);
    let mut gathering = Gathering::new(store, redact);
    let mut left_out = LeftOut::new(bus.clone(), tell);
    // The store is closed when nobody holds it any more: the thread lets go of it before it ends.
    Observer::start("history", bus, move |is_to_end| {
        follow(&subscription, is_to_end, &mut gathering, &mut left_out);
        left_out.tell(&gathering, &subscription);
    })
}

fn follow<R: Fn(&RunRecord, usize) -> Value, T: Fn(u64)>(
    subscription: &Subscription,
    is_to_end: &IsToEnd,
    gathering: &mut Gathering<R>,
    left_out: &mut LeftOut<T>,
) {
    while !is_to_end.get() {
        let patience = if gathering.is_empty() {
            Duration::from_secs(1)
        } else {
            LINGER
        };
        if let Some(Event::Finished(record)) = subscription.next(patience) {
            gathering.take(&record, Instant::now());
        }
        gathering.write_if_due(Instant::now());
        if left_out.is_due(Instant::now()) {
            left_out.tell(gathering, subscription);
        }
    }
    while let Some(event) = subscription.try_next() {
        if let Event::Finished(record) = event {
            gathering.take(&record, Instant::now());
        }
    }
    gathering.write_all();
}

/// Rows on their way to the store.
struct Gathering<R> {
    store: Store,
    redact: R,
    failures: VecDeque<HistoryRow>,
    successes: VecDeque<HistoryRow>,
    waiting_bytes: usize,
    /// When the first of them came.
    since: Option<Instant>,
    successes_allowed: Allowance,
    large_allowed: Allowance,
    /// What became of the write that is under way.
    written: Receiver<Written>,
    tell_written: Sender<Written>,
    is_writing: bool,
    left_out: u64,
}

/// So many a second, and no more.
struct Allowance {
    most: u32,
    /// The second that runs, and how many there were in it.
    second: Option<(Instant, u32)>,
}

impl Allowance {
    fn of(most: u32) -> Self {
        Self { most, second: None }
    }

    /// Whether there may be one more.
    fn take(&mut self, now: Instant) -> bool {
        match &mut self.second {
            Some((began, taken))
                if now.saturating_duration_since(*began) < Duration::from_secs(1) =>
            {
                *taken += 1;
                *taken <= self.most
            }
            second => {
                *second = Some((now, 1));
                true
            }
        }
    }
}

/// What became of a write of so many rows.
struct Written {
    rows: usize,
    outcome: Result<(), Fault>,
}

impl<R: Fn(&RunRecord, usize) -> Value> Gathering<R> {
    fn new(store: Store, redact: R) -> Self {
        let (tell_written, written) = mpsc::channel();
        Self {
            store,
            redact,
            failures: VecDeque::new(),
            successes: VecDeque::new(),
            waiting_bytes: 0,
            since: None,
            successes_allowed: Allowance::of(SUCCESSES_A_SECOND),
            large_allowed: Allowance::of(LARGE_A_SECOND),
            written,
            tell_written,
            is_writing: false,
            left_out: 0,
        }
    }

    fn is_empty(&self) -> bool {
        self.failures.is_empty() && self.successes.is_empty()
    }

    /// Takes a record, where it is to be kept and there is room.
    fn take(&mut self, record: &RunRecord, now: Instant) {
        let Some(flow) = record.flow.as_deref().filter(|_| !record.was_queued()) else {
            return;
        };
        if record.outcome.is_success() && !self.successes_allowed.take(now) {
            self.left_out += 1;
            return;
        }
        let bodies = self.bodies(record, now);
        let row = row(&flow.name, record, &(self.redact)(record, bodies));
        while self.waiting_bytes + row.record.len() > MOST_WAITING {
            // Failures first: it is the latest success that makes room.
            match self.successes.pop_back() {
                Some(success) => {
                    self.waiting_bytes -= success.record.len();
                    self.left_out += 1;
                }
                None => break,
            }
        }
        if !self.is_empty() && self.waiting_bytes + row.record.len() > MOST_WAITING {
            self.left_out += 1;
            return;
        }
        self.since.get_or_insert(now);
        self.waiting_bytes += row.record.len();
        if record.outcome.is_success() {
            self.successes.push_back(row);
        } else {
            self.failures.push_back(row);
        }
    }

    /// How much of its bodies is kept. Where much waits, and of more than a few a second, it is
    /// what is kept of all others.
    fn bodies(&mut self, record: &RunRecord, now: Instant) -> usize {
        let bodies = kept_bodies(record);
        let may_be_large = bodies > SHOWN_BODY
            && has_large_body(record)
            && self.waiting_bytes <= MOST_WAITING / 2
            && self.large_allowed.take(now);
        if may_be_large { bodies } else { SHOWN_BODY }
    }

    /// Writes what was gathered, where it is enough or has waited, and nothing is being written.
    fn write_if_due(&mut self, now: Instant) {
        while let Ok(written) = self.written.try_recv() {
            self.hear(&written);
        }
        let is_due = self.failures.len() + self.successes.len() >= ROWS
            || self.waiting_bytes >= BYTES
            || self
                .since
                .is_some_and(|since| now.saturating_duration_since(since) >= LINGER);
        if is_due && !self.is_writing {
            self.write();
        }
    }

    /// Writes everything, and waits for it.
    fn write_all(&mut self) {
        loop {
            if self.is_writing {
                match self.written.recv() {
                    Ok(written) => self.hear(&written),
                    Err(_) => return,
                }
            }
            if self.is_empty() {
                return;
            }
            self.write();
        }
    }

    fn write(&mut self) {
        let rows = self.next_rows();
        if rows.is_empty() {
            return;
        }
        self.is_writing = true;
        let tell = self.tell_written.clone();
        let count = rows.len();
        self.store.record(rows, move |outcome| {
            // It may have stopped waiting.
            let _ = tell.send(Written {
                rows: count,
                outcome,
            });
        });
    }

    /// The rows of the next write, failures first.
    fn next_rows(&mut self) -> Vec<HistoryRow> {
        let mut rows = Vec::new();
        let mut bytes = 0;
        while rows.len() < ROWS && bytes < BYTES {
            let next = self.failures.pop_front();
            let Some(row) = next.or_else(|| self.successes.pop_front()) else {
                self.since = None;
                break;
            };
            bytes += row.record.len();
            rows.push(row);
        }
        self.waiting_bytes -= bytes;
        rows
    }

    fn hear(&mut self, written: &Written) {
        self.is_writing = false;
        if written.outcome.is_err() {
            self.left_out += written.rows as u64;
        }
    }
}

/// Tells how many records were left out.
struct LeftOut<T> {
    bus: Bus,
    tell: T,
    told: u64,
    since: Instant,
}

impl<T: Fn(u64)> LeftOut<T> {
    fn new(bus: Bus, tell: T) -> Self {
        // What was skipped before was nobody's to keep.
        let told = bus.tally().skipped;
        Self {
            bus,
            tell,
            told,
            since: Instant::now(),
        }
    }

    fn is_due(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.since) >= TELL
    }

    fn tell<R>(&mut self, gathering: &Gathering<R>, subscription: &Subscription) {
        self.since = Instant::now();
        let all = gathering.left_out + self.bus.tally().skipped + subscription.lost();
        let untold = all.saturating_sub(self.told);
        self.told = all;
        if untold > 0 {
            (self.tell)(untold);
        }
    }
}

fn row(flow: &str, record: &RunRecord, kept: &Value) -> HistoryRow {
    HistoryRow {
        summary: HistorySummary {
            id: record.id.to_string(),
            flow: flow.to_owned(),
            revision: record.revision.to_string(),
            outcome: record.outcome.to_string(),
            accepted_ms: millis(record.request.received),
            finished_ms: millis(SystemTime::now()),
            duration_us: i64::try_from(record.took().as_micros()).unwrap_or(i64::MAX),
            error: kept["error"]["message"].as_str().map(str::to_owned),
        },
        record: kept.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use bytes::Bytes;
    use http::{HeaderMap, Method, Uri};
    use smallvec::SmallVec;

    use super::*;
    use crate::{
        observe::json::record_json_within,
        run::{FlowShape, Outcome, Peer, Request, RunError, RunId},
        store::HistoryFilter,
    };

    fn record(outcome: Outcome, is_sync: bool, body: usize) -> RunRecord {
        let received = SystemTime::now();
        RunRecord {
            id: RunId::new(received),
            continues: None,
            replay_of: None,
            flow: Some(Arc::new(FlowShape {
                name: "order".into(),
                sync: is_sync,
                ..FlowShape::default()
            })),
            revision: "r1".into(),
            request: Request {
                method: Method::POST,
                uri: Uri::default(),
                headers: HeaderMap::new(),
                body: Bytes::from(vec![b'x'; body]),
                peer: Peer::Unix,
                received,
            },
            duration: Duration::ZERO,
            answered: None,
            spent: None,
            outcome,
            error: None,
            variables: Vec::new(),
            taken: SmallVec::new(),
            steps: Vec::new(),
            reply: None,
            detailed: true,
            cut: Default::default(),
        }
    }

    fn gathering(store: &Store) -> Gathering<fn(&RunRecord, usize) -> Value> {
        Gathering::new(store.clone(), record_json_within)
    }

    fn outcomes(rows: &[HistoryRow]) -> Vec<&str> {
        rows.iter().map(|row| &*row.summary.outcome).collect()
    }

    fn kept(store: &Store) -> usize {
        let all = HistoryFilter::default();
        store.reader().unwrap().history(&all, 10_000).unwrap().len()
    }

    #[test]
    fn what_the_queue_writes_itself_and_what_no_flow_has_is_not_taken() {
        let home = tempfile::tempdir().unwrap();
        let mut gathering = gathering(&Store::open(home.path()).unwrap());
        let now = Instant::now();
        let failed_at = |step: Option<u32>| RunRecord {
            error: Some(RunError {
                step,
                message: "why".to_owned(),
            }),
            ..record(Outcome::Failed, false, 0)
        };
        let nobody = RunRecord {
            flow: None,
            ..record(Outcome::Refused, true, 0)
        };
        for (record, is_taken) in [
            (record(Outcome::Succeeded, true, 0), true),
            (record(Outcome::TimedOut, true, 0), true),
            (record(Outcome::Refused, false, 0), true),
            (record(Outcome::Skipped, false, 0), true),
            (record(Outcome::Succeeded, false, 0), false),
            (record(Outcome::Dead, false, 0), false),
            (failed_at(Some(1)), false),
            (failed_at(None), true),
            (nobody, false),
        ] {
            gathering.take(&record, now);
            let rows = gathering.next_rows();
            assert_eq!(rows.len(), usize::from(is_taken), "{record:?}");
        }
        assert_eq!(gathering.left_out, 0);
    }

    #[test]
    fn successes_over_200_a_second_are_counted_and_failures_are_not_bounded_by_that() {
        let home = tempfile::tempdir().unwrap();
        let mut gathering = gathering(&Store::open(home.path()).unwrap());
        let now = Instant::now();
        for _ in 0..250 {
            gathering.take(&record(Outcome::Succeeded, true, 0), now);
            gathering.take(&record(Outcome::Failed, true, 0), now);
        }
        let waiting =
            |gathering: &Gathering<_>| (gathering.failures.len(), gathering.successes.len());
        assert_eq!((waiting(&gathering), gathering.left_out), ((250, 200), 50));
        let later = now + Duration::from_secs(1);
        gathering.take(&record(Outcome::Succeeded, true, 0), later);
        assert_eq!((waiting(&gathering), gathering.left_out), ((250, 201), 50));
    }

    #[test]
    fn failures_are_written_first_and_take_the_room_of_successes() {
        let home = tempfile::tempdir().unwrap();
        let mut gathering = gathering(&Store::open(home.path()).unwrap());
        let now = Instant::now();
        let large = 60 << 10;
        for _ in 0..150 {
            gathering.take(&record(Outcome::Succeeded, true, large), now);
        }
        let fit = gathering.successes.len();
        assert_eq!(gathering.left_out, 150 - fit as u64);
        assert!(gathering.waiting_bytes <= MOST_WAITING);
        gathering.take(&record(Outcome::Failed, true, large), now);
        assert_eq!(
            (gathering.failures.len(), gathering.successes.len()),
            (1, fit - 1)
        );
        assert_eq!(gathering.left_out, 151 - fit as u64);
        let first = gathering.next_rows();
        // As many as are not too much for one write.
        let expected = ["failed", "succeeded", "succeeded", "succeeded", "succeeded"];
        assert_eq!(outcomes(&first), expected);
    }

    #[test]
    fn more_of_the_bodies_of_failures_is_kept_for_as_many_as_that_is_cheap() {
        let home = tempfile::tempdir().unwrap();
        let mut gathering = gathering(&Store::open(home.path()).unwrap());
        let failed = |error: Option<u32>| RunRecord {
            error: Some(RunError {
                step: error,
                message: "why".to_owned(),
            }),
            ..record(Outcome::Failed, true, 100_000)
        };
        let now = Instant::now();
        let mut kept = |record: &RunRecord, now: Instant| {
            gathering.take(record, now);
            let row = gathering.next_rows().pop().unwrap();
            let record: Value = serde_json::from_str(&row.record).unwrap();
            record["request"]["body"].as_str().unwrap().len()
        };
        for (record, expected) in [
            (record(Outcome::Succeeded, true, 100_000), SHOWN_BODY),
            (record(Outcome::Refused, true, 100_000), SHOWN_BODY),
            (failed(None), SHOWN_BODY),
            (failed(Some(0)), 100_000),
            (record(Outcome::TimedOut, true, 2 << 20), 1 << 20),
        ] {
            assert_eq!(kept(&record, now), expected, "{:?}", record.outcome);
        }
        for _ in 2..LARGE_A_SECOND {
            assert_eq!(kept(&failed(Some(0)), now), 100_000);
        }
        assert_eq!(kept(&failed(Some(0)), now), SHOWN_BODY);
        let later = now + Duration::from_secs(1);
        assert_eq!(kept(&failed(Some(0)), later), 100_000);
    }

    #[test]
    fn a_write_waits_for_more_rows_and_for_the_one_before_it() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        let mut gathering = gathering(&store);
        let now = Instant::now();
        gathering.take(&record(Outcome::Failed, true, 0), now);
        gathering.write_if_due(now);
        assert!(!gathering.is_writing);
        gathering.write_if_due(now + LINGER);
        assert!(gathering.is_writing && gathering.is_empty());
        gathering.take(&record(Outcome::Failed, true, 0), now);
        gathering.write_all();
        assert_eq!((kept(&store), gathering.left_out), (2, 0));
    }

    #[test]
    fn what_the_disk_does_not_take_is_counted_and_the_next_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        let mut gathering = gathering(&store);
        store.probe().fill();
        for _ in 0..3 {
            gathering.take(&record(Outcome::Failed, true, 0), Instant::now());
        }
        gathering.write_all();
        assert_eq!((kept(&store), gathering.left_out), (0, 3));
        store.probe().heal();
        gathering.take(&record(Outcome::Failed, true, 0), Instant::now());
        gathering.write_all();
        assert_eq!((kept(&store), gathering.left_out), (1, 3));
    }

    #[test]
    fn the_thread_keeps_what_is_told_and_tells_what_was_left_out() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::open(home.path()).unwrap();
        let bus = Bus::default();
        let told = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&told);
        let history = keep_history(&bus, store.clone(), record_json_within, move |count| {
            heard.lock().unwrap().push(count);
        })
        .unwrap();
        for _ in 0..300 {
            let record = record(Outcome::Succeeded, true, 0);
            bus.publish(Event::Finished(Arc::new(record)));
        }
        history.finish(Duration::from_secs(20));
        let left_out: u64 = told.lock().unwrap().iter().sum();
        assert_eq!(kept(&store) as u64 + left_out, 300);
    }
}
