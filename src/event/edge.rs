use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use super::{Passed, Windows, windows::Series};

/// One way that runs take: into a flow, or through an arm of a branch. It is counted by whoever
/// ends a run, with no lock; only who tells the counts, once a second, has one to take.
#[derive(Debug, Default)]
pub(super) struct Edge {
    runs: AtomicU64,
    errors: AtomicU64,
    // Where nothing ever passed there is nothing to keep.
    series: Mutex<Option<Box<Series>>>,
}

impl Edge {
    pub fn count(&self, is_error: bool) {
        // In this order, so that nobody ever sees more errors than runs.
        self.runs.fetch_add(1, Ordering::Relaxed);
        if is_error {
            self.errors.fetch_add(1, Ordering::Release);
        }
    }

    /// Takes what was counted since into its windows.
    pub fn advance(&self, second: u64) {
        let errors = self.errors.load(Ordering::Acquire);
        let runs = self.runs.load(Ordering::Relaxed);
        if runs == 0 {
            return;
        }
        let mut series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        series
            .get_or_insert_with(|| Box::new(Series::new()))
            .advance(second, Passed { runs, errors });
    }

    /// What its windows were as of [`Edge::advance`].
    pub fn windows(&self) -> Windows {
        let series = self.series.lock().unwrap_or_else(PoisonError::into_inner);
        series
            .as_ref()
            .map_or_else(Windows::default, |series| series.windows())
    }
}
