use std::time::SystemTime;

use crate::{
    cli::past::Past,
    engine,
    observe::{NAMED, Pause, Waits},
    run::{FlowShape, RunId, from_millis},
    store::{IndexRow, QueueFilter, QueueSummary, State, Store},
};

/// More runs than that are not counted.
const COUNTED: u32 = 10_000;

/// Why a run has not ended, where it waits or is parked. `effects` are what its steps came to so far.
pub(super) fn waits(
    past: &Past,
    stands: &IndexRow,
    flow: &FlowShape,
    effects: &[(String, String)],
) -> Result<Option<String>, String> {
    let queue = |flow: Option<&str>, states: &[State]| {
        let filter = QueueFilter {
            flow: flow.map(str::to_owned),
            states: states.to_vec(),
            ..QueueFilter::default()
        };
        past.reader.queue(&filter, COUNTED)
    };
    let waiting = [State::Offered, State::Pending];
    let is_parked = stands.state == State::Parked;
    if !is_parked && !waiting.contains(&stands.state) {
        return Ok(None);
    }
    let idle = match Store::is_served(past.state.path()) {
        true => None,
        false => Some("No server is running: it goes on once one is started.".to_owned()),
    };
    let mut waits = Waits {
        concurrency: flow.concurrency,
        pause: pause(effects),
        ..Waits::default()
    };
    if let Some(due) = stands.due_ms.filter(|_| is_parked) {
        let told = waits.parked(from_millis(due)).into_iter().chain(idle);
        return Ok(Some(told.collect::<Vec<_>>().join(" ")));
    }
    if idle.is_some() {
        return Ok(idle);
    }
    let placed = queue(Some(&flow.name), &[State::Running, State::Parked])?;
    // The latest is the first there.
    let first = placed.iter().rev().take(NAMED);
    waits.placed = first.filter_map(holder).collect();
    waits.places = placed.len();
    waits.at_work = queue(None, &[State::Running])?.len();
    waits.waiting = queue(None, &waiting)?.len() as u64;
    Ok(waits.turn())
}

fn holder(run: &QueueSummary) -> Option<(RunId, Option<SystemTime>)> {
    let due = run.due_ms.filter(|_| run.state == State::Parked);
    Some((RunId::parse(&run.id)?, due.map(from_millis)))
}

/// What a run is parked by, as far as what its steps came to tells.
fn pause(effects: &[(String, String)]) -> Pause {
    let now = SystemTime::now();
    let waits = |kept: &str| {
        let kept = serde_json::from_str(kept);
        kept.is_ok_and(|kept| !engine::is_over(&kept, now))
    };
    let mut begun = effects.iter();
    match begun.any(|(key, kept)| engine::is_effect(key) && waits(kept)) {
        true => Pause::Delay,
        false if effects.iter().any(|(key, _)| engine::is_tries(key)) => Pause::Retry(None),
        false => Pause::Unknown,
    }
}
