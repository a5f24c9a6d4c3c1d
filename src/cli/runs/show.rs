use std::{sync::Arc, time::SystemTime};

use serde_json::json;

use super::{status::Status, story, waits::waits};
use crate::{
    app,
    cli::{
        Exit, output,
        past::{Past, Where},
    },
    engine,
    observe::{KEPT_BODY, Marks, Redactor},
    queue::Entry,
    run::{FlowShape, Outcome, RunRecord, Value, from_millis, timestamp},
    store::{IndexRow, State, Store},
};

/// `hookyard runs show ID`: the whole story of a run.
#[derive(clap::Args, Clone, Debug)]
pub(super) struct Show {
    /// The run: its id, or enough of its beginning or end
    id: String,
    /// The record, as one JSON object for machines
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    place: Where,
}

impl Show {
    pub fn run(self) -> Result<Exit, Exit> {
        let past = Past::open(&self.place)?;
        let record = self.record(&past).map_err(|why| output::fail(&why))?;
        Ok(output::print(&if self.json {
            format!("{record:#}\n")
        } else {
            story::story(&record)
        }))
    }

    fn record(&self, past: &Past) -> Result<Value, String> {
        let id = past.id(&self.id)?;
        let stands = past.reader.stands(&id)?;
        let mut record = match past.reader.record(&id)? {
            Some(record) => serde_json::from_str(&record)
                .map_err(|error| format!("the record of {id} cannot be read: {error}"))?,
            None => match &stands {
                Some(stands) => self.queued(past, stands)?,
                // It ended between two looks, and was removed.
                None => return Err(format!("there is no run {id}")),
            },
        };
        let status = match (&stands, record["outcome"].as_str()) {
            (Some(stands), _) => Status::of_state(stands.state),
            (None, outcome) => Status::of_outcome(outcome.unwrap_or_default()),
        };
        let due = stands.as_ref().and_then(|stands| stands.due_ms);
        record["due"] = due.map(|due| timestamp(from_millis(due))).into();
        record["replayed_as"] = past.reader.replays(&id)?.into();
        record["id"] = id.into();
        record["status"] = status.to_string().into();
        Ok(record)
    }

    /// What is known of a run that has not ended.
    fn queued(&self, past: &Past, stands: &IndexRow) -> Result<Value, String> {
        let row = past
            .reader
            .queued(stands.seq)?
            .ok_or_else(|| format!("{} has just ended", stands.id))?;
        // Each life is counted before it is walked, the one that is under way too.
        let is_under_way = stands.state == State::Running && Store::is_served(past.state.path());
        let interruptions = row.interruptions.saturating_sub(is_under_way.into());
        let entry = Entry::from_row(row)?;
        let flow = app::kept_flow(&past.reader, &self.place.file, &entry.revision, &entry.flow);
        let shape = flow.as_ref().map_or_else(
            || Arc::new(FlowShape::named(entry.flow.clone())),
            |flow| flow.shape.clone(),
        );
        let secrets = flow.iter().flat_map(|flow| flow.secrets.iter());
        let redactor = Redactor::new(secrets.map(|(_, secret)| secret.expose()), Marks::Plain);
        let known = RunRecord {
            id: entry.id,
            continues: entry.continues.map(|rest| rest.run),
            replay_of: entry.replay_of,
            flow: Some(Arc::clone(&shape)),
            revision: entry.revision,
            request: entry.request,
            duration: std::time::Duration::ZERO,
            answered: None,
            spent: None,
            outcome: Outcome::Succeeded,
            error: None,
            variables: entry.variables,
            taken: smallvec::SmallVec::new(),
            steps: Vec::new(),
            reply: Some(entry.reply),
            detailed: true,
            cut: Default::default(),
        };
        let mut record = redactor.record_within(&known, KEPT_BODY);
        // What only the end of a run tells.
        for unknown in ["outcome", "duration_us", "taken", "steps", "detailed"] {
            record[unknown] = Value::Null;
        }
        record["interruptions"] = interruptions.into();
        let now = SystemTime::now();
        let effects = past.reader.effects(stands.seq)?;
        let done = effects.iter().filter(|(key, kept)| {
            let is_over = |kept| engine::is_over(&kept, now);
            engine::is_effect(key) && serde_json::from_str(kept).is_ok_and(is_over)
        });
        record["done"] = json!(done.count());
        record["waits"] = waits(past, stands, &shape, &effects)?.into();
        Ok(record)
    }
}
