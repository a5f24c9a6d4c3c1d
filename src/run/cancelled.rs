use std::fmt;

use super::RunId;

/// Why a run was cancelled.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Cancelled {
    /// Nobody remembers: it was to be ended by an earlier version, which kept no reason.
    #[default]
    Before,
    /// Somebody asked for it.
    ByHand,
    /// A later run of its flow, which has `overlap="replace"`, takes its place.
    Replaced(RunId),
}

impl fmt::Display for Cancelled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before => f.write_str("it was cancelled"),
            Self::ByHand => f.write_str("it was cancelled by hand"),
            Self::Replaced(by) => write!(f, "it was replaced by the run {by}"),
        }
    }
}
