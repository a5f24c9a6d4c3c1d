use std::{
    collections::HashMap,
    fmt,
    future::Future,
    mem,
    pin::pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use serde_json::json;
use tokio::sync::{Notify, oneshot};

use super::{
    Appended, Claim, Dedupe, Entry, Finish, Refusal, Refused,
    cancellation::why_cancelled,
    claim,
    clock::deadline,
    codec,
    payloads::{Kept, Payloads, dead},
    schedule::{Admission, Next, Schedule, Stands, Taken},
};
use crate::{
    event::Standing,
    run::{Cancelled, Outcome, Overlap, Policy, Reply, RunId, from_millis, millis},
    store::{
        Adopted, CrashPoint, DedupeRow, Fault, HistoryRow, IndexRow, State, Store, Stored, Telling,
    },
};

/// Between two attempts at what must be written, or read, in spite of a fault.
const RETRY: Duration = Duration::from_millis(100);

/// How much may wait.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// How many runs.
    pub runs: usize,
    /// What they weigh together, in bytes.
    pub bytes: usize,
}

/// The runs that were accepted and have not ended. What is appended is on disk; what is claimed is
/// handed out once, and again only where its process ends before it does.
pub struct Queue {
    shared: Arc<Shared>,
    limits: Limits,
    /// What is kept of the keys that requests come with.
    kept_key: KeptKey,
    /// What the file said of itself when it was last looked at.
    version: Mutex<Option<i64>>,
}

/// What is kept of a key of a flow, by which it is known again.
type KeptKey = Box<dyn Fn(&str, String) -> String + Send + Sync>;

/// What claims share with their queue.
pub(super) struct Shared {
    pub store: Store,
    payloads: Arc<Payloads>,
    schedule: Mutex<Schedule>,
    changed: Notify,
}

impl Queue {
    /// The queue of a store, with all runs that have not ended in it; those that were being walked
    /// when their process ended wait again. What other processes offered is found by
    /// [`Queue::look`].
    ///
    /// # Errors
    /// The store cannot be read.
    pub fn open(store: Store, limits: Limits) -> Result<Self, String> {
        let reader = store.reader().map_err(|error| error.to_string())?;
        let (wall, now) = (SystemTime::now(), Instant::now());
        let mut schedule = Schedule::default();
        reader.index(|row| find(&mut schedule, &row, wall, now))?;
        schedule.dead = dead(&reader)?;
        Ok(Self {
            shared: Arc::new(Shared {
                payloads: Arc::new(Payloads::new(store.clone(), reader)),
                store,
                schedule: Mutex::new(schedule),
                changed: Notify::new(),
            }),
            limits,
            kept_key: Box::new(|_, key| key),
            version: Mutex::new(None),
        })
    }

    /// The same, which keeps of a flow and a key that requests come with what `kept` makes of them,
    /// and not the key, which may be a credential.
    pub fn keeping_of_keys(
        self,
        kept: impl Fn(&str, String) -> String + Send + Sync + 'static,
    ) -> Self {
        Self {
            kept_key: Box::new(kept),
            ..self
        }
    }

    /// Accepts an entry: when this returns, it is on disk. Whoever stops waiting does not stop it.
    ///
    /// # Errors
    /// There is no room, it cannot be written, or the queue is closed; nothing of it is kept.
    ///
    /// # Panics
    /// Never: the store hears every write out.
    pub async fn append(
        &self,
        entry: Entry,
        policy: Policy,
        dedupe: Option<Dedupe>,
    ) -> Result<Appended, Refused> {
        let weight = entry.weight();
        let entry = Box::new(entry);
        let admission = self
            .shared
            .schedule()
            .admit(&entry.flow, weight, policy, self.limits);
        let refuse = |entry, why| Err(Refused { entry, why });
        let dedupe =
            dedupe.map(|dedupe| self.dedupe_row(&entry.flow, entry.id, &entry.reply, dedupe));
        match admission {
            Admission::Reserved => {}
            Admission::Full => return refuse(entry, Refusal::Full),
            Admission::Closed => return refuse(entry, Refusal::Closed),
            Admission::Dropped => {
                // One that came before may well be what the flow is busy with.
                return match self.first_reply(dedupe).await {
                    Ok(appended) => Ok(appended),
                    Err(why) => refuse(entry, why),
                };
            }
        }
        let (tell, told) = oneshot::channel();
        let shared = Arc::clone(&self.shared);
        let row = codec::row(&entry, weight);
        let replaces = policy.overlap == Overlap::Replace;
        if replaces {
            self.shared.schedule().writes(&entry.flow, entry.id);
        }
        // A write that is dropped untried must not hold on to the store that it is for.
        let (flow, known) = (Arc::clone(&entry.flow), Arc::downgrade(&self.shared));
        let replaced = move || {
            let known = known.upgrade().filter(|_| replaces);
            let runs = known.map(|known| known.schedule().replaced(&flow));
            let runs = runs.unwrap_or_default();
            runs.iter().map(ToString::to_string).collect()
        };
        self.shared
            .store
            .append(row, dedupe, replaced, move |stored| {
                let appended = shared.stored(entry, weight, policy, stored);
                // Whoever hears it may drop the queue, and finds the directory free then.
                drop(shared);
                // Nobody may wait any more; the run is in its line all the same.
                Telling::to(tell, appended)
            });
        let appended = told.await;
        let appended = appended.expect("the store tells what became of a write");
        if let Ok(Appended::Queued) = appended {
            CrashPoint::Accepted.pass();
        }
        appended
    }

