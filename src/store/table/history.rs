use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use crate::store::{Fault, Reader, Store, Telling, reader::unreadable, table::replays::unlink};

/// A run that has ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistoryRow {
    /// What is listed of it.
    pub summary: HistorySummary,
    /// All of it, as JSON.
    pub record: String,
}

/// What is listed of a run that has ended.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HistorySummary {
    /// Its id.
    pub id: String,
    /// Its flow.
    pub flow: String,
    /// The revision it ran on.
    pub revision: String,
    /// How it ended.
    pub outcome: String,
    /// When it was accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
    /// When it ended, in milliseconds since 1970.
    pub finished_ms: i64,
    /// How long its caller waited, or it took where none did, in microseconds.
    pub duration_us: i64,
    /// Why it did not succeed.
    pub error: Option<String>,
}

/// Which runs are listed: those that meet all of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct HistoryFilter {
    /// Those of this flow.
    pub flow: Option<String>,
    /// Those that ended like this.
    pub outcome: Option<String>,
    /// Those accepted at this time or later, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// Those accepted before this time, in milliseconds since 1970.
    pub before_ms: Option<i64>,
    /// Those with this text somewhere in their record; the case of ASCII letters does not matter.
    pub text: Option<String>,
}

/// A row that may be removed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Removable {
    /// Its run's id.
    pub id: String,
    /// How large its record is, in bytes.
    pub size: i64,
}

/// How large the records of the history are together, in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HistorySize {
    /// Of runs that may be removed.
    pub removable: i64,
    /// Of dead runs, which stay until somebody says otherwise.
    pub dead: i64,
}

/// The columns of a [`HistorySummary`], which stand before the record: they are read without it.
const SUMMARY: &str = "id, flow, revision, outcome, accepted_ms, finished_ms, duration_us, error";

const INSERT: &str = "INSERT OR REPLACE INTO history (id, flow, revision, outcome, accepted_ms,
        finished_ms, duration_us, error, size, record)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

impl Store {
    /// Ends the run `seq`: it is in the history, and no more in the queue, or kept there as dead.
    /// `done` hears of it on the writer's thread, before anything is written later: a run that was
    /// the last of the queue leaves its `seq` to the next.
    pub fn finish<R: Into<Telling> + 'static>(
        &self,
        seq: i64,
        row: Arc<HistoryRow>,
        is_dead: bool,
        done: impl FnOnce(Result<(), Fault>) -> R + Send + 'static,
    ) {
        self.submit(
            row.record.len(),
            move |file| {
                if is_dead {
                    file.prepare_cached(
                        "UPDATE queue SET state = 'dead', due_ms = NULL WHERE seq = ?1",
                    )?
                    .execute([seq])?;
                } else {
                    file.prepare_cached("DELETE FROM queue WHERE seq = ?1")?
                        .execute([seq])?;
                    file.prepare_cached("DELETE FROM effects WHERE seq = ?1")?
                        .execute([seq])?;
                }
                insert(file, &row)
            },
            done,
        );
    }

    /// Puts runs that were never queued into the history, all in one write. `done` hears of it on
    /// the writer's thread.
    pub fn record(
        &self,
        rows: Vec<HistoryRow>,
        done: impl FnOnce(Result<(), Fault>) + Send + 'static,
    ) {
        let weight = rows.iter().map(|row| row.record.len()).sum();
        self.submit(
            weight,
            move |file| rows.iter().try_for_each(|row| insert(file, row)),
            done,
        );
    }

    /// Removes runs from the history.
    ///
    /// # Errors
    /// Nothing was removed.
    pub async fn forget(&self, ids: Vec<String>) -> Result<(), Fault> {
        self.write(0, move |file| {
            ids.iter().try_for_each(|id| remove(file, id))
        })
        .await
    }
}

