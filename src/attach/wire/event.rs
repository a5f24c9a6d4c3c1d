use serde_json::json;

use super::{
    Kind, Redact,
    accepted::accepted_json,
    counts::counts_json,
    loaded::{loaded_json, rejected_json},
    progress::progress_json,
    rerouted::rerouted_json,
    tally_json,
};
use crate::{
    event::Event,
    run::{Value, timestamp},
};

/// The type of an event's message, what the line is worth, and the message itself, as far as it may
/// be told.
pub fn event_body(event: &Event, redact: &Redact) -> (&'static str, Kind, Value) {
    match event {
        Event::Loaded(loaded) => ("loaded", Kind::Loaded, loaded_json(loaded)),
        Event::Rejected(rejected) => ("rejected", Kind::Kept, rejected_json(rejected)),
        Event::Rerouted(rerouted) => ("rerouted", Kind::Kept, rerouted_json(rerouted)),
        Event::Accepted(accepted) => ("accepted", Kind::Accepted, accepted_json(accepted, redact)),
        Event::Started(started) => (
            "started",
            Kind::Accepted,
            json!({
                "id": started.id.to_string(),
                "flow": &*started.flow.name,
                "at": timestamp(started.at),
            }),
        ),
        Event::Parked(parked) => (
            "parked",
            Kind::Accepted,
            json!({
                "id": parked.id.to_string(),
                "flow": &*parked.flow.name,
                "at": timestamp(parked.at),
                "due": timestamp(parked.due),
            }),
        ),
        Event::Progress(progress) => ("step", Kind::Passing, progress_json(progress)),
        Event::Finished(record) => (
            "run",
            Kind::Run(record.id),
            json!({ "record": (redact.record)(record) }),
        ),
        Event::Tally(tally) => ("stats", Kind::Stats, tally_json(tally)),
        Event::Counts(counts) => ("counts", Kind::Passing, counts_json(counts)),
        Event::Draining => ("draining", Kind::Kept, json!({})),
        Event::Notice(text) => ("notice", Kind::Passing, json!({ "text": &**text })),
    }
}