    /// The run whose turn it is; waits for one where there is none. `None` once the queue is
    /// closed and nothing waits but what is parked.
    ///
    /// The runs of a flow come in the order of their acceptance, and flows take turns. No more
    /// come of a flow than its policy says; and where 16 of all flows are being walked, only those
    /// flows come of which none is.
    pub async fn claim(&self) -> Option<Claim> {
        loop {
            let mut changed = pin!(self.shared.changed.notified());
            // Enrolled before looking, so that nothing changes unseen between the two.
            changed.as_mut().enable();
            let next = self.shared.schedule().next(Instant::now());
            match next {
                Next::Run(taken) => {
                    if let Some(claim) = self.shared.load(taken).await {
                        return Some(claim);
                    }
                }
                Next::Wait(Some(due)) => {
                    // Either way it is looked again.
                    let _ = tokio::time::timeout_at(due.into(), changed).await;
                }
                Next::Wait(None) => changed.await,
                Next::Never => return None,
            }
        }
    }

    /// Says how the runs of a flow go beside each other. Those of a flow that nothing is said of
    /// are bounded by all flows together alone.
    pub fn set_policy(&self, flow: &str, policy: Policy) {
        self.shared
            .change(|schedule| schedule.set_policy(flow, policy));
    }

    /// Forgets what was said of flows that are not served any more, once they have no runs.
    pub fn keep_policies(&self, is_served: impl Fn(&str) -> bool) {
        self.shared.schedule().keep_lanes(is_served);
    }

    /// Sees what other processes left in the file: runs to be done, runs to be cancelled, dead
    /// ones that are gone. Cheap where nothing was written since the last look.
    ///
    /// # Errors
    /// The file can be neither read nor written now; the next look sees it.
    pub async fn look(&self) -> Result<(), String> {
        let known = *self.version();
        let Some(seen) = self.shared.payloads.look(known).await? else {
            return Ok(());
        };
        if seen.has_word {
            let (tell, told) = oneshot::channel();
            let shared = Arc::clone(&self.shared);
            self.shared.store.adopt(move |adopted| {
                let adopted = adopted.map(|adopted| shared.adopted(&adopted));
                drop(shared);
                Telling::to(tell, adopted)
            });
            told.await
                .expect("the store tells what became of a write")
                .map_err(|fault| fault.to_string())?;
        }
        self.shared.schedule().dead = seen.dead;
        *self.version() = Some(seen.version);
        Ok(())
    }

    /// What the first request of a flow with a key was answered, where one came in time.
    ///
    /// # Errors
    /// The store cannot say; the sentence says why.
    pub async fn remembered(&self, flow: &str, key: &str) -> Result<Option<Reply>, String> {
        let now = millis(SystemTime::now());
        let reply = self
            .shared
            .store
            .first_reply(flow.to_owned(), (self.kept_key)(flow, key.to_owned()), now)
            .await
            .map_err(|fault| fault.to_string())?;
        reply.as_deref().map(parse_reply).transpose()
    }

    /// Remembers what a request of a flow was answered that is no run of the queue's; on disk when
    /// this returns.
    ///
    /// # Errors
    /// It cannot be written; the sentence says why.
    pub async fn remember(
        &self,
        flow: &str,
        id: RunId,
        reply: &Reply,
        dedupe: Dedupe,
    ) -> Result<(), String> {
        let row = self.dedupe_row(flow, id, reply, dedupe);
        let remembered = self.shared.store.remember(row).await;
        remembered.map_err(|fault| fault.to_string())
    }

