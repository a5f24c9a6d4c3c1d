use crate::run::RunId;

/// What a viewer may ask the server.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Question {
    /// The record of a run, as the history has it.
    Get(RunId),
    /// To do a run again, as the file says now.
    Replay(RunId),
    /// Which way the run would go now; nothing is done.
    DryRun(RunId),
}

impl Question {
    /// The run that it is about.
    pub fn run(self) -> RunId {
        match self {
            Self::Get(run) | Self::Replay(run) | Self::DryRun(run) => run,
        }
    }

    /// Whether the answer is something that happens.
    pub fn acts(self) -> bool {
        matches!(self, Self::Replay(_))
    }
}
