use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    time::Duration,
};

use tracing::Level;

use crate::{
    event::{Bus, Event, Subscription, TallySnapshot},
    run::{Outcome, RunRecord},
};

const CAPACITY: usize = 4096;

/// Writes a line for each request, on a thread of its own, as a subscriber like any other: under
/// a load that a log cannot follow it loses lines, never the server speed, and says how many.
pub(super) struct AccessLog {
    bus: Bus,
    stop: Arc<AtomicBool>,
    ended: Receiver<()>,
}

impl AccessLog {
    /// Starts the thread.
    ///
    /// # Errors
    /// There is none to be had.
    pub fn start(bus: &Bus) -> std::io::Result<Self> {
        // What was left out before was left out of somebody else's view.
        let mut uncounted = Uncounted::since(&bus.tally());
        let subscription = bus.subscribe(CAPACITY);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (tell, ended) = mpsc::channel();
        let counters = bus.clone();
        std::thread::Builder::new()
            .name("access-log".to_owned())
            .spawn(move || {
                write(&subscription, &stopped, &mut uncounted);
                // Nobody is left to be calm for.
                uncounted.tell(missing(&counters.tally()));
                let _ = tell.send(());
            })?;
        Ok(Self {
            bus: bus.clone(),
            stop,
            ended,
        })
    }

    /// Waits until there is a line for everything that has happened, at most that long.
    pub fn finish(self, at_most: Duration) {
        self.stop.store(true, Ordering::Release);
        // It sleeps until something happens.
        self.bus.publish(Event::Draining);
        let _ = self.ended.recv_timeout(at_most);
    }
}

fn write(subscription: &Subscription, stop: &AtomicBool, uncounted: &mut Uncounted) {
    while !stop.load(Ordering::Acquire) {
        if let Some(event) = subscription.next(Duration::from_secs(1)) {
            tell(&event, uncounted);
        }
    }
    while let Some(event) = subscription.try_next() {
        tell(&event, uncounted);
    }
}

fn tell(event: &Event, uncounted: &mut Uncounted) {
    match event {
        Event::Finished(record) => line(record),
        Event::Tally(tally) => uncounted.see(tally),
        _ => {}
    }
}

/// How loud a line is.
pub(super) fn level(outcome: Outcome) -> Level {
    match outcome {
        // What an outsider sent amiss is no fault of the server.
        Outcome::Succeeded | Outcome::Skipped | Outcome::Refused => Level::INFO,
        Outcome::Failed | Outcome::TimedOut | Outcome::Cancelled | Outcome::Dead => Level::WARN,
    }
}

pub(super) fn took_ms(record: &RunRecord) -> f64 {
    record.duration.as_micros() as f64 / 1000.0
}

fn line(record: &RunRecord) {
    let flow = record.flow.as_ref().map(|flow| &*flow.name);
    let branch = branch_path(record);
    let branch = branch.as_deref().map(cut);
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let took_ms = took_ms(record);
    // Without the query, in which some senders carry a token.
    let path = cut(record.request.uri.path());
    let path = &*path;
    let method = record.request.method.as_str();
    let run = record.id;
    let outcome = record.outcome;
    let why = record.error.as_ref().map(|error| cut(&error.message));
    let (branch, why) = (branch.as_deref(), why.as_deref());
    if level(outcome) == Level::INFO {
        tracing::info!(
            method, path, status, took_ms, flow, branch, %outcome, why, %run, "request"
        );
    } else {
        tracing::warn!(
            method, path, status, took_ms, flow, branch, %outcome, why, %run, "request"
        );
    }
}

/// The longest a text of a sender's may be in a line, in characters.
const TEXT: usize = 1_000;

pub(super) fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The arms taken, from the outermost in: `big order?=big > country?=otherwise`.
pub(super) fn branch_path(record: &RunRecord) -> Option<String> {
    let flow = record.flow.as_ref()?;
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
    let path = titles.collect::<Vec<_>>().join(" > ");
    (!path.is_empty()).then_some(path)
}

/// How many requests there can be no line for.
fn missing(tally: &TallySnapshot) -> u64 {
    tally.skipped + tally.dropped
}

/// Requests that no line was written for.
#[derive(Debug)]
struct Uncounted {
    told: u64,
    last: u64,
}

impl Uncounted {
    fn since(tally: &TallySnapshot) -> Self {
        let told = missing(tally);
        Self { told, last: told }
    }

    /// Tells how many there are once the rush is over, or the line about lines would be one of
    /// many.
    fn see(&mut self, tally: &TallySnapshot) {
        let missing = missing(tally);
        if missing == self.last {
            self.tell(missing);
        }
        self.last = missing;
    }

    fn tell(&mut self, missing: u64) {
        let requests = self.untold(missing);
        if requests > 0 {
            tracing::info!(
                requests,
                "more requests than a log can follow: these were counted, not written"
            );
        }
    }

    fn untold(&mut self, missing: u64) -> u64 {
        let untold = missing.saturating_sub(self.told);
        self.told = missing.max(self.told);
        untold
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(brief: u64, skipped: u64, dropped: u64) -> TallySnapshot {
        TallySnapshot {
            brief,
            skipped,
            dropped,
            ..Bus::default().tally()
        }
    }

    #[test]
    fn only_requests_without_a_line_are_counted_as_not_written() {
        let mut uncounted = Uncounted::since(&tally(10, 20, 30));
        assert_eq!(uncounted.untold(missing(&tally(90, 20, 30))), 0);
        assert_eq!(uncounted.untold(missing(&tally(90, 25, 32))), 7);
        assert_eq!(uncounted.untold(missing(&tally(90, 25, 32))), 0);
    }

    #[test]
    fn they_are_told_once_it_is_calm() {
        let mut uncounted = Uncounted::since(&tally(0, 0, 0));
        for (skipped, told) in [(5, 0), (9, 0), (9, 9), (9, 9), (10, 9), (10, 10)] {
            uncounted.see(&tally(0, skipped, 0));
            assert_eq!(uncounted.told, told);
        }
    }
}
