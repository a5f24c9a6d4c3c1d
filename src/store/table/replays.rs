use rusqlite::Connection;

use crate::store::{Reader, reader::unreadable};

impl Reader {
    /// The runs that a run was done again as, in the order that happened.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn replays(&self, old: &str) -> Result<Vec<String>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                // Ids sort by the time they were made.
                .prepare_cached("SELECT new FROM replays WHERE old = ?1 ORDER BY new")?
                .query_map([old], |row| row.get(0))?
                .collect()
        };
        read().map_err(unreadable)
    }
}

/// Notes that a run is done again as another one.
pub(in crate::store) fn link(file: &Connection, old: &str, new: &str) -> rusqlite::Result<()> {
    file.prepare_cached("INSERT OR IGNORE INTO replays (old, new) VALUES (?1, ?2)")?
        .execute([old, new])?;
    Ok(())
}

/// Forgets as what a run was done again.
pub(super) fn unlink(file: &Connection, old: &str) -> rusqlite::Result<()> {
    file.prepare_cached("DELETE FROM replays WHERE old = ?1")?
        .execute([old])?;
    Ok(())
}
