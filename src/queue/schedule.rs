use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    mem,
    sync::Arc,
    time::Instant,
};

use super::{Entry, Limits, cancellation::Cancellation};
use crate::{
    event::Standing,
    run::{Cancelled, Overlap, Policy, RunId},
};

/// How many runs go at once, of all flows; the first of each flow may go beside them.
const AT_ONCE: usize = 16;
/// How many bytes of payloads are kept in memory; the others are read back when their turn is.
const KEPT: usize = 4 << 20;

/// Whose turn it is. Knows every run that must still be done, and little of each.
#[derive(Default)]
pub(super) struct Schedule {
    lanes: HashMap<Arc<str>, Lane>,
    /// The flows of which something waits; the next to be looked at is in front.
    turns: VecDeque<Arc<str>>,
    /// Those that only have to be told that they are cancelled.
    cancelled: VecDeque<(Arc<str>, Waiting, Cancelled)>,
    parked: BTreeMap<(Instant, i64), (Arc<str>, Waiting)>,
    running: HashMap<i64, Running>,
    /// How many of the running ones take a place.
    placed: usize,
    waiting: usize,
    /// How many are being written, and may yet be refused.
    reserved: usize,
    /// What all weigh that are waiting, parked or being written.
    weight: usize,
    kept: usize,
    /// How many dead runs are kept, by flow.
    pub dead: HashMap<Arc<str>, u64>,
    pub is_closed: bool,
}

/// The runs of one flow.
#[derive(Default)]
struct Lane {
    policy: Policy,
    /// In the order of acceptance.
    waiting: VecDeque<Waiting>,
    /// Those that are being written to take the place of others.
    writing: Vec<RunId>,
    reserved: usize,
    running: usize,
    parked: usize,
}

/// A run that waits. There may be a hundred thousand.
struct Waiting {
    seq: i64,
    id: RunId,
    weight: u32,
    /// Of a run that was never begun, while there is room.
    payload: Option<Box<Entry>>,
}

struct Running {
    flow: Arc<str>,
    id: RunId,
    weight: u32,
    /// Whether it takes a place of its flow: one that is only told of its end does not.
    is_placed: bool,
    cancellation: Arc<Cancellation>,
}

/// A run whose turn it is.
pub(super) struct Taken {
    pub seq: i64,
    pub id: RunId,
    pub flow: Arc<str>,
    pub payload: Option<Box<Entry>>,
    pub cancellation: Arc<Cancellation>,
}

/// What is next.
pub(super) enum Next {
    /// This run.
    Run(Taken),
    /// Nothing before something changes, or this moment comes.
    Wait(Option<Instant>),
    /// Nothing, ever.
    Never,
}

/// Whether an entry may be written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Admission {
    /// Its place is reserved.
    Reserved,
    /// Its flow is busy, and drops it.
    Dropped,
    Full,
    Closed,
}

impl Schedule {
    pub fn set_policy(&mut self, flow: &str, policy: Policy) {
        self.lane(&Arc::from(flow)).policy = policy;
    }

    /// Forgets how the runs of flows go beside each other that are not served any more and have none.
    pub fn keep_lanes(&mut self, is_served: impl Fn(&str) -> bool) {
        self.lanes
            .retain(|flow, lane| !lane.is_idle() || is_served(flow));
    }

    /// Reserves a place for an entry, if there is one.
    pub fn admit(
        &mut self,
        flow: &Arc<str>,
        weight: usize,
        policy: Policy,
        limits: Limits,
    ) -> Admission {
        if self.is_closed {
            return Admission::Closed;
        }
        if policy.overlap == Overlap::Drop {
            let lane = self.lane(flow);
            let there = lane.waiting.len() + lane.reserved + lane.running + lane.parked;
            if there >= places(policy).unwrap_or(1) {
                return Admission::Dropped;
            }
        }
        if self.waiting + self.parked.len() + self.reserved >= limits.runs
            || self.weight.saturating_add(weight) > limits.bytes
        {
            return Admission::Full;
        }
        self.weight += weight;
        self.reserved += 1;
        self.lane(flow).reserved += 1;
        Admission::Reserved
    }

