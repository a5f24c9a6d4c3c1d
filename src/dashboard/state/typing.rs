//! What is typed: into the filter, the search, the palette.

use super::{Effect, Find, Overlay, Prompt, State};

impl State {
    /// What is searched for in the inspector, while that is typed.
    pub fn typed_find(&self) -> Option<&Find> {
        self.inspector.find.as_ref().filter(|find| find.typed)
    }

    pub(super) fn find(&mut self, places: isize) {
        self.inspector.step(places);
        match &self.inspector.find {
            Some(find) => self.say(find.progress()),
            None => self.say("nothing is searched for; / does, in the inspector".to_owned()),
        }
    }

    pub(super) fn edit(&mut self, change: impl FnOnce(&mut String)) {
        if let Some(Overlay::Palette(palette)) = &mut self.overlay {
            palette.edit(change);
        } else if let Some(find) = self.inspector.find.as_mut().filter(|find| find.typed) {
            find.edit(change);
        } else if let Some(prompt) = &mut self.prompt {
            prompt.edit(change);
            self.list.filter = prompt.filter().clone();
        }
    }

    pub(super) fn apply_typed(&mut self) -> Option<Effect> {
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

    pub(super) fn apply_filter(&mut self) {
        match self.prompt.as_ref().and_then(Prompt::error) {
            None => self.prompt = None,
            // It stays open, so that the slip can be mended.
            Some(error) => self.say(error.to_string()),
        }
    }
}
