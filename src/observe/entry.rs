use std::{mem::size_of, sync::Arc, time::Duration, time::SystemTime};

use super::neutral;
use crate::{
    event::{Accepted, Progress},
    run::{
        FlowShape, Outcome, RunId, RunRecord, StepDetail, StepRecord, Taken, Value, shortened,
        value_bytes,
    },
};

/// The longest a text of a list row may be, in characters.
const ROW_TEXT: usize = 256;
/// How much of a run the filter looks through: a list of a thousand runs is searched for each
/// letter that is typed.
const SEARCHED: usize = 64 << 10;

/// One run as a list shows it, its texts already neutral. The record behind it is as it came.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its place in the order of arrival.
    pub seq: i64,
    /// The run's id.
    pub id: RunId,
    /// When its request came, or was accepted.
    pub at: SystemTime,
    /// The flow's name; empty where no flow has that path.
    pub flow: String,
    /// The request's method; empty as long as it is not known.
    pub method: String,
    /// The request's path and query.
    pub path: String,
    /// The titles of the arms taken, joined with ` › `.
    pub taken: String,
    /// What was answered.
    pub status: Option<u16>,
    /// How far it is.
    pub stage: Stage,
    /// How long its caller waited, or it took where none did, once it ended.
    pub took: Option<Duration>,
    /// The flow.
    pub shape: Option<Arc<FlowShape>>,
    /// The steps that were told of while it is on its way, in the order they began.
    pub steps: Vec<Progress>,
    /// Everything else, once it ended.
    pub record: Option<Arc<RunRecord>>,
    /// About how much memory it holds.
    pub bytes: usize,
    /// What the filter looks through, in lower case: the texts of the row, and most of what the
    /// inspector shows.
    pub(super) haystack: String,
}

/// How far a run is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// Accepted; nothing was heard of it since.
    Queued,
    /// Put aside until then.
    Parked(SystemTime),
    /// Its steps are being walked.
    Running,
    /// Ended.
    Ended(Outcome),
    /// It was walked without effects, and never was a run.
    Dry,
}

impl Entry {
    /// The run of a record, by itself.
    pub fn of(record: Arc<RunRecord>) -> Self {
        Self::of_record(0, record)
    }

    /// A run that waits, by itself.
    pub fn waiting(accepted: &Accepted) -> Self {
        Self::of_accepted(0, accepted)
    }

    pub(super) fn of_accepted(seq: i64, accepted: &Accepted) -> Self {
        let shape = Arc::clone(&accepted.flow);
        let answered = accepted.answered.as_deref();
        let method = answered.map(|answered| short(answered.method.as_str()));
        let path = answered.map_or(&*shape.path, |answered| &answered.path);
        Self {
            seq,
            id: accepted.id,
            at: accepted.at,
            flow: short(&shape.name),
            method: method.unwrap_or_default(),
            path: short(path),
            taken: String::new(),
            status: answered.map(|answered| answered.status.as_u16()),
            stage: Stage::Queued,
            took: None,
            shape: Some(shape),
            steps: Vec::new(),
            record: None,
            bytes: 0,
            haystack: String::new(),
        }
        .finish()
    }

    pub(super) fn of_record(seq: i64, record: Arc<RunRecord>) -> Self {
        let shape = record.flow.clone();
        let uri = &record.request.uri;
        Self {
            seq,
            id: record.id,
            at: record.request.received,
            flow: shape
                .as_ref()
                .map_or_else(String::new, |shape| short(&shape.name)),
            method: short(record.request.method.as_str()),
            path: short(
                uri.path_and_query()
                    .map_or_else(|| uri.path(), |all| all.as_str()),
            ),
            taken: shape
                .as_ref()
                .map_or_else(String::new, |shape| taken(shape, &record.taken)),
            status: record.reply.as_ref().map(|reply| reply.status.as_u16()),
            stage: Stage::Ended(record.outcome),
            took: Some(record.took()),
            bytes: record_bytes(&record),
            shape,
            steps: Vec::new(),
            record: Some(record),
            haystack: String::new(),
        }
        .finish()
    }

    fn finish(mut self) -> Self {
        self.haystack = format!(
            "{} {} {} {} {}",
            self.id, self.flow, self.method, self.path, self.taken
        );
        if let Some(record) = &self.record {
            search(record, &mut self.haystack);
        }
        self.haystack = self.haystack.to_lowercase();
        self.bytes += size_of::<Self>()
            + self.haystack.len()
            + [&self.flow, &self.method, &self.path, &self.taken]
                .map(String::len)
                .iter()
                .sum::<usize>();
        self
    }

    /// The same, being walked from its first step on.
    pub(super) fn started(&self) -> Self {
        Self {
            stage: Stage::Running,
            steps: Vec::new(),
            ..self.clone()
        }
    }

