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
        self.dead_of.clone_from(&flow);
        self.ask(Question::Dead(flow))
    }

    /// Says how many there are. They follow.
    pub(super) fn found(&mut self, count: u64, of: u64) {
        self.list.look_up_anew();
        let flow = self.dead_of.as_ref();
        let whose = flow.map_or_else(String::new, |flow| format!(" of `{flow}`"));
        self.say(match count {
            0 => format!("no dead run{whose} is kept"),
            1 => format!("1 dead run{whose} is kept"),
            count if count >= of => format!("{count} dead runs{whose} are kept"),
            count => format!(
                "the latest {count} of {} dead runs{whose} that are kept",
                text::count(of)
            ),
        });
    }
}
