//! Old requests, done again: what `hookyard replay` and a dashboard's question come to alike.

use std::{path::Path, sync::Arc, time::SystemTime};

use super::{
    Rehearsed, StateDir, Today, Unready, old_request,
    rehearsal::{rehearse, whole_story},
    replay::read_recorded,
};
use crate::{
    graph::{Flow, StepKind},
    observe::neutral,
    queue::Entry,
    run::{ReplayOf, Request, RunId, Value},
    store::{Reader, Visitor},
};

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
    /// Whether the old one is dead, and so all of its request is known.
    pub is_dead: bool,
}

/// What is known of a run that has ended.
#[derive(Debug)]
pub(super) struct Old {
    /// Its story, from the beginning.
    pub record: Value,
    /// The name of its flow.
    pub flow: String,
    /// What was accepted: a dead run is kept whole; of others there is what the history has.
    pub kept: Option<Entry>,
}

impl Old {
    /// Looks a run up.
    ///
    /// # Errors
    /// Nothing is known of its end; the sentence says why.
    pub fn find(reader: &Reader, id: &str) -> Result<Self, String> {
        let stands = reader.stands(id)?;
        let record: Value = match reader.record(id)? {
            Some(record) => read_recorded(&record)?,
            None => return Err("it has not ended".to_owned()),
        };
        let record = whole_story(reader, record)?;
        let kept = match stands {
            Some(stands) => {
                let row = reader.queued(stands.seq)?;
                let row = row.ok_or("it is no longer there")?;
                Some(Entry::from_row(row)?)
            }
            None => None,
        };
        let flow = match &kept {
            Some(entry) => &entry.flow,
            None => record["flow"].as_str().unwrap_or_default(),
        };
        Ok(Self {
            flow: flow.to_owned(),
            record,
            kept,
        })
    }
}

impl<'t> Renewed<'t> {
    /// The new run of an old one. Where nothing is going to be done, the request may be what is left
    /// after redaction (`with_redacted`).
    ///
    /// # Errors
    /// It cannot be done again; the sentence says why.
    pub fn new(
        reader: &Reader,
        today: &'t Today,
        id: &str,
        with_redacted: bool,
    ) -> Result<Self, String> {
        let Old { record, flow, kept } = Old::find(reader, id)?;
        let is_dead = kept.is_some();
        let request = match kept {
            Some(entry) => entry.request,
            None => old_request(&record, with_redacted)?,
        };
        let flow = today.flow(&flow)?;
        let mut entry = today.renew(flow, now(request))?;
        entry.replay_of = RunId::parse(id).map(|run| ReplayOf {
            run,
            is_edited: false,
        });
        Ok(Self {
            old: id.to_owned(),
            record,
            is_dead,
            flow,
            entry,
        })
    }

    /// The steps of the flow that act on the world, and of those that it calls.
    pub fn effects(&self) -> Vec<String> {
        effects(self.flow)
    }

    /// Which way the new run would go. Nothing is done.
    ///
    /// # Errors
    /// The sentence says why that cannot be found out.
    pub fn rehearse(&self, today: &Today) -> Result<Rehearsed, String> {
        let is_obscured = !self.is_dead && today.may_read_redacted(&self.record);
        rehearse(self.flow, &self.entry, &self.record, is_obscured)
    }

    /// That way as one object, for machines.
    pub fn json(&self, rehearsed: &Rehearsed) -> Value {
        let mut told = rehearsed.json();
        told["replay_of"] = self.old.as_str().into();
        told["flow"] = (&*self.entry.flow).into();
        told["revision"] = (&*self.entry.revision).into();
        told["revision_then"] = self.record["revision"].clone();
        told
    }

    /// That way in lines.
    pub fn told(&self, rehearsed: &Rehearsed) -> String {
        let revision = &self.entry.revision;
        let then = self.record["revision"].as_str().unwrap_or_default();
        let old = RunId::parse(&self.old).map_or_else(|| self.old.clone(), |run| run.short());
        let mut text = format!("{} {old}, revision {revision}", self.entry.flow);
        if then != &**revision {
            text += &format!(" (was {then})");
        }
        format!("{text}\n{rehearsed}")
    }
}

/// Does a run again, as the run whose id it gives.
pub(super) fn replay(state: &StateDir, file: &Path, run: RunId) -> Result<RunId, String> {
    let today = today(state, file)?;
    let renewed = renewed(state, &today, run, false)?;
    if !offer(state, &today, run, renewed.is_dead, &renewed.entry)? {
        return Err(dead_no_more(&run.to_string()));
    }
    Ok(renewed.entry.id)
}

/// Why a dead run is not replayed that is gone.
pub fn dead_no_more(run: &str) -> String {
    format!("{run} is dead no more: somebody else has just replayed or removed it")
}

/// Leaves a run for the server that is to be done in the place of an old one; `false` where that
/// `was_dead`, and is no more.
pub(super) fn offer(
    state: &StateDir,
    today: &Today,
    old: RunId,
    was_dead: bool,
    entry: &Entry,
) -> Result<bool, String> {
    let mut visitor = Visitor::open(state.path()).map_err(|error| error.to_string())?;
    let offered = visitor.replay(&old.to_string(), was_dead, &today.revision, &entry.to_row());
    offered.map_err(|fault| fault.to_string())
}

/// Tells which way a run would go.
pub(super) fn dry_run(state: &StateDir, file: &Path, run: RunId) -> Result<String, String> {
    let today = today(state, file)?;
    let renewed = renewed(state, &today, run, true)?;
    Ok(renewed.told(&renewed.rehearse(&today)?))
}

pub(super) fn today(state: &StateDir, file: &Path) -> Result<Today, String> {
    Today::load(file, state).map_err(|why| match why {
        Unready::Broken(report) => {
            let first = report.first_error().unwrap_or_default();
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
    Renewed::new(&reader, today, &run.to_string(), with_redacted)
}

/// The request as if it came now.
fn now(request: Request) -> Request {
    Request {
        received: SystemTime::now(),
        ..request
    }
}

/// The steps of a flow that act on the world, and of those that it calls.
pub(super) fn effects(flow: &Flow) -> Vec<String> {
    let mut effects = Vec::new();
    gather_effects(flow, &mut Vec::new(), &mut effects);
    effects
}

/// Each flow once.
fn gather_effects<'f>(flow: &'f Flow, seen: &mut Vec<&'f str>, effects: &mut Vec<String>) {
    if seen.contains(&&*flow.name) {
        return;
    }
    seen.push(&flow.name);
    for (step, shape) in flow.steps.iter().zip(&flow.shape.steps) {
        if shape.acts() {
            effects.push(neutral(&shape.to_string()).into_owned());
        }
        if let StepKind::Call(call) = &step.kind {
            gather_effects(&call.flow, seen, effects);
        }
    }
}
