use serde_json::json;

use super::status::Status;
use crate::{
    cli::{
        past::{Past, short},
        time,
    },
    observe::neutral,
    run::{Value, from_millis, timestamp},
    store::{HistoryFilter, HistorySummary, QueueFilter, QueueSummary},
};

/// One run as it is listed.
#[derive(Debug)]
pub(super) struct Row {
    pub id: String,
    pub flow: String,
    pub revision: String,
    pub status: Status,
    pub accepted_ms: i64,
    /// How long its caller waited, or it took where none did, in microseconds, once it ended.
    pub duration_us: Option<i64>,
    /// When it goes on, where it is parked.
    pub due_ms: Option<i64>,
    pub error: Option<String>,
}

/// Which runs are meant: those that meet all of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub flow: Option<String>,
    pub status: Option<Status>,
    pub since_ms: Option<i64>,
    pub before_ms: Option<i64>,
    pub text: Option<String>,
}

impl Wanted {
    /// The runs in the queue, the latest first.
    pub fn queued(&self, past: &Past, most: u32) -> Result<Vec<Row>, String> {
        let states = self.status.map_or(&[][..], Status::states);
        if self.status.is_some() && states.is_empty() {
            return Ok(Vec::new());
        }
        let filter = QueueFilter {
            flow: self.flow.clone(),
            states: states.to_vec(),
            since_ms: self.since_ms,
            before_ms: self.before_ms,
            text: self.text.clone(),
        };
        let queued = past.reader.queue(&filter, most)?;
        queued
            .into_iter()
            .map(|run| Row::queued(run, past))
            .collect()
    }

    /// The runs that have ended and are not kept as dead, the latest first.
    pub fn ended(&self, past: &Past, most: u32) -> Result<Vec<Row>, String> {
        let outcome = self.status.map(Status::outcome);
        if outcome == Some(None) {
            return Ok(Vec::new());
        }
        let filter = HistoryFilter {
            flow: self.flow.clone(),
            outcome: outcome.flatten().map(|outcome| outcome.to_string()),
            since_ms: self.since_ms,
            before_ms: self.before_ms,
            text: self.text.clone(),
        };
        // The dead ones are listed from the queue.
        let dead = u32::try_from(past.reader.dead()?).unwrap_or(u32::MAX);
        let mut rows = Vec::new();
        for run in past.reader.history(&filter, most.saturating_add(dead))? {
            let row = Row::ended(run);
            if row.status != Status::Replayed || past.reader.stands(&row.id)?.is_none() {
                rows.push(row);
            }
        }
        rows.truncate(most as usize);
        Ok(rows)
    }

    /// All of them, the latest first.
    pub fn rows(&self, past: &Past, most: u32) -> Result<Vec<Row>, String> {
        let mut rows = self.queued(past, most)?;
        rows.extend(self.ended(past, most)?);
        rows.sort_by(|one, other| {
            let key = |row: &Row| (row.accepted_ms, row.id.clone());
            key(other).cmp(&key(one))
        });
        rows.truncate(most as usize);
        Ok(rows)
    }
}

impl Row {
    fn queued(run: QueueSummary, past: &Past) -> Result<Self, String> {
        let status = Status::of_state(run.state);
        let record = match status {
            Status::Dead => past.reader.record(&run.id)?,
            _ => None,
        };
        let record: Value = record
            .and_then(|record| serde_json::from_str(&record).ok())
            .unwrap_or_default();
        Ok(Self {
            id: run.id,
            flow: run.flow,
            revision: run.revision,
            status,
            accepted_ms: run.accepted_ms,
            duration_us: record["duration_us"].as_i64(),
            due_ms: run.due_ms,
            error: record["error"]["message"].as_str().map(str::to_owned),
        })
    }

    fn ended(run: HistorySummary) -> Self {
        Self {
            status: Status::of_outcome(&run.outcome),
            id: run.id,
            flow: run.flow,
            revision: run.revision,
            accepted_ms: run.accepted_ms,
            duration_us: Some(run.duration_us),
            due_ms: None,
            error: run.error,
        }
    }

    /// Its cells in the table.
    pub fn cells(&self) -> [String; 6] {
        let why = match (&self.error, self.due_ms) {
            (Some(error), _) => neutral(error).into_owned(),
            (None, Some(due)) => format!("until {}", time::moment(due)),
            (None, None) => String::new(),
        };
        let took = self
            .duration_us
            .and_then(|micros| u64::try_from(micros).ok());
        [
            short(&self.id).to_owned(),
            time::moment(self.accepted_ms),
            neutral(&self.flow).into_owned(),
            self.status.to_string(),
            took.map_or_else(String::new, time::took),
            why,
        ]
    }

    /// The same for machines.
    pub fn json(&self) -> Value {
        let at = |millis| timestamp(from_millis(millis));
        json!({
            "id": self.id,
            "flow": self.flow,
            "revision": self.revision,
            "status": self.status.to_string(),
            "accepted": at(self.accepted_ms),
            "duration_us": self.duration_us,
            "due": self.due_ms.map(at),
            "error": self.error,
        })
    }
}
