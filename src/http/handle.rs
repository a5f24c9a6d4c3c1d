use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use smallvec::SmallVec;

use super::{
    World,
    accept::accept,
    arrival::Arrival,
    body::Body,
    connections::Entry,
    head,
    refusal::Refusal,
    respond,
    walk::{walk, walk_apart, walk_once},
};
use crate::{
    auth::{self, Verdict},
    graph::{Astray, Flow, Trigger},
    model::Mode,
    payload::{self, Parsed},
    run::{Peer, Reply},
};

/// Answers a request.
pub(super) async fn handle(
    world: &Arc<World>,
    entry: &Entry,
    peer: Peer,
    request: http::Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (head, incoming) = request.into_parts();
    let version = head.version;
    let mut body = Body::new(incoming, entry);
    let mut arrival = Arrival::new(world, peer, head);
    let mut ends_connection = false;
    let reply = match pipeline(world, &mut arrival, version, &mut body).await {
        Ok(reply) => reply,
        Err(refusal) => {
            ends_connection = refusal.ends_connection();
            arrival.refuse(refusal)
        }
    };
    // What is left of a body would be read as the next request.
    respond::response(reply, ends_connection || body.is_unread())
}

/// What every request goes through: match, authenticate, read, parse, run.
async fn pipeline(
    world: &Arc<World>,
    arrival: &mut Arrival<'_>,
    version: Version,
    body: &mut Body<'_>,
) -> Result<Reply, Refusal> {
    head::check(version, &arrival.request.headers)?;
    let matched = find(world, arrival)?;
    let trigger = matched.trigger()?;
    authenticate(world, arrival, &matched.flow.name, trigger).await?;
    let held = &mut arrival.held;
    arrival.request.body = body
        .read(
            &arrival.request.headers,
            matched.max_body,
            matched.patience,
            |bytes| held.at_least(&world.room, bytes),
        )
        .await?;
    let parsed = parse(arrival, &matched, trigger)?;
    let bytes = arrival.request.body.len() + parsed.bytes();
    arrival.held.at_least(&world.room, bytes)?;
    match matched.flow.mode {
        Mode::Async => accept(world, arrival, &matched.flow, trigger, parsed).await,
        Mode::Sync if trigger.dedupe.is_some() => {
            walk_once(world, arrival, &matched.flow, trigger, parsed).await
        }
        Mode::Sync if matched.flow.immediate => {
            Ok(walk(world, arrival, &matched.flow, parsed).await)
        }
        Mode::Sync => {
            let input = arrival.become_input(parsed);
            Ok(walk_apart(world, arrival, input, &matched.flow, None).await)
        }
    }
}

/// Where a request leads, and what is needed of the graph on the way. The graph itself is let go:
/// a request that waits for its body must not hold on to it.
struct Matched {
    flow: Arc<Flow>,
    /// Names and raw values; most routes have none.
    parameters: Vec<(String, String)>,
    max_body: u64,
    patience: Duration,
}

impl Matched {
    fn trigger(&self) -> Result<&Trigger, Refusal> {
        let trigger = self.flow.trigger.as_ref();
        trigger.ok_or_else(|| Astray::Nowhere.into())
    }
}

fn find(world: &World, arrival: &mut Arrival<'_>) -> Result<Matched, Refusal> {
    let graph = world.graph.load();
    arrival.revision = Some(Arc::clone(&graph.revision));
    let request = &arrival.request;
    let led = graph.lead(&request.method, request.uri.path());
    let flow = led.as_ref().map_or_else(Astray::flow, |led| Some(led.flow));
    arrival.flow = flow.cloned();
    let led = led?;
    Ok(Matched {
        flow: Arc::clone(led.flow),
        parameters: led
            .parameters
            .iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        max_body: graph.server.max_body,
        patience: graph.server.timeouts.body,
    })
}

async fn authenticate(
    world: &Arc<World>,
    arrival: &mut Arrival<'_>,
    flow: &str,
    trigger: &Trigger,
) -> Result<(), Refusal> {
    let verdict = auth::verify(&trigger.auth, &arrival.request.headers, &world.verified);
    arrival.forget_credentials();
    let passed = match verdict {
        Verdict::Passed => true,
        Verdict::Refused => false,
        Verdict::Hashing(hashing) => {
            let Ok(permit) = Arc::clone(&world.hashing).try_acquire_owned() else {
                return Err(Refusal::busy());
            };
            let world = Arc::clone(world);
            tokio::task::spawn_blocking(move || {
                let _permit = permit;
                hashing.verify(&world.verified)
            })
            .await
            .map_err(|_| Refusal::failed("verifying the credentials panicked"))?
        }
    };
    if passed {
        Ok(())
    } else {
        Err(Refusal::unauthorized(auth::challenge(flow)))
    }
}

fn parse(arrival: &Arrival<'_>, matched: &Matched, trigger: &Trigger) -> Result<Parsed, Refusal> {
    let parameters: SmallVec<[_; 4]> = matched
        .parameters
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    Ok(payload::read(
        &trigger.parse,
        &trigger.accept,
        &arrival.request,
        &parameters,
        matched.flow.slots,
    )?)
}
