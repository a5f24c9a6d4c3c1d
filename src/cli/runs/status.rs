use std::fmt;

use clap::{
    ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};

use crate::{run::Outcome, store::State};

/// Where a run stands, or how it ended.
#[derive(ValueEnum, Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Status {
    /// It waits for a worker
    #[value(alias = "queued")]
    Waiting,
    /// It was begun
    Running,
    /// It waits for its time
    Parked,
    /// It is to end as cancelled
    Cancelling,
    /// Every step did what it should
    #[value(alias = "ok")]
    Succeeded,
    /// A step failed
    Failed,
    /// The request never became a run
    Refused,
    /// It came again, or while its flow was busy, and was answered without a run
    Skipped,
    /// It took longer than its flow may take
    #[value(alias = "timeout", alias = "timed out")]
    TimedOut,
    /// It was cancelled
    Cancelled,
    /// It failed for good, and is kept until it is replayed or purged
    Dead,
    /// It was dead, and was replayed
    Replayed,
}

impl Status {
    /// Of a run in the queue.
    pub fn of_state(state: State) -> Self {
        match state {
            State::Offered | State::Pending => Self::Waiting,
            State::Running => Self::Running,
            State::Parked => Self::Parked,
            State::Cancelled => Self::Cancelling,
            State::Dead => Self::Dead,
        }
    }

    /// Of a run in the history, which is no more in the queue.
    pub fn of_outcome(outcome: &str) -> Self {
        match Outcome::parse(outcome) {
            Some(Outcome::Succeeded) => Self::Succeeded,
            Some(Outcome::Refused) => Self::Refused,
            Some(Outcome::Skipped) => Self::Skipped,
            Some(Outcome::TimedOut) => Self::TimedOut,
            Some(Outcome::Cancelled) => Self::Cancelled,
            // Purged, it would not be in the history either.
            Some(Outcome::Dead) => Self::Replayed,
            Some(Outcome::Failed) | None => Self::Failed,
        }
    }

    /// Reads one of those that a run has once it has ended.
    pub fn of_ended() -> impl TypedValueParser<Value = Self> {
        let ended = Self::value_variants()
            .iter()
            .filter(|status| status.outcome().is_some() || **status == Self::Dead);
        PossibleValuesParser::new(ended.filter_map(ValueEnum::to_possible_value))
            .try_map(|word| Self::from_str(&word, false))
    }

    /// The states in the queue that it stands for.
    pub fn states(self) -> &'static [State] {
        match self {
            Self::Waiting => &[State::Offered, State::Pending],
            Self::Running => &[State::Running],
            Self::Parked => &[State::Parked],
            Self::Cancelling => &[State::Cancelled],
            Self::Dead => &[State::Dead],
            _ => &[],
        }
    }

    /// The outcome in the history that it stands for.
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::Succeeded => Some(Outcome::Succeeded),
            Self::Failed => Some(Outcome::Failed),
            Self::Refused => Some(Outcome::Refused),
            Self::Skipped => Some(Outcome::Skipped),
            Self::TimedOut => Some(Outcome::TimedOut),
            Self::Cancelled => Some(Outcome::Cancelled),
            Self::Replayed => Some(Outcome::Dead),
            Self::Waiting | Self::Running | Self::Parked | Self::Cancelling | Self::Dead => None,
        }
    }

    /// The number of its colour on a terminal (ECMA-48, SGR).
    pub fn color(self) -> u8 {
        const RED: u8 = 31;
        const GREEN: u8 = 32;
        const YELLOW: u8 = 33;
        const CYAN: u8 = 36;
        match self {
            Self::Waiting | Self::Running | Self::Parked => CYAN,
            Self::Succeeded => GREEN,
            Self::Failed | Self::TimedOut | Self::Dead => RED,
            Self::Cancelling | Self::Refused | Self::Skipped | Self::Cancelled | Self::Replayed => {
                YELLOW
            }
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self {
            Self::Waiting => "waiting",
            Self::Running => "running",
            Self::Parked => "parked",
            Self::Cancelling => "cancelling",
            Self::Dead => "dead",
            Self::Replayed => "replayed",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Refused => "refused",
            Self::Skipped => "skipped",
            Self::TimedOut => "timed-out",
            Self::Cancelled => "cancelled",
        };
        f.pad(word)
    }
}
