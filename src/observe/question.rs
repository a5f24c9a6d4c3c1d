use super::{BodyAt, Edited};
use crate::run::RunId;

/// What a viewer may ask the server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// The record of a run, as the history has it.
    Get(RunId),
    /// A part of a body of a run, as the history has it.
    Body(BodyAt),
    /// To do a run again, as the file says now.
    Replay(RunId),
    /// Which way the run would go now; nothing is done.
    DryRun(RunId),
    /// Which way a request would go that the viewer made of the one of a run; nothing is done.
    Try(Box<Edited>),
    /// The dead runs that are kept, of all flows or of one.
    Dead(Option<String>),
    /// To know that these runs are pinned, and no others: they are looked at after a reload.
    Pin(Vec<RunId>),
    /// How the flow of that name is written, as it is served.
    Source(String),
    /// To do what such a request asks for.
    Send(Box<Edited>),
}

impl Question {
    /// The run that it is about, where it is about one.
    pub fn run(&self) -> Option<RunId> {
        match self {
            Self::Get(run) | Self::Replay(run) | Self::DryRun(run) => Some(*run),
            Self::Body(at) => Some(at.run),
            Self::Try(edited) | Self::Send(edited) => Some(edited.run),
            Self::Dead(_) | Self::Pin(_) | Self::Source(_) => None,
        }
    }

    /// Whether the answer is something that happens.
    pub fn acts(&self) -> bool {
        matches!(self, Self::Replay(_) | Self::Send(_))
    }
}
