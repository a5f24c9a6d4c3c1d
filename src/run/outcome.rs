use std::fmt;

/// How a run ended.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Outcome {
    /// Every step that was reached did what it should.
    Succeeded,
    /// A step failed.
    Failed,
    /// The request never became a run: no such path, wrong credentials, an unreadable body, …
    Refused,
    /// The flow's `timeout` was over before the run was.
    TimedOut,
    /// Somebody, or a newer run, wanted it to end.
    Cancelled,
    /// It will not be done again by itself: its retries are spent, or it was interrupted too often.
    Dead,
}

impl Outcome {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 6] = [
        Self::Succeeded,
        Self::Failed,
        Self::Refused,
        Self::TimedOut,
        Self::Cancelled,
        Self::Dead,
    ];

    /// Whether the run did what it was meant to.
    pub fn is_success(self) -> bool {
        self == Self::Succeeded
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::TimedOut => "timed out",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
        })
    }
}
