use crate::{observe::Stage, run::Outcome};

/// How a run stands, as `is:` asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Error,
    Failed,
    Refused,
    Succeeded,
    Queued,
    Running,
    Dead,
    Cancelled,
    Skipped,
    TimedOut,
    Dry,
}

/// What `is:` takes.
pub(super) const KINDS: [(&str, Kind); 11] = [
    ("error", Kind::Error),
    ("failed", Kind::Failed),
    ("refused", Kind::Refused),
    ("ok", Kind::Succeeded),
    ("queued", Kind::Queued),
    ("running", Kind::Running),
    ("dead", Kind::Dead),
    ("cancelled", Kind::Cancelled),
    ("skipped", Kind::Skipped),
    ("timeout", Kind::TimedOut),
    ("dry", Kind::Dry),
];

impl Kind {
    pub(super) fn parse(text: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, kind)| *kind)
    }

    /// Whether nothing but what did not succeed is of this kind.
    pub(super) fn is_error(self) -> bool {
        !matches!(
            self,
            Self::Succeeded | Self::Queued | Self::Running | Self::Skipped | Self::Dry
        )
    }

    pub(super) fn holds(self, stage: Stage) -> bool {
        let outcome = match stage {
            Stage::Queued | Stage::Parked(_) => return self == Self::Queued,
            Stage::Running => return self == Self::Running,
            Stage::Dry => return self == Self::Dry,
            Stage::Ended(outcome) => outcome,
        };
        match self {
            Self::Queued | Self::Running | Self::Dry => false,
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
