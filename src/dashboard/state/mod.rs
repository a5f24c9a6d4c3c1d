//! What the dashboard knows: what the events said, and where the viewer stands. It changes in
//! few places: [`State::hear`] takes in what is told, [`State::tick`] the time, [`State::act`] an
//! action, [`State::fit`] the size of the screen. Drawing only reads.

mod acts;
mod asking;
mod dead;
mod edit;
mod file;
mod find;
mod flows;
mod inspector;
mod link;
mod list;
mod message;
mod overlay;
mod palette;
mod picker;
mod prompt;
mod screen;
mod sheet;
mod taken;

pub use asking::Asking;
pub use file::File;
pub use find::Find;
pub use flows::Flows;
pub use inspector::Inspector;
pub use link::{Link, Source};
pub use list::List;
pub use message::Message;
pub use overlay::{Overlay, Reading, Scroll};
pub use palette::Palette;
pub use picker::Picker;
pub use prompt::Prompt;
pub use screen::Screen;
pub use sheet::Sheet;
use taken::Taken;

use std::{sync::Arc, time::Duration};

use super::{
    Left,
    action::Action,
    keymap::Keymap,
    keys::{Context, acts},
    page::{self, Page, Waits},
};
use crate::{
    event::{Event, Loaded, Rejected, Rerouted},
    observe::{Entry, Filter, Moment, Question, Rates, Reloads, Told},
    run::{FlowShape, RunId},
};

/// How long a message stays.
const MESSAGE: Duration = Duration::from_secs(4);
/// How long something the server has to say stays.
const NOTICE: Duration = Duration::from_secs(20);

/// Everything that is drawn.
#[derive(Clone, Debug)]
pub struct State {
    pub(super) file: String,
    pub(super) now: Moment,
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
    single: bool,
    in_tmux: bool,
    /// The run whose steps the server was asked to tell.
    looks_at: Option<RunId>,
    /// The request that is being edited, or was last.
    edit: Option<edit::Edit>,
    /// Whether the server has yet to be told what is pinned.
    are_pins_new: bool,
}

/// Which pane the keys move in; the only one that is drawn where there is room for one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Focus {
    /// The list of runs.
    List,
    /// The inspector of the selected one.
    Inspector,
}

/// What is left for the caller of [`State::act`] to do.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Leave the dashboard.
    Leave(Left),
    /// Put this on the clipboard.
    Copy(String),
    /// Put this into a file, and say where it is with [`State::saved`].
    Save(File),
    /// Have the viewer edit this, and say what came of it with [`State::edited`].
    Edit(File),
    /// Draw everything anew.
    Redraw,
    /// Ask the server this.
    Ask(Question),
}

/// How much room there is, in rows and columns.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Room {
    /// The rows of the list.
    pub list: usize,
    /// The columns and rows of the inspector's text.
    pub inspector: (usize, usize),
    /// The columns and rows of an overlay's text.
    pub overlay: (usize, usize),
    /// The columns and rows of a screen that is read.
    pub reading: (usize, usize),
    /// Whether only the pane with the focus is drawn.
    pub single: bool,
}

