//! A run that is walked and one that is kept are the same run: what becomes what.

use std::{mem, sync::Arc, time::Instant};

use crate::{engine::Input, event::Detail, graph::Flow, queue::Entry, run::Reply};

/// What is kept of a run of this flow, which is answered this.
pub fn to_entry(input: Input, flow: &Flow, reply: Reply) -> Entry {
    Entry {
        id: input.id,
        flow: Arc::clone(&flow.name),
        revision: input.revision,
        request: input.request,
        variables: input.variables,
        document: input.document,
        reply,
        continues: input.continues,
        replay_of: input.replay_of,
    }
}

/// What a run begins with that was kept, and whose request came at `started`. Its variables and its
/// document are taken out: they may be large, and nobody else needs them.
pub fn to_input(entry: &mut Entry, started: Instant) -> Input {
    Input {
        id: entry.id,
        revision: Arc::clone(&entry.revision),
        request: entry.request.clone(),
        variables: mem::take(&mut entry.variables),
        document: entry.document.take(),
        started,
        continues: entry.continues,
        replay_of: entry.replay_of,
        // The history has the whole story of every run that is kept.
        detail: Detail::Full,
    }
}
