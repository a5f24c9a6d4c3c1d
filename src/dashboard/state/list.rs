use std::sync::Arc;

use crate::{
    observe::{Entry, Filter, Moment, Runs},
    run::{RunId, RunRecord},
};

/// The list of runs: what it shows, and which of them is selected.
#[derive(Clone, Debug, Default)]
pub struct List {
    pub(in crate::dashboard) runs: Runs,
    pub(in crate::dashboard) filter: Filter,
    /// What gets through the filter, oldest first, as of the last [`List::fit`].
    pub(in crate::dashboard) rows: Vec<Arc<Entry>>,
    /// The first row in sight.
    pub(in crate::dashboard) top: usize,
    // Runs are named by their number: rows move when the oldest are forgotten. Nothing selected
    // is to follow the newest.
    cursor: Option<i64>,
    /// The run that is to be selected once it is heard of.
    awaited: Option<RunId>,
    top_seq: i64,
    frozen: Option<Box<Runs>>,
    /// What is told anew, until all of it is.
    arriving: Option<Box<Runs>>,
    height: usize,
}

/// What became of a run that was to be marked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mark {
    /// It stays, and others are compared with it.
    Pinned,
    /// It was marked, and is no more.
    Freed,
    /// There are as many marked as there can be.
    Full,
}

impl List {
    /// The index of the selected row.
    pub fn selected_index(&self) -> Option<usize> {
        let last = self.rows.len().checked_sub(1)?;
        Some(match self.cursor {
            None => last,
            // The run itself, else the one before it, else the oldest there is.
            Some(seq) => self
                .rows
                .partition_point(|entry| entry.seq <= seq)
                .saturating_sub(1),
        })
    }

    /// The selected run.
    pub fn selected(&self) -> Option<&Arc<Entry>> {
        self.rows.get(self.selected_index()?)
    }

    /// How many rows are in sight.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Whether the newest is selected, and every newer one will be.
    pub fn is_following(&self) -> bool {
        self.cursor.is_none()
    }

    /// How many runs came since the list was frozen; nothing where it is not.
    pub fn waiting(&self) -> Option<u64> {
        let frozen = self.frozen.as_ref()?;
        Some(self.runs.heard().saturating_sub(frozen.heard()))
    }

    /// Where what is told now belongs.
    pub(super) fn heard(&mut self) -> &mut Runs {
        self.arriving.as_deref_mut().unwrap_or(&mut self.runs)
    }

    /// Whether everything is being told anew.
    pub(super) fn is_anew(&self) -> bool {
        self.arriving.is_some()
    }

    /// Everything is told anew from here on. What is there stays in sight meanwhile.
    pub(super) fn begin_anew(&mut self) {
        self.arriving = Some(Box::new(self.runs.anew()));
    }

    /// All of it is told.
    pub(super) fn settle(&mut self) {
        let Some(runs) = self.arriving.take() else {
            return;
        };
        let selected = self.selected().map(|entry| entry.id);
        self.runs = *runs;
        // The same run has another number now.
        if self.frozen.is_none() && self.cursor.is_some() {
            self.cursor = selected.and_then(|run| self.runs.seq(run));
        }
    }

    pub(super) fn follow(&mut self) {
        self.cursor = None;
        self.awaited = None;
    }

    /// Selects a run, as soon as it is heard of. Says whether it was.
    pub(super) fn go_to(&mut self, run: RunId) -> bool {
        self.thaw();
        self.filter = Filter::default();
        self.awaited = Some(run);
        self.find_awaited()
    }

    fn find_awaited(&mut self) -> bool {
        let seq = self.awaited.and_then(|run| self.runs.seq(run));
        if seq.is_some() {
            self.cursor = seq;
            self.awaited = None;
        }
        seq.is_some()
    }

    /// Begins to take in runs that were looked up.
    pub(super) fn look_up_anew(&mut self) {
        self.each_runs(Runs::look_up_anew);
    }

    /// Takes in a run that was looked up.
    pub(super) fn look_up(&mut self, record: &Arc<RunRecord>) {
        self.each_runs(|runs| runs.look_up(Arc::clone(record)));
    }

    /// A list that stands still goes on some time, and what is changed in it with it.
    fn each_runs(&mut self, change: impl FnMut(&mut Runs)) {
        [Some(&mut self.runs), self.frozen.as_deref_mut()]
            .into_iter()
            .flatten()
            .for_each(change);
    }

    /// Keeps the selected run selected; false where there is none.
    pub(super) fn pin(&mut self) -> bool {
        self.cursor = self.selected().map(|entry| entry.seq);
        self.cursor.is_some()
    }

    /// Pins the selected run, or lets it go where it was pinned.
    pub(super) fn mark(&mut self) -> Option<Mark> {
        let entry = Arc::clone(self.selected()?);
        let mut mark = Mark::Pinned;
        self.each_runs(|runs| {
            if runs.is_pinned(entry.seq) {
                runs.free(entry.seq);
                mark = Mark::Freed;
            } else if !runs.pin(&entry) {
                mark = Mark::Full;
            }
        });
        Some(mark)
    }

    /// Lets a frozen list go on.
    pub(super) fn thaw(&mut self) {
        self.frozen = None;
    }

    pub(super) fn freeze(&mut self) {
        self.frozen = match self.frozen {
            Some(_) => None,
            None => Some(Box::new(self.runs.clone())),
        };
    }

    pub(super) fn select(&mut self, index: usize) {
        if let Some(entry) = self.rows.get(index) {
            self.cursor = Some(entry.seq);
        }
    }

    pub(super) fn go(&mut self, rows: isize) {
        let Some(index) = self.selected_index() else {
            return;
        };
        if rows == isize::MAX {
            return self.follow();
        }
        let index = index.saturating_add_signed(rows).min(self.rows.len() - 1);
        self.awaited = None;
        self.cursor = Some(self.rows[index].seq);
    }

    pub(super) fn fit(&mut self, height: usize, now: Moment) {
        self.height = height;
        self.find_awaited();
        self.rows = self
            .frozen
            .as_deref()
            .unwrap_or(&self.runs)
            .select(&self.filter, now);
        let bottom = self.rows.len().saturating_sub(height);
        let Some(selected) = self.selected_index().filter(|_| !self.is_following()) else {
            self.top = bottom;
            self.top_seq = self.rows.get(self.top).map_or(0, |entry| entry.seq);
            return;
        };
        let top = self.rows.partition_point(|entry| entry.seq < self.top_seq);
        self.top = top
            .min(selected)
            .max((selected + 1).saturating_sub(height))
            .min(bottom);
        self.top_seq = self.rows.get(self.top).map_or(0, |entry| entry.seq);
    }
}
