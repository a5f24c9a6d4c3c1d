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
        self.before_open()?;
        self.seen
            .commits
            .fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        Ok(())
    }

    pub(super) fn before_open(&self) -> rusqlite::Result<()> {
        match self.seen.fault.load(std::sync::atomic::Ordering::SeqCst) {
            0 => Ok(()),
            code => Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(code),
                None,
            )),
        }
    }

    /// How many transactions were committed.
    pub(crate) fn commits(&self) -> usize {
        self.seen.commits.load(std::sync::atomic::Ordering::SeqCst)
    }

    /// From here on no space is left.
    pub(crate) fn fill(&self) {
        self.fail(rusqlite::ffi::SQLITE_FULL);
    }

    /// From here on the disk answers with EIO.
    pub(crate) fn break_disk(&self) {
        self.fail(rusqlite::ffi::SQLITE_IOERR_FSYNC);
    }

    /// All is well again.
    pub(crate) fn heal(&self) {
        self.fail(0);
    }

    fn fail(&self, code: i32) {
        self.seen
            .fault
            .store(code, std::sync::atomic::Ordering::SeqCst);
    }
}