impl Reader {
    /// The runs that meet a filter, the latest first, `most` of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn history(
        &self,
        filter: &HistoryFilter,
        most: u32,
    ) -> Result<Vec<HistorySummary>, String> {
        // Written out for what is asked, so that SQLite can choose the index for it.
        let mut query = format!(
            "SELECT {SUMMARY} FROM history WHERE accepted_ms >= :since AND accepted_ms < :before"
        );
        // A parameter that nothing mentions cannot be bound.
        for (wanted, clause, no_clause) in [
            (&filter.flow, "flow = :flow", ":flow IS NULL"),
            (&filter.outcome, "outcome = :outcome", ":outcome IS NULL"),
            (
                &filter.text,
                "record LIKE :text ESCAPE '\\'",
                ":text IS NULL",
            ),
        ] {
            let clause = wanted.as_ref().map_or(no_clause, |_| clause);
            query += &format!(" AND {clause}");
        }
        query += " ORDER BY accepted_ms DESC, id DESC LIMIT :most";
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(&query)?
                .query_map(
                    named_params! {
                        ":since": filter.since_ms.unwrap_or(i64::MIN),
                        ":before": filter.before_ms.unwrap_or(i64::MAX),
                        ":flow": filter.flow,
                        ":outcome": filter.outcome,
                        ":text": filter.text.as_deref().map(contains_json),
                        ":most": most,
                    },
                    summary,
                )?
                .collect()
        };
        read().map_err(unreadable)
    }

    /// The oldest runs that may be removed, `most` of them: no dead one, which stays until
    /// somebody says otherwise, and where it is asked only those that ended before `before_ms`, in
    /// milliseconds since 1970.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn oldest(&self, before_ms: Option<i64>, most: u32) -> Result<Vec<Removable>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(
                    "SELECT id, size FROM history
                    WHERE accepted_ms < ?1 AND finished_ms < ?1
                        AND NOT EXISTS (
                            SELECT 1 FROM queue WHERE queue.id = history.id AND state = 'dead'
                        )
                    ORDER BY accepted_ms LIMIT ?2",
                )?
                .query_map(params![before_ms.unwrap_or(i64::MAX), most], |row| {
                    Ok(Removable {
                        id: row.get(0)?,
                        size: row.get(1)?,
                    })
                })?
                .collect()
        };
        read().map_err(unreadable)
    }

    /// How large the records are together.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn history_size(&self) -> Result<HistorySize, String> {
        self.file
            .query_row(
                "SELECT
                    (SELECT coalesce(sum(size), 0) FROM history INDEXED BY history_time),
                    (SELECT coalesce(sum(history.size), 0) FROM queue
                        JOIN history ON history.id = queue.id WHERE queue.state = 'dead')",
                [],
                |row| {
                    let (all, dead): (i64, i64) = (row.get(0)?, row.get(1)?);
                    Ok(HistorySize {
                        removable: all - dead,
                        dead,
                    })
                },
            )
            .map_err(unreadable)
    }

    /// What is listed of one run, where it has ended.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn ended(&self, id: &str) -> Result<Option<HistorySummary>, String> {
        let read = || {
            self.file
                .prepare_cached(&format!("SELECT {SUMMARY} FROM history WHERE id = ?1"))?
                .query_row([id], summary)
                .optional()
        };
        read().map_err(unreadable)
    }

    /// All that is known of a run that has ended, as JSON.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn record(&self, id: &str) -> Result<Option<String>, String> {
        self.file
            .query_row("SELECT record FROM history WHERE id = ?1", [id], |row| {
                row.get(0)
            })
            .optional()
            .map_err(unreadable)
    }
}

/// Removes a run from the history.
pub(in crate::store) fn remove(file: &Connection, id: &str) -> rusqlite::Result<()> {
    file.prepare_cached("DELETE FROM history WHERE id = ?1")?
        .execute([id])?;
    unlink(file, id)
}

/// The pattern of whatever contains a text.
pub(super) fn contains(text: &str) -> String {
    let escaped = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{escaped}%")
}

/// The pattern of whatever contains a text as JSON writes it.
pub(super) fn contains_json(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    contains(&quoted[1..quoted.len() - 1])
}

fn insert(file: &Connection, row: &HistoryRow) -> rusqlite::Result<()> {
    let HistoryRow { summary, record } = row;
    file.prepare_cached(INSERT)?.execute(params![
        summary.id,
        summary.flow,
        summary.revision,
        summary.outcome,
        summary.accepted_ms,
        summary.finished_ms,
        summary.duration_us,
        summary.error,
        i64::try_from(record.len()).unwrap_or(i64::MAX),
        record,
    ])?;
    Ok(())
}

fn summary(row: &Row<'_>) -> rusqlite::Result<HistorySummary> {
    Ok(HistorySummary {
        id: row.get(0)?,
        flow: row.get(1)?,
        revision: row.get(2)?,
        outcome: row.get(3)?,
        accepted_ms: row.get(4)?,
        finished_ms: row.get(5)?,
        duration_us: row.get(6)?,
        error: row.get(7)?,
    })
}
