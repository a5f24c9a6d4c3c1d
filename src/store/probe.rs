/// Where tests stand between the writer and its disk. Outside of tests nobody does.
#[derive(Clone, Debug, Default)]
pub(crate) struct Probe {
    #[cfg(test)]
    seen: std::sync::Arc<Seen>,
}

#[cfg(test)]
#[derive(Debug, Default)]
struct Seen {
    commits: std::sync::atomic::AtomicUsize,
    /// The result code of SQLite that everything fails with; 0 is none.
    fault: std::sync::atomic::AtomicI32,
    /// The same for opening the file, beside it.
    open_fault: std::sync::atomic::AtomicI32,
}

#[cfg(not(test))]
impl Probe {
    pub(super) fn before_commit(&self) -> rusqlite::Result<()> {
        Ok(())
    }

    pub(super) fn before_open(&self) -> rusqlite::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
impl Probe {
    pub(super) fn before_commit(&self) -> rusqlite::Result<()> {
        fault(&self.seen.fault)?;
        self.seen
            .commits
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }

    pub(super) fn before_open(&self) -> rusqlite::Result<()> {
        fault(&self.seen.fault)?;
        fault(&self.seen.open_fault)
    }

    /// How many transactions were committed.
    pub(crate) fn commits(&self) -> usize {
        self.seen.commits.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// From here on no space is left.
    pub(crate) fn fill(&self) {
        set(&self.seen.fault, rusqlite::ffi::SQLITE_FULL);
    }

    /// From here on the disk answers with EIO.
    pub(crate) fn break_disk(&self) {
        set(&self.seen.fault, rusqlite::ffi::SQLITE_IOERR_FSYNC);
    }

    /// From here on the disk is well, but the file cannot be opened.
    pub(crate) fn seal(&self) {
        set(&self.seen.open_fault, rusqlite::ffi::SQLITE_CANTOPEN);
        set(&self.seen.fault, 0);
    }

    /// All is well again.
    pub(crate) fn heal(&self) {
        set(&self.seen.fault, 0);
        set(&self.seen.open_fault, 0);
    }
}

#[cfg(test)]
fn set(fault: &std::sync::atomic::AtomicI32, code: i32) {
    fault.store(code, std::sync::atomic::Ordering::SeqCst);
}

#[cfg(test)]
fn fault(fault: &std::sync::atomic::AtomicI32) -> rusqlite::Result<()> {
    match fault.load(std::sync::atomic::Ordering::SeqCst) {
        0 => Ok(()),
        code => Err(rusqlite::Error::SqliteFailure(
            rusqlite::ffi::Error::new(code),
            Some("an injected fault".to_owned()),
        )),
    }
}
