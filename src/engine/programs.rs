use std::{
    collections::HashSet,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use rustix::process::{Pid, Signal, kill_process_group};

use super::notes::Notes;

/// The programs that run now, by their process groups.
#[derive(Debug, Default)]
pub(super) struct Programs {
    running: Mutex<Running>,
    /// Where they are noted for the next server.
    notes: Notes,
}

#[derive(Debug, Default)]
struct Running {
    is_closed: bool,
    /// Each led by a process that is not reaped, so that no other group can have its id.
    groups: HashSet<Pid>,
}

impl Programs {
    /// None yet; they will be noted.
    pub fn noted(notes: Notes) -> Self {
        Self {
            running: Mutex::default(),
            notes,
        }
    }

    /// Kills what is left of those that were noted by a server which was killed; how many there were.
    pub async fn end_leftovers(&self) -> usize {
        self.notes.end_all().await
    }

    /// Starts a program and remembers its process group. `None` once closed.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start<T>(
        &self,
        spawn: impl FnOnce() -> io::Result<(T, Pid)>,
    ) -> io::Result<Option<(T, Pid)>> {
        // Held meanwhile, so that none starts unseen while they are closed.
        let mut running = self.running();
        if running.is_closed {
            return Ok(None);
        }
        let (started, group) = spawn()?;
        running.groups.insert(group);
        drop(running);
        self.notes.add(group);
        Ok(Some((started, group)))
    }

    /// Forgets a group, before its leader is reaped.
    pub fn forget(&self, group: Pid) {
        self.running().groups.remove(&group);
        self.notes.remove(group);
    }

    /// Kills all, and starts no more.
    pub fn close(&self) {
        let mut running = self.running();
        running.is_closed = true;
        for group in running.groups.drain() {
            // It may have ended this very moment.
            let _ = kill_process_group(group, Signal::KILL);
            self.notes.remove(group);
        }
    }

    /// Whether all were killed: what becomes of one says nothing of it any more.
    pub fn is_closed(&self) -> bool {
        self.running().is_closed
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        // Nothing in here can panic halfway through a change.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
