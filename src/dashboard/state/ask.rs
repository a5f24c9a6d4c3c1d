//! What is asked of the server, and what it answers.

use super::{Effect, Overlay, Sheet, State};
use crate::{observe::Question, run::RunId};

impl State {
    /// Shows a text that is the answer to a question.
    pub fn answer(&mut self, title: String, text: String) {
        self.overlay = Some(Overlay::Sheet(Box::new(Sheet::told(title, text))));
    }

    /// Says that a question reached nobody.
    pub fn unanswered(&mut self) {
        self.give_up();
        self.say("there is no server to ask".to_owned());
    }

    /// What asks the server that, where it may be asked; says why not where it may not.
    pub fn ask(&mut self, question: Question) -> Option<Effect> {
        let why_not = if question.acts() {
            self.link.why_not()
        } else {
            self.link.why_only_seen()
        };
        self.may(why_not).then_some(Effect::Ask(question))
    }

    /// Whether anything may be done here; says why not where nothing may.
    pub(super) fn may_act(&mut self) -> bool {
        self.may(self.link.why_not())
    }

    fn may(&mut self, why_not: Option<&str>) -> bool {
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

    /// What the server has yet to be told of the pinned runs, if anything.
    pub fn new_pins(&mut self) -> Option<Question> {
        let are_new = std::mem::take(&mut self.are_pins_new);
        are_new.then(|| Question::Pin(self.list.runs.pinned().collect()))
    }
}
