use std::time::SystemTime;

use super::{Page, Tone};
use crate::{
    event::TallySnapshot,
    observe::{Entry, NAMED, Pause, Runs, Stage, Waits},
};

/// Why a run waits, where it does, as far as the runs around it and the counters tell.
pub(super) fn waits(entry: &Entry, runs: &Runs, tally: Option<&TallySnapshot>) -> Waits {
    if !matches!(entry.stage, Stage::Queued | Stage::Parked(_)) {
        return Waits::default();
    }
    let shape = entry.shape.as_ref();
    let placed = runs.placed(&entry.flow);
    let mut placed: Vec<_> = placed
        .map(|other| match other.stage {
            Stage::Parked(due) => (other.id, Some(due)),
            _ => (other.id, None),
        })
        .collect();
    let places = placed.len();
    placed.truncate(NAMED);
    Waits {
        concurrency: shape.and_then(|shape| shape.concurrency),
        placed,
        places,
        at_work: runs.at_work(),
        waiting: tally.map_or(0, |tally| tally.waiting),
        pause: pause(entry),
    }
}

/// What a run is parked by: its innermost step that is not over.
fn pause(entry: &Entry) -> Pause {
    let mut steps = entry.steps.iter().rev();
    match steps.find(|step| step.passage.took.is_none()) {
        None => Pause::Unknown,
        Some(step) if step.kind == "delay" => Pause::Delay,
        Some(step) => Pause::Retry(Some(format!("{} {}", step.kind, step.title))),
    }
}

/// Says why a run waits for its turn.
pub(super) fn write_turn(page: &mut Page, waits: &Waits) {
    let told = waits.turn().unwrap_or_else(|| {
        "Nothing was heard of its end. Under heavy load a run that succeeds may end unrecorded."
            .to_owned()
    });
    page.line().put(Tone::Dim, &told);
}

/// Says until when a run is parked, and what that holds up.
pub(super) fn write_parked(page: &mut Page, waits: &Waits, due: SystemTime) {
    for told in waits.parked(due) {
        page.line().put(Tone::Dim, &told);
    }
}
