use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime},
};

use crate::{
    engine::{Journal, Pending, is_effect, is_process, is_tries},
    event::Walking,
    graph::StepId,
    queue::Claim,
    run::{Cancelled, FlowShape, Value},
    store::CrashPoint,
};

/// Keeps what a run's effects came to beside the run, in the queue.
pub(super) struct ClaimJournal<'c> {
    claim: &'c Claim,
    walking: &'c Walking,
    /// How many effects earlier lives of the run have kept, and how many of them were recalled or
    /// are never going to be.
    kept: usize,
    passed: AtomicUsize,
}

impl<'c> ClaimJournal<'c> {
    /// That of a claimed run, whose steps are told to `walking`.
    pub fn of(claim: &'c Claim, walking: &'c Walking) -> Self {
        let keys = claim.recalled().keys();
        Self {
            claim,
            walking,
            kept: keys.filter(|key| is_effect(key)).count(),
            passed: AtomicUsize::new(0),
        }
    }
}

impl Journal for ClaimJournal<'_> {
    fn recall(&self, key: &str) -> Option<Value> {
        let value = self.claim.recall(key)?.clone();
        if is_effect(key) {
            self.passed.fetch_add(1, Ordering::Relaxed);
        }
        Some(value)
    }

    fn keep(&self, key: String, value: Value) -> Pending<'_> {
        Box::pin(async move {
            if is_process(&key) {
                CrashPoint::Started.pass();
            }
            if is_effect(&key) {
                CrashPoint::Acted.pass();
            }
            self.claim.keep(&key, value).await;
            if is_tries(&key) {
                CrashPoint::Waiting.pass();
            }
        })
    }

    fn is_behind(&self) -> bool {
        self.passed.load(Ordering::Relaxed) < self.kept
    }

    fn pass_over(&self, place: &str) {
        let keys = self.claim.recalled().keys();
        let below = keys.filter(|key| key.starts_with(place) && is_effect(key));
        self.passed.fetch_add(below.count(), Ordering::Relaxed);
    }

    fn has_waited(&self, due: SystemTime) -> bool {
        self.claim.has_waited(due)
    }

    fn begins(
        &self,
        flow: &Arc<FlowShape>,
        caller: Option<usize>,
        step: StepId,
        started: Duration,
    ) -> Option<usize> {
        self.walking.begins(flow, caller, step, started)
    }

    fn ended(&self, place: usize, took: Duration, has_failed: bool) {
        self.walking.ended(place, took, has_failed);
    }

    fn is_kept(&self) -> bool {
        true
    }

    fn is_cancelled(&self) -> bool {
        self.claim.is_cancelled() && !self.is_behind()
    }

    fn why_cancelled(&self) -> Cancelled {
        self.claim.why_cancelled().unwrap_or_default()
    }

    fn cancelled(&self) -> Pending<'_> {
        Box::pin(self.claim.cancelled())
    }
}