    /// Accepts nothing more; what waits can still be claimed.
    pub fn close(&self) {
        self.shared.change(|schedule| schedule.is_closed = true);
    }

    /// How many wait for a worker; parked and dead ones do not.
    pub fn waiting(&self) -> usize {
        self.shared.schedule().waiting()
    }

    /// How many are parked.
    pub fn parked(&self) -> usize {
        self.shared.schedule().parked()
    }

    /// How many dead runs are kept.
    pub fn dead(&self) -> u64 {
        self.shared.schedule().dead.values().sum()
    }

    /// How the runs of each flow stand that has any here.
    pub fn standing(&self) -> HashMap<Arc<str>, Standing> {
        self.shared.schedule().standing()
    }

    fn dedupe_row(&self, flow: &str, id: RunId, reply: &Reply, dedupe: Dedupe) -> DedupeRow {
        let now = SystemTime::now();
        let expires = now.checked_add(dedupe.window);
        DedupeRow {
            flow: flow.to_owned(),
            key: (self.kept_key)(flow, dedupe.key),
            id: id.to_string(),
            reply: codec::reply(reply),
            now_ms: millis(now),
            expires_ms: expires.map_or(i64::MAX, millis),
        }
    }

    async fn first_reply(&self, dedupe: Option<DedupeRow>) -> Result<Appended, Refusal> {
        let Some(DedupeRow {
            flow, key, now_ms, ..
        }) = dedupe
        else {
            return Ok(Appended::Dropped);
        };
        match self.shared.store.first_reply(flow, key, now_ms).await {
            Ok(Some(reply)) => duplicate(&reply),
            Ok(None) => Ok(Appended::Dropped),
            Err(fault) => Err(Refusal::Fault(fault.to_string())),
        }
    }

    fn version(&self) -> MutexGuard<'_, Option<i64>> {
        self.version.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    pub fn schedule(&self) -> MutexGuard<'_, Schedule> {
        // Nothing in here can panic halfway through a change.
        self.schedule.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes whose turn it is, and has everybody who waits look again.
    pub fn change<T>(&self, change: impl FnOnce(&mut Schedule) -> T) -> T {
        let changed = change(&mut self.schedule());
        self.changed.notify_waiters();
        changed
    }

