//! Walks over old runs without their effects, which answer from the records of those runs.

mod compare;
mod obscure;
mod recorded;
mod rehearsed;
mod steps;
mod verdict;
mod whole;

pub(super) use obscure::is_obscure;
pub use rehearsed::{Rehearsed, RehearsedStep};
pub(super) use steps::each_known_step;
pub use verdict::Verdict;
pub(super) use whole::whole_story;

use std::{
    collections::{HashMap, HashSet},
    time::{Duration, Instant},
};

use self::{
    compare::compare,
    recorded::Recorded,
    steps::{Place, placed},
    whole::is_half,
};
use crate::{
    engine::{self, Ended, Means},
    graph::{Flow, StepKind},
    http::{to_input, unanswered},
    model::Mode,
    observe::{Marks, Redactor},
    queue::Entry,
    run::{RunId, Value, parse_timestamp},
};

/// How often a walk is repeated because an effect turned out to be another one.
const MOST_WALKS: usize = 100;

/// Walks a run that was renewed, and does nothing: effects answer from the record of the old run,
/// by the titles of their steps, and the first one that has no answer there ends the walk.
/// `is_obscured` says that the flow may read something of the request that was not kept.
///
/// # Errors
/// There is no runtime; the sentence says so.
pub fn rehearse(
    flow: &Flow,
    entry: &Entry,
    old: &Value,
    is_obscured: bool,
) -> Result<Rehearsed, String> {
    let Walked { record, is_cut } = walk(flow, entry, old)?;
    let obscured = match (is_half(old), is_obscured) {
        (true, _) => Some("the run that it is the rest of is not kept"),
        (false, true) => Some("it may read what was redacted in the request"),
        (false, false) => None,
    };
    Ok(compare(&record, old, runs_beside(flow), obscured, is_cut))
}

/// The same of a request that is another one than the old run's: what an effect came to then is no
/// answer to it.
pub(super) fn rehearse_other(
    flow: &Flow,
    entry: &Entry,
    old: &Value,
    is_obscured: bool,
) -> Result<Rehearsed, String> {
    rehearse(flow, entry, &without_answers(old), is_obscured)
}

/// The story without what effects came to.
fn without_answers(told: &Value) -> Value {
    let mut told = told.clone();
    for step in told["steps"].as_array_mut().into_iter().flatten() {
        let mut detail = without_answers(&step["detail"]);
        if let Some(attempts) = detail.get_mut("attempts") {
            *attempts = Value::from(0);
        }
        step["detail"] = detail;
    }
    told
}

/// The story of a walk without effects.
#[derive(Debug)]
pub(super) struct Walked {
    /// The story, as the history would keep it.
    pub record: Value,
    /// Whether it ended before its end, at an effect that the old record has no answer of.
    pub is_cut: bool,
}

/// Walks a run that was renewed as far as the record of the old one has answers of its effects.
///
/// # Errors
/// There is no runtime; the sentence says so.
pub(super) fn walk(flow: &Flow, entry: &Entry, old: &Value) -> Result<Walked, String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .map_err(|error| format!("no async runtime: {error}"))?;
    let secrets = flow.secrets.iter().map(|(_, secret)| secret.expose());
    // What is compared with it has no tags either.
    let redactor = Redactor::new(secrets, Marks::Plain);
    let means = Means::default();
    let is_sync = flow.mode == Mode::Sync;
    let entry = &as_it_was(flow, entry, old)?;
    let mut doubted = HashSet::new();
    loop {
        let recorded = Recorded::new(flow, old, &doubted);
        let input = to_input(&mut entry.clone(), Instant::now());
        let walked = engine::resume(flow, input, &means, &recorded);
        let Ended::Finished(finished) = runtime.block_on(walked) else {
            // Every wait is over at once.
            return Err("the run does not end".to_owned());
        };
        let sent = finished.reply.clone();
        let sent = sent.unwrap_or_else(|| match is_sync {
            true => unanswered(finished.outcome),
            false => entry.reply.clone(),
        });
        let new = redactor.kept(&finished.into_record(flow, &sent, Duration::ZERO));
        let other = first_other_action(&new, old, &doubted);
        match other {
            Some(place) if doubted.len() < MOST_WALKS => {
                doubted.insert(place);
            }
            _ => {
                return Ok(Walked {
                    is_cut: recorded.is_at_a_loss(),
                    record: new,
                });
            }
        }
    }
}

/// The new run with the id and the time of the old one: what is made of them is no difference.
fn as_it_was(flow: &Flow, entry: &Entry, old: &Value) -> Result<Entry, String> {
    let mut entry = entry.clone();
    if let Some(id) = old["id"].as_str().and_then(RunId::parse) {
        entry.id = id;
    }
    if let Some(received) = old["received"].as_str().and_then(parse_timestamp) {
        entry.request.received = received;
    }
    if let Some(trigger) = &flow.trigger {
        let input = to_input(&mut entry.clone(), Instant::now());
        let scope = engine::Scope::new(flow, &input, &input.variables);
        entry.reply = engine::render_reply(&trigger.reply, &scope)?;
    }
    Ok(entry)
}

/// Whether some of its steps, or of those that it calls, are done beside each other.
fn runs_beside(flow: &Flow) -> bool {
    flow.steps.iter().any(|step| match &step.kind {
        StepKind::Each(each) => each.concurrency > 1,
        StepKind::Parallel(_) => true,
        StepKind::Call(call) => runs_beside(&call.flow),
        _ => false,
    })
}

/// The first effect that was answered from the record of one that did something else.
fn first_other_action(new: &Value, old: &Value, doubted: &HashSet<Place>) -> Option<Place> {
    let before: HashMap<Place, &Value> = placed(old).into_iter().collect();
    placed(new).into_iter().find_map(|(place, step)| {
        let action = step["detail"]["action"].as_str()?;
        let then = before.get(&place)?["detail"]["action"].as_str();
        (then != Some(action) && !doubted.contains(&place)).then_some(place)
    })
}
