use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use http::{Method, StatusCode};

use crate::run::{FlowShape, RunId};

/// A durable run that was accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The run's id.
    pub id: RunId,
    /// Its flow.
    pub flow: Arc<FlowShape>,
    /// When it was accepted.
    pub at: SystemTime,
    /// What its caller was answered; `None` where it is the rest of a run that has answered, and
    /// where that was long ago.
    pub answered: Option<Arc<Answered>>,
}

/// An answer that left before the run began.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answered {
    /// The request's method.
    pub method: Method,
    /// The request's path, without its query, in which some senders carry a token, and without what
    /// else the request proves itself with.
    pub path: String,
    /// The status.
    pub status: StatusCode,
    /// From the end of the request's head to the answer.
    pub took: Duration,
}
