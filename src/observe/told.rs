use std::sync::Arc;

use super::{BodyAt, BodyPart, Question, Tried};
use crate::{
    event::Event,
    run::{RunId, RunRecord},
};

/// What a viewer hears of a server.
#[derive(Clone, Debug)]
pub enum Told {
    /// The server is there.
    Connected,
    /// All that is known is told anew, until [`Told::Live`]: nothing of before is needed for it.
    Anew,
    /// From here on, it is told as it happens.
    Live,
    /// Something happened.
    Event(Event),
    /// So many runs were not told: more came than the viewer took in.
    Gap(u64),
    /// The answer to a question.
    Answer {
        /// What it is about.
        title: String,
        /// The answer, in as many lines as it has.
        text: String,
    },
    /// The answer to a question that something be done: it is, by a new run.
    Begun {
        /// What it is about.
        title: String,
        /// The answer.
        text: String,
        /// The new run.
        run: RunId,
    },
    /// The answer to the question which way an edited request would go, and the record of that
    /// where it comes to a flow.
    Tried(Tried, Option<Arc<RunRecord>>),
    /// How a flow is written.
    Source {
        /// Its name, and where it stands.
        title: String,
        /// Its text.
        text: String,
    },
    /// The part of a body that was asked for, or why there is none.
    Body(BodyAt, Result<BodyPart, String>),
    /// So many runs were found that were asked for, of so many that there are; they follow.
    Found {
        /// How many follow.
        count: u64,
        /// How many there are.
        of: u64,
    },
    /// One of them, the oldest first.
    Past(Arc<RunRecord>),
    /// The server is not there, or not any more, for this reason; it is looked for again.
    Lost(String),
    /// Nothing more comes, for this reason.
    Over(String),
}

/// Where a viewer hears of a server, and asks it.
pub trait Feed: Send {
    /// What was told next, if anything waits.
    fn try_next(&self) -> Option<Told>;

    /// Asks the server; whether there is one to hear it.
    fn ask(&self, question: Question) -> bool;

    /// Looks at a run from here on, whose steps are told as they happen, or at none.
    fn view(&self, run: Option<RunId>);
}
