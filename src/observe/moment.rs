use std::time::{Duration, SystemTime};

/// A moment: what the wall says, for showing, and what a clock that never jumps says, for
/// measuring.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The time of day.
    pub wall: SystemTime,
    /// The time since some fixed point in the past.
    pub steady: Duration,
}

impl Moment {
    /// How long ago something was; nothing for what lies ahead.
    pub fn since(&self, past: SystemTime) -> Duration {
        self.wall.duration_since(past).unwrap_or_default()
    }
}
