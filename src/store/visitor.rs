use std::{fmt, path::Path};

use rusqlite::{Connection, OpenFlags};

use super::{Fault, OpenError, QueueRow, State, schema, table};

/// Leaves word for whoever serves the directory, now or later: runs to be done, runs to be
/// cancelled. Needs no lock, and takes effect when the server looks.
pub struct Visitor {
    file: Connection,
}

impl Visitor {
    /// Opens the store of a directory, served or not.
    ///
    /// # Errors
    /// There is none, another version wrote it, or it cannot be used.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let file = schema::open_beside(directory, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        Ok(Self { file })
    }

    /// Leaves a run to be done; on disk when this returns.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn offer(&self, row: &QueueRow) -> Result<(), Fault> {
        table::insert(&self.file, row, State::Offered)?;
        Ok(())
    }

    /// Asks for a run to be cancelled; on disk when this returns.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn cancel(&self, id: &str) -> Result<(), Fault> {
        self.file
            .execute("INSERT OR IGNORE INTO cancellations (id) VALUES (?1)", [id])?;
        Ok(())
    }
}

impl fmt::Debug for Visitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visitor").finish_non_exhaustive()
    }
}
