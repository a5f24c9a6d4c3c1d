use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use futures_util::{StreamExt, stream};

use super::{Done, Fault, Goes};
use crate::{
    engine::{
        told::Told,
        walk::{End, Walk},
    },
    graph::{Each, Step, StepId},
    run::{Part, StepDetail, Value},
};

/// What is longer was not meant to be gone through step by step.
const MOST_ITEMS: usize = 10_000;

/// How many rounds go by before others may go on: one that never waits would keep them waiting.
const ROUNDS: usize = 32;

/// Does something with each item of a list.
pub(super) async fn take(walk: &mut Walk<'_>, id: StepId, step: &Step, each: &Each) -> Done {
    let items = match items(walk, each) {
        Ok(items) => items,
        Err(why) => {
            return Done::failed(why);
        }
    };
    let detail = walk.is_detailed().then_some(StepDetail::Each(items.len()));
    if !items.is_empty() {
        walk.told.took(id, Some(0));
    }
    let end = if each.concurrency > 1 {
        let (end, told) = beside_each_other(walk, id, each, items).await;
        walk.told.add(told);
        end
    } else {
        one_after_the_other(walk, id, each, items).await
    };
    let goes = end.map(|end| match end {
        End::Through => Goes::To(step.next),
        end => Goes::Ends(end),
    });
    Done { goes, detail }
}

fn items(walk: &Walk<'_>, each: &Each) -> Result<Vec<Value>, String> {
    let value = each
        .items
        .value(&walk.scope())
        .map_err(|error| error.message)?;
    let is = match value {
        Some(Value::Array(items)) if items.len() > MOST_ITEMS => {
            return Err(format!(
                "`each` takes up to {MOST_ITEMS} items, and there are {}",
                items.len()
            ));
        }
        Some(Value::Array(items)) => return Ok(items),
        None | Some(Value::Null) => "nothing",
        Some(Value::Bool(_)) => "a boolean",
        Some(Value::Number(_)) => "a number",
        Some(Value::String(_)) => "text",
        Some(Value::Object(_)) => "an object",
    };
    Err(format!("`each` is given {is}, it needs a list"))
}

/// Each round goes on with what the one before it has set.
async fn one_after_the_other(
    walk: &mut Walk<'_>,
    id: StepId,
    each: &Each,
    items: Vec<Value>,
) -> Result<End, Fault> {
    let around = walk.within.clone();
    for (round, item) in items.into_iter().enumerate() {
        let_others_go_on(round).await;
        walk.within = walk.part(id, || part(round, &item));
        walk.variables[each.item as usize] = Some(item);
        let outside = walk.place.enter(id, round);
        let end = walk.walk(each.entry).await;
        walk.place.leave(outside);
        walk.within.clone_from(&around);
        match end? {
            End::Through | End::Continued => {}
            End::Broken => break,
            end => return Ok(end),
        }
    }
    Ok(End::Through)
}

/// Each round has variables of its own, which are gone behind the loop. Once one has failed, no
/// further one begins; those under way come to their end.
async fn beside_each_other(
    here: &Walk<'_>,
    id: StepId,
    each: &Each,
    items: Vec<Value>,
) -> (Result<End, Fault>, Told) {
    let is_over = AtomicBool::new(false);
    let rounds = stream::iter(items.into_iter().enumerate()).map(|(round, item)| {
        let is_over = &is_over;
        async move {
            let_others_go_on(round).await;
            let place = here.place.of_round(id, round);
            if is_over.load(Ordering::Relaxed) {
                here.course.journal.pass_over(place.as_str());
                return None;
            }
            let within = here.part(id, || part(round, &item));
            let mut fork = here.fork(place, within);
            fork.variables[each.item as usize] = Some(item);
            let end = fork.walk(each.entry).await;
            if !matches!(end, Ok(End::Through | End::Continued)) {
                is_over.store(true, Ordering::Relaxed);
            }
            // Ten thousand rounds would hold on to as many copies of the variables.
            Some((end, fork.told))
        }
    });
    let mut rounds = pin!(rounds.buffered(each.concurrency));
    let mut all = here.told.of_fork();
    let mut ended = Ok(End::Through);
    while let Some(round) = rounds.next().await {
        let Some((end, told)) = round else { continue };
        all.add(told);
        // The first of them in the order of the list tells how the loop ended.
        match (end, &ended) {
            (Ok(End::Through | End::Continued | End::Broken), _) => {}
            (other, Ok(End::Through)) => ended = other,
            _ => {}
        }
    }
    (ended, all)
}

/// An item that is longer is not told with each step of its round, in bytes.
const LONGEST_ITEM: usize = 64;

fn part(round: usize, item: &Value) -> Part {
    let is_short = match item {
        Value::String(text) => text.len() <= LONGEST_ITEM,
        Value::Number(_) | Value::Bool(_) => true,
        Value::Null | Value::Array(_) | Value::Object(_) => false,
    };
    Part::Round {
        number: round as u32 + 1,
        item: is_short.then(|| item.clone()),
    }
}

async fn let_others_go_on(round: usize) {
    if round % ROUNDS == ROUNDS - 1 {
        tokio::task::yield_now().await;
    }
}
