//! What is in the store of the runs before a viewer came.

use std::{collections::HashSet, path::Path, str::FromStr, sync::Arc};

use crate::{
    attach::Past,
    event::Accepted,
    observe::{Wanted, cut_bodies},
    run::{FlowShape, Outcome, RunId, Value, from_millis},
    store::{HistoryFilter, HistorySummary, QueueFilter, QueueSummary, Reader, State},
};

/// How many of the last runs a viewer is told who comes.
const RECENT: u32 = 200;
/// How many that have not ended.
const WAITING: u32 = 200;
/// How many of the last failures beside them.
const FAILURES: usize = 50;
/// How many dead runs are told who asks for them.
const DEAD: u32 = 200;

/// The runs that are wanted, the oldest first.
pub(super) fn past(directory: &Path, wanted: &Wanted, tell: &mut dyn FnMut(Past) -> bool) {
    // Where nothing can be read of the past, what happens is told all the same.
    let Ok(reader) = Reader::open(directory) else {
        return;
    };
    match wanted {
        Wanted::Latest => latest(&reader, tell),
        Wanted::Dead(flow) => {
            let (ids, of) = dead(&reader, flow.as_deref());
            let count = ids.len() as u64;
            let _ = tell(Past::Found { count, of })
                && ids.iter().all(|id| tell_ended(&reader, id, tell));
        }
    }
}

/// The runs that have not ended, the last runs, and the last failures before them, the oldest first.
fn latest(reader: &Reader, tell: &mut dyn FnMut(Past) -> bool) {
    // In this order: what ends in between is in both, and not in neither.
    let mut waiting = waiting(reader);
    let ended = last(reader);
    waiting.retain(|run| ended.iter().all(|ended| ended.id != run.id));
    let mut waiting = waiting.into_iter().peekable();
    for summary in ended {
        let key = (summary.accepted_ms, &summary.id);
        while let Some(run) = waiting.next_if(|run| (run.accepted_ms, &run.id) < key) {
            if !tell_waiting(&run, tell) {
                return;
            }
        }
        if !tell_ended(reader, &summary.id, tell) {
            return;
        }
    }
    for run in waiting {
        if !tell_waiting(&run, tell) {
            return;
        }
    }
}

/// The last runs that have not ended, the oldest first. Dead ones have.
fn waiting(reader: &Reader) -> Vec<QueueSummary> {
    let of = |states: &[State]| {
        let filter = QueueFilter {
            states: states.to_vec(),
            ..QueueFilter::default()
        };
        reader.queue(&filter, WAITING).unwrap_or_default()
    };
    // Those that the others wait for may be older than all of these.
    let mut waiting = of(&[State::Running, State::Parked]);
    let room = (WAITING as usize).saturating_sub(waiting.len());
    waiting.extend(of(&[State::Pending]).into_iter().take(room));
    waiting.sort_by(|one, other| (one.accepted_ms, &one.id).cmp(&(other.accepted_ms, &other.id)));
    waiting
}

/// Whether more is wanted. What was removed meanwhile is passed over.
fn tell_ended(reader: &Reader, id: &str, tell: &mut dyn FnMut(Past) -> bool) -> bool {
    let record = reader.record(id).ok().flatten();
    let record = record.and_then(|record| Value::from_str(&record).ok());
    match RunId::parse(id).zip(record) {
        Some((id, mut record)) => {
            cut_bodies(&mut record);
            tell(Past::Ended { id, record })
        }
        None => true,
    }
}

/// Whether more is wanted.
fn tell_waiting(run: &QueueSummary, tell: &mut dyn FnMut(Past) -> bool) -> bool {
    let Some(id) = RunId::parse(&run.id) else {
        return true;
    };
    tell(Past::Unended {
        run: Accepted {
            id,
            flow: Arc::new(FlowShape::named(&*run.flow)),
            at: from_millis(run.accepted_ms),
            answered: None,
        },
        due: run.due_ms.map(from_millis),
    })
}

/// The latest dead runs, the oldest first, and how many there are.
fn dead(reader: &Reader, flow: Option<&str>) -> (Vec<String>, u64) {
    let filter = QueueFilter {
        flow: flow.map(str::to_owned),
        states: vec![State::Dead],
        ..QueueFilter::default()
    };
    let latest = reader.queue(&filter, DEAD).unwrap_or_default();
    let all = reader.dead_by_flow().unwrap_or_default();
    let meant = all
        .iter()
        .filter(|(name, _)| flow.is_none_or(|flow| flow == name));
    let of = meant.map(|(_, count)| u64::try_from(*count).unwrap_or_default());
    (
        latest.into_iter().rev().map(|run| run.id).collect(),
        of.sum(),
    )
}

fn last(reader: &Reader) -> Vec<HistorySummary> {
    let mut last = reader
        .history(&HistoryFilter::default(), RECENT)
        .unwrap_or_default();
    let known: HashSet<String> = last.iter().map(|run| run.id.clone()).collect();
    let mut failures: Vec<HistorySummary> = Outcome::FAILURES
        .into_iter()
        .flat_map(|outcome| {
            let filter = HistoryFilter {
                outcome: Some(outcome.to_string()),
                ..HistoryFilter::default()
            };
            // The newest may all be among those that are told anyway.
            let most = RECENT + FAILURES as u32;
            reader.history(&filter, most).unwrap_or_default()
        })
        .filter(|run| !known.contains(&run.id))
        .collect();
    failures.sort_by(|one, other| (other.accepted_ms, &other.id).cmp(&(one.accepted_ms, &one.id)));
    failures.truncate(FAILURES);
    last.append(&mut failures);
    last.sort_by(|one, other| (one.accepted_ms, &one.id).cmp(&(other.accepted_ms, &other.id)));
    last
}
