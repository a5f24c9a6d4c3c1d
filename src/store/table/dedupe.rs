use rusqlite::{Connection, OptionalExtension, params};

use crate::store::{Fault, Store};

/// What requests with the same key are answered.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DedupeRow {
    /// The flow the key is of.
    pub flow: String,
    /// The key.
    pub key: String,
    /// The run that the first of them became.
    pub id: String,
    /// What the first of them was answered, as JSON.
    pub reply: String,
    /// When it came, in milliseconds since 1970.
    pub now_ms: i64,
    /// Until when the others are answered the same, in milliseconds since 1970.
    pub expires_ms: i64,
}

impl Store {
    /// Remembers what a request with a key was answered.
    ///
    /// # Errors
    /// It cannot be written; nothing is remembered.
    pub async fn remember(&self, row: DedupeRow) -> Result<(), Fault> {
        self.write(row.reply.len(), move |file| note(file, &row))
            .await
    }

    /// What the first request with a key was answered, as JSON, where one came in time. Waits for
    /// the writes before it.
    ///
    /// # Errors
    /// The file cannot be used.
    pub async fn first_reply(
        &self,
        flow: String,
        key: String,
        now_ms: i64,
    ) -> Result<Option<String>, Fault> {
        self.write(0, move |file| find(file, &flow, &key, now_ms))
            .await
    }

    /// Forgets keys whose time is over, `most` of them, and tells how many there were.
    ///
    /// # Errors
    /// Nothing was removed.
    pub async fn forget_keys(&self, now_ms: i64, most: u32) -> Result<usize, Fault> {
        self.write(0, move |file| expire(file, now_ms, most)).await
    }
}

/// What the first request with a key was answered.
pub(super) fn find(
    file: &Connection,
    flow: &str,
    key: &str,
    now_ms: i64,
) -> rusqlite::Result<Option<String>> {
    file.prepare_cached(
        "SELECT reply FROM dedupe WHERE flow = ?1 AND key = ?2 AND expires_ms > ?3",
    )?
    .query_row(params![flow, key, now_ms], |row| row.get(0))
    .optional()
}

/// Notes that a request is the first with its key, and forgets a few whose time is over: in the
/// long run more than are noted.
pub(super) fn note(file: &Connection, row: &DedupeRow) -> rusqlite::Result<()> {
    expire(file, row.now_ms, 4)?;
    file.prepare_cached(
        "INSERT OR REPLACE INTO dedupe (flow, key, id, reply, expires_ms)
            VALUES (?1, ?2, ?3, ?4, ?5)",
    )?
    .execute(params![
        row.flow,
        row.key,
        row.id,
        row.reply,
        row.expires_ms
    ])?;
    Ok(())
}

fn expire(file: &Connection, now_ms: i64, most: u32) -> rusqlite::Result<usize> {
    file.prepare_cached(
        "DELETE FROM dedupe WHERE rowid IN
            (SELECT rowid FROM dedupe WHERE expires_ms <= ?1 ORDER BY expires_ms LIMIT ?2)",
    )?
    .execute(params![now_ms, most])
}
