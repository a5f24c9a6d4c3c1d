//! The immutable graph that requests are served from. Built once from a checked configuration;
//! nothing in it is looked up by name or parsed again while a request is served.

mod compile;
mod curl;
mod flow;
mod lead;
mod reply;
mod shape;
mod step;

pub use compile::{Resolved, compile};
pub use curl::curl;
pub use flow::{Flow, Trigger};
pub use lead::{Astray, Led};
pub use reply::{Body, ReplyRenderer, Status};
pub use step::{Arm, Branch, Call, Each, Parallel, Respond, Step, StepId, StepKind};

use std::sync::Arc;

use crate::{
    event::FlowTallies,
    model::{Routes, Secret, Server},
};

/// Everything that is served, of one revision.
#[derive(Debug)]
pub struct Graph {
    /// A short content hash of the configuration.
    pub revision: Arc<str>,
    /// How the server listens, and its bounds.
    pub server: Server,
    /// The secrets that steps may name.
    pub secrets: Arc<[(String, Secret)]>,
    /// The flows, in the order of the files.
    pub flows: Vec<Arc<Flow>>,
    /// Raw paths to indexes into `flows`.
    pub routes: Routes<usize>,
    /// Where its flows found their counters; another revision finds them there too.
    pub tallies: FlowTallies,
}
