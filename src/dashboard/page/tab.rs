use super::{Around, Bodies, Page, flow, message, raw, steps, variables, waits, why, words};
use crate::observe::{Entry, Moment, Stage};

/// A tab of the inspector.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tab {
    /// The steps that ran.
    #[default]
    Steps,
    /// The values that were parsed and set.
    Variables,
    /// What came in.
    Request,
    /// What went out.
    Response,
    /// Every condition, and what it read.
    Why,
    /// The flow, and the way the run took.
    Flow,
    /// The record as JSON.
    Raw,
}

impl Tab {
    /// All of them, in order.
    pub const ALL: [Self; 7] = [
        Self::Steps,
        Self::Variables,
        Self::Request,
        Self::Response,
        Self::Why,
        Self::Flow,
        Self::Raw,
    ];

    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Steps => "Steps",
            Self::Variables => "Variables",
            Self::Request => "Request",
            Self::Response => "Response",
            Self::Why => "Why",
            Self::Flow => "Flow",
            Self::Raw => "Raw",
        }
    }

    /// The one so many places on, round and round.
    #[must_use]
    pub fn step(self, places: usize) -> Self {
        Self::ALL[(self as usize + places) % Self::ALL.len()]
    }
}

/// What a tab says of a run now, for so many columns.
pub fn inspector(
    tab: Tab,
    entry: &Entry,
    around: &Around,
    columns: usize,
    bodies: Bodies<'_>,
    now: Moment,
) -> Page {
    let mut page = Page::default();
    words::summary(&mut page, entry, around, columns);
    match (tab, &entry.record) {
        // Of a run that waits, its way through the flow is open, but the flow is known.
        (Tab::Flow, record) => flow::write(&mut page, entry, record.as_deref()),
        (Tab::Steps, None) if !entry.steps.is_empty() => {
            if let Stage::Parked(due) = entry.stage {
                waits::write_parked(&mut page, &around.waits, due);
                page.blank();
            }
            steps::write_so_far(&mut page, entry, columns, now);
        }
        (_, None) => words::no_record(&mut page, entry, &around.waits),
        (Tab::Steps, Some(record)) => steps::write(&mut page, entry, record, columns),
        (Tab::Variables, Some(record)) => variables::write(&mut page, entry, record, columns),
        (Tab::Request, Some(record)) => message::write_request(&mut page, record, bodies),
        (Tab::Response, Some(record)) => message::write_reply(&mut page, record, bodies),
        (Tab::Why, Some(record)) => why::write(&mut page, entry, record),
        (Tab::Raw, Some(record)) => raw::write(&mut page, record),
    }
    page
}
