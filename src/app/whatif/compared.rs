use http::Method;

use super::way::{End, Turn, Way, step};
use crate::{
    app::{
        rehearsal::{self, Walked, is_obscure},
        replay::{SECRET_PATH, Today, old_request, unreadable},
    },
    graph::{Astray, Graph, Led, Trigger},
    model::ParseSource,
    observe::REDACTED,
    payload::Refused,
    run::Value,
};

/// How the way that a request would take compares to the one it took.
#[derive(PartialEq, Eq, Debug)]
pub(super) enum Compared {
    /// It is the same.
    Same,
    /// It is another one.
    Changed {
        was: String,
        now: String,
        /// Where the step is written that decides otherwise.
        location: Option<String>,
    },
    /// That cannot be known.
    Unknown { was: String, why: String },
}

/// Compares the way that a request took, on the graph of `then`, with the one that it would take
/// today.
///
/// # Errors
/// There is no runtime; the sentence says so.
pub(super) fn compare(
    record: &Value,
    today: &Today,
    then: Option<&Graph>,
) -> Result<Compared, String> {
    let old = Way::of_old(record, then);
    let was = old.titles().unwrap_or_else(|| end(record));
    let led = match lead(record, today) {
        Ok(led) => led,
        Err(Lost::Elsewhere(now)) => {
            return Ok(Compared::Changed {
                was,
                now,
                location: None,
            });
        }
        Err(Lost::Unknown(why)) => return Ok(Compared::Unknown { was, why }),
    };
    let request = match old_request(record, true) {
        Ok(request) => request,
        Err(why) => return Ok(Compared::Unknown { was, why }),
    };
    let entry = match today.read(led.flow, led.trigger, &request) {
        Ok(parsed) => today.entry(led.flow, request, parsed),
        Err(refused) => return Ok(refuse(record, led.trigger, &refused, was)),
    };
    let entry = match entry {
        Ok(entry) => entry,
        Err(why) => {
            return Ok(Compared::Changed {
                was,
                now: format!("failed: {why}"),
                location: None,
            });
        }
    };
    let walked = rehearsal::walk(led.flow, &entry, record)?;
    let new = &walked.record;
    if today.may_read_redacted(record) || is_obscure(&new["variables"]) {
        let why = "it reads something that was not kept".to_owned();
        return Ok(Compared::Unknown { was, why });
    }
    Ok(Ways {
        record,
        then,
        old,
        was,
        new: Way::of_new(new, record, walked.is_cut, today.graph()),
        walked: &walked,
        today: today.graph(),
    }
    .compared())
}

/// Where a request does not come to its flow.
enum Lost {
    /// It comes to nothing, or to another flow.
    Elsewhere(String),
    /// That cannot be known.
    Unknown(String),
}

fn lead<'t>(record: &'t Value, today: &'t Today) -> Result<Led<'t, 't>, Lost> {
    let request = &record["request"];
    let target = request["target"].as_str().unwrap_or_default();
    let path = target.split('?').next().unwrap_or_default();
    if path.contains(REDACTED) {
        return Err(Lost::Unknown(SECRET_PATH.to_owned()));
    }
    let method = request["method"].as_str().unwrap_or_default();
    let method =
        Method::from_bytes(method.as_bytes()).map_err(|error| Lost::Unknown(unreadable(error)))?;
    let graph = today.graph();
    let led = graph.lead(&method, path);
    let flow = led.as_ref().map_or_else(Astray::flow, |led| Some(led.flow));
    let was = record["flow"].as_str().unwrap_or_default();
    match flow.filter(|flow| *flow.name != *was) {
        Some(other) if graph.flows.iter().any(|known| *known.name == *was) => {
            Err(Lost::Elsewhere(format!("the flow {}", other.name)))
        }
        _ => led.map_err(|astray| {
            Lost::Elsewhere(format!("refused {}: {astray}", astray.status().as_u16()))
        }),
    }
}

/// What becomes of a request that is refused today.
fn refuse(record: &Value, trigger: &Trigger, refused: &Refused, was: String) -> Compared {
    let status = refused.status.as_u16();
    if record["outcome"] == "refused" && record["response"]["status"] == status {
        return Compared::Same;
    }
    if parses_redacted(record, trigger) {
        let why = "it has something to be parsed that was not kept".to_owned();
        return Compared::Unknown { was, why };
    }
    Compared::Changed {
        was,
        now: format!("refused {status}: {}", refused.message),
        location: None,
    }
}

