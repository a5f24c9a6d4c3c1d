use std::fmt;

/// How something compares to what it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It is as it was.
    Same,
    /// It is not.
    Changed,
    /// It depends on what cannot be known without doing something, or was not kept.
    Unknown,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Same => "same",
            Self::Changed => "changed",
            Self::Unknown => "unknown",
        })
    }
}
