use std::{
    path::Path,
    sync::Arc,
    time::{Instant, SystemTime},
};

use http::{HeaderMap, HeaderValue};

use super::{
    Disk, StateDir,
    assemble::read_by,
    load::{Loaded, load},
    revisions::revision_row,
};
use crate::{
    diagnostic::Report,
    engine,
    event::Detail,
    graph::{Flow, Graph, Trigger},
    http::to_entry,
    observe::{self, CUT, OBSCURED, REDACTED, SHUT_OUT, TRUNCATED, untagged},
    payload::{self, Parsed, Refused},
    queue::Entry,
    run::{Outcome, Request, RunId, Value, json_bytes, json_headers},
    store::RevisionRow,
};

/// The configuration as it is saved now, for runs that are to be done again.
#[derive(Debug)]
pub struct Today {
    graph: Arc<Graph>,
    /// The revision, for a server that does not serve it yet.
    pub revision: RevisionRow,
}

/// Why nothing can be run on the configuration.
#[derive(Debug)]
pub enum Unready {
    /// It has errors.
    Broken(Report),
    /// Something else, which the sentence says.
    Failed(String),
}

impl Today {
    /// Reads and checks the configuration. Secrets that are missing here are no error: it is the
    /// server that needs them.
    ///
    /// # Errors
    /// It is broken, or the installation's secret cannot be read.
    pub fn load(file: &Path, state: &StateDir) -> Result<Self, Unready> {
        let mut loaded = load(file, &Disk);
        match Self::of(&mut loaded, file, state).map_err(Unready::Failed)? {
            Some(today) => Ok(today),
            None => Err(Unready::Broken(loaded.report)),
        }
    }

    /// The same of a configuration that was read already; `None` where it is broken.
    ///
    /// # Errors
    /// The installation's secret cannot be read; the sentence says so.
    pub fn of(loaded: &mut Loaded, file: &Path, state: &StateDir) -> Result<Option<Self>, String> {
        let secret = state.secret()?;
        let revision = revision_row(file, &loaded.reading.revision(), loaded.to_kept());
        let graph = read_by(loaded, file, &revision.revision, &secret);
        Ok(graph.map(|graph| Self::served(Arc::new(graph), revision)))
    }

    /// The configuration that is served.
    pub fn served(graph: Arc<Graph>, revision: RevisionRow) -> Self {
        Self { graph, revision }
    }

    /// What it is compiled to.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The flow of that name.
    ///
    /// # Errors
    /// There is none; the sentence says so.
    pub fn flow(&self, name: &str) -> Result<&Arc<Flow>, String> {
        let mut flows = self.graph.flows.iter();
        flows
            .find(|flow| &*flow.name == name)
            .ok_or_else(|| format!("there is no flow {name:?} any more"))
    }

    /// A new run of a request that a flow has let in before: it is read as the flow reads requests
    /// today. Who sent it is not asked again.
    ///
    /// # Errors
    /// The flow would refuse it, or cannot answer it; the sentence says why.
    pub fn renew(&self, flow: &Arc<Flow>, request: Request) -> Result<Entry, String> {
        let trigger = webhook(flow)?;
        let parsed = self
            .read(flow, trigger, &request)
            .map_err(|refused| format!("the flow refuses it today: {}", refused.message))?;
        self.entry(flow, request, parsed)
    }

    /// What a flow reads from a request today.
    ///
    /// # Errors
    /// It refuses the request.
    pub(super) fn read(
        &self,
        flow: &Arc<Flow>,
        trigger: &Trigger,
        request: &Request,
    ) -> Result<Parsed, Refused> {
        let found = self.graph.routes.find(request.uri.path());
        let parameters: Vec<(&str, &str)> = match &found {
            Some((index, parameters)) if Arc::ptr_eq(&self.graph.flows[**index], flow) => {
                parameters.iter().collect()
            }
            // The flow has moved, and its path's parameters with it.
            _ => Vec::new(),
        };
        payload::read(
            &trigger.parse,
            &trigger.accept,
            request,
            &parameters,
            flow.slots,
        )
    }

