//! What is told changes what is known.

use std::sync::Arc;

use super::{MESSAGE, NOTICE, Overlay, Reading, Sheet, State};
use crate::{
    dashboard::action::Action,
    event::{Event, Rerouted},
    observe::{Moment, Told},
};

impl State {
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
            Told::Begun { title, text, run } => {
                let sheet = Sheet::begun(title, text, run);
                self.overlay = Some(Overlay::Sheet(Box::new(sheet)));
            }
            Told::Tried(tried, record) => self.take_tried(tried, record),
            Told::Source { title, text } => self.offer_flow_text(title, text),
            Told::Body(at, part) => self.take_body(at, part),
            Told::Found { count, of } => self.found(count, of),
            Told::Past(record) => self.list.look_up(&record),
            Told::Lost(why) => {
                self.give_up();
                self.link.lose(why);
            }
            Told::Over(why) => {
                self.list.settle();
                self.tell(why.clone(), NOTICE);
                if !self.link.is_recording() {
                    self.link.lose(why);
                }
            }
        }
    }

    /// Takes in an event.
    pub fn apply(&mut self, event: Event, now: Moment) {
        self.tick(now);
        if self.link.is_recording() {
            self.now.steady = now.steady;
            self.now.wall = self.link.record(event.at()).unwrap_or(now.wall);
        }
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

    pub(super) fn take_rerouted(&mut self, rerouted: Arc<Rerouted>) {
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
    pub(super) fn rerouted_news(&self, rerouted: &Rerouted) -> Option<String> {
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
}
