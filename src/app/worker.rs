use std::{
    mem,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    engine::{self, Input},
    event::Detail,
    graph::Flow,
    http::World,
    observe::record_json,
    queue::{Claim, Finish},
    run::Outcome,
};

/// Claims runs and walks them until the queue is closed and empty.
pub(super) fn start(world: &Arc<World>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    workers.spawn(work(Arc::clone(world)));
    workers
}

async fn work(world: Arc<World>) {
    // As many as the queue hands out.
    let mut walks = JoinSet::new();
    while let Some(claim) = world.queue.claim().await {
        walks.spawn(finish(Arc::clone(&world), claim));
        while walks.try_join_next().is_some() {}
    }
    while walks.join_next().await.is_some() {}
}

async fn finish(world: Arc<World>, claim: Claim) {
    let graph = world.graph.load_full();
    let flow = graph
        .flows
        .iter()
        .find(|flow| flow.name == claim.entry.flow);
    match flow {
        Some(_) if claim.is_cancelled() => end(claim, Outcome::Cancelled, "it was cancelled").await,
        Some(flow) => walk(&world, flow, claim).await,
        None => end(claim, Outcome::Dead, "its flow is no longer there").await,
    }
}

/// Ends a run that does not begin.
async fn end(claim: Claim, outcome: Outcome, why: &str) {
    claim
        .finish(Finish {
            outcome,
            duration: Duration::ZERO,
            record: json!({ "error": { "message": why } }),
        })
        .await;
}

async fn walk(world: &World, flow: &Flow, mut claim: Claim) {
    let request = claim.entry.request.clone();
    let waited = request.received.elapsed().unwrap_or_default();
    let now = Instant::now();
    let input = Input {
        id: claim.entry.id,
        revision: Arc::clone(&claim.entry.revision),
        variables: mem::take(&mut claim.entry.variables),
        document: claim.entry.document.take(),
        request,
        started: now.checked_sub(waited).unwrap_or(now),
        // The history has the whole story of every async run.
        detail: Detail::Full,
    };
    let started = input.started;
    let finished = engine::run(flow, input, None).await;
    let record = finished.into_record(flow, &claim.entry.reply, started.elapsed());
    claim
        .finish(Finish {
            outcome: record.outcome,
            duration: record.duration,
            record: record_json(&record),
        })
        .await;
    world.bus.finish(
        record.outcome,
        record.duration,
        Detail::Full,
        Instant::now(),
        || record,
    );
}
