use std::{sync::Arc, time::Duration};

use crate::{
    event::{Bus, Event, Subscription, TallySnapshot},
    run::{Outcome, RunRecord},
};

const CAPACITY: usize = 4096;

/// Writes a line for each request, on a thread of its own, as a subscriber like any other: under
/// a load that a log cannot follow it loses lines, never the server speed, and says how many.
pub(super) fn start(bus: &Bus) -> std::io::Result<()> {
    let subscription = bus.subscribe(CAPACITY);
    std::thread::Builder::new()
        .name("access-log".to_owned())
        .spawn(move || write(&subscription))
        .map(drop)
}

fn write(subscription: &Subscription) {
    let mut uncounted = Uncounted::default();
    while let Ok(event) = subscription.next(Duration::from_secs(1)) {
        match event {
            Some(Event::Finished(record)) => line(&record),
            Some(Event::Tally(tally)) => uncounted.see(&tally),
            Some(_) | None => {}
        }
    }
}

fn line(record: &RunRecord) {
    let flow = record.flow.as_ref().map_or("-", |flow| &*flow.name);
    let branch = branch_path(record);
    let status = record
        .reply
        .as_ref()
        .map_or(0, |reply| reply.status.as_u16());
    let took = format!("{:.3}ms", record.duration.as_secs_f64() * 1000.0);
    // What a sender wrote is quoted and escaped, so that it cannot forge a line.
    let path = record.request.uri.path();
    let method = record.request.method.as_str();
    let run = record.id;
    let outcome = record.outcome;
    match (&record.error, outcome) {
        (None, _) => tracing::info!(
            flow, ?path, method, status, %outcome, branch, took, %run, "request"
        ),
        (Some(error), Outcome::Refused) => tracing::info!(
            flow, ?path, method, status, %outcome, took, %run, why = ?error.message, "request"
        ),
        (Some(error), _) => tracing::warn!(
            flow, ?path, method, status, %outcome, branch, took, %run, why = ?error.message, "request"
        ),
    }
}

/// The arms taken, from the outermost in: `big order? > big`.
fn branch_path(record: &RunRecord) -> String {
    let Some(flow) = &record.flow else {
        return String::new();
    };
    let titles = record.taken.iter().filter_map(|taken| {
        let step = flow.steps.get(taken.step as usize)?;
        let arm = taken
            .arm
            .and_then(|arm| step.arms.get(arm as usize))
            .map_or("no match", |arm| &*arm.title);
        Some(if step.title.is_empty() {
            arm.to_owned()
        } else {
            format!("{}={arm}", step.title)
        })
    });
    titles.collect::<Vec<_>>().join(" > ")
}

/// Requests that no line was written for.
#[derive(Default)]
struct Uncounted {
    told: u64,
    last: Option<Arc<TallySnapshot>>,
}

impl Uncounted {
    fn see(&mut self, tally: &Arc<TallySnapshot>) {
        let missing = tally.brief + tally.dropped;
        // Told once the rush is over, or the line about lines would be one of many.
        let is_calm = self
            .last
            .as_ref()
            .is_some_and(|last| last.brief + last.dropped == missing);
        if is_calm && missing > self.told {
            tracing::info!(
                requests = missing - self.told,
                "more requests than a log can follow: these were counted, not written"
            );
            self.told = missing;
        }
        self.last = Some(Arc::clone(tally));
    }
}
