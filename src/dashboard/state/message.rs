use std::time::Duration;

use crate::dashboard::page::{Page, Row, Tone};

/// Words for the footer that go away by themselves, or with the next key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    text: String,
    until: Option<Duration>,
    goes_with_a_key: bool,
}

impl Message {
    /// The answer to a key: it goes with the next one, or before.
    pub(super) fn answer(text: String, until: Duration) -> Self {
        Self {
            text,
            until: Some(until),
            goes_with_a_key: true,
        }
    }

    /// The answer to a key that is there to be read or copied: it goes with the next one only.
    pub(super) fn lasting(text: String) -> Self {
        Self {
            text,
            until: None,
            goes_with_a_key: true,
        }
    }

    /// Something that happened: no key takes it away unread.
    pub(super) fn news(text: String, until: Duration) -> Self {
        Self {
            text,
            until: Some(until),
            goes_with_a_key: false,
        }
    }

    pub(super) fn is_over(&self, now: Duration) -> bool {
        self.until.is_some_and(|until| until <= now)
    }

    /// Whether it says this.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether the next key takes it away: it is the answer to one.
    pub fn goes_with_a_key(&self) -> bool {
        self.goes_with_a_key
    }

    /// The whole of it, in rows of so many columns.
    pub fn rows(&self, columns: usize) -> Vec<Row> {
        let mut page = Page::default();
        page.line().put(Tone::Strong, &self.text);
        page.rows(columns)
    }
}
