//! What a mouse does: it points where keys would have to go first.

use super::{Effect, Focus, Inspector, Screen, State, Target};

impl State {
    /// The mouse is for the dashboard from here on.
    pub fn take_mouse(&mut self) {
        self.mouse = true;
    }

    /// Takes the mouse, or leaves it to the terminal.
    pub(super) fn toggle_mouse(&mut self) -> Effect {
        self.mouse = !self.mouse;
        self.say(
            if self.mouse {
                "the mouse clicks and scrolls here; with Shift held, it selects text"
            } else {
                "the mouse is the terminal's again"
            }
            .to_owned(),
        );
        Effect::Mouse(self.mouse)
    }

    pub(super) fn click(&mut self, target: Target) {
        // What is typed or asked goes first.
        if self.overlay.is_some() || self.prompt.is_some() || self.typed_find().is_some() {
            return;
        }
        match (target, self.screen) {
            (Target::Screen(screen), _) => self.go_to(screen),
            (Target::Tab(tab), _) => self.turn(|inspector| inspector.show(tab)),
            (Target::List(row), Screen::Flows) => {
                self.flows.focus = Focus::List;
                if let Some(index) = row {
                    self.flows.select(index);
                }
            }
            (Target::List(row), _) => {
                self.focus = Focus::List;
                if let Some(index) = row {
                    self.list.select(index);
                }
            }
            (Target::Inspector, Screen::Flows) => self.flows.focus = Focus::Inspector,
            (Target::Inspector, _) => self.inspect(),
            (Target::Reading | Target::Overlay, _) => {}
        }
    }

    pub(super) fn wheel(&mut self, target: Target, rows: isize) {
        match (target, self.screen) {
            (Target::List(_), Screen::Flows) => self.flows.go_in(Focus::List, rows),
            (Target::List(_), _) => self.list.go(rows),
            (Target::Inspector, Screen::Flows) => self.flows.go_in(Focus::Inspector, rows),
            (Target::Inspector | Target::Tab(_), _) => {
                self.turn(|inspector: &mut Inspector| inspector.scroll(rows));
            }
            (Target::Reading | Target::Overlay, _) => self.go(rows),
            (Target::Screen(_), _) => {}
        }
    }
}
