use std::{borrow::Cow, time::SystemTime};

use tracing::Level;

use super::{
    access_log::{branch_path, cut, level, took_ms},
    log,
};
use crate::{
    event::Event,
    observe::Told,
    run::{RunRecord, Value},
};

/// What a server tells, as a line that looks like its log's; `None` where a log has no line for it.
/// `now` is when it was heard, for what does not say when it was.
pub fn story(told: &Told, now: SystemTime, is_colored: bool) -> Option<String> {
    let line =
        |at, level, message: &str, fields| Some(log::told(at, level, message, fields, is_colored));
    match told {
        Told::Event(Event::Finished(record)) => {
            let ended = record.request.received.checked_add(record.duration);
            let at = ended.unwrap_or(record.request.received);
            line(at, level(record.outcome), "request", fields(record))
        }
        Told::Event(Event::Loaded(loaded)) => {
            let fields = vec![
                ("revision", (&*loaded.revision).into()),
                ("flows", loaded.flows.len().into()),
                ("listening", loaded.listening.join(", ").into()),
            ];
            let message = format!("{} is being served", loaded.file);
            line(loaded.at, Level::INFO, &message, fields)
        }
        Told::Event(Event::Rejected(rejected)) => {
            let place = match &rejected.location {
                Some(location) => format!("{location}: "),
                None => String::new(),
            };
            let message = format!("the file {}: {place}{}", rejected.reason, rejected.message);
            let fields = vec![("errors", rejected.errors.into())];
            line(rejected.at, Level::ERROR, &message, fields)
        }
        Told::Event(Event::Rerouted(rerouted)) => {
            let has_changed = !rerouted.changed.is_empty();
            has_changed.then(|| line(now, Level::INFO, &rerouted.summary(), Vec::new()))?
        }
        Told::Event(Event::Draining) => line(now, Level::INFO, "the server stops", Vec::new()),
        Told::Event(Event::Notice(text)) => line(now, Level::WARN, text, Vec::new()),
        Told::Gap(lost) => {
            let message = "more requests than could be told: these were left out";
            line(
                now,
                Level::WARN,
                message,
                vec![("requests", (*lost).into())],
            )
        }
        Told::Event(
            Event::Accepted(_)
            | Event::Started(_)
            | Event::Progress(_)
            | Event::Tally(_)
            | Event::Counts(_),
        )
        | Told::Connected
        | Told::Anew
        | Told::Live
        | Told::Answer { .. }
        | Told::Begun { .. }
        | Told::Tried(..)
        | Told::Body(..)
        | Told::Source { .. }
        | Told::Found { .. }
        | Told::Past(_)
        | Told::Lost(_)
        | Told::Over(_) => None,
    }
}

/// The same as in the access log, in its order.
fn fields(record: &RunRecord) -> Vec<(&'static str, Value)> {
    let text = |text: Cow<'_, str>| Value::from(text.into_owned());
    let flow = record.flow.as_ref().map(|flow| Value::from(&*flow.name));
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let why = record.error.as_ref().map(|error| &*error.message);
    let fields = [
        ("method", Some(record.request.method.as_str().into())),
        ("path", Some(text(cut(record.request.uri.path())))),
        ("status", status.map(Value::from)),
        ("took_ms", Some(took_ms(record).into())),
        ("flow", flow),
        ("branch", branch_path(record).as_deref().map(cut).map(text)),
        ("outcome", Some(record.outcome.to_string().into())),
        ("why", why.map(cut).map(text)),
        ("run", Some(record.id.to_string().into())),
    ];
    fields
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