    /// Gives a reserved place back, or up for the run that was written.
    pub fn unreserve(&mut self, flow: &Arc<str>, weight: usize) {
        self.weight -= weight;
        self.reserved -= 1;
        self.lane(flow).reserved -= 1;
    }

    /// Puts a run that has just been written at the end of its flow's line.
    pub fn add(&mut self, seq: i64, weight: usize, entry: Box<Entry>) {
        let (flow, id) = (Arc::clone(&entry.flow), entry.id);
        let fits = self.kept.saturating_add(weight) <= KEPT;
        if fits {
            self.kept += weight;
        }
        self.wait(
            &flow,
            Waiting {
                seq,
                id,
                weight: small(weight),
                payload: fits.then_some(entry),
            },
        );
    }

    /// Puts a run that was found in the file in its place.
    pub fn found(&mut self, flow: &str, seq: i64, id: RunId, weight: usize, stands: Stands) {
        let flow = match self.lanes.get_key_value(flow) {
            Some((flow, _)) => Arc::clone(flow),
            None => Arc::from(flow),
        };
        let run = Waiting {
            seq,
            id,
            weight: small(weight),
            payload: None,
        };
        match stands {
            Stands::Waiting => self.wait(&flow, run),
            Stands::Parked(until) => self.park_until(flow, run, until),
            Stands::Cancelled(why) => self.end(flow, run, why),
        }
    }

    /// What is next, now.
    pub fn next(&mut self, now: Instant) -> Next {
        self.wake(now);
        if let Some((flow, run, why)) = self.cancelled.pop_front() {
            let taken = self.take(flow, run, false);
            taken.cancellation.cancel(why);
            return Next::Run(taken);
        }
        for _ in 0..self.turns.len() {
            let Some(flow) = self.turns.pop_front() else {
                break;
            };
            let placed = self.placed;
            let lane = self.lane(&flow);
            let run = if lane.may_begin_one(placed) {
                lane.waiting.pop_front()
            } else {
                None
            };
            let has_more = !lane.waiting.is_empty();
            if has_more {
                self.turns.push_back(Arc::clone(&flow));
            }
            if let Some(run) = run {
                return Next::Run(self.take(flow, run, true));
            }
        }
        if self.is_closed && self.waiting == 0 {
            return Next::Never;
        }
        Next::Wait(self.parked.keys().next().map(|(due, _)| *due))
    }

    /// A run is no longer walked, and no longer waits here.
    pub fn release(&mut self, seq: i64) {
        self.remove(seq);
    }

    /// A run that was taken waits again.
    pub fn give_back(&mut self, seq: i64) {
        let Some(running) = self.remove(seq) else {
            return;
        };
        let cancelled = running.cancellation.why();
        let (flow, run) = running.back(seq);
        if let Some(why) = cancelled {
            self.end(flow, run, why);
        } else {
            self.wait(&flow, run);
        }
    }

    /// A run that was taken waits until then.
    pub fn park(&mut self, seq: i64, until: Instant) {
        let Some(running) = self.remove(seq) else {
            return;
        };
        let cancelled = running.cancellation.why();
        let (flow, run) = running.back(seq);
        if let Some(why) = cancelled {
            self.end(flow, run, why);
        } else {
            self.park_until(flow, run, until);
        }
    }

    /// Notes that a run is being written that is to take the place of the others of its flow.
    pub fn writes(&mut self, flow: &Arc<str>, run: RunId) {
        self.lane(flow).writing.push(run);
    }

    /// Notes that it is not being written any more.
    pub fn wrote(&mut self, flow: &Arc<str>, run: RunId) {
        self.lane(flow).writing.retain(|other| *other != run);
    }

