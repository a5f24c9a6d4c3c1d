use super::Scroll;
use crate::{
    dashboard::page::{Page, resend},
    observe::Question,
    run::RunRecord,
};

/// Something that is done only if the viewer says yes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Asking {
    question: Question,
    page: Page,
    scroll: Scroll,
}

impl Asking {
    pub(super) fn resend(record: &RunRecord) -> Self {
        Self {
            question: Question::Replay(record.id),
            page: resend(record),
            scroll: Scroll::default(),
        }
    }

    /// What to ask the server.
    pub fn question(&self) -> Question {
        self.question
    }

    /// What there is to know before an answer.
    pub fn scroll(&self) -> &Scroll {
        &self.scroll
    }

    pub(super) fn go(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn fit(&mut self, (columns, rows): (usize, usize)) {
        self.scroll.set(self.page.rows(columns));
        self.scroll.bound(rows);
    }
}
