use super::Scroll;
use crate::{
    dashboard::page::{self, Page},
    observe::{Edited, Question},
    run::RunRecord,
};

/// Something that is done only if the viewer says yes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asking {
    question: Question,
    title: &'static str,
    words: &'static str,
    page: Page,
    scroll: Scroll,
}

impl Asking {
    pub(super) fn resend(record: &RunRecord) -> Self {
        Self {
            question: Question::Replay(record.id),
            title: "Send again",
            words: "send it again?",
            page: page::resend(record),
            scroll: Scroll::default(),
        }
    }

    pub(super) fn send(edited: Edited, effects: &[String]) -> Self {
        Self {
            title: "Send the edited request",
            words: "send it?",
            page: page::send(&edited, effects),
            question: Question::Send(Box::new(edited)),
            scroll: Scroll::default(),
        }
    }

    /// What it is called.
    pub fn title(&self) -> &'static str {
        self.title
    }

    /// The question for the viewer.
    pub fn words(&self) -> &'static str {
        self.words
    }

    /// What to ask the server.
    pub fn into_question(self) -> Question {
        self.question
    }

    /// What there is to know before an answer.
    pub fn scroll(&self) -> &Scroll {
        &self.scroll
    }

    pub(super) fn go(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn fit(&mut self, room: (usize, usize)) {
        self.scroll.fit(self.page.clone(), room);
    }
}
