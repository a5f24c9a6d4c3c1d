/// A moment between two things that belong together, at which a test may have the process end.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CrashPoint {
    /// A run was committed, and its sender has no answer.
    Accepted,
    /// A program was started, and it is not kept which process it is.
    Started,
    /// A step has acted, and what it came to is not kept.
    Acted,
    /// A step has failed, its next try is kept, and the wait for it begins.
    Waiting,
    /// A run is to end as cancelled, and its end is not kept.
    Cancelled,
    /// Some of the history was removed, and what is left of the pass has yet to be done.
    Removed,
}

/// What names the point to end at. Builds for use do not look at it.
#[cfg(debug_assertions)]
const VARIABLE: &str = "HOOKYARD_CRASH_AT";

impl CrashPoint {
    /// Ends the process where it is told to end here, as a power cut would: nothing is unwound,
    /// flushed or closed.
    #[cfg(debug_assertions)]
    pub fn pass(self) {
        let name = match self {
            Self::Accepted => "accepted",
            Self::Started => "started",
            Self::Acted => "acted",
            Self::Waiting => "waiting",
            Self::Cancelled => "cancelled",
            Self::Removed => "removed",
        };
        if std::env::var_os(VARIABLE).is_some_and(|wanted| wanted == name) {
            std::process::abort();
        }
    }

    /// Nothing.
    #[cfg(not(debug_assertions))]
    pub fn pass(self) {}
}
