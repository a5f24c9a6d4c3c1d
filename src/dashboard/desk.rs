use std::{
    io,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant, SystemTime},
};

use super::{
    Left, editor, save,
    state::{Effect, File, State},
    terminal::Screen,
};
use crate::observe::{Feed, Moment};

/// How long a signal may be on its way that was meant for whoever had the terminal.
const AFTERWARDS: Duration = Duration::from_secs(1);

/// What does what keys and answers leave to be done.
pub(super) struct Desk<'o> {
    feed: &'o dyn Feed,
    stop: &'o AtomicBool,
    lent: &'o AtomicBool,
    lent_until: Option<Instant>,
    start: Instant,
}

impl<'o> Desk<'o> {
    pub(super) fn new(feed: &'o dyn Feed, stop: &'o AtomicBool, lent: &'o AtomicBool) -> Self {
        Self {
            feed,
            stop,
            lent,
            lent_until: None,
            start: Instant::now(),
        }
    }

    pub(super) fn now(&self) -> Moment {
        Moment {
            wall: SystemTime::now(),
            steady: self.start.elapsed(),
        }
    }

    /// Takes the terminal's signals for its own again, a moment after it was lent.
    pub(super) fn take_back(&mut self) {
        let is_over = |until: &mut Instant| *until <= Instant::now();
        if self.lent_until.take_if(is_over).is_some() {
            self.lent.store(false, Ordering::Relaxed);
        }
    }

    /// Does what is left to do, and says how the dashboard is left, where it is.
    ///
    /// # Errors
    /// The terminal failed.
    pub(super) fn carry_out(
        &mut self,
        mut next: Option<Effect>,
        state: &mut State,
        screen: &mut Screen,
    ) -> io::Result<Option<Left>> {
        while let Some(effect) = next.take() {
            match effect {
                Effect::Leave(left) => return Ok(Some(left)),
                Effect::Copy(text) => screen.copy(&text)?,
                Effect::Save(file) => state.saved(&file, save::save(&file)),
                Effect::Mouse(taken) => screen.mouse(taken)?,
                Effect::Redraw => screen.forget()?,
                Effect::Ask(question) => {
                    if !self.feed.ask(question) {
                        state.unanswered();
                    }
                }
                Effect::Edit(file) => {
                    let edited = self.lend(&file, state, screen)?;
                    next = state.edited(edited);
                }
            }
        }
        Ok(None)
    }

    /// Lends the terminal to the viewer's editor.
    fn lend(
        &mut self,
        file: &File,
        state: &mut State,
        screen: &mut Screen,
    ) -> io::Result<Result<String, String>> {
        self.lent.store(true, Ordering::Relaxed);
        let edited = screen.lend(|| {
            editor::edit(file, || {
                // What is told meanwhile must not pile up.
                while let Some(told) = self.feed.try_next() {
                    state.hear(told, self.now());
                }
                self.stop.load(Ordering::Relaxed)
            })
        })?;
        self.lent_until = Some(Instant::now() + AFTERWARDS);
        Ok(edited)
    }
}
