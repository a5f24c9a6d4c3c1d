use std::{collections::VecDeque, sync::Arc};

use crate::{event::Loaded, run::FlowShape};

/// Configurations that are remembered: async runs end on the revision that accepted them.
const REVISIONS: usize = 16;

/// The flows of the revisions that were heard of, by which records are read.
#[derive(Clone, Debug, Default)]
pub struct Shapes {
    // The latest last.
    revisions: VecDeque<Arc<Loaded>>,
}

impl Shapes {
    /// Remembers the flows of a configuration that went live.
    pub fn learn(&mut self, loaded: &Arc<Loaded>) {
        // One that went live again may be served elsewhere now.
        self.revisions
            .retain(|known| known.revision != loaded.revision);
        if self.revisions.len() == REVISIONS {
            self.revisions.pop_front();
        }
        self.revisions.push_back(Arc::clone(loaded));
    }

    /// A flow as it was in that revision.
    pub fn find(&self, revision: &str, flow: &str) -> Option<Arc<FlowShape>> {
        let mut revisions = self.revisions.iter();
        let loaded = revisions.find(|loaded| &*loaded.revision == revision)?;
        of(loaded, flow)
    }

    /// A flow as it is served now.
    pub fn current(&self, flow: &str) -> Option<Arc<FlowShape>> {
        of(self.revisions.back()?, flow)
    }
}

fn of(loaded: &Loaded, flow: &str) -> Option<Arc<FlowShape>> {
    let mut flows = loaded.flows.iter();
    flows.find(|shape| &*shape.name == flow).cloned()
}
