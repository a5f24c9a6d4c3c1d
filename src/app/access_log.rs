use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    time::Duration,
};

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
        let subscription = bus.subscribe(CAPACITY);
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = Arc::clone(&stop);
        let (tell, ended) = mpsc::channel();
        std::thread::Builder::new()
            .name("access-log".to_owned())
            .spawn(move || {
                write(&subscription, &stopped);
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

fn write(subscription: &Subscription, stop: &AtomicBool) {
    let mut uncounted = Uncounted::default();
    while !stop.load(Ordering::Acquire)
        && let Ok(event) = subscription.next(Duration::from_secs(1))
    {
        if let Some(event) = event {
            tell(&event, &mut uncounted);
        }
    }
    while let Some(event) = subscription.try_next() {
        tell(&event, &mut uncounted);
    }
}

fn tell(event: &Event, uncounted: &mut Uncounted) {
    match event {
        Event::Finished(record) => line(record),
        Event::Tally(tally) => uncounted.see(tally),
        _ => {}
    }
}

fn line(record: &RunRecord) {
    let flow = record.flow.as_ref().map(|flow| &*flow.name);
    let branch = branch_path(record);
    let branch = branch.as_deref().map(cut);
    let status = record.reply.as_ref().map(|reply| reply.status.as_u16());
    let took_ms = record.duration.as_micros() as f64 / 1000.0;
    // Without the query, in which some senders carry a token.
    let path = cut(record.request.uri.path());
    let path = &*path;
    let method = record.request.method.as_str();
    let run = record.id;
    let outcome = record.outcome;
    let why = record.error.as_ref().map(|error| cut(&error.message));
    let (branch, why) = (branch.as_deref(), why.as_deref());
    match outcome {
        // What an outsider sent amiss is no fault of the server.
        Outcome::Succeeded | Outcome::Refused => tracing::info!(
            method, path, status, took_ms, flow, branch, %outcome, why, %run, "request"
        ),
        Outcome::Failed | Outcome::TimedOut => tracing::warn!(
            method, path, status, took_ms, flow, branch, %outcome, why, %run, "request"
        ),
    }
}

/// The longest a text of a sender's may be in a line, in characters.
const TEXT: usize = 1_000;

fn cut(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(TEXT) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// The arms taken, from the outermost in: `big order?=big > country?=otherwise`.
fn branch_path(record: &RunRecord) -> Option<String> {
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
