use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver},
    },
    thread,
    time::Duration,
};

use super::{Bus, Event};

/// A thread that subscribes to what happens, until it is told to come to its end. Dropped, it tells
/// it so, and does not wait.
pub struct Observer {
    bus: Bus,
    end: Arc<AtomicBool>,
    ended: Receiver<()>,
}

/// Whether an observer is to come to its end.
pub struct IsToEnd(Arc<AtomicBool>);

impl IsToEnd {
    /// Whether it is. What has happened before is to be observed yet.
    pub fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Observer {
    /// Starts the thread, which does `observe`.
    ///
    /// # Errors
    /// There is none to be had.
    pub fn start(
        name: &str,
        bus: &Bus,
        observe: impl FnOnce(&IsToEnd) + Send + 'static,
    ) -> io::Result<Self> {
        let end = Arc::<AtomicBool>::default();
        let is_to_end = IsToEnd(Arc::clone(&end));
        let (tell, ended) = mpsc::channel();
        thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                observe(&is_to_end);
                // Nobody may wait for it.
                let _ = tell.send(());
            })?;
        Ok(Self {
            bus: bus.clone(),
            end,
            ended,
        })
    }

    /// Waits until everything that has happened is observed, at most that long.
    pub fn finish(self, at_most: Duration) {
        self.end.store(true, Ordering::Release);
        // It sleeps until something happens.
        self.bus.publish(Event::Draining);
        let _ = self.ended.recv_timeout(at_most);
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        self.end.store(true, Ordering::Release);
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Observer").finish_non_exhaustive()
    }
}
