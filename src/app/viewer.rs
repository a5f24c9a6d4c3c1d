use std::io;

use tokio::signal::unix::{SignalKind, signal};

use super::screen::{self, Screen};
use crate::{
    dashboard::{Left, Source},
    observe::Feed,
};

/// How looking ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Looked {
    /// The viewer has seen enough, or somebody asked for its end.
    Enough,
    /// The terminal hung up, or cannot be drawn on.
    TerminalGone,
}

/// Looks at a server, or at a recording, by the dashboard, until it is left.
///
/// # Errors
/// There is no thread for it, or signals cannot be handled.
pub fn look(
    feed: Box<dyn Feed>,
    source: Source,
    read_only: bool,
    file: String,
) -> io::Result<Looked> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let mut terminate = signal(SignalKind::terminate())?;
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut hang_up = signal(SignalKind::hangup())?;
        let mut screen = Some(Screen::open(feed, source, read_only, file)?);
        let lent = screen.as_ref().map(Screen::lent).unwrap_or_default();
        let left = loop {
            tokio::select! {
                left = screen::left(&mut screen) => break Some(left),
                _ = terminate.recv() => break None,
                _ = hang_up.recv() => break None,
                _ = interrupt.recv() => {
                    // Else it is whoever has the terminal that is meant.
                    if !lent.is_lent() {
                        break None;
                    }
                }
            }
        };
        let has_left = match (left, screen) {
            (Some(left), _) => left != Left::TerminalGone,
            (None, Some(screen)) => screen.close().await,
            (None, None) => true,
        };
        Ok(if has_left {
            Looked::Enough
        } else {
            Looked::TerminalGone
        })
    })
}
