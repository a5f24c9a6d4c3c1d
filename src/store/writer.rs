use std::{
    path::PathBuf,
    sync::mpsc::{Receiver, RecvTimeoutError},
    time::Duration,
};

use rusqlite::{Connection, TransactionBehavior};
use tokio::sync::watch;

use super::{
    Fault,
    herald::{Herald, Telling},
    lock::Lock,
    probe::Probe,
    schema,
};

/// The most writes of one transaction.
const GROUP: usize = 256;
/// How much the writes of one transaction may weigh, in bytes, beside the last of them.
const GROUP_WEIGHT: usize = 4 << 20;
/// Between two attempts to open a file again that failed.
const RETRY: Duration = Duration::from_millis(500);

/// Something to be written.
pub(super) trait Write: Send {
    /// About how many bytes it holds on to.
    fn weight(&self) -> usize;

    /// Writes it, within a transaction.
    ///
    /// # Errors
    /// SQLite's; the whole transaction is rolled back.
    fn apply(&mut self, transaction: &Connection) -> rusqlite::Result<()>;

    /// Hears what became of it, and says whom to tell. Called once, after the commit and so after
    /// its fsync.
    fn done(self: Box<Self>, outcome: Result<(), Fault>) -> Telling;
}

/// A write in two closures: what it does, and who hears of it, whatever becomes of the writer.
pub(super) struct Task<T, A, D: FnOnce(Result<T, Fault>) -> Telling> {
    weight: usize,
    apply: Option<A>,
    value: Option<T>,
    done: Option<D>,
}

impl<T, A, D: FnOnce(Result<T, Fault>) -> Telling> Task<T, A, D> {
    pub fn new(weight: usize, apply: A, done: D) -> Self {
        Self {
            weight,
            apply: Some(apply),
            value: None,
            done: Some(done),
        }
    }
}

impl<T, A, D> Write for Task<T, A, D>
where
    T: Send,
    A: FnOnce(&Connection) -> rusqlite::Result<T> + Send,
    D: FnOnce(Result<T, Fault>) -> Telling + Send,
{
    fn weight(&self) -> usize {
        self.weight
    }

    fn apply(&mut self, transaction: &Connection) -> rusqlite::Result<()> {
        if let Some(apply) = self.apply.take() {
            self.value = Some(apply(transaction)?);
        }
        Ok(())
    }

    fn done(mut self: Box<Self>, outcome: Result<(), Fault>) -> Telling {
        let value = self.value.take();
        match self.done.take() {
            Some(done) => done(outcome.and_then(|()| value.ok_or_else(Fault::ended))),
            None => ().into(),
        }
    }
}

impl<T, A, D: FnOnce(Result<T, Fault>) -> Telling> Drop for Task<T, A, D> {
    fn drop(&mut self) {
        if let Some(done) = self.done.take() {
            drop(done(Err(Fault::ended())));
        }
    }
}

/// The thread that alone writes.
pub(super) struct Writer {
    pub directory: PathBuf,
    pub writes: Receiver<Box<dyn Write>>,
    /// The file, or what it was closed for.
    pub file: Result<Connection, Fault>,
    /// What nothing can be written for, where it is so.
    pub ails: watch::Sender<Option<Fault>>,
    pub herald: Herald,
    pub probe: Probe,
    /// Let go of when the thread ends, and so when nothing is written any more.
    pub _lock: Lock,
}

impl Writer {
    /// Writes what comes, until nobody is left who could bring anything.
    pub fn run(mut self) {
        while let Some(first) = self.next() {
            self.write(Group::of(first));
        }
        self.clear_journal();
    }

    /// Leaves nothing of what was overwritten behind in the journal, which closing the file removes
    /// only where nobody else reads it.
    fn clear_journal(&self) {
        if let Ok(file) = &self.file {
            // Whoever reads just now may hinder it: then it is done by the next who stops.
            let _ = file.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
        }
    }

    fn next(&mut self) -> Option<Box<dyn Write>> {
        loop {
            if self.file.is_ok() {
                return self.writes.recv().ok();
            }
            match self.writes.recv_timeout(RETRY) {
                Ok(write) => return Some(write),
                Err(RecvTimeoutError::Timeout) => self.reopen(),
                Err(RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    fn write(&mut self, mut group: Group) {
        let (outcome, was_closed) = match &mut self.file {
            Ok(file) => (
                commit(file, &mut group, &self.writes, &self.probe).map_err(Fault::from),
                false,
            ),
            Err(fault) => (Err(fault.clone()), true),
        };
        if let Err(fault @ Fault::Broken(_)) = &outcome {
            self.file = Err(fault.clone());
        }
        self.tell(outcome.as_ref().err());
        let writes = group.writes.into_iter();
        let tellings = writes.map(|write| write.done(outcome.clone())).collect();
        self.herald.tell(tellings);
        if was_closed {
            self.reopen();
        }
    }

    fn reopen(&mut self) {
        let opened = self
            .probe
            .before_open()
            .map_err(Fault::from)
            .and_then(|()| {
                schema::open(&self.directory)
                    .map_err(|error| Fault::Broken(error.to_string().into()))
            })
            .and_then(|file| {
                // Whatever was acknowledged is synced once more: a disk that still fails says so
                // here, and not to the next who writes.
                file.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
                Ok(file)
            });
        self.tell(opened.as_ref().err());
        self.file = opened;
    }

    fn tell(&self, fault: Option<&Fault>) {
        self.ails.send_if_modified(|told| {
            let is_news = told.as_ref() != fault;
            *told = fault.cloned();
            is_news
        });
    }
}

/// The writes of one transaction, which become durable by one fsync.
struct Group {
    writes: Vec<Box<dyn Write>>,
    weight: usize,
}

impl Group {
    fn of(first: Box<dyn Write>) -> Self {
        Self {
            weight: first.weight(),
            writes: vec![first],
        }
    }

    /// Takes the next that has come, if one has and there is room for it.
    fn take(&mut self, from: &Receiver<Box<dyn Write>>) -> Option<&mut Box<dyn Write>> {
        if self.writes.len() >= GROUP || self.weight >= GROUP_WEIGHT {
            return None;
        }
        let write = from.try_recv().ok()?;
        self.weight += write.weight();
        self.writes.push(write);
        self.writes.last_mut()
    }
}

/// Writes a group in one transaction, and with it all that comes before the last of it is applied:
/// whoever was told of the commit before is back by then, and need not wait for the next one. The
/// commit returns after its fsync.
fn commit(
    file: &mut Connection,
    group: &mut Group,
    coming: &Receiver<Box<dyn Write>>,
    probe: &Probe,
) -> rusqlite::Result<()> {
    let transaction = file.transaction_with_behavior(TransactionBehavior::Immediate)?;
    for write in &mut group.writes {
        write.apply(&transaction)?;
    }
    while let Some(write) = group.take(coming) {
        write.apply(&transaction)?;
    }
    probe.before_commit()?;
    transaction.commit()
}
