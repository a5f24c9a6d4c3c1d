use std::{borrow::Cow, io, time::Duration};

use tracing::Level;

use super::redactor::{Secrets, redactor};
use crate::{
    event::{Accepted, Answered, Bus, Event, IsToEnd, Observer, Subscription, TallySnapshot},
    observe::{About, Redactor},
    run::{Outcome, RunRecord, shortened},
};

const CAPACITY: usize = 4096;
/// After what was there has been told. What comes meanwhile is told in one go: to wake the thread
/// for each line costs the one core of a small server more than the line.
const REST: Duration = Duration::from_millis(5);

/// Starts to write a line for each answer, and one for the end of each run that nobody waited for, on
/// a thread of its own, as a subscriber like any other: under a load that a log cannot follow it loses
/// lines, never the server speed, and says how many. `secrets` tells those that are served with,
/// which get into no line.
///
/// # Errors
/// There is no thread to be had.
pub(super) fn start(
    bus: &Bus,
    secrets: impl Fn() -> Secrets + Send + 'static,
) -> io::Result<Observer> {
    // What was left out before was left out of somebody else's view.
    let subscription = bus.subscribe(CAPACITY);
    let mut uncounted = Uncounted::since(missing(&bus.tally(), &subscription));
    let tally = bus.clone();
    Observer::start("access-log", bus, move |is_to_end| {
        write(&subscription, is_to_end, &mut uncounted, secrets);
        // Nobody is left to be calm for.
        uncounted.tell(missing(&tally.tally(), &subscription));
    })
}

fn write(
    subscription: &Subscription,
    is_to_end: &IsToEnd,
    uncounted: &mut Uncounted,
    secrets: impl Fn() -> Secrets,
) {
    while !is_to_end.get() {
        let mut next = subscription.next(Duration::from_secs(1));
        while let Some(event) = next {
            tell(&event, &redactor(&secrets()));
            if let Event::Tally(tally) = event {
                uncounted.see(missing(&tally, subscription));
            }
            next = subscription.try_next();
        }
        std::thread::sleep(REST);
    }
    while let Some(event) = subscription.try_next() {
        tell(&event, &redactor(&secrets()));
    }
}

