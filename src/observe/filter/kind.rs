use crate::{observe::Stage, run::Outcome};

/// How a run stands, as `is:` asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Error,
    Failed,
    Refused,
    Succeeded,
    Queued,
    Dead,
    Cancelled,
    Skipped,
    TimedOut,
}

/// What `is:` takes.
pub(super) const KINDS: [(&str, Kind); 9] = [
    ("error", Kind::Error),
    ("failed", Kind::Failed),
    ("refused", Kind::Refused),
    ("ok", Kind::Succeeded),
    ("queued", Kind::Queued),
    ("dead", Kind::Dead),
    ("cancelled", Kind::Cancelled),
    ("skipped", Kind::Skipped),
    ("timeout", Kind::TimedOut),
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
        !matches!(self, Self::Succeeded | Self::Queued | Self::Skipped)
    }

    pub(super) fn holds(self, stage: Stage) -> bool {
        let Stage::Ended(outcome) = stage else {
            return self == Self::Queued;
        };
        match self {
            Self::Queued => false,
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
