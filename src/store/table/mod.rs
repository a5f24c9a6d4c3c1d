//! The tables: for each its rows, and what is written to it and read from it.

mod dedupe;
mod effects;
mod history;
mod queue;
mod replays;
mod revisions;
mod state;

pub use dedupe::DedupeRow;
pub(super) use history::remove;
pub use history::{HistoryFilter, HistoryRow, HistorySize, HistorySummary, Removable};
pub use queue::{Adopted, IndexRow, Parked, QueueFilter, QueueRow, QueueSummary, Stored};
pub(super) use queue::{bury, insert};
pub(super) use replays::link;
pub use revisions::RevisionRow;
pub(super) use revisions::know_revision;
pub use state::State;
