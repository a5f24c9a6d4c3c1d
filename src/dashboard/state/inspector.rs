use super::overlay::Scroll;
use crate::{
    dashboard::page::{Page, Tab, inspector},
    observe::{Entry, Stage},
};

/// What is said of the selected run, and which part of that is in sight.
#[derive(Clone, Debug, Default)]
pub struct Inspector {
    pub(in crate::dashboard) tab: Tab,
    pub(in crate::dashboard) scroll: Scroll,
    // What the page was made of: it is made anew only when that changes.
    of: Option<(u64, Stage, Tab, usize)>,
}

impl Inspector {
    pub(super) fn turn(&mut self, places: usize) {
        self.show(self.tab.step(places));
    }

    pub(super) fn show(&mut self, tab: Tab) {
        self.tab = tab;
        self.scroll.by(isize::MIN);
    }

    pub(super) fn scroll(&mut self, rows: isize) {
        self.scroll.by(rows);
    }

    pub(super) fn fit(&mut self, entry: Option<&Entry>, (columns, rows): (usize, usize)) {
        let of = entry.map(|entry| (entry.seq, entry.stage, self.tab, columns));
        if of != self.of {
            if self.of.map(|of| of.0) != of.map(|of| of.0) {
                self.scroll.by(isize::MIN);
            }
            let page =
                entry.map_or_else(Page::default, |entry| inspector(self.tab, entry, columns));
            self.scroll.set(page.rows(columns));
            self.of = of;
        }
        self.scroll.bound(rows);
    }
}
