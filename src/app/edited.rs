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
    graph::Flow,
    observe::{Edited, Tried, neutral},
    payload::Parsed,
    run::{Peer, Request, Value, bytes_json, timestamp},
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
    let led = match Led::new(&today, request(filled.edited.clone())) {
        Ok(led) => led,
        Err(why) => {
            tried.text = format!("it would be {}\n", neutral(&why));
            return Ok((tried, None));
        }
    };
    let entry = today.entry(led.flow, led.request, led.parsed)?;
    let is_obscured = !filled.missing.is_empty() && today.may_read_redacted(&told(&filled.edited));
    let rehearsed = rehearse_other(led.flow, &entry, &old.record, is_obscured)?;
    let was = &*old.flow;
    tried.text = format!("{}, revision {}", led.flow.name, entry.revision);
    if *was != *led.flow.name {
        tried.text += &format!(" (was {was})");
    }
    tried.text += &format!("\n{rehearsed}");
    if !filled.missing.is_empty() {
        let missing: Vec<_> = filled.missing.iter().map(ToString::to_string).collect();
        let missing = missing.join(", ");
        tried.text += &format!("  not kept, and [redacted] here: {}\n", neutral(&missing));
    }
    match may_be_sent(&old, &filled) {
        Ok(()) => tried.effects = Some(effects(led.flow)),
        Err(why) => tried.text += &format!("  it cannot be sent: {why}\n"),
    }
    // It is a story of its own in a list of runs.
    let mut record = rehearsed.record;
    record["id"] = entry.id.to_string().into();
    record["received"] = timestamp(entry.request.received).into();
    Ok((tried, Some(record)))
}

/// Has an edited request done in the place of the run that it was made of, and tells so. What was
/// not kept of headers and query is left out.
pub(super) fn send(state: &StateDir, file: &Path, edited: &Edited) -> Result<String, String> {
    let today = today(state, file)?;
    let old = old(state, edited)?;
    let filled = fill(edited, &old);
    may_be_sent(&old, &filled)?;
    let led = Led::new(&today, request(filled.without_missing()))
        .map_err(|why| format!("it would be {why}"))?;
    let entry = today.entry(led.flow, led.request, led.parsed)?;
    // Whether or not somebody did the old one again: this is another request.
    offer(state, &today, edited.run, false, &entry)?;
    Ok(format!("{}, edited, is sent as {}\n", edited.run, entry.id))
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
    let headers = edited.headers.iter();
    let headers = headers.map(|(name, value)| json!([name.as_str(), bytes_json(value.as_bytes())]));
    json!({ "request": {
        "target": edited.target.to_string(),
        "headers": headers.collect::<Vec<_>>(),
    } })
}

/// A request, and the flow that lets it in.
struct Led<'t> {
    flow: &'t Arc<Flow>,
    request: Request,
    parsed: Parsed,
}

impl<'t> Led<'t> {
    /// Where a request leads today. Who sends it is not asked.
    ///
    /// # Errors
    /// It would be refused; the words say how.
    fn new(today: &'t Today, request: Request) -> Result<Self, String> {
        let graph = today.graph();
        let Some((index, _)) = graph.routes.find(request.uri.path()) else {
            return Err("refused 404: no flow has this path".to_owned());
        };
        let flow = &graph.flows[*index];
        let method = request.method.as_str();
        let trigger = flow.trigger.as_ref();
        let Some(trigger) = trigger.filter(|trigger| trigger.methods.iter().any(|m| m == method))
        else {
            return Err(format!(
                "refused 405: {} does not take {method} there",
                flow.name
            ));
        };
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
