use std::{fmt, time::Duration};

use super::Entry;
use crate::run::Reply;

/// By what a request is known to be one that came before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dedupe {
    /// The key, within the flow.
    pub key: String,
    /// For how long it is remembered.
    pub window: Duration,
}

/// What became of an entry that was not refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Appended {
    /// It is on disk, and will be run.
    Queued,
    /// It is not kept: its flow is busy, and drops what comes meanwhile.
    Dropped,
    /// It is not kept: one with its key was, and was answered this.
    Duplicate(Reply),
}

/// An entry that is not kept, and why.
#[derive(Debug)]
pub struct Refused {
    /// The entry, as it was.
    pub entry: Box<Entry>,
    /// Why.
    pub why: Refusal,
}

/// Why an entry is not kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// Too many runs wait, or they are too large together.
    Full,
    /// It could not be written; the sentence says why.
    Fault(String),
    /// The queue is closed.
    Closed,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("too many runs are waiting"),
            Self::Fault(why) => f.write_str(why),
            Self::Closed => f.write_str("the server is stopping"),
        }
    }
}
