use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::store::{Fault, Reader, Store, reader::unreadable};

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
    /// How long it took, in microseconds.
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
}

const INSERT: &str = "INSERT OR REPLACE INTO history (id, flow, revision, outcome, accepted_ms,
        finished_ms, duration_us, error, size, record)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

impl Store {
    /// Ends the run `seq`: it is in the history, and no more in the queue, or kept there as dead.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn finish(&self, seq: i64, row: Arc<HistoryRow>, is_dead: bool) -> Result<(), Fault> {
        self.write(row.record.len(), move |file| {
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
        })
        .await
    }

    /// Puts a run that was never queued into the history.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn record(&self, row: HistoryRow) -> Result<(), Fault> {
        self.write(row.record.len(), move |file| insert(file, &row))
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
        let mut query = "SELECT id, flow, revision, outcome, accepted_ms, finished_ms,
                duration_us, error
            FROM history WHERE accepted_ms >= ?1"
            .to_owned();
        for (column, wanted, place) in [
            ("flow", &filter.flow, "?2"),
            ("outcome", &filter.outcome, "?3"),
        ] {
            query += &match wanted {
                Some(_) => format!(" AND {column} = {place}"),
                None => format!(" AND {place} IS NULL"),
            };
        }
        query += " ORDER BY accepted_ms DESC, id DESC LIMIT ?4";
        let since = filter.since_ms.unwrap_or(i64::MIN);
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(&query)?
                .query_map(params![since, filter.flow, filter.outcome, most], summary)?
                .collect()
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
