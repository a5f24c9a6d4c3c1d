use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering},
    },
    task::{Poll, Waker},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// All connections of all servers. Time spent in here is per connection, never per request: what
/// a request does is to set a flag of its connection.
pub(super) struct Connections {
    all: Mutex<HashMap<u64, Arc<Entry>>>,
    numbers: AtomicU64,
    /// Somebody waits for room.
    is_crowded: AtomicBool,
    /// A connection has ended, or may be closed to make room.
    changed: Notify,
}

/// One connection.
pub(super) struct Entry {
    number: u64,
    server: u64,
    epoch: Instant,
    is_serving: AtomicBool,
    is_waiting: AtomicBool,
    is_blocked: AtomicBool,
    /// Milliseconds from `epoch` to when it went idle, or began to wait for a body.
    since: AtomicU64,
    wish: AtomicU8,
    waker: Mutex<Option<Waker>>,
}

/// What a connection is to do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Wish {
    /// To go on.
    Stay,
    /// To finish the request in flight, and close.
    Finish,
    /// To close now.
    Close,
}

impl Connections {
    pub fn new() -> Self {
        Self {
            all: Mutex::default(),
            numbers: AtomicU64::new(0),
            is_crowded: AtomicBool::new(false),
            changed: Notify::new(),
        }
    }

    /// Takes a connection in where there are fewer than `most`, or where another can be closed in
    /// its favour. A connection whose request is being answered never is.
    pub fn admit(
        &self,
        server: u64,
        most: usize,
        patience: Duration,
        now: Instant,
    ) -> Option<Arc<Entry>> {
        let mut all = self.all();
        if all.len() >= most {
            // Said before looking: whoever goes idle from here on tells.
            self.is_crowded.store(true, Ordering::SeqCst);
            if !close_one(&mut all, patience, now) {
                return None;
            }
        }
        self.is_crowded.store(false, Ordering::SeqCst);
        let entry = Arc::new(Entry::new(
            self.numbers.fetch_add(1, Ordering::Relaxed),
            server,
            now,
        ));
        all.insert(entry.number, Arc::clone(&entry));
        Some(entry)
    }

    /// Closes a connection to make room, if there is one that can be.
    pub fn make_room(&self, patience: Duration, now: Instant) -> bool {
        close_one(&mut self.all(), patience, now)
    }

    /// Resolves when a connection has ended, or has gone idle while somebody waited for room.
    pub fn changed(&self) -> tokio::sync::futures::Notified<'_> {
        self.changed.notified()
    }

    /// Forgets a connection that has ended.
    pub fn leave(&self, entry: &Entry) {
        self.all().remove(&entry.number);
        self.changed.notify_waiters();
    }

    /// Marks a connection as serving a request.
    pub fn begin(&self, entry: &Entry) {
        entry.is_serving.store(true, Ordering::SeqCst);
    }

    /// Marks a connection as idle: its request is answered.
    pub fn rest(&self, entry: &Entry, now: Instant) {
        entry.touch(now);
        entry.is_serving.store(false, Ordering::SeqCst);
        if self.is_crowded.load(Ordering::SeqCst) {
            self.changed.notify_waiters();
        }
    }

    /// Closes what has been idle for `patience`, and says in how long to look again.
    pub fn sweep(&self, patience: Duration, now: Instant) -> Duration {
        let mut next = patience;
        for entry in self.all().values() {
            if !entry.is_idle() || entry.wish() == Wish::Close {
                continue;
            }
            let left = patience.saturating_sub(entry.waited(now));
            if left.is_zero() {
                entry.tell(Wish::Close);
            } else {
                next = next.min(left);
            }
        }
        next
    }

    /// Tells all connections of a server.
    pub fn tell(&self, server: u64, wish: Wish) {
        for entry in self.all().values() {
            if entry.server == server {
                entry.tell(wish);
            }
        }
    }

    /// Resolves when a server has no connection left.
    pub async fn gone(&self, server: u64) {
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            if !self.all().values().any(|entry| entry.server == server) {
                return;
            }
            changed.await;
        }
    }

    fn all(&self) -> MutexGuard<'_, HashMap<u64, Arc<Entry>>> {
        // Nothing in here can panic halfway through a change.
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the connection that has been idle for longest; where none is, the one that has waited
/// for its client for longest, and for longer than `patience`: clients that send a body or take
/// an answer byte by byte must not keep out all others.
fn close_one(all: &mut HashMap<u64, Arc<Entry>>, patience: Duration, now: Instant) -> bool {
    let longest = |may_go: &dyn Fn(&Entry) -> bool| {
        all.values()
            .filter(|entry| may_go(entry))
            .min_by_key(|entry| entry.since())
    };
    let Some(entry) = longest(&Entry::is_idle)
        .or_else(|| longest(&|entry| entry.waits_for_client() && entry.waited(now) > patience))
    else {
        return false;
    };
    entry.tell(Wish::Close);
    let number = entry.number;
    all.remove(&number);
    true
}

impl Entry {
    fn new(number: u64, server: u64, now: Instant) -> Self {
        Self {
            number,
            server,
            epoch: now,
            is_serving: AtomicBool::new(false),
            is_waiting: AtomicBool::new(false),
            is_blocked: AtomicBool::new(false),
            since: AtomicU64::new(0),
            wish: AtomicU8::new(Wish::Stay as u8),
            waker: Mutex::default(),
        }
    }

    /// Marks it as waiting for more of a body, or not any more.
    pub fn set_waiting(&self, is_waiting: bool) {
        if is_waiting {
            self.touch(Instant::now());
        }
        self.is_waiting.store(is_waiting, Ordering::SeqCst);
    }

