//! The tables: for each its rows, and what is written to it and read from it.

mod dedupe;
mod effects;
mod history;
mod queue;
mod revisions;
mod state;

pub use dedupe::DedupeRow;
pub use history::{HistoryFilter, HistoryRow, HistorySummary};
pub(super) use queue::insert;
pub use queue::{Adopted, IndexRow, QueueRow, Stored};
pub use revisions::RevisionRow;
pub use state::State;
