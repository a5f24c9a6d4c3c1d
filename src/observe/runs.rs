use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use super::{Entry, Filter, Moment, Stage};
use crate::{
    event::{Accepted, Parked, Progress, Started},
    run::{ReplayOf, RunId, RunRecord},
};

/// How many runs are kept.
pub const RECENT: usize = 1_000;
/// About how much memory they may hold.
pub const RECENT_BYTES: usize = 32 << 20;
/// How many failures are kept beside them.
pub const FAILURES: usize = 200;
/// About how much memory those may hold.
pub const FAILURES_BYTES: usize = 8 << 20;
/// How many runs can be pinned.
pub const PINNED: usize = 20;

/// The runs that were heard of last, and the failures that were heard of last: a thousand
/// successes do not push out the one failure that matters. What is pinned stays whatever comes.
/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Runs {
    recent: Ring,
    failures: Ring,
    // What the server was asked for, and neither of the others has.
    looked_up: Ring,
    // In the order that they were pinned in.
    pinned: Vec<Arc<Entry>>,
    // Only of what is in `recent`.
    seqs: HashMap<RunId, i64>,
    // The number of the next run; those that were looked up have numbers below zero.
    next: i64,
    // How many were ever looked up.
    searched: i64,
}

#[derive(Clone, Debug, Default)]
struct Ring {
    // In the order of `seq`.
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
}

impl Runs {
    /// Keeps a run that waits for a worker.
    pub fn accepted(&mut self, accepted: &Accepted) {
        // Its end may have been heard of first: the two come from different threads.
        if !self.seqs.contains_key(&accepted.id) {
            let entry = Entry::of_accepted(self.next, accepted);
            self.push(Arc::new(entry));
        }
    }

    /// Notes that a run is being walked, from its first step on. It may not have been heard of that
    /// it waits.
    pub fn started(&mut self, started: &Started) {
        self.accepted(&Accepted {
            id: started.id,
            flow: Arc::clone(&started.flow),
            at: started.at,
            answered: None,
        });
        self.change(started.id, Entry::started);
    }

    /// Notes that a run is put aside until a moment comes.
    pub fn parked(&mut self, parked: &Parked) {
        self.accepted(&Accepted {
            id: parked.id,
            flow: Arc::clone(&parked.flow),
            at: parked.at,
            answered: None,
        });
        self.change(parked.id, |entry| entry.parked(parked.due));
    }

    /// The runs of a flow that take a place of its `concurrency`, the oldest first: those that are
    /// being walked, and those that are parked.
    pub fn placed(&self, flow: &str) -> impl Iterator<Item = &Arc<Entry>> {
        let of_it = self.recent.entries.iter();
        of_it.filter(move |entry| {
            matches!(entry.stage, Stage::Running | Stage::Parked(_)) && entry.flow == flow
        })
    }

    /// How many durable runs are being walked.
    pub fn at_work(&self) -> usize {
        let entries = self.recent.entries.iter();
        let running = entries.filter(|entry| entry.stage == Stage::Running);
        running.count()
    }

    /// The runs that repeat that one, the oldest first, and how they do.
    pub fn replays(&self, run: RunId) -> impl Iterator<Item = (&Arc<Entry>, ReplayOf)> {
        let entries = self.recent.entries.iter();
        entries.filter_map(move |entry| {
            let of = entry.record.as_ref()?.replay_of?;
            (of.run == run && entry.stage != Stage::Dry).then_some((entry, of))
        })
    }

    /// Notes how far a step of a run is.
    pub fn progress(&mut self, progress: &Progress) {
        self.change(progress.run, |entry| entry.further(progress));
    }

    /// Changes a run that has not ended.
    fn change(&mut self, run: RunId, change: impl Fn(&Entry) -> Entry) {
        let place = self.seqs.get(&run).and_then(|seq| self.recent.index(*seq));
        if let Some(index) = place
            && !self.recent.entries[index].has_ended()
        {
            let entry = Arc::new(change(&self.recent.entries[index]));
            self.recent.replace(index, Arc::clone(&entry));
            if let Some(pinned) = self.pinned.iter_mut().find(|pinned| pinned.id == run) {
                *pinned = entry;
            }
        }
    }

    /// Keeps a run that ended, in the place where it was queued if it was.
    pub fn finished(&mut self, record: Arc<RunRecord>) {
        let place = self
            .seqs
            .get(&record.id)
            .and_then(|seq| Some((*seq, self.recent.index(*seq)?)));
        let pinned = self.pinned.iter().position(|entry| entry.id == record.id);
        let entry = match place {
            Some((seq, index)) => {
                let entry = Arc::new(Entry::of_record(seq, record));
                self.recent.replace(index, Arc::clone(&entry));
                if let Some(pinned) = pinned {
                    self.pinned[pinned] = Arc::clone(&entry);
                }
                self.bound();
                entry
            }
            // It waited so long that only its pin held it.
            None if let Some(pinned) = pinned => {
                let entry = Arc::new(Entry::of_record(self.pinned[pinned].seq, record));
                self.pinned[pinned] = Arc::clone(&entry);
                entry
            }
            None => {
                let entry = Arc::new(Entry::of_record(self.next, record));
                self.push(Arc::clone(&entry));
                entry
            }
        };
        if entry.is_failure() {
            self.failures.insert(entry);
            while self.failures.is_over(FAILURES, FAILURES_BYTES) {
                self.failures.pop();
            }
        }
    }

