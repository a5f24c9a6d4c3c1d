use std::{fmt, path::Path};

use rusqlite::{Connection, OpenFlags};

use super::{OpenError, schema};

/// Reads a store, beside its writer or without one. What it reads was committed.
pub struct Reader {
    pub(super) file: Connection,
}

impl Reader {
    /// Opens the store of a directory for reading.
    ///
    /// # Errors
    /// There is none, another version wrote it, or it cannot be used.
    pub fn open(directory: &Path) -> Result<Self, OpenError> {
        let file = schema::open_beside(directory, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        Ok(Self { file })
    }

    /// A number that is another one once somebody has committed something.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn data_version(&self) -> Result<i64, String> {
        self.file
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(unreadable)
    }
}

/// The sentence for a read that failed.
pub(super) fn unreadable(error: rusqlite::Error) -> String {
    format!("the store cannot be read: {error}")
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader").finish_non_exhaustive()
    }
}
