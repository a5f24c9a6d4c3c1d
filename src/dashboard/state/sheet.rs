use super::{Scroll, Taken};
use crate::dashboard::page::{Page, Tone};

/// A text that was made for the viewer, to read and maybe to copy.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    title: String,
    text: String,
    taken: Option<Taken>,
    scroll: Scroll,
    // The columns that it is laid out for.
    columns: Option<usize>,
}

impl Sheet {
    /// A text to read.
    pub(super) fn new(title: String, text: String) -> Self {
        Self {
            title,
            text,
            taken: None,
            scroll: Scroll::default(),
            columns: None,
        }
    }

    /// A text to copy.
    pub(super) fn to_take(title: String, taken: Taken) -> Self {
        Self {
            taken: Some(taken.clone()),
            ..Self::new(title, taken.text)
        }
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What of it can be copied, if anything.
    pub fn taken(&self) -> Option<&Taken> {
        self.taken.as_ref()
    }

    /// Which part of it is in sight.
    pub fn scroll(&self) -> &Scroll {
        &self.scroll
    }

    pub(super) fn go(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn fit(&mut self, (columns, rows): (usize, usize)) {
        if self.columns != Some(columns) {
            let mut page = Page::default();
            page.text(Tone::Plain, 0, &self.text);
            self.scroll.set(page.rows(columns));
            self.columns = Some(columns);
        }
        self.scroll.bound(rows);
    }
}
