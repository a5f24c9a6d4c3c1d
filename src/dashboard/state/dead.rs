//! The dead runs that the server keeps, however long ago they were.

use super::{Effect, Focus, Screen, State};
use crate::{
    dashboard::text,
    observe::{Filter, Question},
};

impl State {
    /// Shows those that are known here, and asks for the others.
    pub(super) fn dead(&mut self) -> Option<Effect> {
        let flow = match self.screen {
            Screen::Flows => self.flow().map(|flow| flow.name.to_string()),
            _ => None,
        };
        self.list.filter = Filter::dead(flow.as_deref());
        self.list.follow();
        self.focus = Focus::List;
        self.go_to(Screen::Live);
        self.ask(Question::Dead(flow))
    }

    /// Says how many there are. They follow.
    pub(super) fn found(&mut self, count: u64, of: u64) {
        self.list.look_up_anew();
        self.say(match count {
            0 => "no dead run is kept".to_owned(),
            1 => "1 dead run is kept".to_owned(),
            count if count >= of => format!("{count} dead runs are kept"),
            count => format!(
                "the latest {count} of {} dead runs that are kept",
                text::count(of)
            ),
        });
    }
}
