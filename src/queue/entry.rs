use std::sync::Arc;

use http::HeaderMap;

use super::codec;
use crate::{
    run::{Continues, ReplayOf, Reply, Request, RunId, Value, value_bytes},
    store::QueueRow,
};

/// What is accepted, and kept until it has ended.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The run's id.
    pub id: RunId,
    /// The name of its flow.
    pub flow: Arc<str>,
    /// The revision that accepted it.
    pub revision: Arc<str>,
    /// What came in.
    pub request: Request,
    /// The variables by slot; `None` is absent.
    pub variables: Vec<Option<Value>>,
    /// The whole body as a value, where the flow needs it.
    pub document: Option<Value>,
    /// What the caller is answered.
    pub reply: Reply,
    /// Where it is the rest of a run that has answered: which, and where it begins.
    pub continues: Option<Continues>,
    /// The run that it repeats, where it does.
    pub replay_of: Option<ReplayOf>,
}

impl Entry {
    /// The row that keeps it.
    pub fn to_row(&self) -> QueueRow {
        codec::row(self, self.weight())
    }

    /// The entry that a row keeps.
    ///
    /// # Errors
    /// No entry was kept like this; the sentence says what is amiss.
    pub fn from_row(row: QueueRow) -> Result<Self, String> {
        codec::entry(row)
    }

    /// About how many bytes it holds on to.
    pub(super) fn weight(&self) -> usize {
        const FIXED: usize = 1024;
        let target = self.request.uri.path_and_query();
        let values = self.variables.iter().flatten().chain(&self.document);
        FIXED
            + target.map_or(0, |target| target.as_str().len())
            + headers(&self.request.headers)
            + self.request.body.len()
            + values.map(value_bytes).sum::<usize>()
            + headers(&self.reply.headers)
            + self.reply.body.len()
    }
}

fn headers(headers: &HeaderMap) -> usize {
    headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum()
}
