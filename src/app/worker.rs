use std::sync::Arc;

use tokio::task::JoinSet;

use crate::{engine, http::World};

/// How many background runs are walked at once.
const WORKERS: usize = 16;

/// Claims runs and walks them until the queue is closed and empty.
pub(super) fn start(world: &Arc<World>) -> JoinSet<()> {
    let mut workers = JoinSet::new();
    for _ in 0..WORKERS {
        workers.spawn(work(Arc::clone(world)));
    }
    workers
}

async fn work(world: Arc<World>) {
    while let Some(job) = world.queue.claim().await {
        let engine::Job { flow, input, reply } = job;
        let finished = engine::run(&flow, input, None, &world.means).await;
        finished.tell(&world.bus, &flow, &reply);
        // A long queue must not keep requests waiting for the thread.
        tokio::task::yield_now().await;
    }
}
