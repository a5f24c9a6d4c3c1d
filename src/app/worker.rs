use std::{sync::Arc, time::Instant};

use crate::{engine, http::World};

/// How many background runs are walked at once.
const WORKERS: usize = 16;

/// Claims runs and walks them until the queue is closed and empty.
pub(super) fn start(world: &Arc<World>) -> tokio::task::JoinSet<()> {
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(Arc::clone(world)));
    }
    workers
}

async fn work(world: Arc<World>) {
    while let Some(job) = world.queue.claim().await {
        world.bus.set_queued(world.queue.len() as u64);
        let engine::Job { flow, input, reply } = job;
        let finished = engine::run(&flow, input, None).await;
        let now = Instant::now();
        let took = now.saturating_duration_since(finished.input.started);
        world
            .bus
            .finish(finished.outcome, took, finished.input.detail, now, || {
                finished.into_record(&flow, took, Some(reply))
            });
        // A long queue must not keep requests waiting for the thread.
        tokio::task::yield_now().await;
    }
}
