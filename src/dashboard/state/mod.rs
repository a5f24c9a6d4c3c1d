//! What the dashboard knows: what the events said, and where the viewer stands. It changes in
//! four places, and each has its file: [`State::hear`] takes in what is told, [`State::act`] an
//! action, [`State::fit`] the size of the screen, and [`State::tick`] (here) the time. Drawing only
//! reads.

mod act;
mod acts;
mod ask;
mod asking;
mod complaint;
mod copy;
mod dead;
mod edit;
mod effect;
mod file;
mod find;
mod fit;
mod flows;
mod focus;
mod fuller;
mod hear;
mod inspector;
mod link;
mod list;
mod message;
mod mouse;
mod overlay;
mod palette;
mod picker;
mod prompt;
mod room;
mod screen;
mod sheet;
mod taken;
mod target;
mod typing;
mod walk;

pub use asking::Asking;
pub use complaint::Complaint;
pub use edit::LONGEST_EDITED;
pub use effect::Effect;
pub use file::File;
pub use find::Find;
pub use flows::Flows;
pub use focus::Focus;
use fuller::Fuller;
pub use inspector::Inspector;
pub use link::{Link, Source};
pub use list::List;
pub use message::Message;
pub use overlay::{Overlay, Reading, Scroll};
pub use palette::Palette;
pub use picker::Picker;
pub use prompt::Prompt;
pub use room::Room;
pub use screen::Screen;
pub use sheet::Sheet;
use taken::Taken;
pub use target::Target;

use std::{sync::Arc, time::Duration};

use super::{keymap::Keymap, keys::Context};
use crate::{
    event::{Loaded, Rejected, Rerouted},
    observe::{Entry, Moment, Rates, Reloads},
    run::{RunId, RunRecord},
};

/// How long a message stays.
const MESSAGE: Duration = Duration::from_secs(4);
/// How long something the server has to say stays.
const NOTICE: Duration = Duration::from_secs(20);

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) file: String,
    /// The time of what is shown, which stands still at the end of a recording.
    pub(super) now: Moment,
    /// The time here, by the clock that never jumps.
    clock: Duration,
    pub(super) loaded: Option<Arc<Loaded>>,
    pub(super) rejected: Option<Arc<Rejected>>,
    pub(super) rerouted: Option<Arc<Rerouted>>,
    pub(super) draining: bool,
    pub(super) link: Link,
    /// Runs that the server counted and did not tell.
    pub(super) missed: u64,
    pub(super) rates: Rates,
    pub(super) reloads: Reloads,
    pub(super) screen: Screen,
    /// What there is to read on a screen that has neither list nor inspector.
    pub(super) reading: Scroll,
    /// Whether the pane with the focus takes all the room.
    pub(super) zoomed: bool,
    pub(super) list: List,
    pub(super) inspector: Inspector,
    pub(super) flows: Flows,
    pub(super) focus: Focus,
    pub(super) overlay: Option<Overlay>,
    pub(super) prompt: Option<Prompt>,
    pub(super) message: Option<Message>,
    pub(super) keymap: Keymap,
    complaint: Option<Complaint>,
    /// Whether the mouse is for the dashboard.
    mouse: bool,
    single: bool,
    in_tmux: bool,
    /// The run whose steps the server was asked to tell.
    looks_at: Option<RunId>,
    /// The request that is being edited, or was last.
    edit: Option<edit::Edit>,
    /// Whether the server has yet to be told what is pinned.
    are_pins_new: bool,
    /// The run in view with more of its bodies, where that was asked for.
    fuller: Option<Fuller>,
    /// What is to be sent again if all of its body is kept.
    resend_of: Option<Arc<RunRecord>>,
    /// Whether a request that is being tried is to be sent then, if the viewer says yes.
    sends_tried: bool,
    /// The flow whose dead runs were asked for last, where it was one.
    dead_of: Option<String>,
    /// The run whose request is to be edited once all of its body is here.
    edits_loaded: Option<RunId>,
    /// What an answer has left to do.
    to_do: Option<Effect>,
}

