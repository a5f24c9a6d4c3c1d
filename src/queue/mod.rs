//! Durable runs: accepted once they are on disk, claimed when their turn is, kept until they have
//! ended. What must not be lost goes through here; it knows nothing of how a run is walked.

mod append;
mod cancellation;
mod claim;
mod clock;
mod codec;
mod entry;
mod line;
mod payloads;
mod schedule;

pub use append::{Appended, Dedupe, Refusal, Refused};
pub use claim::{Claim, Dead, Finish, MOST_INTERRUPTIONS};
pub use entry::Entry;
pub use line::{Limits, Queue};

#[cfg(test)]
mod tests;
