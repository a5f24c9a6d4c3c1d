use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::signal::unix::{SignalKind, signal};

use super::{lent::Lent, preferences::Looks};
use crate::{
    dashboard::{self, Source},
    observe::Feed,
};

/// How long a dashboard may take to leave. One whose terminal nobody reads hangs in writing.
const LEAVING: Duration = Duration::from_secs(1);

/// The dashboard, on its own thread.
pub(super) struct Screen {
    left: tokio::sync::oneshot::Receiver<dashboard::Left>,
    stop: Arc<AtomicBool>,
    lent: Lent,
}

impl Screen {
    /// Starts it.
    ///
    /// # Errors
    /// There is no thread for it, or signals cannot be handled.
    pub fn open(
        feed: Box<dyn Feed>,
        source: Source,
        read_only: bool,
        file: String,
    ) -> io::Result<Self> {
        let (tell, left) = tokio::sync::oneshot::channel();
        let stop = Arc::new(AtomicBool::new(false));
        let continued = Arc::new(AtomicBool::new(false));
        let mut signals = signal(SignalKind::from_raw(dashboard::CONTINUE))?;
        let tell_continued = Arc::clone(&continued);
        tokio::spawn(async move {
            while signals.recv().await.is_some() {
                tell_continued.store(true, Ordering::Relaxed);
            }
        });
        let lent = Lent::default();
        let mut stops = signal(SignalKind::from_raw(dashboard::STOP))?;
        let whose = lent.clone();
        tokio::spawn(async move {
            while stops.recv().await.is_some() {
                // An editor that is stopped has no shell to go back to, and this process works.
                if !whose.is_lent() {
                    dashboard::halt();
                }
            }
        });
        let looks = Looks::load(super::color_allowed(&io::stdout()));
        let options = dashboard::Options {
            theme: looks.theme,
            keymap: looks.keymap,
            mouse: looks.mouse,
            complaint: looks.complaint,
            feed,
            source,
            read_only,
            in_tmux: std::env::var_os("TMUX").is_some(),
            file,
            lent: lent.flag(),
            stop: Arc::clone(&stop),
            continued,
        };
        std::thread::Builder::new()
            .name("dashboard".to_owned())
            .spawn(move || {
                // A dashboard that cannot draw is no reason to stop serving.
                let left = dashboard::run(options).unwrap_or(dashboard::Left::TerminalGone);
                let _ = tell.send(left);
            })?;
        Ok(Self { left, stop, lent })
    }

    /// Whether somebody else has the terminal now.
    pub fn lent(&self) -> Lent {
        self.lent.clone()
    }

    /// Has it leave, and waits until the terminal is given back. Says whether it is: one that
    /// cannot be written to gets its modes back, and must not be written to any more.
    pub async fn close(mut self) -> bool {
        self.stop.store(true, Ordering::Relaxed);
        if self.has_left().await {
            return true;
        }
        dashboard::make_room();
        if self.has_left().await {
            return true;
        }
        dashboard::abandon();
        false
    }

    async fn has_left(&mut self) -> bool {
        tokio::time::timeout(LEAVING, &mut self.left).await.is_ok()
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
