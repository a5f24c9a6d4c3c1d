use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use super::{
    Fault, OpenError, Reader,
    herald::{Herald, Telling},
    lock::Lock,
    probe::Probe,
    schema,
    writer::{Task, Write, Writer},
};

/// The store of a state directory, which nobody else writes to meanwhile. Clones are the same
/// store; when the last one is dropped, what was handed over is written, and the file is closed.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    directory: PathBuf,
    /// `None` only while it is dropped.
    writes: Option<mpsc::Sender<Box<dyn Write>>>,
    thread: Option<JoinHandle<()>>,
    herald: Herald,
    ails: watch::Receiver<Option<Fault>>,
    #[cfg(test)]
    probe: Probe,
}

impl Store {
    /// Whether a directory has a store.
    pub fn is_in(directory: &Path) -> bool {
        directory.join(schema::FILE).exists()
    }

    /// Whether a process serves from a directory.
    pub fn is_served(directory: &Path) -> bool {
        Lock::is_held(directory)
    }

    /// Opens the store of a directory, creates it where it is not there, and brings it up to date.
    ///
    /// # Errors
    /// Another process has it open, a newer version wrote it, or it cannot be used.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let lock = Lock::take(directory)?;
        let file = schema::open(directory)?;
        let (writes, received) = mpsc::channel();
        let probe = Probe::default();
        #[cfg(test)]
        let seen = probe.clone();
        let (tell, ails) = watch::channel(None);
        let herald = Herald::default();
        let writer = Writer {
            directory: directory.to_owned(),
            writes: received,
            file: Ok(file),
            ails: tell,
            herald: herald.clone(),
            probe,
            _lock: lock,
        };
        let thread = thread::Builder::new()
            .name("store".to_owned())
            .spawn(|| writer.run())
            .map_err(OpenError::io(directory))?;
        Ok(Self {
            shared: Arc::new(Shared {
                directory: directory.to_owned(),
                writes: Some(writes),
                thread: Some(thread),
                herald,
                ails,
                #[cfg(test)]
                probe: seen,
            }),
        })
    }

    /// A reader of the same file.
    ///
    /// # Errors
    /// The file cannot be used.
    pub fn reader(&self) -> Result<Reader, OpenError> {
        Reader::open(&self.shared.directory)
    }

    /// What nothing could be written for when it was last tried, where it was so. It is told until
    /// the store is dropped, which whoever listens does not hinder.
    pub fn ails(&self) -> watch::Receiver<Option<Fault>> {
        self.shared.ails.clone()
    }

    /// Where a test stands.
    #[cfg(test)]
    pub(crate) fn probe(&self) -> &Probe {
        &self.shared.probe
    }

    /// Hands a write of about `weight` bytes over. `done` hears of it on the writer's thread, in
    /// the order of the writes, and before anything later is written.
    pub(super) fn submit<T: Send + 'static, R: Into<Telling> + 'static>(
        &self,
        weight: usize,
        apply: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
        done: impl FnOnce(Result<T, Fault>) -> R + Send + 'static,
    ) {
        self.shared.herald.settle();
        if let Some(writes) = &self.shared.writes {
            let done = |outcome| done(outcome).into();
            // A write that nobody takes is dropped, and says so to whoever waits for it.
            let _ = writes.send(Box::new(Task::new(weight, apply, done)));
        }
    }

    /// Writes, and waits for it. Whoever stops waiting does not stop the write.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        weight: usize,
        apply: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Fault> {
        let (tell, told) = oneshot::channel();
        self.submit(weight, apply, |outcome| Telling::to(tell, outcome));
        told.await.unwrap_or_else(|_| Err(Fault::ended()))
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.writes = None;
        if let Some(thread) = self.thread.take()
            // The last who held the store may be a write that was just done.
            && thread.thread().id() != thread::current().id()
        {
            // It has panicked, or it has not: nothing is left to be written.
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("directory", &self.shared.directory)
            .finish_non_exhaustive()
    }
}
