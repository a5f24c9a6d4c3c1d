use std::{
    pin::pin,
    sync::atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

/// Whether a run is to end, and the word of it to whoever walks it.
#[derive(Debug, Default)]
pub(super) struct Cancellation {
    is_cancelled: AtomicBool,
    told: Notify,
}

impl Cancellation {
    pub fn cancel(&self) {
        self.is_cancelled.store(true, Ordering::SeqCst);
        self.told.notify_waiters();
    }

    pub fn is_cancelled(&self) -> bool {
        self.is_cancelled.load(Ordering::SeqCst)
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
