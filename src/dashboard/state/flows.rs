use std::sync::Arc;

use super::{Focus, Scroll};
use crate::{
    dashboard::page::{self, Span},
    event::{FlowCount, FlowCounts, Loaded},
    run::FlowShape,
};

/// The flows that are served, which of them is selected, and what passed through them.
#[derive(Clone, Debug)]
pub struct Flows {
    pub(super) counts: Option<Arc<FlowCounts>>,
    /// Which pane the keys move in.
    pub(in crate::dashboard) focus: Focus,
    /// Whose counts stand at the arms.
    pub(in crate::dashboard) span: Span,
    /// The graph of the selected one.
    pub(in crate::dashboard) scroll: Scroll,
    /// The first row in sight.
    pub(in crate::dashboard) top: usize,
    /// The index of the selected one.
    pub(in crate::dashboard) cursor: usize,
    height: usize,
}

impl Default for Flows {
    fn default() -> Self {
        Self {
            counts: None,
            focus: Focus::List,
            span: Span::Hour,
            scroll: Scroll::default(),
            top: 0,
            cursor: 0,
            height: 0,
        }
    }
}

impl Flows {
    /// What passed through the flows; nothing where that is not known of this revision.
    pub fn counts(&self, loaded: &Loaded) -> Option<&[FlowCount]> {
        let counts = self.counts.as_ref()?;
        (counts.revision == loaded.revision).then_some(&*counts.flows)
    }

    /// How many rows are in sight.
    pub fn height(&self) -> usize {
        match self.focus {
            Focus::List => self.height,
            Focus::Inspector => self.scroll.height(),
        }
    }

    pub(super) fn selected<'l>(&self, loaded: &'l Loaded) -> Option<&'l Arc<FlowShape>> {
        loaded.flows.get(self.cursor)
    }

    /// Keeps the selected flow selected, wherever it stands now.
    pub(super) fn reload(&mut self, before: Option<&Loaded>, after: &Loaded) {
        let selected = before.and_then(|before| self.selected(before));
        let mut flows = after.flows.iter();
        if let Some(name) = selected.map(|flow| &flow.name)
            && let Some(at) = flows.position(|flow| flow.name == *name)
        {
            self.cursor = at;
        }
    }

    pub(super) fn go(&mut self, rows: isize) {
        self.go_in(self.focus, rows);
    }

    /// The same in another pane than that with the focus.
    pub(super) fn go_in(&mut self, pane: Focus, rows: isize) {
        match pane {
            Focus::List => self.select(self.cursor.saturating_add_signed(rows)),
            Focus::Inspector => self.scroll.by(rows),
        }
    }

    pub(super) fn select(&mut self, index: usize) {
        self.cursor = index;
        self.scroll.by(isize::MIN);
    }

    pub(super) fn fit(&mut self, loaded: Option<&Loaded>, height: usize, graph: (usize, usize)) {
        self.height = height;
        let flows = loaded.map_or(0, |loaded| loaded.flows.len());
        self.cursor = self.cursor.min(flows.saturating_sub(1));
        self.top = self
            .top
            .min(self.cursor)
            .max((self.cursor + 1).saturating_sub(height))
            .min(flows.saturating_sub(height));
        let selected = loaded.and_then(|loaded| Some((loaded, self.selected(loaded)?)));
        let page = selected.map(|(loaded, flow)| {
            let counts = self.counts(loaded);
            page::served(flow, counts, self.span)
        });
        self.scroll.fit(page.unwrap_or_default(), graph);
    }
}
