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
    /// Somebody asked for its end before it came, or a run of its flow took its place.
    Cancelled,
    /// A step failed as often as it may be tried. The run is kept until somebody replays or
    /// drops it.
    Dead,
    /// It never became a run: one with its key came before and was answered the same, or its flow
    /// was busy and drops what comes meanwhile.
    Skipped,
}

impl Outcome {
    /// All of them, in the order they are shown.
    pub const ALL: [Self; 7] = [
        Self::Succeeded,
        Self::Failed,
        Self::Refused,
        Self::TimedOut,
        Self::Cancelled,
        Self::Dead,
        Self::Skipped,
    ];

    /// The one that is displayed like this; `None` where none is.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|outcome| outcome.to_string() == text)
    }

    /// Whether it ended as it was meant to.
    pub fn is_success(self) -> bool {
        matches!(self, Self::Succeeded | Self::Skipped)
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
            Self::Skipped => "skipped",
        })
    }
}