    /// Whether nothing is done for it until its client sends or takes more.
    fn waits_for_client(&self) -> bool {
        let is_serving = self.is_serving.load(Ordering::SeqCst);
        let is_blocked = self.is_blocked.load(Ordering::SeqCst);
        self.is_waiting.load(Ordering::SeqCst) || (is_blocked && !is_serving)
    }

    /// Whether it neither serves a request nor has an answer left to write.
    pub fn is_idle(&self) -> bool {
        !self.is_serving.load(Ordering::SeqCst) && !self.is_blocked.load(Ordering::SeqCst)
    }

    /// Says whether an answer waits for the peer to take it.
    pub fn set_blocked(&self, is_blocked: bool, now: Instant) {
        self.touch(now);
        self.is_blocked.store(is_blocked, Ordering::SeqCst);
    }

    /// What it is to do.
    pub fn wish(&self) -> Wish {
        match self.wish.load(Ordering::SeqCst) {
            0 => Wish::Stay,
            1 => Wish::Finish,
            _ => Wish::Close,
        }
    }

    /// Has the connection polled when it is told something.
    pub fn wake_by(&self, waker: &Waker) {
        let mut known = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        match &mut *known {
            Some(known) => known.clone_from(waker),
            None => *known = Some(waker.clone()),
        }
    }

    /// Resolves when it is told to close.
    pub async fn told_to_close(&self) {
        std::future::poll_fn(|cx| {
            self.wake_by(cx.waker());
            if self.wish() == Wish::Close {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    fn tell(&self, wish: Wish) {
        // A milder wish does not take back a stronger one.
        self.wish.fetch_max(wish as u8, Ordering::SeqCst);
        let waker = self.waker.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waker) = &*waker {
            waker.wake_by_ref();
        }
    }

    fn touch(&self, now: Instant) {
        let since = now.saturating_duration_since(self.epoch).as_millis();
        self.since
            .store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// For how long it has been idle, or has waited.
    fn waited(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.since())
    }

    fn since(&self) -> Instant {
        self.epoch + Duration::from_millis(self.since.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn at_the_cap_the_longest_idle_connection_makes_room_and_a_serving_one_never() {
        let connections = Connections::new();
        let start = Instant::now();
        let admit = |at: u32| connections.admit(1, 3, MS * 100, start + MS * at);
        let [a, b, c] = [0, 1, 2].map(|at| admit(at).unwrap());
        connections.begin(&a);
        connections.rest(&b, start + MS * 5);
        let d = admit(6).unwrap();
        assert_eq!(
            (a.wish(), b.wish(), c.wish()),
            (Wish::Stay, Wish::Stay, Wish::Close)
        );
        b.set_blocked(true, start + MS * 7);
        connections.begin(&d);
        assert!(admit(8).is_none());
        b.set_blocked(false, start + MS * 9);
        assert!(admit(10).is_some());
        assert_eq!(b.wish(), Wish::Close);
    }

    #[test]
    fn at_the_cap_clients_that_are_waited_for_too_long_make_room_and_running_flows_never_do() {
        let connections = Connections::new();
        let start = Instant::now();
        let admit = |at: Duration| connections.admit(1, 3, MS * 100, start + at);
        let [sending, reading, running] = [MS, MS, MS].map(|at| admit(at).unwrap());
        for entry in [&sending, &running] {
            connections.begin(entry);
        }
        reading.set_blocked(true, start + MS);
        sending.set_waiting(true);
        assert!(admit(MS * 50).is_none());
        let late = Duration::from_secs(60);
        for _ in 0..2 {
            let entry = admit(late).unwrap();
            connections.begin(&entry);
        }
        assert!(admit(late).is_none());
        let wishes = [&sending, &reading, &running].map(|entry| entry.wish());
        assert_eq!(wishes, [Wish::Close, Wish::Close, Wish::Stay]);
    }

    #[test]
    fn what_is_idle_for_too_long_is_closed_and_the_next_look_is_when_the_next_one_is_due() {
        let connections = Connections::new();
        let start = Instant::now();
        let entries = [0, 10, 20].map(|at| connections.admit(1, 9, MS, start + MS * at).unwrap());
        connections.begin(&entries[2]);
        let next = connections.sweep(MS * 100, start + MS * 100);
        assert_eq!(next, MS * 10);
        assert_eq!(
            entries.each_ref().map(|entry| entry.wish()),
            [Wish::Close, Wish::Stay, Wish::Stay]
        );
        let next = connections.sweep(MS * 100, start + MS * 150);
        assert_eq!(next, MS * 100);
    }

    #[test]
    fn no_patience_is_too_long() {
        let connections = Connections::new();
        let start = Instant::now();
        let entry = connections.admit(1, 1, Duration::MAX, start).unwrap();
        assert_eq!(connections.sweep(Duration::MAX, start), Duration::MAX);
        connections.begin(&entry);
        entry.set_waiting(true);
        assert!(!connections.make_room(Duration::MAX, start + MS));
        assert_eq!(entry.wish(), Wish::Stay);
    }

    #[tokio::test]
    async fn a_server_is_gone_when_its_last_connection_has_left() {
        let connections = Connections::new();
        let now = Instant::now();
        let mine = connections.admit(1, 9, MS, now).unwrap();
        let other = connections.admit(2, 9, MS, now).unwrap();
        let mut gone = std::pin::pin!(connections.gone(1));
        let pending = std::future::poll_fn(|cx| Poll::Ready(gone.as_mut().poll(cx).is_pending()));
        assert!(pending.await);
        connections.leave(&mine);
        gone.await;
        assert_eq!(other.wish(), Wish::Stay);
    }
}
