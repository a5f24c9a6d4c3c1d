//! The flow whose URL is copied.

use std::sync::Arc;

use super::{Effect, Message, Screen, State};
use crate::run::FlowShape;

impl State {
    // The flow that a copied URL is of.
    pub(super) fn flow(&self) -> Option<&Arc<FlowShape>> {
        match (self.screen, self.list.selected()) {
            (Screen::Flows, _) => self.flows.selected(self.loaded.as_ref()?),
            (_, Some(entry)) => entry.shape.as_ref(),
            (_, None) => self.loaded.as_ref()?.flows.first(),
        }
    }

    pub(super) fn copy(&mut self, what: impl FnOnce(&FlowShape) -> String) -> Option<Effect> {
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
}
