//! What the requests of late would do on another configuration: each is read, and walked through
//! its flow without effects, and the way it takes is compared with the way it took.

mod after_reload;
mod compared;
mod way;

use std::sync::Arc;

pub(super) use after_reload::AfterReload;

use self::compared::Compared;
use super::{
    old_graphs::OldGraphs,
    replay::{Today, was_let_in},
};
use crate::{
    event::{Doubt, Reroute, Rerouted},
    run::Value,
    store::{HistoryFilter, Reader},
};

/// How many requests are looked at after a reload.
const LATEST: u32 = 50;

/// How many rows are looked at for each request that is to be found: what no flow has let in is
/// none, and may be most of what comes from the internet.
const ROWS: u32 = 20;

/// What the `most` latest requests that a flow has let in would do today. Who sent them is not
/// asked again.
///
/// # Errors
/// The history cannot be read, or there is no runtime; the sentence says so.
pub fn what_if(today: &Today, reader: &Reader, most: u32) -> Result<Rerouted, String> {
    let mut rerouted = Rerouted {
        revision: Arc::clone(&today.graph().revision),
        ..Rerouted::default()
    };
    let mut then = OldGraphs::new(reader);
    let rows = reader.history(&HistoryFilter::default(), most.saturating_mul(ROWS))?;
    for row in rows {
        if rerouted.looked_at >= most as usize {
            break;
        }
        // It may just have been removed.
        let Some(record) = reader.record(&row.id)? else {
            continue;
        };
        let record: Value = serde_json::from_str(&record)
            .map_err(|error| format!("the record of {} is broken: {error}", row.id))?;
        if !is_request(&record) {
            continue;
        }
        rerouted.looked_at += 1;
        let (id, flow) = (row.id, row.flow);
        match compared::compare(&record, today, then.of(&row.revision))? {
            Compared::Same => {}
            Compared::Changed { was, now, location } => rerouted.changed.push(Reroute {
                id,
                flow,
                was,
                now,
                location,
            }),
            Compared::Unknown { was, why } => {
                rerouted.unknown.push(Doubt { id, flow, was, why });
            }
        }
    }
    Ok(rerouted)
}

/// Whether a record is of a request that a flow has let in, and not the rest of one or one that
/// came to nothing.
fn is_request(record: &Value) -> bool {
    record["flow"].is_string()
        && record["continues"].is_null()
        && record["outcome"] != "skipped"
        && was_let_in(record).is_ok()
}
