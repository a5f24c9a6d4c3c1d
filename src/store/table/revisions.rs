use std::collections::HashSet;

use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{Fault, Reader, Store, reader::unreadable};

/// A configuration that runs were accepted by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RevisionRow {
    /// Its revision.
    pub revision: String,
    /// When it was live last, in milliseconds since 1970.
    pub stored_ms: i64,
    /// The path of its entry file.
    pub entry: String,
    /// All its files, as a JSON object of paths and texts.
    pub files: String,
}

impl Store {
    /// Keeps a revision that goes live, by the paths that its files have now. The one that was live
    /// is known to have been so until then.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn keep_revision(&self, row: RevisionRow) -> Result<(), Fault> {
        self.write(row.files.len(), move |file| {
            // Not later: it is no more the one that went live last.
            file.prepare_cached(
                "UPDATE revisions SET stored_ms = max(stored_ms, ?1 - 1) WHERE rowid =
                    (SELECT rowid FROM revisions ORDER BY stored_ms DESC, rowid DESC LIMIT 1)",
            )?
            .execute([row.stored_ms])?;
            file.prepare_cached(
                "INSERT INTO revisions (revision, stored_ms, entry, files)
                    VALUES (?1, ?2, ?3, ?4)
                    ON CONFLICT DO UPDATE SET stored_ms = excluded.stored_ms,
                        entry = excluded.entry, files = excluded.files",
            )?
            .execute(params![row.revision, row.stored_ms, row.entry, row.files])?;
            Ok(())
        })
        .await
    }

    /// Removes revisions, but for those that another process has named meanwhile.
    ///
    /// # Errors
    /// Nothing was removed.
    pub async fn forget_revisions(&self, revisions: Vec<String>) -> Result<(), Fault> {
        self.write(0, move |file| {
            // They are few, and looked for in all of the queue: what was offered may be accepted by now.
            let named: HashSet<String> = file
                .prepare_cached("SELECT DISTINCT revision FROM queue")?
                .query_map([], |row| row.get(0))?
                .collect::<rusqlite::Result<_>>()?;
            let mut remove = file.prepare_cached("DELETE FROM revisions WHERE revision = ?1")?;
            for revision in revisions.iter().filter(|it| !named.contains(*it)) {
                remove.execute([revision])?;
            }
            Ok(())
        })
        .await
    }
}

impl Reader {
    /// A revision, where it is kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn revision(&self, revision: &str) -> Result<Option<RevisionRow>, String> {
        self.revision_where("WHERE revision = ?1", [revision])
    }

    /// The revision that went live last of those whose entry file has this name, where one did.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn last_revision(&self, name: &str) -> Result<Option<RevisionRow>, String> {
        self.revision_where(
            "WHERE entry = ?1 OR substr(entry, -length(?1) - 1) = '/' || ?1
            ORDER BY stored_ms DESC, rowid DESC LIMIT 1",
            [name],
        )
    }

    /// The revisions that no run names which is kept, and that were not live at `since_ms` or
    /// later, in milliseconds since 1970.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn unnamed_revisions(&self, since_ms: i64) -> Result<Vec<String>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(
                    "SELECT revision FROM revisions AS kept
                    WHERE stored_ms < ?1
                        AND NOT EXISTS (SELECT 1 FROM history WHERE revision = kept.revision)
                        AND NOT EXISTS (SELECT 1 FROM queue WHERE revision = kept.revision)",
                )?
                .query_map([since_ms], |row| row.get(0))?
                .collect()
        };
        read().map_err(unreadable)
    }

    fn revision_where(
        &self,
        which: &str,
        parameters: [&str; 1],
    ) -> Result<Option<RevisionRow>, String> {
        let query = format!("SELECT revision, stored_ms, entry, files FROM revisions {which}");
        self.file
            .query_row(&query, parameters, |row| {
                Ok(RevisionRow {
                    revision: row.get(0)?,
                    stored_ms: row.get(1)?,
                    entry: row.get(2)?,
                    files: row.get(3)?,
                })
            })
            .optional()
            .map_err(unreadable)
    }
}

/// Keeps a revision that did not go live, where it is not kept already.
pub(in crate::store) fn know_revision(
    file: &Connection,
    row: &RevisionRow,
) -> rusqlite::Result<()> {
    // The one that went live last is known by its time.
    const NEVER_LIVE: i64 = 0;
    file.prepare_cached(
        "INSERT OR IGNORE INTO revisions (revision, stored_ms, entry, files)
            VALUES (?1, ?2, ?3, ?4)",
    )?
    .execute(params![row.revision, NEVER_LIVE, row.entry, row.files])?;
    Ok(())
}
