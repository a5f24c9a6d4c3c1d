use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use super::LAST_LINES;
use crate::{
    app::{reload::Live, worker::Workers},
    event::{Event, Observer},
    http::World,
};

/// How long the store may take to take what the history has yet to write.
const LAST_ROWS: Duration = Duration::from_secs(2);

/// A server that takes nothing new.
pub(super) struct Draining {
    pub world: Arc<World>,
    pub live: Live,
    pub workers: Workers,
    pub access_log: Option<Observer>,
    pub history: Observer,
}

impl Draining {
    /// Finishes what is in flight, for `grace` at most. Whether all of it was.
    pub async fn within(self, grace: Duration) -> bool {
        tracing::info!(
            ?grace,
            "stopping: no new connections, finishing what is in flight"
        );
        self.world.bus.publish(Event::Draining);
        let deadline = Instant::now() + grace;
        let mut is_whole = self.live.drained(grace).await;
        // Only now nothing can be accepted any more.
        self.world.queue.close();
        is_whole &= self.workers.finish(deadline).await;
        let (access_log, history) = (self.access_log, self.history);
        // Apart, so that it can be told to stop meanwhile.
        let finished = tokio::task::spawn_blocking(move || {
            if let Some(access_log) = access_log {
                access_log.finish(LAST_LINES);
            }
            history.finish(LAST_ROWS);
        });
        let _ = finished.await;
        let queued = self.world.queue.len();
        if !is_whole && queued > 0 {
            tracing::warn!(
                queued,
                "stopped before everything was finished; what is in the queue goes on after the next start"
            );
        } else if !is_whole {
            tracing::warn!("stopped before everything was finished");
        } else if queued > 0 {
            tracing::info!(queued, "stopped; runs that wait go on after the next start");
        } else {
            tracing::info!("stopped");
        }
        is_whole
    }
}
