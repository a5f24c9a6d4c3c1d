//! What the requests of late would do on another configuration: each is read, and walked through
//! its flow without effects, and the way it takes is compared with the way it took.

mod after_reload;
mod compared;
mod way;

use std::{collections::HashSet, sync::Arc};

pub(super) use after_reload::AfterReload;

use self::compared::Compared;
use super::{
    old_graphs::OldGraphs,
    replay::{Today, read_recorded, was_let_in},
};
use crate::{
    event::{Doubt, Reroute, Rerouted},
    run::{RunId, Value},
    store::{HistoryFilter, Reader},
};

/// How many requests are looked at after a reload.
const LATEST: u32 = 50;

/// How many rows are looked at for each request that is to be found: what no flow has let in is
/// none, and may be most of what comes from the internet.
const ROWS: u32 = 20;

/// What the `most` latest requests that a flow has let in would do today, and what those of the
/// `beside` runs would. Who sent them is not asked again.
///
/// # Errors
/// The history cannot be read, or there is no runtime; the sentence says so.
pub fn what_if(
    today: &Today,
    reader: &Reader,
    most: u32,
    beside: &[RunId],
) -> Result<Rerouted, String> {
    let mut look = Look {
        today,
        reader,
        then: OldGraphs::new(reader),
        seen: HashSet::new(),
        rerouted: Rerouted {
            revision: Arc::clone(&today.graph().revision),
            ..Rerouted::default()
        },
    };
    let rows = reader.history(&HistoryFilter::default(), most.saturating_mul(ROWS))?;
    for row in rows {
        if look.rerouted.looked_at >= most as usize {
            break;
        }
        look.at(row.id)?;
    }
    // The latest were first, and go on being so.
    for run in beside.iter().rev() {
        look.at(run.to_string())?;
    }
    Ok(look.rerouted)
}

/// A look at old requests.
struct Look<'l> {
    today: &'l Today,
    reader: &'l Reader,
    then: OldGraphs<'l>,
    /// The runs that were looked at.
    seen: HashSet<String>,
    rerouted: Rerouted,
}

impl Look<'_> {
    fn at(&mut self, id: String) -> Result<(), String> {
        // It may just have been removed.
        let Some(record) = self.reader.record(&id)? else {
            return Ok(());
        };
        let record = read_recorded(&record)
            .map_err(|error| format!("the record of {id} is broken: {error}"))?;
        if !is_request(&record) || !self.seen.insert(id.clone()) {
            return Ok(());
        }
        self.rerouted.looked_at += 1;
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let (flow, revision) = (text("flow"), text("revision"));
        match compared::compare(&record, self.today, self.then.of(&revision))? {
            Compared::Same => {}
            Compared::Changed { was, now, location } => self.rerouted.changed.push(Reroute {
                id,
                flow,
                was,
                now,
                location,
            }),
            Compared::Unknown { was, why } => {
                self.rerouted.unknown.push(Doubt { id, flow, was, why });
            }
        }
        Ok(())
    }
}

/// Whether a record is of a request that a flow has let in, and not the rest of one or one that
/// came to nothing.
fn is_request(record: &Value) -> bool {
    record["flow"].is_string()
        && record["continues"].is_null()
        && record["outcome"] != "skipped"
        && was_let_in(record).is_ok()
}