    /// Writes what must be written, however long the store's fault takes. Whoever cannot wait so
    /// long drops the future.
    pub async fn persist<F>(&self, write: impl Fn() -> F)
    where
        F: Future<Output = Result<(), Fault>>,
    {
        while write().await.is_err() {
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Ends a run, however long the store's fault takes. It is let go of on the writer's thread,
    /// before its `seq` can be another run's, and `settled` says so.
    pub async fn end(
        self: &Arc<Self>,
        seq: i64,
        row: Arc<HistoryRow>,
        is_dead: bool,
        settled: Arc<AtomicBool>,
    ) {
        loop {
            let (tell, told) = oneshot::channel();
            let (shared, settled) = (Arc::clone(self), Arc::clone(&settled));
            let ended = Arc::clone(&row);
            self.store
                .finish(seq, Arc::clone(&row), is_dead, move |outcome| {
                    if outcome.is_ok() {
                        settled.store(true, Ordering::SeqCst);
                        shared.change(|schedule| {
                            schedule.release(seq);
                            if is_dead {
                                schedule.died(&ended.summary.flow);
                            }
                        });
                    }
                    drop(shared);
                    // Nobody may wait any more; the run has ended all the same.
                    Telling::to(tell, outcome.is_ok())
                });
            if told.await.unwrap_or(false) {
                return;
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    /// Hears what became of an entry, on the writer's thread and in the order of acceptance.
    fn stored(
        &self,
        entry: Box<Entry>,
        weight: usize,
        policy: Policy,
        stored: Result<Stored, Fault>,
    ) -> Result<Appended, Refused> {
        self.change(|schedule| {
            schedule.unreserve(&entry.flow, weight);
            let replaces = policy.overlap == Overlap::Replace;
            if replaces {
                schedule.wrote(&entry.flow, entry.id);
            }
            let why = match stored {
                Ok(Stored::As(seq)) => {
                    if replaces {
                        schedule.replace(&entry.flow, entry.id);
                    }
                    schedule.add(seq, weight, entry);
                    return Ok(Appended::Queued);
                }
                Ok(Stored::Before(reply)) => match duplicate(&reply) {
                    Ok(appended) => return Ok(appended),
                    Err(why) => why,
                },
                Err(fault) => Refusal::Fault(fault.to_string()),
            };
            Err(Refused { entry, why })
        })
    }

    fn adopted(&self, adopted: &Adopted) {
        let (wall, now) = (SystemTime::now(), Instant::now());
        self.change(|schedule| {
            for row in &adopted.offered {
                let row = IndexRow {
                    state: State::Pending,
                    ..row.clone()
                };
                find(schedule, &row, wall, now);
            }
            let cancelled = adopted.cancelled.iter().filter_map(|id| RunId::parse(id));
            schedule.cancel(&cancelled.collect(), Cancelled::ByHand);
        });
    }

    /// Makes a claim of a run whose turn it is. `None` where it is gone, or makes no sense.
    async fn load(self: &Arc<Self>, taken: Taken) -> Option<Claim> {
        let Taken {
            seq,
            id,
            flow,
            payload,
            cancellation,
        } = taken;
        if let Some(entry) = payload {
            let kept = Kept {
                entry: *entry,
                interruptions: 0,
                due_ms: None,
                effects: Default::default(),
            };
            return Some(Claim::new(Arc::clone(self), seq, cancellation, kept));
        }
        let loading = Loading {
            shared: self,
            seq: Some(seq),
        };
        let mut is_told = false;
        let kept = loop {
            let why = match self.payloads.kept(seq).await {
                Ok(kept) => break kept,
                Err(why) => why,
            };
            if !mem::replace(&mut is_told, true) {
                tracing::warn!(flow = &*flow, run = %id, "{why}; the run keeps its turn until it can be read");
            }
            tokio::time::sleep(RETRY).await;
        };
        match kept {
            Some(Ok(kept)) => {
                loading.done();
                Some(Claim::new(Arc::clone(self), seq, cancellation, kept))
            }
            // Somebody took it out by hand.
            None => {
                loading.done();
                self.change(|schedule| schedule.release(seq));
                None
            }
            Some(Err(why)) => {
                let row = claim::history_row(
                    id,
                    &flow,
                    "",
                    SystemTime::now(),
                    Finish {
                        outcome: Outcome::Dead,
                        duration: Duration::ZERO,
                        record: json!({ "error": { "message": why } }).to_string(),
                        error: Some(why),
                    },
                );
                self.end(seq, Arc::new(row), true, Arc::default()).await;
                loading.done();
                None
            }
        }
    }
}

/// A run on its way to a worker, who may stop waiting for it: then its turn is still to come.
struct Loading<'q> {
    shared: &'q Shared,
    seq: Option<i64>,
}

impl Loading<'_> {
    fn done(mut self) {
        self.seq = None;
    }
}

impl Drop for Loading<'_> {
    fn drop(&mut self) {
        if let Some(seq) = self.seq {
            self.shared.change(|schedule| schedule.give_back(seq));
        }
    }
}

/// Puts a run that the file knows where it belongs.
fn find(schedule: &mut Schedule, row: &IndexRow, wall: SystemTime, now: Instant) {
    let stands = match row.state {
        State::Pending | State::Running => Stands::Waiting,
        State::Parked => {
            let due = row.due_ms.map_or(wall, from_millis);
            // One that was parked before this was kept has no other bound than the clock.
            let most = row.wait_ms.and_then(|wait| u64::try_from(wait).ok());
            let most = most.map_or(Duration::MAX, Duration::from_millis);
            Stands::Parked(deadline(due, wall, most, now))
        }
        State::Cancelled => Stands::Cancelled(why_cancelled(row.cancelled_by.as_deref())),
        State::Offered | State::Dead => return,
    };
    // An id that is none was written by hand; no claim could be made of its row.
    if let Some(id) = RunId::parse(&row.id) {
        let weight = usize::try_from(row.weight).unwrap_or(0);
        schedule.found(&row.flow, row.seq, id, weight, stands);
    }
}

fn duplicate(reply: &str) -> Result<Appended, Refusal> {
    parse_reply(reply)
        .map(Appended::Duplicate)
        .map_err(Refusal::Fault)
}

fn parse_reply(reply: &str) -> Result<Reply, String> {
    codec::parse("the reply", reply).and_then(|reply| codec::read_reply(&reply))
}

impl fmt::Debug for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Queue")
            .field("waiting", &self.waiting())
            .field("dead", &self.dead())
            .finish_non_exhaustive()
    }
}
