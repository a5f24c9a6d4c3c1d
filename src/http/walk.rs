//! What becomes of a request whose caller waits for the end of its run.

use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant, SystemTime},
};

use tokio::sync::oneshot;

use super::{
    World,
    arrival::Arrival,
    dedupe::{DUPLICATE, dedupe_key},
    durable::to_entry,
    once::{First, Turn},
    refusal::Refusal,
    respond,
};
use crate::{
    engine::{self, Finished, Input, Rest},
    event::{Accepted, Bus, Detail, Event},
    graph::{Flow, Trigger},
    payload::Parsed,
    queue::Refused,
    run::{Continues, Outcome, Reply, RunError, RunId},
};

/// Runs a flow that never waits: once it has begun, no caller that hangs up can stop it.
pub(super) async fn walk(
    world: &World,
    arrival: &mut Arrival<'_>,
    flow: &Flow,
    parsed: Parsed,
) -> Reply {
    let input = arrival.become_input(parsed);
    let deadline = input.started + flow.timeout;
    let finished = engine::run(flow, input, deadline, &world.means).await;
    tell(&world.bus, flow, finished)
}

/// Runs a flow, where no request with the same key was answered before or is being answered now.
pub(super) async fn walk_once(
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
pub(super) async fn walk_apart(
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
