use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri, header, request};
use smallvec::SmallVec;

use super::{World, refusal::Refusal, respond, room::Held};
use crate::{
    engine::Input,
    event::{Detail, InFlight},
    graph::Flow,
    payload::Parsed,
    run::{Outcome, Peer, Reply, Request, RunError, RunId, RunRecord},
};

/// A request from the end of its head until it has become a run, or was refused. Either way it is
/// told: where it is dropped before, its connection is gone.
pub(super) struct Arrival<'w> {
    pub world: &'w World,
    pub id: RunId,
    pub started: Instant,
    pub request: Request,
    pub flow: Option<Arc<Flow>>,
    pub revision: Option<Arc<str>>,
    /// The memory that it takes up.
    pub held: Held,
    detail: Detail,
    is_told: bool,
    _in_flight: InFlight,
}

impl<'w> Arrival<'w> {
    pub fn new(world: &'w World, peer: Peer, head: request::Parts) -> Self {
        let started = Instant::now();
        let received = SystemTime::now();
        Self {
            world,
            id: RunId::new(received),
            started,
            request: Request {
                method: head.method,
                uri: head.uri,
                headers: head.headers,
                body: Bytes::new(),
                peer,
                received,
            },
            flow: None,
            revision: None,
            held: Held::default(),
            detail: world.bus.detail(started),
            is_told: false,
            _in_flight: world.bus.in_flight(),
        }
    }

    /// Removes what nobody behind the authentication may see.
    pub fn forget_credentials(&mut self) {
        self.request.headers.remove(header::AUTHORIZATION);
        self.request.headers.remove(header::PROXY_AUTHORIZATION);
    }

    /// Makes a run's input of it. Whoever takes it tells how it ends.
    pub fn become_input(&mut self, parsed: Parsed) -> Input {
        self.is_told = true;
        Input {
            id: self.id,
            revision: self.revision.clone().unwrap_or_default(),
            request: self.take_request(),
            variables: parsed.variables,
            document: parsed.document,
            started: self.started,
            continues: None,
            replay_of: None,
            detail: self.detail,
        }
    }

    /// Takes the request of an input back that no run was made of.
    pub fn take_back(&mut self, request: Request) {
        self.request = request;
        self.is_told = false;
    }

    /// How long ago its head was there.
    pub fn took(&self) -> Duration {
        self.started.elapsed()
    }

    /// Tells that it is refused, and gives the answer.
    pub fn refuse(&mut self, refusal: Refusal) -> Reply {
        let (outcome, why) = (refusal.outcome(), refusal.why());
        let reply = refusal.into_reply();
        self.tell(outcome, why, Some(&reply));
        reply
    }

    /// Tells that no run is made of it, and gives the answer all the same.
    pub fn skip(&mut self, request: Request, why: &str, reply: Reply) -> Reply {
        self.request = request;
        self.tell(Outcome::Skipped, why.to_owned(), Some(&reply));
        reply
    }

    /// Tells that no run is made of it since another's answer did not come in time, and gives the
    /// answer.
    pub fn be_late(&mut self, request: Request) -> Reply {
        self.request = request;
        let reply = respond::too_late();
        let why = "a request with this key came before, and is not answered yet";
        self.tell(Outcome::TimedOut, why.to_owned(), Some(&reply));
        reply
    }

    fn tell(&mut self, outcome: Outcome, why: String, reply: Option<&Reply>) {
        self.is_told = true;
        self.forget_credentials();
        let now = Instant::now();
        let took = now.saturating_duration_since(self.started);
        let (world, detail) = (self.world, self.detail);
        if let Some(flow) = &self.flow {
            flow.tally.count(outcome, &[]);
        }
        world.bus.finish(outcome, took, detail, now, || RunRecord {
            id: self.id,
            continues: None,
            replay_of: None,
            flow: self.flow.as_ref().map(|flow| Arc::clone(&flow.shape)),
            revision: self.revision.clone().unwrap_or_default(),
            request: self.take_request(),
            duration: took,
            outcome,
            error: Some(RunError {
                step: None,
                message: why,
            }),
            variables: Vec::new(),
            taken: SmallVec::new(),
            steps: Vec::new(),
            reply: reply.cloned(),
            detailed: detail == Detail::Full,
            cut: Default::default(),
        });
    }

    fn take_request(&mut self) -> Request {
        let nothing = Request {
            method: Method::GET,
            uri: Uri::default(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
            peer: self.request.peer,
            received: self.request.received,
        };
        mem::replace(&mut self.request, nothing)
    }
}

impl Drop for Arrival<'_> {
    fn drop(&mut self) {
        if self.is_told {
            return;
        }
        if std::thread::panicking() {
            self.tell(Outcome::Failed, "the handler panicked".to_owned(), None);
        } else {
            self.tell(
                Outcome::Refused,
                "the connection ended before the request was whole".to_owned(),
                None,
            );
        }
    }
}
