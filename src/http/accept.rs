//! What becomes of a request whose caller does not wait for its run.

use std::sync::Arc;

use super::{
    World,
    arrival::Arrival,
    dedupe::{DUPLICATE, dedupe_key},
    durable::to_entry,
    refusal::Refusal,
};
use crate::{
    engine,
    event::{Accepted, Answered, Event},
    graph::{Flow, Trigger},
    payload::Parsed,
    queue::{Appended, Refused},
    run::{Overlap, Reply, without_credentials},
};

/// Answers once the run is on disk, and leaves it to a worker. The answer is known before anything
/// is queued, and nothing is answered that is not queued.
pub(super) async fn accept(
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
