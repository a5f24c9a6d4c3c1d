use super::{Asking, Complaint, Palette, Picker, Sheet};
use crate::{
    dashboard::{
        keymap::Keymap,
        page::{Laid, Page, Row, Tone, diagnostics, help, rerouted},
    },
    event::{Rejected, Rerouted},
};

/// What lies over the panes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Overlay {
    /// Something to read.
    Reading(Reading, Scroll),
    /// What can be done with the selected run, and which of it is selected.
    Acts(usize),
    /// A text that was made for the viewer.
    Sheet(Box<Sheet>),
    /// The lines that a `parse` block could have.
    Picking(Box<Picker>),
    /// The question whether to send a run again; it is asked in the footer.
    Asking(Box<Asking>),
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
    laid: Laid,
    in_sight: Vec<Row>,
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
        complaint: Option<&Complaint>,
        keymap: &Keymap,
    ) -> Page {
        match self {
            Self::Help => help(keymap),
            Self::Diagnostics => diagnostics(rejected, complaint),
            Self::Rerouted => rerouted.map_or_else(Page::default, self::rerouted),
        }
    }
}

impl Scroll {
    /// The rows in sight.
    pub fn in_sight(&self) -> &[Row] {
        &self.in_sight
    }

    /// How many rows are in sight.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Where in the whole the last row in sight is, as a percentage; nothing where all of it is.
    pub fn percent(&self) -> Option<usize> {
        (self.laid.height() > self.height)
            .then(|| (self.top + self.height) * 100 / self.laid.height().max(1))
    }

    pub(super) fn by(&mut self, rows: isize) {
        self.top = self.top.saturating_add_signed(rows);
    }

    /// The first row in sight.
    pub fn top(&self) -> usize {
        self.top
    }

    /// Scrolls no more than it takes to have a row in sight.
    pub(super) fn show(&mut self, row: usize) {
        let last = (self.top + self.height).saturating_sub(1);
        if row < self.top || row > last {
            // Some of what stands above it is worth seeing as well.
            self.top = row.saturating_sub(self.height / 3);
        }
    }

    /// The rows that have something in that tone.
    pub(super) fn rows_with(&self, tone: Tone) -> Vec<usize> {
        self.laid.rows_with(tone)
    }

    /// Whether there is more to read than can be scrolled to.
    pub(super) fn is_part(&self) -> bool {
        self.laid.is_part()
    }

    pub(super) fn set(&mut self, page: Page, columns: usize) {
        self.laid = Laid::new(page, columns);
    }

    pub(super) fn bound(&mut self, height: usize) {
        self.height = height;
        self.top = self.top.min(self.laid.height().saturating_sub(height));
        self.in_sight = self.laid.rows(self.top..self.top + height);
    }

    pub(super) fn fit(&mut self, page: Page, (columns, rows): (usize, usize)) {
        self.set(page, columns);
        self.bound(rows);
    }
}
