use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    signal::unix::Signal,
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval, timeout},
};

use super::{DEBOUNCE, LONGEST_DEBOUNCE, Live, Look, Lookout, SETTLE, Sighting};
use crate::app::memory;

/// Knows when to look at the configuration.
#[derive(Debug)]
pub(crate) struct Keeper {
    lookout: Arc<Mutex<Lookout>>,
    changed: Arc<Notify>,
    poll: Duration,
}

impl Keeper {
    /// A keeper with this lookout.
    pub fn new(lookout: Lookout) -> Self {
        Self {
            changed: lookout.changed(),
            poll: lookout.poll(),
            lookout: Arc::new(Mutex::new(lookout)),
        }
    }

    /// Keeps what is live current, until it is dropped: after a change, on `hang_up`, and every
    /// now and then, since network file systems tell no changes and watches may run out.
    pub async fn keep_current(&self, live: &mut Live, hang_up: &mut Signal) -> Infallible {
        let mut poll = interval(self.poll);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        poll.reset();
        loop {
            let mut forget = false;
            let pause = tokio::select! {
                () = self.changed.notified() => {
                    self.until_calm().await;
                    SETTLE
                }
                // Asked for by hand: the same again is told again.
                _ = hang_up.recv() => {
                    forget = true;
                    DEBOUNCE
                }
                // It may be in the middle of a save that nobody told of.
                _ = poll.tick() => DEBOUNCE,
            };
            let Some(Sighting { look, notices }) = self.look(pause, forget).await else {
                continue;
            };
            for notice in notices {
                live.notice(notice);
            }
            tracing::debug!(found = look.name(), "looked at the configuration");
            live.take(look).await;
        }
    }

    /// Waits until changes have stopped.
    async fn until_calm(&self) {
        let latest = Instant::now() + LONGEST_DEBOUNCE;
        while Instant::now() < latest && timeout(DEBOUNCE, self.changed.notified()).await.is_ok() {}
    }

    async fn look(&self, pause: Duration, forget: bool) -> Option<Sighting> {
        let lookout = Arc::clone(&self.lookout);
        let looked = tokio::task::spawn_blocking(move || {
            // What a look knows is replaced whole: a panic leaves what was known before.
            let mut lookout = lookout.lock().unwrap_or_else(PoisonError::into_inner);
            if forget {
                lookout.forget();
            }
            let sighting = lookout.look(pause);
            if !matches!(sighting.look, Look::Unchanged) {
                memory::give_back();
            }
            sighting
        });
        let sighting = looked.await.ok();
        if sighting.is_none() {
            tracing::error!("reading the configuration panicked; the old one goes on being served");
        }
        sighting
    }
}
