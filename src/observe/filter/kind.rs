use crate::{observe::Stage, run::Outcome};

/// How a run stands, as `is:` asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Error,
    Failed,
    Refused,
    Succeeded,
    Queued,
    Parked,
    Running,
    Dead,
    Cancelled,
    Skipped,
    TimedOut,
    Dry,
}

/// What `is:` takes.
pub(super) const KINDS: [(&str, Kind); 12] = [
    ("error", Kind::Error),
    ("failed", Kind::Failed),
    ("refused", Kind::Refused),
    ("succeeded", Kind::Succeeded),
    ("waiting", Kind::Queued),
    ("parked", Kind::Parked),
    ("running", Kind::Running),
    ("dead", Kind::Dead),
    ("cancelled", Kind::Cancelled),
    ("skipped", Kind::Skipped),
    ("timed-out", Kind::TimedOut),
    ("dry", Kind::Dry),
];

/// What it takes besides: shorter words, and those of earlier versions.
const OTHER_WORDS: [(&str, Kind); 3] = [
    ("ok", Kind::Succeeded),
    ("queued", Kind::Queued),
    ("timeout", Kind::TimedOut),
];

impl Kind {
    pub(super) fn parse(text: &str) -> Option<Self> {
        KINDS
            .iter()
            .chain(&OTHER_WORDS)
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
    }

    /// Whether nothing but what did not succeed is of this kind.
    pub(super) fn is_error(self) -> bool {
        !matches!(
            self,
            Self::Succeeded
                | Self::Queued
                | Self::Parked
                | Self::Running
                | Self::Skipped
                | Self::Dry
        )
    }

    pub(super) fn holds(self, stage: Stage) -> bool {
        let outcome = match stage {
            Stage::Queued => return self == Self::Queued,
            Stage::Parked(_) => return self == Self::Parked,
            Stage::Running => return self == Self::Running,
            Stage::Dry => return self == Self::Dry,
            Stage::Ended(outcome) => outcome,
        };
        match self {
            Self::Queued | Self::Parked | Self::Running | Self::Dry => false,
            Self::Error => !outcome.is_success(),
            Self::Failed => matches!(outcome, Outcome::Failed | Outcome::TimedOut),
            Self::Refused => outcome == Outcome::Refused,
            Self::Succeeded => outcome.is_success(),
            Self::Dead => outcome == Outcome::Dead,
            Self::Cancelled => outcome == Outcome::Cancelled,
            Self::Skipped => outcome == Outcome::Skipped,
            Self::TimedOut => outcome == Outcome::TimedOut,
        }
    }
}
