use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crate::{dashboard, event::Bus};

/// Unread events that the dashboard may have before it loses some.
const CAPACITY: usize = 1024;

/// The dashboard, on its own thread.
pub(super) struct Screen {
    left: tokio::sync::oneshot::Receiver<dashboard::Left>,
    stop: Arc<AtomicBool>,
}

impl Screen {
    /// Opens it for what `bus` tells.
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn open(bus: &Bus, file: String) -> io::Result<Self> {
        let (tell, left) = tokio::sync::oneshot::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let options = dashboard::Options {
            subscription: bus.subscribe(CAPACITY),
            no_color: !super::color_allowed(&io::stdout()),
            file,
            stop: Arc::clone(&stop),
        };
        std::thread::Builder::new()
            .name("dashboard".to_owned())
            .spawn(move || {
                // A dashboard that cannot draw is no reason to stop serving.
                let left = dashboard::run(options).unwrap_or(dashboard::Left::TerminalGone);
                let _ = tell.send(left);
            })?;
        Ok(Self { left, stop })
    }

    /// Has it leave, and waits until the terminal is given back.
    pub async fn close(self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.left.await;
    }
}

/// Waits until the dashboard is left; forever, where there is none.
pub(super) async fn left(screen: &mut Option<Screen>) -> dashboard::Left {
    match screen {
        // A thread that panicked has put the terminal back, and says nothing.
        Some(screen) => (&mut screen.left)
            .await
            .unwrap_or(dashboard::Left::TerminalGone),
        None => std::future::pending().await,
    }
}
