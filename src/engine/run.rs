use std::{sync::Arc, time::{Duration, Instant}};

use smallvec::SmallVec;

use crate::{
    event::Detail,
    graph::Flow,
    run::{Outcome, Reply, Request, RunError, RunId, RunRecord, StepRecord, Taken, Value},
};

/// What a run begins with.
#[derive(Debug)]
pub struct Input {
    /// The run's id.
    pub id: RunId,
    /// The revision that accepted it.
    pub revision: Arc<str>,
    /// What came in.
    pub request: Request,
    /// The variables by slot: those the trigger parsed; the rest is absent.
    pub variables: Vec<Option<Value>>,
    /// The whole body as a value, where [`crate::model::Parse::needs_document`] says so.
    pub document: Option<Value>,
    /// When the request's head was complete.
    pub started: Instant,
    /// How much to record.
    pub detail: Detail,
}

/// A run to be done: a flow of some revision, and what it begins with.
#[derive(Debug)]
pub struct Job {
    /// The flow, as it was when the request was accepted.
    pub flow: Arc<Flow>,
    /// What the run begins with.
    pub input: Input,
}

/// A run that ended.
#[derive(Debug)]
pub struct Finished {
    /// What it began with; the variables are as the run left them.
    pub input: Input,
    /// How it ended.
    pub outcome: Outcome,
    /// What it answered, where it did.
    pub reply: Option<Reply>,
    /// Why it did not succeed.
    pub error: Option<RunError>,
    /// The branches taken.
    pub taken: SmallVec<[Taken; 4]>,
    /// The steps that ran, where they were recorded.
    pub steps: Vec<StepRecord>,
}

impl Finished {
    /// The record of the run, with the answer that was sent.
    pub fn into_record(self, flow: &Flow, took: Duration, sent: Option<Reply>) -> RunRecord {
        RunRecord {
            id: self.input.id,
            flow: Some(Arc::clone(&flow.shape)),
            revision: self.input.revision,
            request: self.input.request,
            duration: took,
            outcome: self.outcome,
            error: self.error,
            variables: self.input.variables,
            taken: self.taken,
            steps: self.steps,
            reply: sent,
            detailed: self.input.detail == Detail::Full,
        }
    }
}
