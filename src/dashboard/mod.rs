//! The terminal dashboard: a client of the event stream that draws what it heard.
//!
//! What is told changes the [`State`] through [`State::hear`]; a key becomes an [`Action`], which
//! changes it through [`State::act`]; [`render`] draws it. None of these knows a terminal or a
//! clock: [`run`] has both.

mod action;
mod bars;
mod compare;
mod desk;
mod editor;
mod fold;
mod indent;
mod input;
mod keymap;
mod keys;
mod page;
mod save;
mod state;
mod terminal;
mod text;
mod theme;
mod view;

pub use action::Action;
pub use input::{actions, pointed};
pub use keymap::Keymap;
pub use keys::{Context, Key};
pub use page::Tab;
pub use state::{Complaint, Effect, File, Source, State};
pub use terminal::{CONTINUE, STOP, abandon, halt, make_room};
pub use theme::{Palette, Theme};
pub use view::{render, target};

use std::{
    io, iter,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use crate::observe::Feed;
use desk::Desk;
use terminal::{Heard, Screen};

/// At most thirty frames a second.
const FRAME: Duration = Duration::from_millis(33);
/// How long an event waits at most while no key is pressed.
const TURN: Duration = Duration::from_millis(50);
/// Events taken in before keys are heard again.
const AT_ONCE: usize = 4_096;

/// What a dashboard needs.
pub struct Options {
    /// Where it hears of the server.
    pub feed: Box<dyn Feed>,
    /// What that is.
    pub source: Source,
    /// Whether to ask for nothing that acts.
    pub read_only: bool,
    /// What the configuration's file is called, until the first event says so.
    pub file: String,
    /// How it looks.
    pub theme: Theme,
    /// Which keys mean what.
    pub keymap: Keymap,
    /// Whether the mouse is for it from the start, and not for the terminal.
    pub mouse: bool,
    /// What is wrong with how it is to look and listen, if anything.
    pub complaint: Option<Complaint>,
    /// Whether the terminal is one of tmux (`$TMUX`).
    pub in_tmux: bool,
    /// Set by the dashboard while something else has the terminal, and a moment longer. What the
    /// keys of a terminal send to all its processes is not meant for this one then.
    pub lent: Arc<AtomicBool>,
    /// Set by the caller to have the dashboard leave, on a signal for instance.
    pub stop: Arc<AtomicBool>,
    /// Set by the caller when the process goes on after it was stopped ([`CONTINUE`]): whoever had
    /// the terminal meanwhile left it as shells need it.
    pub continued: Arc<AtomicBool>,
}

/// Why the dashboard was left.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Left {
    /// The viewer confirmed that the server should stop.
    Quit,
    /// The viewer wants to look no longer; the server is somebody else's.
    Detached,
    /// The terminal hung up or failed. Nobody asked the server to stop.
    TerminalGone,
    /// The caller asked for it.
    Stopped,
}

/// Runs the dashboard on this thread until it is left. The terminal is given back on every way
/// out, panics included.
///
/// # Errors
/// The terminal could not be taken over. One that fails later is [`Left::TerminalGone`].
pub fn run(options: Options) -> io::Result<Left> {
    let mut screen = Screen::enter(options.theme.palette == Palette::Plain)?;
    let lent = Arc::clone(&options.lent);
    let left = drive(&mut screen, options).unwrap_or(Left::TerminalGone);
    lent.store(false, Ordering::Relaxed);
    Ok(left)
}

fn drive(screen: &mut Screen, options: Options) -> io::Result<Left> {
    let mut desk = Desk::new(&*options.feed, &options.stop, &options.lent);
    let mut state = State::new(options.file, desk.now())
        .from(options.source, options.read_only)
        .in_tmux(options.in_tmux)
        .with_keys(options.keymap)
        .complaining(options.complaint);
    if options.mouse {
        state.take_mouse();
        screen.mouse(true)?;
    }
    let mut drawn = None::<Instant>;
    let mut dirty = true;
    loop {
        if options.stop.load(Ordering::Relaxed) {
            return Ok(Left::Stopped);
        }
        if options.continued.swap(false, Ordering::Relaxed) {
            screen.resume()?;
        }
        desk.take_back();
        let now = desk.now();
        for told in iter::from_fn(|| options.feed.try_next()).take(AT_ONCE) {
            state.hear(told, now);
            dirty = true;
        }
        if let Some(pins) = state.new_pins() {
            // Whoever is not there is told when it comes.
            options.feed.ask(pins);
        }
        let next = state.next_effect();
        if let Some(left) = desk.carry_out(next, &mut state, screen)? {
            return Ok(left);
        }
        dirty |= state.tick(now);
        dirty |= screen.is_stale()?;
        let rest = drawn.map_or(Duration::ZERO, |drawn| {
            FRAME.saturating_sub(drawn.elapsed())
        });
        if dirty && rest.is_zero() {
            screen.draw(|frame| render(&mut state, options.theme, frame))?;
            if let Some(run) = state.look() {
                options.feed.view(run);
            }
            drawn = Some(Instant::now());
            dirty = false;
        }
        match screen.wait(if dirty { rest } else { TURN }) {
            Heard::Nothing => {}
            Heard::Gone => return Ok(Left::TerminalGone),
            Heard::Input => {
                for event in screen.read()? {
                    let pointed = pointed(&event, |at| target(&state, screen.area(), at));
                    let actions = actions(&event, state.context(), state.keymap());
                    for action in actions.into_iter().chain(pointed) {
                        let next = state.act(action);
                        if let Some(left) = desk.carry_out(next, &mut state, screen)? {
                            return Ok(left);
                        }
                    }
                }
                dirty = true;
            }
        }
    }
}
