use std::io;

use super::{
    screen::{self, Screen},
    signals::{Signals, told_to_stop},
};
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
        let Signals {
            mut interrupt,
            mut terminate,
            mut hang_up,
        } = Signals::catch()?;
        let mut screen = Some(Screen::open(feed, source, read_only, file)?);
        let lent = screen.as_ref().map(Screen::lent).unwrap_or_default();
        let left = tokio::select! {
            left = screen::left(&mut screen) => Some(left),
            _ = hang_up.recv() => None,
            () = told_to_stop(&mut interrupt, &mut terminate, &lent) => None,
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
