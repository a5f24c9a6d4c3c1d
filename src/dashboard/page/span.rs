use crate::event::{Passed, Windows};

/// Over how long it is counted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Span {
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
}

impl Span {
    /// All of them, the shortest first.
    pub const ALL: [Self; 3] = [Self::Minute, Self::Hour, Self::Day];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
        }
    }

    /// The next longer one, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// What passed within it.
    pub fn of(self, windows: Windows) -> Passed {
        match self {
            Self::Minute => windows.minute,
            Self::Hour => windows.hour,
            Self::Day => windows.day,
        }
    }
}
