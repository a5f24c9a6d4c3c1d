use super::{Answer, Palette};
use crate::{
    dashboard::{
        keymap::Keymap,
        page::{Page, Row, diagnostics, help, rerouted},
    },
    event::{Rejected, Rerouted},
};

/// What lies over the panes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Overlay {
    /// Something to read.
    Reading(Reading, Scroll),
    /// What the server answered.
    Answer(Answer, Scroll),
    /// The flows, and which of them is selected.
    Flows(usize),
    /// A search through all that keys do.
    Palette(Palette),
    /// The question whether to quit; it is asked in the footer.
    Quit,
}

/// What there is to read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reading {
    /// The keys.
    Help,
    /// What is wrong with the file.
    Diagnostics,
    /// Which of the last requests would go another way.
    Rerouted,
}

/// Rows that may be more than there is room for.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Scroll {
    rows: Vec<Row>,
    top: usize,
    height: usize,
}

impl Reading {
    /// What it is called.
    pub fn title(self) -> &'static str {
        match self {
            Self::Help => "Keys",
            Self::Diagnostics => "What is wrong",
            Self::Rerouted => "What would go another way",
        }
    }

    pub(super) fn page(
        self,
        rejected: Option<&Rejected>,
        rerouted: Option<&Rerouted>,
        keymap: &Keymap,
    ) -> Page {
        match self {
            Self::Help => help(keymap),
            Self::Diagnostics => rejected.map_or_else(Page::default, diagnostics),
            Self::Rerouted => rerouted.map_or_else(Page::default, self::rerouted),
        }
    }
}

impl Scroll {
    /// The rows in sight.
    pub fn in_sight(&self) -> &[Row] {
        let end = (self.top + self.height).min(self.rows.len());
        &self.rows[self.top.min(end)..end]
    }

    /// How many rows are in sight.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Where in the whole the last row in sight is, as a percentage; nothing where all of it is.
    pub fn percent(&self) -> Option<usize> {
        (self.rows.len() > self.height)
            .then(|| (self.top + self.height) * 100 / self.rows.len().max(1))
    }

    pub(super) fn by(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
    }

    pub(super) fn set(&mut self, rows: Vec<Row>) {
        self.rows = rows;
    }

    pub(super) fn bound(&mut self, height: usize) {
        self.height = height;
        self.top = self.top.min(self.rows.len().saturating_sub(height));
    }

    pub(super) fn fit(&mut self, page: Page, (columns, rows): (usize, usize)) {
        self.set(page.rows(columns));
        self.bound(rows);
    }
}
