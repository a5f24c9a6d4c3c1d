//! Where the viewer stands, and how they get about.

use super::{Focus, Inspector, Overlay, Screen, Scroll, State};
use crate::{observe::Filter, run::RunId};

impl State {
    pub(super) fn back(&mut self) {
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

    pub(super) fn go_to(&mut self, screen: Screen) {
        if self.screen != screen {
            self.screen = screen;
            self.reading = Scroll::default();
        }
    }

    // What is being read must not run away: the selected run stays the selected one.
    pub(super) fn inspect(&mut self) {
        if self.list.pin() {
            self.focus = Focus::Inspector;
        }
    }

    /// To the inspector; from there, to what is repeated.
    pub(super) fn open(&mut self) {
        if self.focus == Focus::List {
            return self.inspect();
        }
        if let Some((_, run)) = self.related() {
            self.list.go_to(run);
        }
    }

    /// The run that repeats the selected one, else the one that it repeats, where it is in the list,
    /// and what it is.
    pub fn related(&self) -> Option<(&'static str, RunId)> {
        let selected = self.list.selected()?;
        let runs = &self.list.runs;
        let replay = runs.replays(selected.id).last();
        let replay = replay.map(|(replay, _)| ("replay", replay.id));
        replay.or_else(|| {
            let of = selected.record.as_ref()?.replay_of?.run;
            runs.seq(of).map(|_| ("original", of))
        })
    }

    pub(super) fn turn(&mut self, change: impl FnOnce(&mut Inspector)) {
        change(&mut self.inspector);
        if self.single {
            self.inspect();
        }
    }

    pub(super) fn screenful(&self) -> isize {
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

    pub(super) fn go(&mut self, rows: isize) {
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