    /// The runs of a flow whose place the next one takes that is written. Those that are being
    /// written are among them: what is behind it is not there yet, and what was before it is.
    pub fn replaced(&self, flow: &Arc<str>) -> Vec<RunId> {
        let running = self.running.values();
        let running = running.filter(|running| running.flow == *flow);
        let parked = self.parked.values().filter(|(of, _)| of == flow);
        let mut runs: Vec<_> = running.map(|running| running.id).collect();
        runs.extend(parked.map(|(_, run)| run.id));
        if let Some(lane) = self.lanes.get(flow) {
            runs.extend(lane.waiting.iter().map(|run| run.id));
            runs.extend(&lane.writing);
        }
        runs
    }

    /// Cancels all runs of a flow, whose place that run takes.
    pub fn replace(&mut self, flow: &Arc<str>, by: RunId) {
        let why = Cancelled::Replaced(by);
        for running in self.running.values() {
            if running.flow == *flow {
                running.cancellation.cancel(why);
            }
        }
        let waiting = mem::take(&mut self.lane(flow).waiting);
        self.turns.retain(|turn| turn != flow);
        let parked: Vec<_> = self
            .parked
            .iter()
            .filter(|(_, (of, _))| of == flow)
            .map(|(key, _)| *key)
            .collect();
        self.waiting -= waiting.len();
        let parked: Vec<_> = parked
            .into_iter()
            .filter_map(|key| self.unpark(key))
            .map(|(_, run)| run)
            .collect();
        for run in waiting.into_iter().chain(parked) {
            self.weight -= run.weight as usize;
            self.end(Arc::clone(flow), run, why);
        }
    }

    /// Cancels those of these runs that are here.
    pub fn cancel(&mut self, ids: &HashSet<RunId>, why: Cancelled) {
        if ids.is_empty() {
            return;
        }
        for running in self.running.values() {
            if ids.contains(&running.id) {
                running.cancellation.cancel(why);
            }
        }
        let parked = self.parked.iter();
        let parked: Vec<_> = parked
            .filter(|(_, (_, run))| ids.contains(&run.id))
            .map(|(key, _)| *key)
            .collect();
        let mut ended: Vec<_> = parked
            .into_iter()
            .filter_map(|key| self.unpark(key))
            .collect();
        for (flow, lane) in &mut self.lanes {
            let waiting = mem::take(&mut lane.waiting);
            for run in waiting {
                if ids.contains(&run.id) {
                    self.waiting -= 1;
                    ended.push((Arc::clone(flow), run));
                } else {
                    lane.waiting.push_back(run);
                }
            }
        }
        let lanes = &self.lanes;
        self.turns
            .retain(|flow| lanes.get(flow).is_some_and(|lane| !lane.waiting.is_empty()));
        for (flow, run) in ended {
            self.weight -= run.weight as usize;
            self.end(flow, run, why);
        }
    }

    /// How the runs of each flow stand that has any.
    pub fn standing(&self) -> HashMap<Arc<str>, Standing> {
        let mut all: HashMap<_, Standing> = HashMap::new();
        for (flow, lane) in &self.lanes {
            let standing = Standing {
                waiting: lane.waiting.len() as u64,
                parked: lane.parked as u64,
                running: lane.running as u64,
                dead: 0,
            };
            if standing != Standing::default() {
                all.insert(Arc::clone(flow), standing);
            }
        }
        for (flow, dead) in &self.dead {
            all.entry(Arc::clone(flow)).or_default().dead = *dead;
        }
        all
    }

    /// One more run of the flow is dead, and kept.
    pub fn died(&mut self, flow: &str) {
        match self.dead.get_mut(flow) {
            Some(count) => *count += 1,
            None => {
                self.dead.insert(flow.into(), 1);
            }
        }
    }

    /// How many wait for a worker.
    pub fn waiting(&self) -> usize {
        self.waiting
    }

    /// How many are put aside until a moment comes.
    pub fn parked(&self) -> usize {
        self.parked.len()
    }

    fn lane(&mut self, flow: &Arc<str>) -> &mut Lane {
        self.lanes.entry(Arc::clone(flow)).or_default()
    }

