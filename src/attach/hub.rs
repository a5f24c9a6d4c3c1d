use std::{
    fmt, io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use super::{
    ring::Ring,
    viewer::{Viewer, gap},
    wire::{Kind, Line, Redact, Seen, event_body},
};
use crate::{
    event::{Accepted, Bus, Event, Parked, Started, Subscription, TallySnapshot},
    run::RunId,
};

/// Unread events that the hub may have before it loses some.
const CAPACITY: usize = 1024;
/// How many successes are told a second; the others are counted. Nobody reads more, and each takes
/// as long as a small request does.
const SUCCESSES_A_SECOND: u32 = 200;
/// How long it goes on listening when nobody looks any more, for those who come back.
const LINGER: Duration = Duration::from_secs(60);

/// Makes of each event one line for all viewers, while there are any.
pub struct Hub {
    shared: Arc<Shared>,
}

struct Shared {
    bus: Bus,
    boot: RunId,
    redact: Redact,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// The last sequence that was given.
    seq: u64,
    ring: Ring,
    viewers: Vec<Arc<Viewer>>,
    /// Whether a thread listens to the bus.
    is_listening: bool,
}

/// One viewer's end. Dropping it leaves.
pub(super) struct Seat {
    pub viewer: Arc<Viewer>,
    shared: Arc<Shared>,
}

/// What a viewer is told first.
pub(super) enum Beginning {
    /// What came since it left.
    Missed(Vec<Arc<Line>>),
    /// Everything.
    Snapshot {
        /// How the server stands.
        standing: Vec<Arc<Line>>,
        /// The last runs: what the history may not have yet, or does not keep.
        recent: Vec<Arc<Line>>,
    },
}

impl Hub {
    /// A hub for that bus, which tells what `redact` leaves.
    pub fn new(bus: Bus, redact: Redact) -> Self {
        Self {
            shared: Arc::new(Shared {
                bus,
                boot: RunId::new(SystemTime::now()),
                redact,
                inner: Mutex::default(),
            }),
        }
    }

    /// What tells this start of the server from others.
    pub(super) fn boot(&self) -> RunId {
        self.shared.boot
    }

    /// The last sequence that was given.
    pub(super) fn seq(&self) -> u64 {
        self.shared.inner().seq
    }

    /// What is told of a run that has not ended: that it is being walked, is parked until `due`, or
    /// waits.
    pub(super) fn unended(&self, run: Accepted, due: Option<SystemTime>) -> Line {
        let is_under_way = self.shared.bus.is_under_way(run.id);
        let Accepted { id, flow, at, .. } = run;
        let event = match due {
            _ if is_under_way => Event::Started(Started { id, flow, at }),
            Some(due) => Event::Parked(Parked { id, flow, at, due }),
            None => Event::Accepted(Accepted {
                id,
                flow,
                at,
                answered: None,
            }),
        };
        self.shared.line(&event, None)
    }

    /// Takes a viewer in. Whatever happens from here on waits for it.
    ///
    /// # Errors
    /// There is no thread to listen with.
    pub(super) fn join(&self, seen: Option<Seen>) -> io::Result<(Seat, Beginning, u64)> {
        let shared = &self.shared;
        let mut inner = shared.inner();
        if !inner.is_listening {
            let (subscription, recent) = shared.bus.subscribe_closely(CAPACITY);
            let listener = Arc::clone(shared);
            std::thread::Builder::new()
                .name("attach".to_owned())
                .spawn(move || listener.listen(&subscription))?;
            inner.is_listening = true;
            // What ended a moment ago may not be in the history yet.
            for record in recent {
                let seq = Some(inner.seq + 1);
                let line = shared.line(&Event::Finished(record), seq);
                inner.push(Arc::new(line));
            }
        }
        let missed = seen
            .filter(|seen| seen.boot == shared.boot)
            .and_then(|seen| inner.ring.behind(seen.seq, inner.seq));
        let beginning = missed.map_or_else(
            || Beginning::Snapshot {
                standing: shared.standing(),
                recent: inner
                    .ring
                    .lines()
                    .filter(|line| is_run(line))
                    .cloned()
                    .collect(),
            },
            Beginning::Missed,
        );
        let viewer = Arc::<Viewer>::default();
        inner.viewers.push(Arc::clone(&viewer));
        let seat = Seat {
            viewer,
            shared: Arc::clone(shared),
        };
        Ok((seat, beginning, inner.seq))
    }
}

impl Shared {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        // Every change of it is whole.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self) -> Vec<Arc<Line>> {
        let tally = Event::Tally(Arc::new(self.bus.tally()));
        let events = self.bus.standing().into_iter().chain([tally]);
        events
            .map(|event| Arc::new(self.line(&event, None)))
            .collect()
    }

    fn line(&self, event: &Event, seq: Option<u64>) -> Line {
        let (name, kind, body) = event_body(event, &self.redact);
        Line::new(name, seq, kind, &body)
    }

    fn listen(&self, subscription: &Subscription) {
        let mut rush = Rush::default();
        let mut lost = 0;
        let mut alone = None::<Instant>;
        loop {
            let event = subscription.next(Duration::from_secs(1));
            let now = Instant::now();
            let untold = subscription.lost() - lost;
            lost += untold;
            rush.left_out += untold;
            if let Some(event) = event {
                self.tell(&event, &mut rush, now);
            }
            let mut inner = self.inner();
            if !inner.viewers.is_empty() {
                alone = None;
                continue;
            }
            if now.saturating_duration_since(*alone.get_or_insert(now)) >= LINGER {
                // Whoever comes back has missed something from here on, and must not think that
                // what comes next is next.
                inner.seq += 1;
                inner.ring.clear();
                inner.is_listening = false;
                return;
            }
        }
    }

    fn tell(&self, event: &Event, rush: &mut Rush, now: Instant) {
        if rush.leaves_out(event, now) {
            return;
        }
        // It is published more than once, to wake who sleeps on the bus.
        if matches!(event, Event::Draining) && std::mem::replace(&mut rush.is_over, true) {
            return;
        }
        if let Event::Tally(tally) = event {
            return self.tell_stats(tally, rush);
        }
        if let Event::Counts(_) = event {
            return self.tell_now(event);
        }
        if let Event::Progress(progress) = event {
            let line = Arc::new(self.line(event, None));
            let inner = self.inner();
            let viewers = inner.viewers.iter();
            for viewer in viewers.filter(|viewer| viewer.looks_at(progress.run)) {
                viewer.push(Arc::clone(&line));
            }
            return;
        }
        // Nobody else gives a sequence while this thread listens.
        let seq = self.inner().seq + 1;
        let line = Arc::new(self.line(event, Some(seq)));
        self.inner().push(line);
    }

    fn tell_stats(&self, tally: &Arc<TallySnapshot>, rush: &mut Rush) {
        if rush.left_out > 0 {
            let mut inner = self.inner();
            let line = gap(rush.left_out, Some(inner.seq + 1));
            inner.push(Arc::new(line));
            rush.left_out = 0;
        }
        self.tell_now(&Event::Tally(Arc::clone(tally)));
    }

    /// Tells what has no place in the stream: whoever missed it is told the next one.
    fn tell_now(&self, event: &Event) {
        let line = Arc::new(self.line(event, None));
        for viewer in &self.inner().viewers {
            viewer.push(Arc::clone(&line));
        }
    }
}

