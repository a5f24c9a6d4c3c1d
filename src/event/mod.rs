//! The one stream of events. It may lose, and counts what it lost: no viewer, however slow,
//! slows a request. What must not be lost goes through [`crate::queue`] instead.

mod accepted;
mod bus;
mod closeness;
mod edge;
mod flow_counts;
mod flow_tallies;
mod flow_tally;
mod observer;
mod process;
mod progress;
mod reason;
mod rerouted;
mod tally;
mod walking;
mod windows;

pub use accepted::{Accepted, Answered};
pub use bus::{Bus, Detail, InFlight, Subscription};
pub use flow_counts::{ArmCount, FlowCount, FlowCounts, Standing};
pub use flow_tallies::FlowTallies;
pub use flow_tally::FlowTally;
pub use observer::{IsToEnd, Observer};
pub use process::Process;
pub use progress::{Passage, Progress};
pub use reason::Reason;
pub use rerouted::{Doubt, Reroute, Rerouted};
pub use tally::{LATENCY_BUCKETS, Tally, TallySnapshot, bucket_ceiling};
pub use walking::{MOST_TOLD, View, Walking};
pub use windows::{Passed, Windows};

use std::{sync::Arc, time::SystemTime};

use crate::run::{FlowShape, RunId, RunRecord};
use closeness::Closeness;

/// Something that happened, cheap to clone.
#[derive(Clone, Debug)]
pub enum Event {
    /// A configuration went live.
    Loaded(Arc<Loaded>),
    /// A configuration was refused; the one before it goes on being served.
    Rejected(Arc<Rejected>),
    /// After a configuration went live in the place of another one: which of the last requests would
    /// go another way.
    Rerouted(Arc<Rerouted>),
    /// A durable run was accepted, and waits for a worker: as a rule its request was answered.
    Accepted(Accepted),
    /// A durable run is walked from here on, for the first time or again.
    Started(Started),
    /// A durable run is put aside until a moment comes.
    Parked(Parked),
    /// A step of a run that somebody looks at has begun or ended.
    Progress(Progress),
    /// A run ended, or a request was refused.
    Finished(Arc<RunRecord>),
    /// All counters, a few times a second while somebody is subscribed.
    Tally(Arc<TallySnapshot>),
    /// What passed through each flow, once a second while somebody is subscribed.
    Counts(Arc<FlowCounts>),
    /// A shutdown began: nothing new is taken, what is in flight ends.
    Draining,
    /// Something the operator should read: a watch that failed, a disk that is full.
    Notice(Arc<str>),
}

impl Event {
    /// Whether it says how the server stands, which holds until something else is said.
    pub fn is_standing(&self) -> bool {
        matches!(
            self,
            Self::Loaded(_) | Self::Rejected(_) | Self::Rerouted(_) | Self::Draining
        )
    }

    /// When it happened, where it says so.
    pub fn at(&self) -> Option<SystemTime> {
        match self {
            Self::Loaded(loaded) => Some(loaded.at),
            Self::Rejected(rejected) => Some(rejected.at),
            Self::Accepted(accepted) => Some(accepted.at),
            Self::Started(started) => Some(started.at),
            Self::Finished(record) => record.request.received.checked_add(record.duration),
            Self::Rerouted(_)
            | Self::Parked(_)
            | Self::Progress(_)
            | Self::Tally(_)
            | Self::Counts(_)
            | Self::Draining
            | Self::Notice(_) => None,
        }
    }

    /// How closely runs must be followed to hear of it.
    pub(super) fn closeness(&self) -> Closeness {
        match self {
            Self::Started(_) | Self::Parked(_) | Self::Progress(_) => Closeness::Steps,
            Self::Accepted(_) => Closeness::Answers,
            _ => Closeness::Ends,
        }
    }
}

/// A configuration that went live.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// Its revision: a short content hash.
    pub revision: Arc<str>,
    /// When it went live.
    pub at: SystemTime,
    /// The file it came from, as it is shown.
    pub file: String,
    /// That file and those it includes, as they are shown.
    pub files: Vec<String>,
    /// Whether it is the last good revision of them, and they say something else by now.
    pub is_kept: bool,
    /// The git commit that was checked out where the file is when it was read, if one was.
    pub commit: Option<String>,
    /// Its flows, in the order of the file.
    pub flows: Vec<Arc<FlowShape>>,
    /// The addresses that are listened on, as they are shown.
    pub listening: Vec<String>,
}

impl Loaded {
    /// What it is, in words: the file, or what is left of it.
    pub fn what(&self) -> String {
        let kept = if self.is_kept {
            "the last good revision of "
        } else {
            ""
        };
        format!("{kept}{}", self.file)
    }
}

/// A configuration that was refused.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Why.
    pub reason: Reason,
    /// When it was read.
    pub at: SystemTime,
    /// Where the first error is: `flows.kdl:12:5`.
    pub location: Option<String>,
    /// The first error's sentence.
    pub message: String,
    /// How many errors there are.
    pub errors: usize,
    /// All diagnostics as a terminal shows them, without colour; secrets are masked.
    pub rendered: String,
}

/// A run that is put aside: by a `delay`, or until its next try.
#[derive(Clone, Debug)]
pub struct Parked {
    /// The run's id.
    pub id: RunId,
    /// Its flow.
    pub flow: Arc<FlowShape>,
    /// When its request came.
    pub at: SystemTime,
    /// When it goes on.
    pub due: SystemTime,
}

/// A run that is walked from here on.
#[derive(Clone, Debug)]
pub struct Started {
    /// The run's id.
    pub id: RunId,
    /// Its flow.
    pub flow: Arc<FlowShape>,
    /// When its request came.
    pub at: SystemTime,
}