    /// The run that a request becomes.
    ///
    /// # Errors
    /// It cannot be answered; the sentence says why.
    pub(super) fn entry(
        &self,
        flow: &Arc<Flow>,
        request: Request,
        parsed: Parsed,
    ) -> Result<Entry, String> {
        let trigger = webhook(flow)?;
        let input = engine::Input {
            id: RunId::new(request.received),
            revision: Arc::clone(&self.graph.revision),
            request,
            variables: parsed.variables,
            document: parsed.document,
            started: Instant::now(),
            continues: None,
            replay_of: None,
            detail: Detail::Full,
        };
        let scope = engine::Scope::new(flow, &input, &input.variables);
        let reply = engine::render_reply(&trigger.reply, &scope)?;
        Ok(to_entry(input, flow, reply))
    }

    /// Whether the configuration may look at headers or parameters that were redacted, other than
    /// by `parse`, whose variables show it.
    pub fn may_read_redacted(&self, record: &Value) -> bool {
        let request = &record["request"];
        let mentions = |word: &str| self.revision.files.contains(word);
        let holds = |value: &Value| value.to_string().contains(REDACTED);
        let (headers, query) = (holds(&request["headers"]), holds(&request["target"]));
        (headers && mentions("request.headers"))
            || (query && mentions("request.query"))
            || ((headers || query) && mentions("request["))
    }
}

fn webhook(flow: &Flow) -> Result<&Trigger, String> {
    let trigger = flow.trigger.as_ref();
    trigger.ok_or_else(|| "its flow has no webhook any more".to_owned())
}

/// Why nobody knows where a request led.
pub(super) const SECRET_PATH: &str = "its path had a secret in it, which was not kept";

/// A record of the history, to be compared with what happens today: what was redacted by other
/// starts of the server has tags that say nothing any more.
///
/// # Errors
/// It is no JSON; the sentence says so.
pub(super) fn read_recorded(record: &str) -> Result<Value, String> {
    serde_json::from_str(&untagged(record)).map_err(|error| error.to_string())
}

/// The request of a record, as if it came now. Headers that were redacted are left out, or left as
/// they are where `with_redacted` says so.
///
/// # Errors
/// It cannot be done again; the sentence says why.
pub fn old_request(record: &Value, with_redacted: bool) -> Result<Request, String> {
    was_let_in(record)?;
    let request = &record["request"];
    let text = |name: &str| {
        request[name]
            .as_str()
            .ok_or_else(|| "its request was not kept".to_owned())
    };
    if request[TRUNCATED] != Value::Bool(false) {
        return Err(CUT.to_owned());
    }
    let body = &request["body"];
    if body.to_string().contains(REDACTED) {
        return Err(OBSCURED.to_owned());
    }
    let target = text("target")?;
    let path = target.split('?').next().unwrap_or_default();
    if path.contains(REDACTED) {
        return Err(SECRET_PATH.to_owned());
    }
    let target = if with_redacted {
        target.to_owned()
    } else {
        without_redacted(target)
    };
    Ok(Request {
        method: text("method")?.parse().map_err(unreadable)?,
        uri: target.parse().map_err(unreadable)?,
        headers: headers(&request["headers"], with_redacted)?,
        body: json_bytes(body)?.into(),
        peer: text("peer")?.parse().map_err(unreadable)?,
        received: SystemTime::now(),
    })
}

pub(super) fn unreadable(error: impl std::fmt::Display) -> String {
    format!("its request cannot be read: {error}")
}

/// Whoever was not let in then is not let in by a replay: nobody asks for credentials any more.
pub(super) fn was_let_in(record: &Value) -> Result<(), String> {
    let outcome = record["outcome"].as_str().and_then(Outcome::parse);
    let status = record["response"]["status"].as_u64();
    let status = status.and_then(|status| u16::try_from(status).ok());
    if observe::was_let_in(outcome, status, !record["error"]["step"].is_null()) {
        Ok(())
    } else {
        Err(SHUT_OUT.to_owned())
    }
}

/// A target without the parameters of its query that have something redacted in them.
pub(super) fn without_redacted(target: &str) -> String {
    let Some((path, query)) = target.split_once('?') else {
        return target.to_owned();
    };
    let kept: Vec<_> = query
        .split('&')
        .filter(|parameter| !parameter.contains(REDACTED))
        .collect();
    if kept.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", kept.join("&"))
    }
}

fn headers(pairs: &Value, with_redacted: bool) -> Result<HeaderMap, String> {
    let is_redacted =
        |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).contains(REDACTED);
    let headers = json_headers(pairs)?;
    let kept = headers
        .iter()
        .filter(|(_, value)| with_redacted || !is_redacted(value))
        .map(|(name, value)| (name.clone(), value.clone()));
    Ok(kept.collect())
}
