use futures_util::{StreamExt, future, stream::FuturesUnordered};
use serde_json::json;

use super::{Done, Fault, Goes};
use crate::{
    engine::{
        told::Told,
        walk::{End, Walk},
    },
    graph::{Parallel, Step, StepId},
    model::Wait,
    run::{Part, Value},
};

/// How a lane ended, with which variables, and what it has to tell.
type Ended = (usize, Result<End, Fault>, Vec<Option<Value>>, Told);

/// Does several things beside each other.
pub(super) async fn take(
    walk: &mut Walk<'_>,
    id: StepId,
    step: &Step,
    parallel: &Parallel,
) -> Done {
    let ended = match parallel.wait {
        Wait::All | Wait::Settled => {
            let lanes = (0..parallel.lanes.len()).map(|lane| run(walk, id, parallel, lane));
            future::join_all(lanes).await
        }
        Wait::Any => first(walk, id, parallel).await,
    };
    let before = walk.variables.clone();
    let mut goes = Ok(Goes::To(step.next));
    for (lane, end, variables, told) in ended {
        walk.told.took(id, Some(lane as u32));
        // No two lanes set the same variable; the checker sees to that.
        for (slot, value) in variables.into_iter().enumerate() {
            if value != before[slot] {
                walk.variables[slot] = value;
            }
        }
        walk.told.add(told);
        match (end, &goes) {
            (Ok(End::Through), _) => {}
            (Err(_), _) if parallel.wait == Wait::Settled => {}
            (Ok(end), Ok(Goes::To(_))) => goes = Ok(Goes::Ends(end)),
            (Err(fault), Ok(_)) => goes = Err(fault),
            _ => {}
        }
    }
    Done { goes, detail: None }
}

async fn run(walk: &Walk<'_>, id: StepId, parallel: &Parallel, lane: usize) -> Ended {
    let within = walk.part(id, || Part::Lane(lane as u32));
    let mut fork = walk.fork(walk.place.of_lane(id, lane), within);
    let end = fork.walk(parallel.lanes[lane]).await;
    (lane, end, fork.variables, fork.told)
}

/// The first lane that ended well, or all of them where none did. Which one it was is kept: when
/// the run is resumed, no other lane may come first.
async fn first(walk: &Walk<'_>, id: StepId, parallel: &Parallel) -> Vec<Ended> {
    let key = walk.key(id);
    let journal = walk.course.journal;
    if let Some(first) = journal.recall(&key).as_ref().and_then(Value::as_u64) {
        let first = first as usize;
        for lane in (0..parallel.lanes.len()).filter(|lane| *lane != first) {
            journal.pass_over(walk.place.of_lane(id, lane).as_str());
        }
        return vec![run(walk, id, parallel, first).await];
    }
    let lanes = 0..parallel.lanes.len();
    let mut lanes: FuturesUnordered<_> = lanes.map(|lane| run(walk, id, parallel, lane)).collect();
    let mut failed = Vec::new();
    while let Some(ended) = lanes.next().await {
        if ended.1.is_ok() {
            drop(lanes);
            journal.keep(key, json!(ended.0)).await;
            return vec![ended];
        }
        failed.push(ended);
    }
    failed.sort_by_key(|(lane, ..)| *lane);
    failed
}