    /// The same, put aside until then; its last step is not over.
    pub(super) fn parked(&self, due: SystemTime) -> Self {
        Self {
            stage: Stage::Parked(due),
            ..self.clone()
        }
    }

    /// The same, one step further.
    pub(super) fn further(&self, progress: &Progress) -> Self {
        let mut entry = Self {
            stage: Stage::Running,
            ..self.clone()
        };
        // Some may be lost on the way.
        let known = entry
            .steps
            .binary_search_by_key(&progress.place, |step| step.place);
        match known {
            Ok(at) => entry.steps[at] = progress.clone(),
            Err(at) => {
                entry.bytes += size_of::<Progress>() + progress.title.len();
                entry.steps.insert(at, progress.clone());
            }
        }
        entry
    }

    /// Whether it ended.
    pub fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// Whether it ended in anything but success.
    pub fn is_error(&self) -> bool {
        matches!(self.stage, Stage::Ended(outcome) if !outcome.is_success())
    }

    /// Whether it is worth keeping when hundreds of others have come since: an error of a flow.
    /// What was refused because no flow has its path is noise from outside, and not kept.
    pub fn is_failure(&self) -> bool {
        self.is_error() && self.shape.is_some()
    }
}

/// Adds what the filter looks through of a record. What is too large is left out, not cut: bodies
/// that are a variable as a whole, as a rule.
fn search(record: &RunRecord, haystack: &mut String) {
    let mut add = |text: &str| {
        if haystack.len() + text.len() < SEARCHED {
            haystack.push('\n');
            haystack.push_str(text);
        }
    };
    if let Some(error) = &record.error {
        add(&error.message);
    }
    add(&record.request.peer.to_string());
    add(&record.request.uri.to_string());
    for value in record.request.headers.values() {
        add(&String::from_utf8_lossy(value.as_bytes()));
    }
    for value in record.variables.iter().flatten() {
        match value {
            Value::String(text) => add(text),
            value if value_bytes(value) < SEARCHED => add(&value.to_string()),
            _ => {}
        }
    }
}

fn short(text: &str) -> String {
    neutral(&shortened(text, ROW_TEXT)).into_owned()
}

fn taken(shape: &FlowShape, taken: &[Taken]) -> String {
    let arms = shape.branches(taken).filter_map(|(_, arm)| arm);
    let titles: Vec<&str> = arms.map(|arm| arm.title.as_str()).collect();
    short(&titles.join(" › "))
}

fn record_bytes(record: &RunRecord) -> usize {
    let headers = |headers: &http::HeaderMap| {
        headers
            .iter()
            .map(|(name, value)| name.as_str().len() + value.len() + 64)
            .sum::<usize>()
    };
    size_of::<RunRecord>()
        + record.request.uri.path().len()
        + record.request.uri.query().map_or(0, str::len)
        + headers(&record.request.headers)
        + record.request.body.len()
        + record
            .variables
            .iter()
            .map(|value| optional_bytes(value.as_ref()))
            .sum::<usize>()
        + record.steps.iter().map(step_bytes).sum::<usize>()
        + record
            .reply
            .as_ref()
            .map_or(0, |reply| headers(&reply.headers) + reply.body.len())
        + record.error.as_ref().map_or(0, |error| error.message.len())
}

fn step_bytes(step: &StepRecord) -> usize {
    let detail = match &step.detail {
        StepDetail::Branch { conditions, .. } => conditions
            .iter()
            .flat_map(|condition| &condition.operands)
            .map(|operand| 64 + operand.text.len() + optional_bytes(operand.value.as_ref()))
            .sum(),
        StepDetail::Set(values) => values
            .iter()
            .map(|(_, value)| optional_bytes(value.as_ref()))
            .sum(),
        StepDetail::Log(text) | StepDetail::Fail(text) => text.len(),
        StepDetail::Effect { action, output, .. } => action.len() + optional_bytes(output.as_ref()),
        StepDetail::Call(call) => {
            let variables = call
                .variables
                .iter()
                .map(|value| optional_bytes(value.as_ref()));
            variables.sum::<usize>()
                + call.steps.iter().map(step_bytes).sum::<usize>()
                + optional_bytes(call.output.as_ref())
        }
        StepDetail::Output(value) => value_bytes(value),
        StepDetail::Respond(_)
        | StepDetail::Delay(_)
        | StepDetail::Each(_)
        | StepDetail::Stop
        | StepDetail::Nothing => 0,
    };
    128 + detail + step.error.as_ref().map_or(0, String::len)
}

fn optional_bytes(value: Option<&Value>) -> usize {
    size_of::<Value>() + value.map_or(0, value_bytes)
}
