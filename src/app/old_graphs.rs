use std::collections::HashMap;

use crate::{app::revisions::kept_graph, graph::Graph, store::Reader};

/// The revisions that old runs were on, each compiled once.
pub(super) struct OldGraphs<'r> {
    reader: &'r Reader,
    known: HashMap<String, Option<Graph>>,
}

impl<'r> OldGraphs<'r> {
    /// Those that are kept in a store.
    pub fn new(reader: &'r Reader) -> Self {
        Self {
            reader,
            known: HashMap::new(),
        }
    }

    /// What a revision was; `None` where that cannot be read any more.
    pub fn of(&mut self, revision: &str) -> Option<&Graph> {
        let reader = self.reader;
        let graph = self.known.entry(revision.to_owned());
        let graph = graph.or_insert_with(|| kept_graph(reader, revision));
        graph.as_ref()
    }
}
