//! One SQLite file in the state directory: what must outlive the process. One writer, whose
//! commits are grouped; readers beside it; a lock, so that one process serves a directory.
//!
//! Rows are made of primitives, and the file can be read with the `sqlite3` shell. What the rows
//! mean is the affair of whoever writes them.

mod crash;
mod fault;
mod handle;
mod herald;
mod lock;
mod open_error;
mod probe;
mod reader;
mod schema;
mod space;
mod table;
mod visitor;
mod writer;

pub use crash::CrashPoint;
pub use fault::Fault;
pub use handle::Store;
pub use herald::Telling;
pub use open_error::OpenError;
pub use reader::Reader;
pub use space::Space;
pub use table::{
    Adopted, BY_HAND, DedupeRow, HistoryFilter, HistoryRow, HistorySize, HistorySummary, IndexRow,
    Parked, QueueFilter, QueueRow, QueueSummary, Removable, RevisionRow, State, Stored,
};
pub use visitor::Visitor;

#[cfg(test)]
mod tests;