/// Whether something is parsed that was redacted, and may be of any type.
fn parses_redacted(record: &Value, trigger: &Trigger) -> bool {
    let request = &record["request"];
    let is_redacted = |value: &Value| value.to_string().contains(REDACTED);
    let headers = request["headers"].as_array();
    let mut entries = trigger.parse.entries.iter();
    entries.any(|entry| match &entry.source {
        ParseSource::Header { name, .. } => headers
            .into_iter()
            .flatten()
            .any(|header| header[0] == name.as_str() && is_redacted(&header[1])),
        ParseSource::Query(_) => is_redacted(&request["target"]),
        ParseSource::PathParameter(_) | ParseSource::Body(_) => false,
    })
}

/// Two ways, and what is known of them.
struct Ways<'c> {
    record: &'c Value,
    then: Option<&'c Graph>,
    old: Way,
    was: String,
    new: Way,
    walked: &'c Walked,
    today: &'c Graph,
}

impl Ways<'_> {
    fn compared(self) -> Compared {
        if self.record["outcome"] == "refused" {
            // It was let in no further than to be parsed.
            let now = self.new.titles().unwrap_or_else(|| "let in".to_owned());
            return self.changed(now, None);
        }
        let pairs = self.old.turns.iter().zip(&self.new.turns);
        let common = pairs
            .take_while(|(old, new)| new.is(old, self.then, self.today))
            .count();
        let has_more = |way: &Way| way.turns.len() > common;
        let (old, new) = (self.old.end.doubt(), self.new.end.doubt());
        let doubt = match (has_more(&self.old), has_more(&self.new)) {
            (true, true) => None,
            // Where one of them ends is not known.
            (true, false) => new,
            (false, true) => old,
            (false, false) => old.or(new),
        };
        if let Some(why) = doubt {
            return Compared::Unknown {
                why: why.to_owned(),
                was: self.was,
            };
        }
        if has_more(&self.old) || has_more(&self.new) {
            let decided = self.new.turns.get(common);
            let location = decided.map_or_else(|| self.failed_at(), |turn| self.place(turn));
            // What ends in the midst says why.
            let now = match (decided, self.new.titles()) {
                (Some(_), Some(titles)) => titles,
                (None, Some(titles)) if self.would_succeed() => titles,
                _ => self.end(),
            };
            return self.changed(now, location);
        }
        if has_succeeded(self.record) == self.would_succeed() {
            return Compared::Same;
        }
        let location = self.failed_at();
        Compared::Changed {
            was: end(self.record),
            now: self.end(),
            location,
        }
    }

    fn changed(self, now: String, location: Option<String>) -> Compared {
        Compared::Changed {
            was: self.was,
            now,
            location,
        }
    }

    fn place(&self, turn: &Turn) -> Option<String> {
        step(self.today, &turn.flow, turn.step).map(|step| step.place.to_string())
    }

    fn would_succeed(&self) -> bool {
        self.new.end == End::Answer || has_succeeded(&self.walked.record)
    }

    fn end(&self) -> String {
        match self.new.end {
            End::Answer => "succeeded".to_owned(),
            End::Run | End::Unknown(_) => end(&self.walked.record),
        }
    }

    /// Where the step is written that fails today.
    fn failed_at(&self) -> Option<String> {
        let record = &self.walked.record;
        let id = record["error"]["step"].as_u64()?;
        let flow = record["flow"].as_str()?;
        let step = step(self.today, flow, usize::try_from(id).ok()?)?;
        Some(step.place.to_string())
    }
}

fn has_succeeded(record: &Value) -> bool {
    record["outcome"] == "succeeded"
}

/// How a run ended, in a few words.
fn end(record: &Value) -> String {
    let outcome = record["outcome"].as_str().unwrap_or_default();
    let status = record["response"]["status"].as_u64();
    let outcome = match status {
        Some(status) if outcome == "refused" => format!("refused {status}"),
        _ => outcome.to_owned(),
    };
    match record["error"]["message"].as_str() {
        Some(message) => format!("{outcome}: {message}"),
        None => outcome,
    }
}
