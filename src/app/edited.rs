//! Requests that a viewer made of old ones: tried without effects, and sent.

mod filled;

use std::{path::Path, sync::Arc, time::SystemTime};

use serde_json::json;

use self::filled::{Filled, Missing, fill};
use super::{
    StateDir, Today,
    redo::{Old, effects, offer, today},
    rehearsal::rehearse_other,
    replay::was_let_in,
};
use crate::{
    graph::{Flow, Led},
    observe::{Edited, Tried, cut_bodies, neutral},
    payload::Parsed,
    queue::Entry,
    run::{Peer, ReplayOf, Request, RunId, Value, headers_json, timestamp},
    store::Reader,
};

/// Tells which way an edited request would go. What its flow would do outside is not known.
/// The story of that is told, too, where it comes to one.
pub(super) fn rehearse(
    state: &StateDir,
    file: &Path,
    edited: &Edited,
) -> Result<(Tried, Option<Value>), String> {
    let today = today(state, file)?;
    let old = old(state, edited)?;
    let filled = fill(edited, &old);
    let mut tried = Tried {
        run: edited.run,
        title: format!("Dry run of {}, edited", edited.run.short()),
        text: String::new(),
        effects: None,
    };
    let let_in = match LetIn::new(&today, request(filled.edited.clone())) {
        Ok(let_in) => let_in,
        Err(why) => {
            tried.text = format!("it would be {}\n", neutral(&why));
            return Ok((tried, None));
        }
    };
    let flow = let_in.flow;
    let entry = entry(&today, let_in, edited)?;
    let is_obscured = !filled.missing.is_empty() && today.may_read_redacted(&told(&filled.edited));
    let rehearsed = rehearse_other(flow, &entry, &old.record, is_obscured)?;
    let was = &*old.flow;
    tried.text = format!("{}, revision {}", flow.name, entry.revision);
    if *was != *flow.name {
        tried.text += &format!(" (was {was})");
    }
    tried.text += &format!("\n{rehearsed}");
    if !filled.missing.is_empty() {
        let missing: Vec<_> = filled.missing.iter().map(ToString::to_string).collect();
        let missing = missing.join(", ");
        tried.text += &format!("  not kept, and [redacted] here: {}\n", neutral(&missing));
    }
    match may_be_sent(&old, &filled) {
        Ok(()) => tried.effects = Some(effects(flow)),
        Err(why) => tried.text += &format!("  it cannot be sent: {why}\n"),
    }
    // It is a story of its own in a list of runs.
    let mut record = rehearsed.record;
    cut_bodies(&mut record);
    record["id"] = entry.id.to_string().into();
    record["received"] = timestamp(entry.request.received).into();
    Ok((tried, Some(record)))
}

/// Has an edited request done in the place of the run that it was made of, by the run whose id it
/// gives. What was not kept of headers and query is left out.
pub(super) fn send(state: &StateDir, file: &Path, edited: &Edited) -> Result<RunId, String> {
    let today = today(state, file)?;
    let old = old(state, edited)?;
    let filled = fill(edited, &old);
    may_be_sent(&old, &filled)?;
    let let_in = LetIn::new(&today, request(filled.without_missing()))
        .map_err(|why| format!("it would be {why}"))?;
    let entry = entry(&today, let_in, edited)?;
    // Whether or not somebody did the old one again: this is another request.
    offer(state, &today, edited.run, false, &entry)?;
    Ok(entry.id)
}

/// The run that it becomes.
fn entry(today: &Today, let_in: LetIn<'_>, edited: &Edited) -> Result<Entry, String> {
    let mut entry = today.entry(let_in.flow, let_in.request, let_in.parsed)?;
    entry.replay_of = Some(ReplayOf {
        run: edited.run,
        is_edited: true,
    });
    Ok(entry)
}

fn old(state: &StateDir, edited: &Edited) -> Result<Old, String> {
    let reader = Reader::open(state.path()).map_err(|error| error.to_string())?;
    Old::find(&reader, &edited.run.to_string())
}

/// Nobody asks for credentials any more, so that whoever was not let in stays outside.
fn may_be_sent(old: &Old, filled: &Filled) -> Result<(), String> {
    was_let_in(&old.record)?;
    let place = filled
        .missing
        .iter()
        .find(|place| matches!(place, Missing::Path | Missing::Body));
    match place {
        Some(place) => Err(format!("{place} has [redacted] in it, which was not kept")),
        None => Ok(()),
    }
}

/// The request, as if it came now.
fn request(edited: Edited) -> Request {
    Request {
        method: edited.method,
        uri: edited.target,
        headers: edited.headers,
        body: edited.body,
        // Whoever has access to the server's socket.
        peer: Peer::Unix,
        received: SystemTime::now(),
    }
}

/// The part of a record that says what was redacted.
fn told(edited: &Edited) -> Value {
    json!({ "request": {
        "target": edited.target.to_string(),
        "headers": headers_json(&edited.headers),
    } })
}

/// A request, and the flow that lets it in.
struct LetIn<'t> {
    flow: &'t Arc<Flow>,
    request: Request,
    parsed: Parsed,
}

impl<'t> LetIn<'t> {
    /// Where a request leads today. Who sends it is not asked.
    ///
    /// # Errors
    /// It would be refused; the words say how.
    fn new(today: &'t Today, request: Request) -> Result<Self, String> {
        let led = today.graph().lead(&request.method, request.uri.path());
        let Led { flow, trigger, .. } =
            led.map_err(|astray| format!("refused {}: {astray}", astray.status().as_u16()))?;
        let parsed = today.read(flow, trigger, &request).map_err(|refused| {
            let status = refused.status.as_u16();
            format!("refused {status} by {}: {}", flow.name, refused.message)
        })?;
        Ok(Self {
            flow,
            request,
            parsed,
        })
    }
}
