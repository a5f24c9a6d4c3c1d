use std::{pin::pin, sync::OnceLock};

use tokio::sync::Notify;

use crate::{
    run::{Cancelled, RunId},
    store::BY_HAND,
};

/// Whether a run is to end, why, and the word of it to whoever walks it.
#[derive(Debug, Default)]
pub(super) struct Cancellation {
    why: OnceLock<Cancelled>,
    told: Notify,
}

impl Cancellation {
    pub fn cancel(&self, why: Cancelled) {
        // What was said first holds.
        self.why.get_or_init(|| why);
        self.told.notify_waiters();
    }

    pub fn why(&self) -> Option<Cancelled> {
        self.why.get().copied()
    }

    pub fn is_cancelled(&self) -> bool {
        self.why().is_some()
    }

    pub async fn cancelled(&self) {
        let mut told = pin!(self.told.notified());
        // Enrolled before looking, so that no word goes unheard between the two.
        told.as_mut().enable();
        if !self.is_cancelled() {
            told.await;
        }
    }
}

/// Why a run is to end, from what the file has of it; one that an earlier version cancelled has
/// nothing there.
pub(super) fn why_cancelled(by: Option<&str>) -> Cancelled {
    match by {
        Some(BY_HAND) => Cancelled::ByHand,
        Some(run) => RunId::parse(run).map_or(Cancelled::Before, Cancelled::Replaced),
        None => Cancelled::Before,
    }
}