impl Inner {
    fn push(&mut self, line: Arc<Line>) {
        self.seq = line.seq.unwrap_or(self.seq);
        for viewer in &self.viewers {
            viewer.push(Arc::clone(&line));
        }
        self.ring.push(line);
    }
}

/// Whether a line belongs to the runs of a snapshot.
fn is_run(line: &Line) -> bool {
    matches!(line.kind, Kind::Run(_) | Kind::Accepted)
}

/// What comes too fast to be told.
#[derive(Debug, Default)]
struct Rush {
    ended: Allowance,
    accepted: Allowance,
    started: Allowance,
    parked: Allowance,
    /// Runs that were not told, and are not counted to viewers yet.
    left_out: u64,
    /// Whether it was told that the server stops.
    is_over: bool,
}

impl Rush {
    fn leaves_out(&mut self, event: &Event, now: Instant) -> bool {
        match event {
            Event::Finished(record) if record.outcome.is_success() => {
                let is_left_out = !self.ended.take(now);
                self.left_out += u64::from(is_left_out);
                is_left_out
            }
            // Of the run itself its end is told, or counted.
            Event::Accepted(_) => !self.accepted.take(now),
            Event::Started(_) => !self.started.take(now),
            Event::Parked(_) => !self.parked.take(now),
            _ => false,
        }
    }
}

/// The second that runs, and how many were told in it.
#[derive(Debug, Default)]
struct Allowance(Option<(Instant, u32)>);

impl Allowance {
    fn take(&mut self, now: Instant) -> bool {
        match &mut self.0 {
            Some((began, told))
                if now.saturating_duration_since(*began) < Duration::from_secs(1) =>
            {
                *told += 1;
                *told <= SUCCESSES_A_SECOND
            }
            second => {
                *second = Some((now, 1));
                true
            }
        }
    }
}

impl Seat {
    /// Looks at a run from here on, or at none: what it has done is told, and then each step as
    /// it happens.
    pub fn look(&self, run: Option<RunId>) {
        // Nothing that happens from here on is told before what has happened.
        let _inner = self.shared.inner();
        let (view, steps) = run.and_then(|run| self.shared.bus.view(run)).unzip();
        self.viewer.look(view);
        for progress in steps.into_iter().flatten() {
            let line = self.shared.line(&Event::Progress(progress), None);
            self.viewer.push(Arc::new(line));
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut inner = self.shared.inner();
        inner
            .viewers
            .retain(|viewer| !Arc::ptr_eq(viewer, &self.viewer));
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("boot", &self.shared.boot)
            .finish_non_exhaustive()
    }
}
