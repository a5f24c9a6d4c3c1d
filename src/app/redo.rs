//! Old requests, done again: what `hookyard replay` and a dashboard's question come to alike.

use std::{path::Path, sync::Arc, time::SystemTime};

use super::{
    Rehearsed, StateDir, Today, Unready, old_request,
    rehearsal::{rehearse, whole_story},
};
use crate::{
    graph::{Flow, StepKind},
    observe::neutral,
    queue::Entry,
    run::{Request, RunId, Value},
    store::{Reader, Visitor},
};

/// The steps that act on the world.
const EFFECTS: [&str; 2] = ["http", "exec"];

/// A run that was, and the one that is to be.
#[derive(Debug)]
pub struct Renewed<'t> {
    /// The old run's id.
    pub old: String,
    /// The flow, as it is today.
    pub flow: &'t Arc<Flow>,
    /// The new run.
    pub entry: Entry,
    /// What is known of the old one.
    record: Value,
    /// Whether all of its request is known.
    is_whole: bool,
}

impl<'t> Renewed<'t> {
    /// The new run of an old one; `None` where that is of another flow than the `wanted` one. Where
    /// nothing is going to be done, the request may be what is left after redaction
    /// (`with_redacted`).
    ///
    /// # Errors
    /// It cannot be done again; the sentence says why.
    pub fn new(
        reader: &Reader,
        today: &'t Today,
        id: &str,
        wanted: Option<&str>,
        with_redacted: bool,
    ) -> Result<Option<Self>, String> {
        let stands = reader.stands(id)?;
        let is_whole = stands.is_some();
        let record = reader.record(id)?;
        let record: Value = match record {
            Some(record) => serde_json::from_str(&record).map_err(|error| error.to_string())?,
            None => return Err("it has not ended".to_owned()),
        };
        let record = whole_story(reader, record)?;
        // A dead run is kept whole; of others there is what the history has.
        let (flow, request) = match stands {
            Some(stands) => {
                let row = reader.queued(stands.seq)?;
                let row = row.ok_or("it is no longer there")?;
                let entry = Entry::from_row(row)?;
                (entry.flow.to_string(), entry.request)
            }
            None => {
                let flow = record["flow"].as_str().unwrap_or_default();
                (flow.to_owned(), old_request(&record, with_redacted)?)
            }
        };
        if wanted.is_some_and(|wanted| *wanted != flow) {
            return Ok(None);
        }
        let flow = today.flow(&flow)?;
        let mut entry = today.renew(flow, now(request))?;
        entry.replay_of = RunId::parse(id);
        Ok(Some(Self {
            old: id.to_owned(),
            record,
            is_whole,
            flow,
            entry,
        }))
    }

    /// The steps of the flow that act on the world, and of those that it calls.
    pub fn effects(&self) -> Vec<String> {
        let mut effects = Vec::new();
        gather_effects(self.flow, &mut Vec::new(), &mut effects);
        effects
    }

    /// Which way the new run would go, told in lines. Nothing is done.
    ///
    /// # Errors
    /// The sentence says why that cannot be found out.
    pub fn rehearse(&self, today: &Today) -> Result<String, String> {
        let is_obscured = !self.is_whole && today.may_read_redacted(&self.record);
        let rehearsed = rehearse(self.flow, &self.entry, &self.record, is_obscured)?;
        Ok(self.told(&rehearsed))
    }

    fn told(&self, rehearsed: &Rehearsed) -> String {
        let revision = &self.entry.revision;
        let then = self.record["revision"].as_str().unwrap_or_default();
        let old = RunId::parse(&self.old).map_or_else(|| self.old.clone(), |run| run.short());
        let mut text = format!("{} {old}, revision {revision}", self.entry.flow);
        if then != &**revision {
            text += &format!(" (was {then})");
        }
        text.push('\n');
        for (step, verdict) in &rehearsed.steps {
            text += &format!("  {verdict:<9}{}\n", neutral(step));
        }
        text += &format!("  path: {}, end: {}", rehearsed.path, rehearsed.outcome);
        if let Some(ends) = &rehearsed.ends {
            text += &format!(" ({})", neutral(ends));
        }
        text.push('\n');
        text
    }
}

/// Does a run again, and tells what became of that.
pub(super) fn replay(state: &StateDir, file: &Path, run: RunId) -> Result<String, String> {
    let today = today(state, file)?;
    let renewed = renewed(state, &today, run, false)?;
    let mut visitor = Visitor::open(state.path()).map_err(|error| error.to_string())?;
    visitor
        .replay(&renewed.old, &today.revision, &renewed.entry.to_row())
        .map_err(|fault| fault.to_string())?;
    Ok(format!("{run} is replayed as {}\n", renewed.entry.id))
}

/// Tells which way a run would go.
pub(super) fn dry_run(state: &StateDir, file: &Path, run: RunId) -> Result<String, String> {
    let today = today(state, file)?;
    renewed(state, &today, run, true)?.rehearse(&today)
}

fn today(state: &StateDir, file: &Path) -> Result<Today, String> {
    Today::load(file, state).map_err(|why| match why {
        Unready::Broken(report) => {
            let lines = report.lines();
            let first = lines.first().map_or("", |line| line);
            format!("{} has errors: {first}", file.display())
        }
        Unready::Failed(why) => why,
    })
}

fn renewed<'t>(
    state: &StateDir,
    today: &'t Today,
    run: RunId,
    with_redacted: bool,
) -> Result<Renewed<'t>, String> {
    let reader = Reader::open(state.path()).map_err(|error| error.to_string())?;
    Renewed::new(&reader, today, &run.to_string(), None, with_redacted)?
        .ok_or_else(|| "it is of no flow".to_owned())
}

/// The request as if it came now.
fn now(request: Request) -> Request {
    Request {
        received: SystemTime::now(),
        ..request
    }
}

/// Each flow once.
fn gather_effects<'f>(flow: &'f Flow, seen: &mut Vec<&'f str>, effects: &mut Vec<String>) {
    if seen.contains(&&*flow.name) {
        return;
    }
    seen.push(&flow.name);
    for (step, shape) in flow.steps.iter().zip(&flow.shape.steps) {
        if EFFECTS.contains(&shape.kind) {
            effects.push(neutral(&shape.to_string()).into_owned());
        }
        if let StepKind::Call(call) = &step.kind {
            gather_effects(&call.flow, seen, effects);
        }
    }
}
