//! How much room there is decides what is in sight.

use super::{Overlay, Room, Screen, State};
use crate::dashboard::{
    keys::acts,
    page::{self, Around, Page},
};

impl State {
    /// Fits everything that scrolls into the room there is.
    pub fn fit(&mut self, room: Room) {
        self.single = room.single;
        self.list.fit(room.list, self.now);
        let in_view = self.in_view().cloned();
        // Bodies are too large to be kept of what nobody looks at.
        self.fuller
            .take_if(|fuller| in_view.as_ref().is_none_or(|entry| !fuller.is_of(entry)));
        let end = self.end_of_body();
        let around = in_view.as_deref().map_or_else(Around::default, |entry| {
            Around::of(entry, &self.list.runs, self.rates.latest())
        });
        self.inspector
            .fit(in_view.as_deref(), around, room.inspector, &end, self.now);
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
                    self.complaint.as_ref(),
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

    // What the screen has to read in so many columns, where it is one that is read.
    pub(super) fn page(&self, columns: usize) -> Option<Page> {
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
}
