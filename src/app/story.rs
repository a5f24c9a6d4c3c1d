use std::{borrow::Cow, collections::HashSet, time::SystemTime};

use tracing::Level;

use super::{
    access_log::{branch_path, cut, in_millis, level},
    log,
};
use crate::{
    event::{Accepted, Event},
    observe::Told,
    run::{RunId, RunRecord, Value},
};

type Fields = Vec<(&'static str, Value)>;

/// What a server tells, as lines that look like its log's.
#[derive(Debug)]
pub struct Story {
    is_colored: bool,
    /// The runs whose answer was told, as long as runs are told that are over.
    answered: Option<HashSet<RunId>>,
}

impl Story {
    /// The beginning of a story, in colour or not.
    pub fn new(is_colored: bool) -> Self {
        Self {
            is_colored,
            answered: None,
        }
    }

    /// The lines for what is told next; none where a log has none for it. `now` is when it was heard,
    /// for what does not say when it was.
    pub fn lines(&mut self, told: &Told, now: SystemTime) -> String {
        match told {
            Told::Anew => self.answered = Some(HashSet::new()),
            Told::Live => self.answered = None,
            Told::Event(Event::Accepted(accepted)) => return self.answer(accepted),
            Told::Event(Event::Finished(record)) if record.was_queued() => {
                return self.past_answer(record) + &self.run(record);
            }
            _ => {}
        }
        self.line(told, now).unwrap_or_default()
    }

    fn line(&self, told: &Told, now: SystemTime) -> Option<String> {
        let line = |at, level, message: &str, fields| Some(self.say(at, level, message, fields));
        match told {
            Told::Event(Event::Finished(record)) => line(
                ended(record),
                level(record.outcome),
                "request",
                request(record),
            ),
            Told::Event(Event::Loaded(loaded)) => {
                let fields = vec![
                    ("revision", (&*loaded.revision).into()),
                    ("flows", loaded.flows.len().into()),
                    ("listening", loaded.listening.join(", ").into()),
                ];
                let message = format!("{} is being served", loaded.what());
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
                let fields = vec![("requests", (*lost).into())];
                line(now, Level::WARN, message, fields)
            }
            Told::Event(
                Event::Accepted(_)
                | Event::Started(_)
                | Event::Parked(_)
                | Event::Progress(_)
                | Event::Tally(_)
                | Event::Counts(_),
            )
            | Told::Connected
            | Told::Anew
            | Told::Live
            | Told::Answer { .. }
            | Told::Tried(..)
            | Told::Source { .. }
            | Told::Found { .. }
            | Told::Past(_)
            | Told::Lost(_)
            | Told::Over(_) => None,
        }
    }

    fn answer(&mut self, accepted: &Accepted) -> String {
        let Some(answered) = &accepted.answered else {
            return String::new();
        };
        if self.has_told(accepted.id) {
            return String::new();
        }
        let fields = vec![
            ("method", answered.method.as_str().into()),
            ("path", text(cut(&answered.path))),
            ("status", answered.status.as_u16().into()),
            ("took_ms", in_millis(answered.took).into()),
            ("flow", (&*accepted.flow.name).into()),
            ("run", accepted.id.to_string().into()),
        ];
        let at = accepted.at.checked_add(answered.took);
        self.say(at.unwrap_or(accepted.at), Level::INFO, "request", fields)
    }

    /// The line of an answer that left before anybody listened, as far as the run's record knows it.
    fn past_answer(&mut self, record: &RunRecord) -> String {
        let was_asked_for = record.continues.is_none() && record.replay_of.is_none();
        let is_past = self.answered.is_some();
        if !was_asked_for || !is_past || self.has_told(record.id) {
            return String::new();
        }
        let flow = record.flow.as_ref().map(|flow| Value::from(&*flow.name));
        let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
        let fields = present([
            ("method", Some(record.request.method.as_str().into())),
            ("path", Some(text(cut(record.request.uri.path())))),
            ("status", status.map(Value::from)),
            ("flow", flow),
            ("run", Some(record.id.to_string().into())),
        ]);
        self.say(record.request.received, Level::INFO, "request", fields)
    }

    /// Whether the answer of that run was told, which it is from here on, as far as that is noted.
    fn has_told(&mut self, run: RunId) -> bool {
        let told = self.answered.as_mut();
        told.is_some_and(|told| !told.insert(run))
    }

    fn run(&self, record: &RunRecord) -> String {
        self.say(ended(record), level(record.outcome), "run", run(record))
    }

    fn say(&self, at: SystemTime, level: Level, message: &str, fields: Fields) -> String {
        log::told(at, level, message, fields, self.is_colored)
    }
}

fn ended(record: &RunRecord) -> SystemTime {
    let received = record.request.received;
    received.checked_add(record.duration).unwrap_or(received)
}

/// The same as in the access log, in its order.
fn request(record: &RunRecord) -> Fields {
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let mut fields = present([
        ("method", Some(record.request.method.as_str().into())),
        ("path", Some(text(cut(record.request.uri.path())))),
        ("status", status.map(Value::from)),
    ]);
    fields.append(&mut end(record));
    fields
}

/// The same as in the access log, in its order.
fn run(record: &RunRecord) -> Fields {
    let id = |run: RunId| Value::from(run.to_string());
    let mut fields = end(record);
    fields.append(&mut present([
        ("continues", record.continues.map(id)),
        ("replay_of", record.replay_of.map(id)),
    ]));
    fields
}

fn end(record: &RunRecord) -> Fields {
    let ran = record.answered.map(|_| record.duration);
    let ran = ran.or(record.spent.map(|spent| spent.ran));
    let flow = record.flow.as_ref().map(|flow| Value::from(&*flow.name));
    let why = record.error.as_ref().map(|error| &*error.message);
    present([
        ("took_ms", Some(in_millis(record.took()).into())),
        ("ran_ms", ran.map(|ran| in_millis(ran).into())),
        ("flow", flow),
        ("branch", branch_path(record).as_deref().map(cut).map(text)),
        ("outcome", Some(record.outcome.to_string().into())),
        ("why", why.map(cut).map(text)),
        ("run", Some(record.id.to_string().into())),
    ])
}

fn present<const N: usize>(fields: [(&'static str, Option<Value>); N]) -> Fields {
    let fields = fields.into_iter();
    fields
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}

fn text(text: Cow<'_, str>) -> Value {
    text.into_owned().into()
}
