use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use bytes::Bytes;
use http::{Response, Version};
use http_body_util::Full;
use hyper::body::Incoming;
use smallvec::SmallVec;
use tokio::sync::oneshot;

use super::{
    World,
    arrival::Arrival,
    body::Body,
    connections::Entry,
    durable::to_entry,
    head,
    once::{First, Turn},
    refusal::Refusal,
    respond,
};
use crate::{
    auth::{self, Verdict},
    engine::{self, Finished, Input, Rest},
    event::{Accepted, Answered, Bus, Detail, Event},
    graph::{Astray, Flow, Trigger},
    model::Mode,
    payload::{self, Parsed},
    queue::{self, Appended, Refused},
    run::{Continues, Outcome, Overlap, Peer, Reply, RunError, RunId, without_credentials},
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

/// Answers once the run is on disk, and leaves it to a worker. The answer is known before anything
/// is queued, and nothing is answered that is not queued.
async fn accept(
    world: &World,
    arrival: &mut Arrival<'_>,
    flow: &Arc<Flow>,
    trigger: &Trigger,
    parsed: Parsed,
) -> Result<Reply, Refusal> {
    let input = arrival.become_input(parsed);
    let answer = {
        let scope = engine::Scope::new(flow, &input, &input.variables);
        engine::render_reply(&trigger.reply, &scope)
            .and_then(|reply| Ok((reply, dedupe_key(trigger, &scope)?)))
    };
    let (reply, dedupe) = match answer {
        Ok(answer) => answer,
        Err(why) => {
            arrival.take_back(input.request);
            return Err(Refusal::failed(why));
        }
    };
    let at = input.request.received;
    // Made only for who hears of it.
    let heard = world.bus.may_tell_answer(arrival.started).then(|| {
        let request = &input.request;
        // Nobody who hears of it has the headers to know what must not be told.
        let path = without_credentials(request, request.uri.path());
        (request.method.clone(), path.into_owned())
    });
    let run = to_entry(input, flow, reply.clone());
    // Only then it may come to nothing, and is to be told of all the same.
    let may_be_skipped = dedupe.is_some() || flow.policy.overlap == Overlap::Drop;
    let request = may_be_skipped.then(|| run.request.clone());
    match (world.queue.append(run, flow.policy, dedupe).await, request) {
        (Ok(Appended::Duplicate(first)), Some(request)) => {
            return Ok(arrival.skip(request, DUPLICATE, first));
        }
        (Ok(Appended::Dropped), Some(request)) => {
            return Ok(arrival.skip(request, "another run of the flow is there", reply));
        }
        (Ok(_), _) => {}
        (Err(Refused { entry, why }), _) => {
            arrival.take_back(entry.request);
            return Err(why.into());
        }
    }
    let took = arrival.took();
    world.bus.answered(took);
    if let Some((method, path)) = heard {
        let answered = Answered {
            method,
            path,
            status: reply.status,
            took,
        };
        world.bus.publish(Event::Accepted(Accepted {
            id: arrival.id,
            flow: Arc::clone(&flow.shape),
            at,
            answered: Some(Arc::new(answered)),
        }));
    }
    Ok(reply)
}

/// Why no run is made of a request that came before.
const DUPLICATE: &str = "a request with this key came before";

/// By what the request is known to have come before. A key of no text would make one of all that
/// lack what it is made of: such a request is taken as new.
fn dedupe_key(
    trigger: &Trigger,
    scope: &engine::Scope<'_>,
) -> Result<Option<queue::Dedupe>, String> {
    let Some(dedupe) = &trigger.dedupe else {
        return Ok(None);
    };
    let key = dedupe.key.render(scope).map_err(|error| error.message)?;
    let window = dedupe.window;
    Ok((!key.trim().is_empty()).then_some(queue::Dedupe { key, window }))
}

/// Runs a flow that never waits: once it has begun, no caller that hangs up can stop it.
async fn walk(world: &World, arrival: &mut Arrival<'_>, flow: &Flow, parsed: Parsed) -> Reply {
    let input = arrival.become_input(parsed);
    let deadline = input.started + flow.timeout;
    let finished = engine::run(flow, input, deadline, &world.means).await;
    tell(&world.bus, flow, finished)
}

/// Runs a flow, where no request with the same key was answered before or is being answered now.
async fn walk_once(
    world: &Arc<World>,
    arrival: &mut Arrival<'_>,
    flow: &Arc<Flow>,
    trigger: &Trigger,
    parsed: Parsed,
) -> Result<Reply, Refusal> {
    let input = arrival.become_input(parsed);
    let scope = engine::Scope::new(flow, &input, &input.variables);
    let key = dedupe_key(trigger, &scope);
    let deadline = input.started + flow.timeout;
    let first = match key {
        Ok(None) => return Ok(walk_apart(world, arrival, input, flow, None).await),
        Ok(Some(dedupe)) => {
            let turn = world.once.turn(&flow.name, dedupe);
            match tokio::time::timeout_at(deadline.into(), turn).await {
                Ok(Turn::First(first)) => first,
                Ok(Turn::Second(reply)) => {
                    return Ok(arrival.skip(input.request, DUPLICATE, reply));
                }
                Err(_) => return Ok(arrival.be_late(input.request)),
            }
        }
        Err(why) => {
            arrival.take_back(input.request);
            return Err(Refusal::failed(why));
        }
    };
    match first.remembered(world).await {
        // The first step of a run is always taken, and nobody waits for it any more.
        Ok(None) if Instant::now() >= deadline => Ok(arrival.be_late(input.request)),
        Ok(None) => Ok(walk_apart(world, arrival, input, flow, Some(first)).await),
        Ok(Some(reply)) => {
            first.answer(reply.clone());
            Ok(arrival.skip(input.request, DUPLICATE, reply))
        }
        Err(why) => {
            arrival.take_back(input.request);
            Err(Refusal::not_kept(why))
        }
    }
}

/// Runs a flow in a task of its own: a caller that hangs up never stops a step midway. Over its
/// time the caller is told so, and the run stops before its next step.
async fn walk_apart(
    world: &Arc<World>,
    arrival: &mut Arrival<'_>,
    input: Input,
    flow: &Arc<Flow>,
    first: Option<First>,
) -> Reply {
    let deadline = input.started + flow.timeout;
    let (answer, answered) = oneshot::channel();
    let world = Arc::clone(world);
    let running = Arc::clone(flow);
    let held = mem::take(&mut arrival.held);
    tokio::spawn(async move {
        let _held = held;
        let mut finished = engine::run(&running, input, deadline, &world.means).await;
        let mut is_whole = true;
        if let Some(rest) = finished.rest.take() {
            // Whoever is told that it came to nothing may send it again.
            is_whole = Instant::now() < deadline;
            if is_whole {
                queue_rest(&world, &running, &mut finished, rest).await;
            }
        }
        if let Some(first) = first.filter(|_| is_whole) {
            // Late or not: whoever tries again gets what the run came to.
            first.keep(&world, &running, &finished).await;
        }
        if Instant::now() >= deadline {
            be_late(&mut finished, running.timeout);
        }
        // Nobody may be there to hear it.
        let _ = answer.send(tell(&world.bus, &running, finished));
    });
    match tokio::time::timeout_at(deadline.into(), answered).await {
        Ok(Ok(reply)) => reply,
        // The task is gone without a word: the runtime is being shut down.
        Ok(Err(_)) => respond::failed(),
        Err(_) => respond::too_late(),
    }
}

/// Queues what stands below an answer, before the answer leaves. Where it cannot be, nothing of it
/// is run, and the caller is told so.
async fn queue_rest(world: &World, flow: &Arc<Flow>, finished: &mut Finished, rest: Rest) {
    let at = SystemTime::now();
    let id = RunId::new(at);
    let input = Input {
        id,
        continues: Some(Continues {
            run: finished.input.id,
            from: rest.from,
        }),
        ..finished.input.clone()
    };
    let reply = finished.reply.clone().unwrap_or_else(Reply::ok);
    let run = to_entry(input, flow, reply);
    match world.queue.append(run, flow.policy, None).await {
        Ok(_) if finished.input.detail == Detail::Full => {
            world.bus.publish(Event::Accepted(Accepted {
                id,
                flow: Arc::clone(&flow.shape),
                at,
                answered: None,
            }))
        }
        Ok(_) => {}
        Err(Refused { why, .. }) => {
            let refusal = Refusal::from(why);
            finished.outcome = Outcome::Failed;
            finished.error = Some(RunError {
                step: Some(rest.answered_by),
                message: format!("the rest is not run: {}", refusal.why()),
            });
            finished.reply = Some(refusal.into_reply());
        }
    }
}

/// A run that ended after its caller was told, `timeout` after its request came, that it had not.
fn be_late(finished: &mut Finished, timeout: Duration) {
    finished.reply = Some(respond::too_late());
    finished.answered = Some(timeout);
    if finished.outcome == Outcome::Succeeded {
        finished.outcome = Outcome::TimedOut;
        finished.error = Some(RunError {
            step: None,
            message: "the run ended after the flow's timeout".to_owned(),
        });
    }
}

/// Tells how a run ended, and gives its answer.
fn tell(bus: &Bus, flow: &Flow, mut finished: Finished) -> Reply {
    let reply = finished
        .reply
        .take()
        .unwrap_or_else(|| respond::unanswered(finished.outcome));
    finished.tell(bus, flow, &reply);
    reply
}
