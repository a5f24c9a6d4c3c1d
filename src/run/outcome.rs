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

    /// Those of runs that did not end as they were meant to.
    pub const FAILURES: [Self; 4] = [Self::Failed, Self::TimedOut, Self::Cancelled, Self::Dead];

    /// The one that is displayed like this, or was by earlier versions; `None` where none is.
    pub fn parse(text: &str) -> Option<Self> {
        if text == "timed out" {
            return Some(Self::TimedOut);
        }
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
            Self::TimedOut => "timed-out",
            Self::Cancelled => "cancelled",
            Self::Dead => "dead",
            Self::Skipped => "skipped",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outcome_is_read_as_it_is_displayed_and_as_it_once_was() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::parse(&outcome.to_string()), Some(outcome));
        }
        assert_eq!(Outcome::parse("timed out"), Some(Outcome::TimedOut));
        assert_eq!(Outcome::parse("timeout"), None);
    }
}
