use std::sync::Arc;

use tokio::sync::watch;

use super::{LATEST, what_if};
use crate::{
    app::replay::Today,
    attach::Pins,
    event::{Bus, Event, Rerouted},
    run::RunId,
    store::Store,
};

/// How many requests the log tells of: `check --against-history` tells of all.
const LOGGED: usize = 20;

/// Looks after each reload at what the requests of late would do now: beside the work, one look at
/// a time, and where reloads come faster than that, at the newest alone.
#[derive(Debug)]
pub(in crate::app) struct AfterReload {
    newest: watch::Sender<Option<Arc<Today>>>,
}

impl AfterReload {
    /// Begins to wait for reloads; it ends when this is dropped. What viewers have pinned is looked
    /// at, too.
    pub fn start(bus: Bus, store: Store, pins: Pins) -> Self {
        let (newest, mut reloads) = watch::channel(None::<Arc<Today>>);
        tokio::spawn(async move {
            while reloads.changed().await.is_ok() {
                let today = reloads.borrow_and_update().clone();
                let Some(today) = today else { continue };
                let (store, pinned) = (store.clone(), pins.all());
                let looking = tokio::task::spawn_blocking(move || look(&today, &store, &pinned));
                match looking.await {
                    // What is not served any more is not told.
                    Ok(Ok(rerouted)) if !reloads.has_changed().unwrap_or(true) => {
                        tell(rerouted, &bus);
                    }
                    Ok(Ok(_)) => {}
                    Ok(Err(why)) => tracing::debug!("the last requests cannot be compared: {why}"),
                    Err(_) => tracing::error!("comparing the last requests panicked"),
                }
            }
        });
        Self { newest }
    }

    /// A configuration went live in the place of another one.
    pub fn reloaded(&self, today: Today) {
        self.newest.send_replace(Some(Arc::new(today)));
    }
}

fn look(today: &Today, store: &Store, pinned: &[RunId]) -> Result<Rerouted, String> {
    // Held no longer than needed: it would be in the way of a store that is being closed.
    let reader = store.reader().map_err(|error| error.to_string())?;
    what_if(today, &reader, LATEST, pinned)
}

fn tell(rerouted: Rerouted, bus: &Bus) {
    if rerouted.looked_at == 0 {
        return;
    }
    if rerouted.changed.is_empty() {
        tracing::debug!("{}", rerouted.summary());
    } else {
        tracing::info!("{}", rerouted.summary());
    }
    for request in rerouted.changed.iter().take(LOGGED) {
        tracing::info!(
            run = request.id,
            flow = request.flow,
            was = request.was,
            now = request.now,
            at = request.location,
            "would go another way"
        );
    }
    bus.publish(Event::Rerouted(Arc::new(rerouted)));
}