impl State {
    /// Nothing known yet but what the file is called.
    pub fn new(file: String, now: Moment) -> Self {
        Self {
            file,
            now,
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
            single: false,
            in_tmux: false,
            looks_at: None,
            edit: None,
            are_pins_new: false,
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

    /// The same with something to say from the start.
    #[must_use]
    pub fn saying(mut self, words: Option<String>) -> Self {
        if let Some(words) = words {
            self.tell(words, NOTICE);
        }
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

    /// Takes in what is told.
    pub fn hear(&mut self, told: Told, now: Moment) {
        self.tick(now);
        match told {
            Told::Connected => {
                self.link.find();
                self.looks_at = None;
                self.are_pins_new = self.list.runs.pinned().next().is_some();
            }
            Told::Anew => {
                self.list.begin_anew();
                self.rejected = None;
                self.draining = false;
                self.missed = 0;
            }
            Told::Live => self.list.settle(),
            Told::Event(event) => self.apply(event, now),
            Told::Gap(lost) => self.missed += lost,
            Told::Answer { title, text } => self.answer(title, text),
            Told::Tried(tried, record) => self.take_tried(tried, record),
            Told::Source { title, text } => self.offer_flow_text(title, text),
            Told::Found { count, of } => self.found(count, of),
            Told::Past(record) => self.list.look_up(&record),
            Told::Lost(why) => self.link.lose(why),
            Told::Over(why) => {
                self.list.settle();
                self.tell(why.clone(), NOTICE);
                if !matches!(self.link.badge(), "FILE") {
                    self.link.lose(why);
                }
            }
        }
    }

    /// What the server has yet to be told of the pinned runs, if anything.
    pub fn new_pins(&mut self) -> Option<Question> {
        let are_new = std::mem::take(&mut self.are_pins_new);
        are_new.then(|| Question::Pin(self.list.runs.pinned().collect()))
    }

    /// Shows a text that is the answer to a question.
    pub fn answer(&mut self, title: String, text: String) {
        self.overlay = Some(Overlay::Sheet(Box::new(Sheet::told(title, text))));
    }

    /// Says that a question reached nobody.
    pub fn unanswered(&mut self) {
        self.say("there is no server to ask".to_owned());
    }

    /// What asks the server that, where it may be asked; says why not where it may not.
    pub fn ask(&mut self, question: Question) -> Option<Effect> {
        (!question.acts() || self.may_act()).then_some(Effect::Ask(question))
    }

    /// Whether anything may be done here; says why not where nothing may.
    fn may_act(&mut self) -> bool {
        let why_not = self.link.why_not();
        if let Some(why) = why_not {
            self.say(why.to_owned());
        }
        why_not.is_none()
    }

    /// The run whose steps the server is to tell from here on, or none of them, where that is
    /// another than before: the selected one, while it is on its way.
    pub fn look(&mut self) -> Option<Option<RunId>> {
        let selected = self.list.selected().filter(|entry| !entry.has_ended());
        let selected = selected.map(|entry| entry.id);
        let before = std::mem::replace(&mut self.looks_at, selected);
        (before != selected).then_some(selected)
    }

    /// Takes in an event.
    pub fn apply(&mut self, event: Event, now: Moment) {
        self.tick(now);
        match event {
            Event::Loaded(loaded) => {
                // What is told anew may have been live all along.
                if self.loaded.is_some() && !self.list.is_anew() {
                    self.tell(format!("revision {} is live", loaded.revision), MESSAGE);
                }
                self.reloads.loaded(&loaded);
                self.flows.reload(self.loaded.as_deref(), &loaded);
                self.file.clone_from(&loaded.file);
                self.loaded = Some(loaded);
                self.rejected = None;
                self.rerouted = None;
                // They tell of what was before.
                if let Some(Overlay::Reading(Reading::Diagnostics | Reading::Rerouted, _)) =
                    self.overlay
                {
                    self.overlay = None;
                }
            }
            Event::Rejected(rejected) => {
                self.reloads.rejected(&rejected);
                self.rejected = Some(rejected);
            }
            Event::Rerouted(rerouted) => self.take_rerouted(rerouted),
            Event::Accepted(accepted) => self.list.heard().accepted(&accepted),
            Event::Started(started) => {
                self.list.heard().started(&started);
                // What was looked at is over: its steps are told from the first one on.
                self.looks_at.take_if(|run| *run == started.id);
            }
            Event::Parked(parked) => self.list.heard().parked(&parked),
            Event::Progress(progress) => self.list.heard().progress(&progress),
            Event::Finished(record) => self.list.heard().finished(record),
            Event::Tally(snapshot) => self.rates.take(&snapshot, now),
            Event::Counts(counts) => self.flows.counts = Some(counts),
            Event::Draining => self.draining = true,
            Event::Notice(text) => self.tell(text.to_string(), NOTICE),
        }
    }

    /// Lets the time pass. Says whether something on the screen changes by that alone: ages do,
    /// once a second.
    pub fn tick(&mut self, now: Moment) -> bool {
        let second = self.now.steady.as_secs() != now.steady.as_secs();
        self.now = now;
        let over = self
            .message
            .as_ref()
            .is_some_and(|message| message.is_over(now.steady));
        if over {
            self.message = None;
        }
        second || over
    }

    /// Does what a key asks for, and says what is left to do.
    pub fn act(&mut self, action: Action) -> Option<Effect> {
        if self.message.as_ref().is_some_and(Message::goes_with_a_key) {
            self.message = None;
        }
        match action {
            Action::Quit | Action::Interrupt if !self.link.is_servers_own() => {
                return Some(Effect::Leave(Left::Detached));
            }
            Action::Quit => self.overlay = Some(Overlay::Quit),
            Action::Interrupt if self.overlay == Some(Overlay::Quit) => {
                return Some(Effect::Leave(Left::Quit));
            }
            Action::Interrupt => {
                self.prompt = None;
                self.inspector.find = None;
                self.overlay = Some(Overlay::Quit);
            }
            Action::Confirm => return self.confirm(),
            Action::Decline => self.overlay = None,
            Action::Redraw => return Some(Effect::Redraw),
            Action::Suspend if !self.link.is_servers_own() => {
                self.say("q detaches, and the server goes on".to_owned());
            }
            Action::Suspend => self.say(
                "Ctrl-Z would stop the server too: detach with tmux or screen instead".to_owned(),
            ),
            Action::Palette => self.overlay = Some(Overlay::Palette(Palette::default())),
            Action::Help => self.toggle(Reading::Help),
            Action::Diagnostics => {
                if self.rejected.is_some() {
                    self.toggle(Reading::Diagnostics);
                } else {
                    self.say(format!("nothing is wrong with {}", self.file));
                }
            }
            Action::Rerouted => match &self.rerouted {
                Some(rerouted) if !rerouted.is_all_the_same() => {
                    // Whoever reads it need not be told of it.
                    let news = self.rerouted_news(rerouted);
                    self.message
                        .take_if(|said| news.is_some_and(|news| said.is(&news)));
                    self.toggle(Reading::Rerouted);
                }
                Some(rerouted) => self.say(rerouted.summary()),
                None => self.say("no requests were compared since the last reload".to_owned()),
            },
            Action::Flows => {
                self.overlay = None;
                self.go_to(match self.screen {
                    Screen::Flows => Screen::Live,
                    _ => Screen::Flows,
                });
            }
            Action::Span => self.flows.span = self.flows.span.next(),
            Action::NextScreen => self.go_to(self.screen.step(1)),
            Action::PreviousScreen => self.go_to(self.screen.step(Screen::ALL.len() - 1)),
            Action::GoTo(screen) => self.go_to(screen),
            Action::Zoom => self.zoomed = !self.zoomed,
            Action::CopyUrl => return self.copy(|flow| flow.url.clone()),
            Action::CopyCurl => return self.copy(|flow| flow.curl.clone()),
            Action::Acts => {
                self.overlay = match self.overlay {
                    Some(Overlay::Acts(_)) => None,
                    _ => Some(Overlay::Acts(0)),
                };
            }
            Action::Choose => return self.choose(),
            Action::CopyRequestCurl => return self.copy_request_curl(),
            Action::CopyRequestUrl => return self.copy_request_url(),
            Action::CopyBody => return self.copy_body(),
            Action::CopyRecord => return self.copy_record(),
            Action::DraftParse => self.draft_parse(),
            Action::DraftTest => self.draft_test(),
            Action::Mark => self.mark(),
            Action::Compare => self.compare(),
            Action::Resend => self.resend(),
            Action::EditRequest => return self.edit_request(),
            Action::DryRun => return self.dry_run(),
            Action::Tick => self.pick(Picker::tick),
            Action::TickAll => self.pick(Picker::tick_all),
            Action::Take => return self.take_shown(),
            Action::FlowText => return self.ask_flow_text(),
            Action::Dead => return self.dead(),
            Action::FilterFlow => {
                if let Some(flow) = self.flow() {
                    self.list.filter = Filter::flow(&flow.name);
                    self.list.follow();
                    self.focus = Focus::List;
                    self.go_to(Screen::Live);
                }
            }
            Action::Filter if self.focus == Focus::Inspector && self.screen == Screen::Live => {
                self.inspector.find = Some(Find {
                    typed: true,
                    ..Find::default()
                });
            }
            Action::FindNext => self.find(1),
            Action::FindPrevious => self.find(-1),
            Action::Unfold => self.turn(Inspector::unfold),
            Action::Filter => {
                self.prompt = Some(Prompt::open(&self.list.filter));
                self.focus = Focus::List;
            }
            Action::Apply => return self.apply_typed(),
            Action::Type(c) => self.edit(|text| text.push(c)),
            Action::Erase => self.edit(|text| {
                text.pop();
            }),
            Action::EraseWord => self.edit(|text| {
                let end = text.trim_end().rfind(' ').map_or(0, |at| at + 1);
                text.truncate(end);
            }),
            Action::EraseAll => self.edit(String::clear),
            Action::Errors => {
                self.list.filter = self.list.filter.toggle_errors();
                self.focus = Focus::List;
            }
            Action::Back => self.back(),
            Action::List => match self.screen {
                Screen::Flows => self.flows.focus = Focus::List,
                _ => self.focus = Focus::List,
            },
            Action::Freeze => self.list.freeze(),
            Action::Follow => {
                // The newest run is not in a list that stands still.
                self.list.thaw();
                self.list.follow();
            }
            Action::Inspect => match self.screen {
                Screen::Flows => self.flows.focus = Focus::Inspector,
                _ => self.inspect(),
            },
            Action::NextTab => self.turn(|inspector| inspector.turn(1)),
            Action::PreviousTab => self.turn(|inspector| inspector.turn(6)),
            Action::Show(tab) => self.turn(|inspector| inspector.show(tab)),
            Action::ScrollDown => self.turn(|inspector| inspector.scroll(1)),
            Action::ScrollUp => self.turn(|inspector| inspector.scroll(-1)),
            Action::Down => self.go(1),
            Action::Up => self.go(-1),
            Action::PageDown => self.go(self.screenful()),
            Action::PageUp => self.go(-self.screenful()),
            Action::First => self.go(isize::MIN),
            Action::Last => self.go(isize::MAX),
        }
        None
    }

    /// Where a key is pressed now.
    pub fn context(&self) -> Context {
        match &self.overlay {
            Some(Overlay::Quit | Overlay::Asking(_)) => Context::Question,
            Some(Overlay::Reading(..)) => Context::Reading,
            Some(Overlay::Acts(_)) => Context::Acts,
            Some(Overlay::Sheet(sheet)) if sheet.taken().is_some() => Context::Offer,
            Some(Overlay::Sheet(sheet)) if sheet.as_tried().is_some() => Context::Tried,
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

    /// What is searched for in the inspector, while that is typed.
    pub(super) fn typed_find(&self) -> Option<&Find> {
        self.inspector.find.as_ref().filter(|find| find.typed)
    }

    /// Fits everything that scrolls into the room there is.
    pub fn fit(&mut self, room: Room) {
        self.single = room.single;
        self.list.fit(room.list, self.now);
        let selected = self.list.selected().map(|entry| &**entry);
        let waits = selected.map_or_else(Waits::default, |entry| {
            Waits::of(entry, &self.list.runs, self.rates.latest())
        });
        self.inspector
            .fit(selected, waits, room.inspector, self.now);
        if self.screen == Screen::Flows {
            self.flows
                .fit(self.loaded.as_deref(), room.list, room.inspector);
        }
        if let Some(page) = self.page(room.reading.0) {
            self.reading.fit(page, room.reading);
        }
        match &mut self.overlay {
            Some(Overlay::Reading(reading, scroll)) => {
                let page = reading.page(
                    self.rejected.as_deref(),
                    self.rerouted.as_deref(),
                    &self.keymap,
                );
                scroll.fit(page, room.overlay);
            }
            Some(Overlay::Sheet(sheet)) => sheet.fit(room.overlay),
            Some(Overlay::Asking(asking)) => asking.fit(room.overlay),
            Some(Overlay::Acts(cursor)) => *cursor = (*cursor).min(acts().count() - 1),
            Some(Overlay::Picking(_) | Overlay::Palette(_) | Overlay::Quit) | None => {}
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

    fn take_rerouted(&mut self, rerouted: Arc<Rerouted>) {
        // The next reload may overtake what is told of the one before.
        let served = self.loaded.as_ref().map(|loaded| &loaded.revision);
        if served != Some(&rerouted.revision) {
            return;
        }
        if let Some(news) = self.rerouted_news(&rerouted) {
            self.tell(news, NOTICE);
        }
        self.rerouted = Some(rerouted);
    }

    /// What the footer says of requests that would go another way, where there are some.
    fn rerouted_news(&self, rerouted: &Rerouted) -> Option<String> {
        let changed = rerouted.changed.len();
        let shows = match changed {
            0 => return None,
            1 => "shows it",
            _ => "shows them",
        };
        let looked_at = rerouted.looked_at;
        let news = format!("{changed} of the last {looked_at} requests would go another way");
        Some(match self.keymap.key(Action::Rerouted) {
            Some(key) => format!("{news}: {key} {shows}"),
            None => news,
        })
    }

    /// Answers a key in the footer.
    fn say(&mut self, text: String) {
        self.message = Some(Message::answer(text, self.now.steady + MESSAGE));
    }

    /// Tells in the footer what happened.
    fn tell(&mut self, text: String, time: Duration) {
        self.message = Some(Message::news(text, self.now.steady + time));
    }

    fn toggle(&mut self, reading: Reading) {
        self.overlay = match &self.overlay {
            Some(Overlay::Reading(open, _)) if *open == reading => None,
            _ => Some(Overlay::Reading(reading, Default::default())),
        };
    }

    // The flow that a copied URL is of.
    fn flow(&self) -> Option<&Arc<FlowShape>> {
        match (self.screen, self.list.selected()) {
            (Screen::Flows, _) => self.flows.selected(self.loaded.as_ref()?),
            (_, Some(entry)) => entry.shape.as_ref(),
            (_, None) => self.loaded.as_ref()?.flows.first(),
        }
    }

    fn copy(&mut self, what: impl FnOnce(&FlowShape) -> String) -> Option<Effect> {
        let Some(text) = self.flow().map(|flow| what(flow)) else {
            self.say("no flow to copy from".to_owned());
            return None;
        };
        // Nobody tells whether a clipboard took it: it can be read, and copied by hand.
        self.message = Some(Message::lasting(if self.in_tmux {
            format!("copied (tmux needs set-clipboard on) {text}")
        } else {
            format!("copied {text}")
        }));
        Some(Effect::Copy(text))
    }

    fn find(&mut self, places: isize) {
        self.inspector.step(places);
        match &self.inspector.find {
            Some(find) => self.say(find.progress()),
            None => self.say("nothing is searched for; / does, in the inspector".to_owned()),
        }
    }

    fn edit(&mut self, change: impl FnOnce(&mut String)) {
        if let Some(Overlay::Palette(palette)) = &mut self.overlay {
            palette.edit(change);
        } else if let Some(find) = self.inspector.find.as_mut().filter(|find| find.typed) {
            find.edit(change);
        } else if let Some(prompt) = &mut self.prompt {
            prompt.edit(change);
            self.list.filter = prompt.filter().clone();
        }
    }

    fn apply_typed(&mut self) -> Option<Effect> {
        if let Some(Overlay::Palette(palette)) = &self.overlay {
            let chosen = palette.chosen()?;
            self.overlay = None;
            return self.act(chosen);
        }
        match self.inspector.find.as_mut().filter(|find| find.typed) {
            // Nothing to find is the end of a search.
            Some(find) if find.text.is_empty() => self.inspector.find = None,
            Some(find) => {
                find.typed = false;
                self.find(0);
            }
            None => self.apply_filter(),
        }
        None
    }

    fn apply_filter(&mut self) {
        match self.prompt.as_ref().and_then(Prompt::error) {
            None => self.prompt = None,
            // It stays open, so that the slip can be mended.
            Some(error) => self.say(error.to_string()),
        }
    }

    fn back(&mut self) {
        if self.overlay.is_some() {
            self.overlay = None;
        } else if self.prompt.is_some() {
            self.prompt = None;
            self.list.filter = Filter::default();
        } else if self.screen == Screen::Flows && self.flows.focus == Focus::Inspector {
            self.flows.focus = Focus::List;
        } else if self.screen != Screen::Live {
            self.go_to(Screen::Live);
        } else if self.inspector.find.is_some() {
            self.inspector.find = None;
        } else if self.focus == Focus::Inspector {
            self.focus = Focus::List;
        } else {
            self.list.filter = Filter::default();
        }
    }

    fn go_to(&mut self, screen: Screen) {
        if self.screen != screen {
            self.screen = screen;
            self.reading = Scroll::default();
        }
    }

    // What the screen has to read in so many columns, where it is one that is read.
    fn page(&self, columns: usize) -> Option<Page> {
        match self.screen {
            Screen::Live | Screen::Flows => None,
            Screen::Config => Some(page::config(
                self.loaded.as_deref(),
                self.rejected.as_deref(),
                &self.reloads,
                self.now,
            )),
            Screen::Stats => Some(page::stats(&self.rates, self.now, columns)),
        }
    }

    // What is being read must not run away: the selected run stays the selected one.
    fn inspect(&mut self) {
        if self.list.pin() {
            self.focus = Focus::Inspector;
        }
    }

    fn turn(&mut self, change: impl FnOnce(&mut Inspector)) {
        change(&mut self.inspector);
        if self.single {
            self.inspect();
        }
    }

    fn screenful(&self) -> isize {
        let rows = match (&self.overlay, self.screen, self.focus) {
            (Some(Overlay::Reading(_, scroll)), ..) => scroll.height(),
            (Some(Overlay::Sheet(sheet)), ..) => sheet.scroll().height(),
            (Some(Overlay::Asking(asking)), ..) => asking.scroll().height(),
            (Some(_), ..) => 10,
            (None, Screen::Config | Screen::Stats, _) => self.reading.height(),
            (None, Screen::Flows, _) => self.flows.height(),
            (None, Screen::Live, Focus::List) => self.list.height(),
            (None, Screen::Live, Focus::Inspector) => self.inspector.scroll.height(),
        };
        // One row of the last screenful stays in sight.
        isize::try_from(rows).map_or(1, |rows| (rows - 1).max(1))
    }

    fn go(&mut self, rows: isize) {
        match (&mut self.overlay, self.screen, self.focus) {
            (Some(Overlay::Reading(_, scroll)), ..) => scroll.by(rows),
            (Some(Overlay::Sheet(sheet)), ..) => sheet.go(rows),
            (Some(Overlay::Asking(asking)), ..) => asking.go(rows),
            (Some(Overlay::Picking(picker)), ..) => picker.go(rows),
            (Some(Overlay::Acts(cursor)), ..) => *cursor = cursor.saturating_add_signed(rows),
            (Some(Overlay::Palette(palette)), ..) => palette.go(rows),
            (Some(Overlay::Quit), ..) => {}
            (None, Screen::Config | Screen::Stats, _) => self.reading.by(rows),
            (None, Screen::Flows, _) => self.flows.go(rows),
            (None, Screen::Live, Focus::List) => self.list.go(rows),
            (None, Screen::Live, Focus::Inspector) => self.inspector.scroll(rows),
        }
    }
}