    /// Puts a run into its flow's line, by the order of acceptance.
    fn wait(&mut self, flow: &Arc<str>, run: Waiting) {
        self.waiting += 1;
        self.weight += run.weight as usize;
        let line = &mut self.lane(flow).waiting;
        match line.back() {
            // One that was there before, and comes back.
            Some(last) if last.seq > run.seq => {
                let at = line.partition_point(|other| other.seq < run.seq);
                line.insert(at, run);
            }
            _ => line.push_back(run),
        }
        if line.len() == 1 {
            self.turns.push_back(Arc::clone(flow));
        }
    }

    fn park_until(&mut self, flow: Arc<str>, mut run: Waiting, until: Instant) {
        self.forget_payload(&mut run);
        self.weight += run.weight as usize;
        self.lane(&flow).parked += 1;
        self.parked.insert((until, run.seq), (flow, run));
    }

    fn unpark(&mut self, key: (Instant, i64)) -> Option<(Arc<str>, Waiting)> {
        let (flow, run) = self.parked.remove(&key)?;
        self.lane(&flow).parked -= 1;
        Some((flow, run))
    }

    /// Puts a run, whose weight was taken off, where it waits to be told that it is cancelled.
    fn end(&mut self, flow: Arc<str>, mut run: Waiting, why: Cancelled) {
        self.forget_payload(&mut run);
        self.waiting += 1;
        self.weight += run.weight as usize;
        self.cancelled.push_back((flow, run, why));
    }

    fn forget_payload(&mut self, run: &mut Waiting) {
        if run.payload.take().is_some() {
            self.kept -= run.weight as usize;
        }
    }

    /// Puts the parked runs whose time has come into their lines.
    fn wake(&mut self, now: Instant) {
        while let Some((key, _)) = self.parked.first_key_value()
            && key.0 <= now
        {
            let key = *key;
            if let Some((flow, run)) = self.unpark(key) {
                self.weight -= run.weight as usize;
                self.wait(&flow, run);
            }
        }
    }

    fn take(&mut self, flow: Arc<str>, run: Waiting, is_placed: bool) -> Taken {
        self.waiting -= 1;
        self.weight -= run.weight as usize;
        if run.payload.is_some() {
            self.kept -= run.weight as usize;
        }
        if is_placed {
            self.placed += 1;
            self.lane(&flow).running += 1;
        }
        let cancellation = Arc::new(Cancellation::default());
        self.running.insert(
            run.seq,
            Running {
                flow: Arc::clone(&flow),
                id: run.id,
                weight: run.weight,
                is_placed,
                cancellation: Arc::clone(&cancellation),
            },
        );
        Taken {
            seq: run.seq,
            id: run.id,
            flow,
            payload: run.payload,
            cancellation,
        }
    }

    fn remove(&mut self, seq: i64) -> Option<Running> {
        let running = self.running.remove(&seq)?;
        if running.is_placed {
            self.placed -= 1;
            self.lane(&running.flow).running -= 1;
        }
        Some(running)
    }
}

/// Where a run stands that was found in the file.
pub(super) enum Stands {
    Waiting,
    Parked(Instant),
    Cancelled(Cancelled),
}

impl Lane {
    fn is_idle(&self) -> bool {
        self.waiting.is_empty() && self.reserved + self.running + self.parked == 0
    }

    /// Whether one more of its runs may begin beside `placed` of all flows. The first may always:
    /// a flow that is stuck starves no other.
    fn may_begin_one(&self, placed: usize) -> bool {
        places(self.policy).is_none_or(|places| self.running + self.parked < places)
            && (placed < AT_ONCE || self.running == 0)
    }
}

impl Running {
    fn back(self, seq: i64) -> (Arc<str>, Waiting) {
        let run = Waiting {
            seq,
            id: self.id,
            weight: self.weight,
            payload: None,
        };
        (self.flow, run)
    }
}

/// How many runs of a flow may go at once, where it says so.
fn places(policy: Policy) -> Option<usize> {
    policy.concurrency.map(|places| places.max(1) as usize)
}

/// A weight as it is remembered; what weighs more than 4 GiB was never accepted.
fn small(weight: usize) -> u32 {
    u32::try_from(weight).unwrap_or(u32::MAX)
}
