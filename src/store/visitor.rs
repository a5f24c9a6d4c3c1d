use std::{fmt, path::Path};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{Fault, OpenError, QueueRow, RevisionRow, State, schema, table};

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

    /// Leaves a run to be done in the place of another, on a revision that may not be known yet;
    /// where the other is dead, it is no more. All of it is on disk when this returns. Nothing is
    /// done, and `false` returned, where it `was_dead` and is no more: somebody else was faster.
    ///
    /// # Errors
    /// Nothing was written.
    pub fn replay(
        &mut self,
        replayed: &str,
        was_dead: bool,
        revision: &RevisionRow,
        row: &QueueRow,
    ) -> Result<bool, Fault> {
        self.write(|file| {
            if !table::bury(file, replayed)? && was_dead {
                return Ok(false);
            }
            table::know_revision(file, revision)?;
            table::insert(file, row, State::Offered)?;
            table::link(file, replayed, &row.id)?;
            Ok(true)
        })
    }

    /// Removes runs that have ended, dead ones too; on disk when this returns.
    ///
    /// # Errors
    /// Nothing was removed.
    pub fn purge(&mut self, ids: &[String]) -> Result<(), Fault> {
        self.write(|file| {
            ids.iter().try_for_each(|id| {
                table::bury(file, id)?;
                table::remove(file, id)
            })
        })
    }

    fn write<T>(
        &mut self,
        write: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, Fault> {
        let transaction = self
            .file
            .transaction_with_behavior(TransactionBehavior::Immediate)?;
        let written = write(&transaction)?;
        transaction.commit()?;
        Ok(written)
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