    /// Begins to take in what was looked up anew.
    pub fn look_up_anew(&mut self) {
        self.looked_up = Ring::default();
    }

    /// Keeps a failure of long ago, which comes before all others; those of one search are told
    /// oldest first.
    pub fn look_up(&mut self, record: Arc<RunRecord>) {
        let is = |entry: &Arc<Entry>| entry.id == record.id;
        let mut others = self.failures.entries.iter().chain(&self.pinned);
        if self.seqs.contains_key(&record.id) || others.any(is) {
            return;
        }
        // One that is pinned keeps its number over the next search.
        let seq = i64::MIN + self.searched;
        self.searched += 1;
        self.looked_up
            .insert(Arc::new(Entry::of_record(seq, record)));
        while self.looked_up.is_over(FAILURES, FAILURES_BYTES) {
            self.looked_up.pop();
        }
    }

    /// Keeps what never was a run: a request that was walked without effects.
    pub fn dry(&mut self, record: Arc<RunRecord>) {
        let mut entry = Entry::of_record(self.next, record);
        entry.stage = Stage::Dry;
        self.push(Arc::new(entry));
    }

    /// No runs, numbered on from these.
    #[must_use]
    pub fn anew(&self) -> Self {
        Self {
            next: self.next,
            searched: self.searched,
            pinned: self.pinned.clone(),
            ..Self::default()
        }
    }

    /// The number of a run that is in the list.
    pub fn seq(&self, run: RunId) -> Option<i64> {
        self.seqs.get(&run).copied()
    }

    /// How many runs were ever heard of.
    pub fn heard(&self) -> u64 {
        u64::try_from(self.next).unwrap_or_default()
    }

    /// Whether there never was a run, and none was found.
    pub fn is_empty(&self) -> bool {
        self.next == 0 && self.searched == 0
    }

    /// Keeps a run until it is [freed](Self::free). Says whether there was room for it.
    pub fn pin(&mut self, entry: &Arc<Entry>) -> bool {
        let has_room = self.pinned.len() < PINNED;
        if has_room && !self.is_pinned(entry.seq) {
            self.pinned.push(Arc::clone(entry));
        }
        has_room
    }

    /// Lets a pinned run go its way.
    pub fn free(&mut self, seq: i64) {
        self.pinned.retain(|entry| entry.seq != seq);
    }

    /// Whether the run of that number is pinned.
    pub fn is_pinned(&self, seq: i64) -> bool {
        self.pinned.iter().any(|entry| entry.seq == seq)
    }

    /// The runs that are pinned, in the order that they were.
    pub fn pinned(&self) -> impl Iterator<Item = RunId> {
        self.pinned.iter().map(|entry| entry.id)
    }

    /// The run that was pinned last: the one that others are compared with.
    pub fn marked(&self) -> Option<&Arc<Entry>> {
        self.pinned.last()
    }

    /// The runs that get through the filter now, oldest first. Those that are pinned come first where
    /// they are that old, and where only errors are asked for, those that only the ring of failures
    /// still has, and those that were looked up.
    pub fn select(&self, filter: &Filter, now: Moment) -> Vec<Arc<Entry>> {
        let oldest = self
            .recent
            .entries
            .front()
            .map_or(i64::MAX, |entry| entry.seq);
        let failures = self.failures.entries.iter();
        let mut kept: Vec<&Arc<Entry>> = failures
            .chain(&self.looked_up.entries)
            .filter(|_| filter.only_errors())
            .chain(&self.pinned)
            .filter(|entry| entry.seq < oldest)
            .collect();
        kept.sort_by_key(|entry| entry.seq);
        kept.dedup_by_key(|entry| entry.seq);
        kept.into_iter()
            .chain(&self.recent.entries)
            .filter(|entry| filter.matches(entry, now))
            .cloned()
            .collect()
    }

    fn push(&mut self, entry: Arc<Entry>) {
        self.next += 1;
        self.seqs.insert(entry.id, entry.seq);
        self.recent.insert(entry);
        self.bound();
    }

    fn bound(&mut self) {
        while self.recent.is_over(RECENT, RECENT_BYTES) {
            if let Some(entry) = self.recent.pop()
                && self.seqs.get(&entry.id) == Some(&entry.seq)
            {
                self.seqs.remove(&entry.id);
            }
        }
    }
}

impl Ring {
    fn index(&self, seq: i64) -> Option<usize> {
        self.entries
            .binary_search_by_key(&seq, |entry| entry.seq)
            .ok()
    }

    fn insert(&mut self, entry: Arc<Entry>) {
        let index = self.entries.partition_point(|kept| kept.seq <= entry.seq);
        self.bytes += entry.bytes;
        self.entries.insert(index, entry);
    }

    fn replace(&mut self, index: usize, entry: Arc<Entry>) {
        self.bytes = self.bytes - self.entries[index].bytes + entry.bytes;
        self.entries[index] = entry;
    }

    fn pop(&mut self) -> Option<Arc<Entry>> {
        let entry = self.entries.pop_front()?;
        self.bytes -= entry.bytes;
        Some(entry)
    }

    /// The last one is kept however large it is: a body is bounded, and an empty list tells
    /// nothing.
    fn is_over(&self, count: usize, bytes: usize) -> bool {
        self.entries.len() > count || (self.bytes > bytes && self.entries.len() > 1)
    }
}
