use crate::dashboard::page::{Page, Tone};

/// What a server answered, to be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// What it is about.
    pub title: String,
    text: String,
}

impl Answer {
    pub(super) fn new(title: String, text: String) -> Self {
        Self { title, text }
    }

    pub(super) fn page(&self) -> Page {
        let mut page = Page::default();
        page.text(Tone::Plain, 0, &self.text);
        page
    }
}
