use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use super::lent::Lent;

/// What the system has to say to a server, or to whoever looks at one.
pub(super) struct Signals {
    pub interrupt: Signal,
    pub terminate: Signal,
    pub hang_up: Signal,
}

impl Signals {
    /// Has signals told from here on, in the place of what they do to a process.
    pub fn catch() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }
}

/// Comes back when the process is told to stop.
pub(super) async fn told_to_stop(interrupt: &mut Signal, terminate: &mut Signal, lent: &Lent) {
    loop {
        tokio::select! {
            _ = interrupt.recv() => {
                // Else it is whoever has the terminal that is meant.
                if !lent.is_lent() {
                    return;
                }
            }
            _ = terminate.recv() => return,
        }
    }
}