impl State {
    /// Nothing known yet but what the file is called.
    pub fn new(file: String, now: Moment) -> Self {
        Self {
            file,
            now,
            clock: now.steady,
            loaded: None,
            rejected: None,
            rerouted: None,
            draining: false,
            link: Link::new(Source::Live, false),
            missed: 0,
            rates: Rates::default(),
            reloads: Reloads::default(),
            screen: Screen::default(),
            reading: Scroll::default(),
            zoomed: false,
            list: List::default(),
            inspector: Inspector::default(),
            flows: Flows::default(),
            focus: Focus::List,
            overlay: None,
            prompt: None,
            message: None,
            keymap: Keymap::default(),
            complaint: None,
            mouse: false,
            single: false,
            in_tmux: false,
            looks_at: None,
            edit: None,
            are_pins_new: false,
            fuller: None,
            resend_of: None,
            sends_tried: false,
            dead_of: None,
            edits_loaded: None,
            to_do: None,
        }
    }

    /// The same inside of tmux, which passes nothing on to the clipboard unless it is told to.
    #[must_use]
    pub fn in_tmux(self, in_tmux: bool) -> Self {
        Self { in_tmux, ..self }
    }

    /// The same with other keys.
    #[must_use]
    pub fn with_keys(self, keymap: Keymap) -> Self {
        Self { keymap, ..self }
    }

    /// The same with something wrong about the looks and the keys, where something is.
    #[must_use]
    pub fn complaining(mut self, complaint: Option<Complaint>) -> Self {
        if let Some(complaint) = &complaint {
            self.tell(complaint.words(&self.keymap), NOTICE);
        }
        self.complaint = complaint;
        self
    }

    /// Which keys mean what.
    pub fn keymap(&self) -> &Keymap {
        &self.keymap
    }

    /// The same, hearing of a server from somewhere else. Where it is `read_only`, nothing is asked
    /// for that acts.
    #[must_use]
    pub fn from(self, source: Source, read_only: bool) -> Self {
        Self {
            link: Link::new(source, read_only),
            ..self
        }
    }

    /// Lets the time pass. Says whether something on the screen changes by that alone: ages do,
    /// once a second.
    pub fn tick(&mut self, now: Moment) -> bool {
        self.clock = now.steady;
        let over = self
            .message
            .as_ref()
            .is_some_and(|message| message.is_over(now.steady));
        if over {
            self.message = None;
        }
        if self.link.is_recording() {
            return over;
        }
        let second = self.now.steady.as_secs() != now.steady.as_secs();
        self.now = now;
        second || over
    }

    /// Where a key is pressed now.
    pub fn context(&self) -> Context {
        match &self.overlay {
            Some(Overlay::Quit | Overlay::Asking(_)) => Context::Question,
            Some(Overlay::Reading(..)) => Context::Reading,
            Some(Overlay::Acts(_)) => Context::Acts,
            Some(Overlay::Sheet(sheet)) if sheet.taken().is_some() => Context::Offer,
            Some(Overlay::Sheet(sheet)) if sheet.as_tried().is_some() => Context::Tried,
            Some(Overlay::Sheet(sheet)) if sheet.begun_run().is_some() => Context::Begun,
            Some(Overlay::Sheet(_)) => Context::Reading,
            Some(Overlay::Picking(_)) => Context::Picking,
            Some(Overlay::Palette(_)) => Context::Palette,
            None if self.prompt.is_some() || self.typed_find().is_some() => Context::Prompt,
            None => match self.screen {
                Screen::Live => Context::Main,
                Screen::Flows => Context::Flows,
                Screen::Config | Screen::Stats => Context::Screen,
            },
        }
    }

    /// The pane with the focus, of the screen that is in sight.
    pub(super) fn pane(&self) -> Focus {
        match self.screen {
            Screen::Flows => self.flows.focus,
            _ => self.focus,
        }
    }

    /// The selected run.
    pub fn selected(&self) -> Option<&Arc<Entry>> {
        self.list.selected()
    }

    /// The runs in the list, oldest first.
    pub fn rows(&self) -> &[Arc<Entry>] {
        &self.list.rows
    }

    /// How many runs came since the list was frozen; nothing where it is not.
    pub fn waiting(&self) -> Option<u64> {
        self.list.waiting()
    }

    /// Whether the newest run is the selected one, and every newer one will be.
    pub fn is_following(&self) -> bool {
        self.list.is_following()
    }

    /// Answers a key in the footer.
    fn say(&mut self, text: String) {
        self.message = Some(Message::answer(text, self.clock + MESSAGE));
    }

    /// Tells in the footer what happened.
    fn tell(&mut self, text: String, time: Duration) {
        self.message = Some(Message::news(text, self.clock + time));
    }
}