fn tell(event: &Event, redactor: &Redactor) {
    match event {
        Event::Accepted(accepted) => {
            if let Some(answered) = &accepted.answered {
                answer(accepted, answered, redactor);
            }
        }
        Event::Finished(record) if record.was_queued() => run(record, redactor),
        Event::Finished(record) => request(record, redactor),
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

/// A time as lines tell it.
pub(super) fn in_millis(time: Duration) -> f64 {
    time.as_micros() as f64 / 1000.0
}

/// A request that was answered, and whose run is still to come.
fn answer(accepted: &Accepted, answered: &Answered, redactor: &Redactor) {
    let Answered {
        method,
        path,
        status,
        took,
    } = answered;
    let path = redactor.text_alone(path);
    let (path, took_ms) = (cut(&path), in_millis(*took));
    let (method, path, status) = (method.as_str(), &*path, status.as_u16());
    let (flow, run) = (&*accepted.flow.name, accepted.id);
    tracing::info!(method, path, status, took_ms, flow, %run, "request");
}

/// The end of a run whose caller, if there ever was one, was answered before it began.
fn run(record: &RunRecord, redactor: &Redactor) {
    let about = redactor.about(&record.request, record.reply.as_ref());
    let flow = record.flow.as_ref().map(|flow| &*flow.name);
    let branch = branch_path(record);
    let branch = branch.as_deref().map(|path| told(path, &about));
    let took_ms = in_millis(record.duration);
    let ran_ms = record.spent.map(|spent| in_millis(spent.ran));
    let (run, outcome) = (record.id, record.outcome);
    let why = record.error.as_ref();
    let why = why.map(|error| told(&error.message, &about));
    let (branch, why) = (branch.as_deref(), why.as_deref());
    let continues = record.continues.map(tracing::field::display);
    let replay_of = record
        .replay_of
        .map(|of| of.run)
        .map(tracing::field::display);
    if level(outcome) == Level::INFO {
        tracing::info!(
            took_ms, ran_ms, flow, branch, %outcome, why, %run, continues, replay_of, "run"
        );
    } else {
        tracing::warn!(
            took_ms, ran_ms, flow, branch, %outcome, why, %run, continues, replay_of, "run"
        );
    }
}

/// A request that was answered, or refused, and is over.
fn request(record: &RunRecord, redactor: &Redactor) {
    let about = redactor.about(&record.request, record.reply.as_ref());
    let flow = record.flow.as_ref().map(|flow| &*flow.name);
    let branch = branch_path(record);
    let branch = branch.as_deref().map(|path| told(path, &about));
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let took_ms = in_millis(record.took());
    let ran_ms = record.answered.map(|_| in_millis(record.duration));
    // Without the query, in which some senders carry a token.
    let path = told(record.request.uri.path(), &about);
    let path = &*path;
    let method = record.request.method.as_str();
    let run = record.id;
    let outcome = record.outcome;
    let why = record.error.as_ref();
    let why = why.map(|error| told(&error.message, &about));
    let (branch, why) = (branch.as_deref(), why.as_deref());
    if level(outcome) == Level::INFO {
        tracing::info!(
            method, path, status, took_ms, ran_ms, flow, branch, %outcome, why, %run, "request"
        );
    } else {
        tracing::warn!(
            method, path, status, took_ms, ran_ms, flow, branch, %outcome, why, %run, "request"
        );
    }
}

/// A text that a line is told with.
fn told<'t>(text: &'t str, about: &About<'_>) -> Cow<'t, str> {
    match about.text(text) {
        Cow::Borrowed(text) => cut(text),
        Cow::Owned(text) => cut(&text).into_owned().into(),
    }
}

/// The longest a text of a sender's may be in a line, in characters.
const TEXT: usize = 1_000;

pub(super) fn cut(text: &str) -> Cow<'_, str> {
    shortened(text, TEXT)
}

/// The arms taken, from the outermost in: `big order?=big > country?=otherwise`.
pub(super) fn branch_path(record: &RunRecord) -> Option<String> {
    let flow = record.flow.as_ref()?;
    let titles = flow.branches(&record.taken).map(|(branch, arm)| {
        let arm = arm.map_or("no match", |arm| &*arm.title);
        if branch.title.is_empty() {
            arm.to_owned()
        } else {
            format!("{}={arm}", branch.title)
        }
    });
    let path = titles.collect::<Vec<_>>().join(" > ");
    (!path.is_empty()).then_some(path)
}

/// How many lines there can be none of: of requests that were counted only, and of what came while
/// there was no room.
fn missing(tally: &TallySnapshot, subscription: &Subscription) -> u64 {
    tally.unrecorded + subscription.lost() + subscription.lost_answers()
}

/// Requests that no line was written for.
#[derive(Debug)]
struct Uncounted {
    told: u64,
    last: u64,
}

impl Uncounted {
    fn since(told: u64) -> Self {
        Self { told, last: told }
    }

    /// Tells how many there are once the rush is over, or the line about lines would be one of
    /// many.
    fn see(&mut self, missing: u64) {
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
    use std::{sync::Arc, time::UNIX_EPOCH};

    use super::*;
    use crate::run::RunId;

    fn accepted(answered: Option<Answered>) -> Event {
        Event::Accepted(Accepted {
            id: RunId::from_u128(7),
            flow: Arc::default(),
            at: UNIX_EPOCH,
            answered: answered.map(Arc::new),
        })
    }

    #[test]
    fn only_what_has_no_line_is_counted_as_not_written() {
        let bus = Bus::default();
        let subscription = bus.subscribe(1);
        let tally = |brief, unrecorded, dropped| TallySnapshot {
            brief,
            unrecorded,
            dropped,
            ..bus.tally()
        };
        // What another subscriber had no room for has a line all the same.
        let mut uncounted = Uncounted::since(missing(&tally(10, 20, 30), &subscription));
        assert_eq!(
            uncounted.untold(missing(&tally(90, 20, 99), &subscription)),
            0
        );
        assert_eq!(
            uncounted.untold(missing(&tally(90, 25, 99), &subscription)),
            5
        );
        let answered = Answered {
            method: http::Method::POST,
            path: "/deploy".to_owned(),
            status: http::StatusCode::ACCEPTED,
            took: Duration::ZERO,
        };
        for answered in [None, Some(answered.clone()), Some(answered)] {
            bus.publish(accepted(answered));
        }
        assert_eq!(
            uncounted.untold(missing(&tally(90, 25, 99), &subscription)),
            2
        );
        assert_eq!(
            uncounted.untold(missing(&tally(90, 25, 99), &subscription)),
            0
        );
    }

    #[test]
    fn they_are_told_once_it_is_calm() {
        let mut uncounted = Uncounted::since(0);
        for (missing, told) in [(5, 0), (9, 0), (9, 9), (9, 9), (10, 9), (10, 10)] {
            uncounted.see(missing);
            assert_eq!(uncounted.told, told);
        }
    }
}
