use std::sync::Arc;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};

use super::{DedupeRow, State, dedupe, history};
use crate::store::{Fault, Reader, Store, Telling, reader::unreadable};

/// A run that was accepted.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueueRow {
    /// The run's id.
    pub id: String,
    /// Its flow.
    pub flow: Arc<str>,
    /// The revision that accepted it.
    pub revision: Arc<str>,
    /// How often it was begun, and neither ended nor was put back.
    pub interruptions: u32,
    /// When it was to go on, in milliseconds since 1970, where it was parked last.
    pub due_ms: Option<i64>,
    /// When it was accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
    /// About how many bytes it holds on to.
    pub weight: i64,
    /// The request, without its body, and its reply, as JSON.
    pub request: String,
    /// The variables, as JSON.
    pub variables: String,
    /// The body as a value, as JSON, where it is needed.
    pub document: Option<String>,
    /// The request's body.
    pub body: Bytes,
    /// The step it begins at, where it is the rest of another run.
    pub from_step: Option<u32>,
    /// The other run's id.
    pub continues: Option<String>,
}

/// What must be known of a run to know when its turn is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IndexRow {
    /// Its place in the order of acceptance.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// Its flow.
    pub flow: String,
    /// Where it stands.
    pub state: State,
    /// When it goes on, in milliseconds since 1970, where it is parked.
    pub due_ms: Option<i64>,
    /// How many milliseconds that was from when it was parked.
    pub wait_ms: Option<i64>,
    /// About how many bytes it holds on to.
    pub weight: i64,
    /// Where it is to end as cancelled, by what: [`BY_HAND`], or the id of a run.
    pub cancelled_by: Option<String>,
}

/// What cancelled a run that somebody wanted to be cancelled.
pub const BY_HAND: &str = "hand";

/// For how long a run is parked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Parked {
    /// When it goes on, in milliseconds since 1970.
    pub due_ms: i64,
    /// How many milliseconds that is from now: a clock that is set back makes it no more.
    pub wait_ms: i64,
}

/// What became of an accepted run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stored {
    /// It is kept, at this place in the order of acceptance.
    As(i64),
    /// One with its key was there before, and was answered this.
    Before(String),
}

/// What other processes had left.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Adopted {
    /// Runs to be done.
    pub offered: Vec<IndexRow>,
    /// The ids of runs to be cancelled.
    pub cancelled: Vec<String>,
}

/// What is listed of a run in the queue.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QueueSummary {
    /// Its place in the order of acceptance.
    pub seq: i64,
    /// Its id.
    pub id: String,
    /// Its flow.
    pub flow: String,
    /// The revision that accepted it.
    pub revision: String,
    /// Where it stands.
    pub state: State,
    /// When it goes on, in milliseconds since 1970, where it is parked.
    pub due_ms: Option<i64>,
    /// When it was accepted, in milliseconds since 1970.
    pub accepted_ms: i64,
    /// How often it was begun, and neither ended nor was put back.
    pub interruptions: u32,
}

/// Which runs of the queue are listed: those that meet all of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct QueueFilter {
    /// Those of this flow.
    pub flow: Option<String>,
    /// Those that stand here; all where there are none.
    pub states: Vec<State>,
    /// Those accepted at this time or later, in milliseconds since 1970.
    pub since_ms: Option<i64>,
    /// Those accepted before this time, in milliseconds since 1970.
    pub before_ms: Option<i64>,
    /// Those with this text somewhere in what is kept; the case of ASCII letters does not matter.
    pub text: Option<String>,
}

const INDEX: &str = "SELECT seq, id, flow, state, due_ms, wait_ms, weight, cancelled_by FROM queue";

impl Store {
    /// Keeps a run, where none was kept with its key, and notes in the same transaction that those
    /// are to end as cancelled whose place it takes, which `replaced` is asked for on the writer's
    /// thread. `done` hears of it there, in the order of acceptance, whether or not anybody still
    /// waits.
    pub fn append<R: Into<Telling> + 'static>(
        &self,
        row: QueueRow,
        dedupe: Option<DedupeRow>,
        replaced: impl FnOnce() -> Vec<String> + Send + 'static,
        done: impl FnOnce(Result<Stored, Fault>) -> R + Send + 'static,
    ) {
        let weight = usize::try_from(row.weight).unwrap_or(0);
        self.submit(
            weight,
            move |file| {
                if let Some(dedupe) = dedupe {
                    let first = dedupe::find(file, &dedupe.flow, &dedupe.key, dedupe.now_ms)?;
                    if let Some(reply) = first {
                        return Ok(Stored::Before(reply));
                    }
                    dedupe::note(file, &dedupe)?;
                }
                cancel(file, &replaced(), &row.id)?;
                insert(file, &row, State::Pending).map(Stored::As)
            },
            done,
        );
    }

    /// Counts that the run `seq` begins: it is interrupted until something else is said.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn begin(&self, seq: i64) -> Result<(), Fault> {
        self.write(0, move |file| begin(file, seq)).await
    }

    /// The same for a run that has just been interrupted, and nobody waits.
    pub fn interrupted(&self, seq: i64) {
        self.submit(0, move |file| begin(file, seq), |_| {});
    }

    /// Puts the run `seq` back, parked or to be claimed again. Where it was begun, that counts no
    /// more.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn put_back(
        &self,
        seq: i64,
        parked: Option<Parked>,
        was_begun: bool,
    ) -> Result<(), Fault> {
        let state = match parked {
            Some(_) => State::Parked,
            None => State::Pending,
        };
        self.write(0, move |file| {
            file.prepare_cached(
                "UPDATE queue SET
                    state = CASE state WHEN 'cancelled' THEN state ELSE ?2 END,
                    due_ms = ?3,
                    wait_ms = ?4,
                    interruptions = max(0, interruptions - ?5)
                WHERE seq = ?1",
            )?
            .execute(params![
                seq,
                state,
                parked.map(|parked| parked.due_ms),
                parked.map(|parked| parked.wait_ms),
                was_begun
            ])?;
            Ok(())
        })
        .await
    }

    /// Takes over what other processes left. `done` hears of it as [`Store::append`]'s does.
    pub fn adopt<R: Into<Telling> + 'static>(
        &self,
        done: impl FnOnce(Result<Adopted, Fault>) -> R + Send + 'static,
    ) {
        self.submit(0, adopt, done);
    }
}

impl Reader {
    /// Hands every run that must still be done to `each`, in the order of acceptance.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn index(&self, mut each: impl FnMut(IndexRow)) -> Result<(), String> {
        let mut read = || -> rusqlite::Result<_> {
            let mut rows = self
                .file
                .prepare(&format!("{INDEX} WHERE state <> 'dead' ORDER BY seq"))?;
            for row in rows.query_map([], index_row)? {
                each(row?);
            }
            Ok(())
        };
        read().map_err(unreadable)
    }

    /// The revision that accepted the latest of a flow's runs that must still be done.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn latest_revision_of(&self, flow: &str) -> Result<Option<String>, String> {
        let read = || {
            self.file
                .prepare_cached(
                    "SELECT revision FROM queue WHERE flow = ?1 AND state <> 'dead'
                    ORDER BY seq DESC LIMIT 1",
                )?
                .query_row([flow], |row| row.get(0))
                .optional()
        };
        read().map_err(unreadable)
    }

    /// The run `seq`, where it is still kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn queued(&self, seq: i64) -> Result<Option<QueueRow>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(
                    "SELECT id, flow, revision, interruptions, accepted_ms, weight, request,
                        variables, document, body, from_step, continues, due_ms
                    FROM queue WHERE seq = ?1",
                )?
                .query_row([seq], |row| {
                    Ok(QueueRow {
                        id: row.get(0)?,
                        flow: row.get(1)?,
                        revision: row.get(2)?,
                        interruptions: row.get(3)?,
                        accepted_ms: row.get(4)?,
                        weight: row.get(5)?,
                        request: row.get(6)?,
                        variables: row.get(7)?,
                        document: row.get(8)?,
                        body: row.get::<_, Vec<u8>>(9)?.into(),
                        from_step: row.get(10)?,
                        continues: row.get(11)?,
                        due_ms: row.get(12)?,
                    })
                })
                .optional()
        };
        read().map_err(unreadable)
    }

    /// The runs of the queue that meet a filter, the latest first, `most` of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn queue(&self, filter: &QueueFilter, most: u32) -> Result<Vec<QueueSummary>, String> {
        let states: Vec<&str> = filter.states.iter().map(|state| state.as_str()).collect();
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(
                    "SELECT seq, id, flow, revision, state, due_ms, accepted_ms, interruptions
                    FROM queue
                    WHERE accepted_ms >= :since AND accepted_ms < :before
                        AND (:flow IS NULL OR flow = :flow)
                        AND (:states = '' OR instr(:states, state) > 0)
                        AND (:text IS NULL OR request LIKE :text ESCAPE '\\'
                            OR variables LIKE :text ESCAPE '\\'
                            OR CAST(body AS TEXT) LIKE :body ESCAPE '\\')
                    ORDER BY seq DESC LIMIT :most",
                )?
                .query_map(
                    named_params! {
                        ":since": filter.since_ms.unwrap_or(i64::MIN),
                        ":before": filter.before_ms.unwrap_or(i64::MAX),
                        ":flow": filter.flow,
                        // No word of theirs is part of another.
                        ":states": states.join(" "),
                        ":text": filter.text.as_deref().map(history::contains_json),
                        ":body": filter.text.as_deref().map(history::contains),
                        ":most": most,
                    },
                    |row| {
                        Ok(QueueSummary {
                            seq: row.get(0)?,
                            id: row.get(1)?,
                            flow: row.get(2)?,
                            revision: row.get(3)?,
                            state: row.get(4)?,
                            due_ms: row.get(5)?,
                            accepted_ms: row.get(6)?,
                            interruptions: row.get(7)?,
                        })
                    },
                )?
                .collect()
        };
        read().map_err(unreadable)
    }

    /// The ids of runs, in the queue or ended, that begin or end with a text; `most` of them.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn ids(&self, text: &str, most: u32) -> Result<Vec<String>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached(
                    "SELECT id FROM queue WHERE substr(id, 1, ?2) = ?1 OR substr(id, -?2) = ?1
                    UNION
                    SELECT id FROM history WHERE substr(id, 1, ?2) = ?1 OR substr(id, -?2) = ?1
                    ORDER BY id LIMIT ?3",
                )?
                .query_map(params![text, text.len() as i64, most], |row| row.get(0))?
                .collect()
        };
        read().map_err(unreadable)
    }

    /// The place in the queue of a run, and where it stands, where it is in it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn stands(&self, id: &str) -> Result<Option<IndexRow>, String> {
        self.file
            .query_row(
                &format!("{INDEX} WHERE made_ms = ?1 AND id = ?2"),
                params![made_ms(id), id],
                index_row,
            )
            .optional()
            .map_err(unreadable)
    }

    /// How many dead runs are kept.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dead(&self) -> Result<i64, String> {
        self.file
            .query_row(
                "SELECT count(*) FROM queue WHERE state = 'dead'",
                [],
                |row| row.get(0),
            )
            .map_err(unreadable)
    }

    /// How many dead runs are kept, by flow.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn dead_by_flow(&self) -> Result<Vec<(String, i64)>, String> {
        let counted = || {
            let mut counts = self.file.prepare_cached(
                "SELECT flow, count(*) FROM queue WHERE state = 'dead' GROUP BY flow",
            )?;
            let rows = counts.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            rows.collect::<rusqlite::Result<_>>()
        };
        counted().map_err(unreadable)
    }

    /// Whether another process left something.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn has_word(&self) -> Result<bool, String> {
        self.file
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM queue WHERE state = 'offered')
                    OR EXISTS (SELECT 1 FROM cancellations)",
                [],
                |row| row.get(0),
            )
            .map_err(unreadable)
    }
}

/// Notes that runs are to end as cancelled, and by which run, in case that they end in another
/// life. What was said first holds.
fn cancel(file: &Connection, runs: &[String], by: &str) -> rusqlite::Result<()> {
    if runs.is_empty() {
        return Ok(());
    }
    let mut cancel = file.prepare_cached(
        "UPDATE queue SET state = 'cancelled', cancelled_by = ?3
        WHERE made_ms = ?1 AND id = ?2 AND state NOT IN ('cancelled', 'dead')",
    )?;
    for id in runs {
        cancel.execute(params![made_ms(id), id, by])?;
    }
    Ok(())
}

/// Inserts a run, and gives its place in the order of acceptance.
pub(in crate::store) fn insert(
    file: &Connection,
    row: &QueueRow,
    state: State,
) -> rusqlite::Result<i64> {
    file.prepare_cached(
        "INSERT INTO queue (id, made_ms, flow, revision, state, interruptions, accepted_ms, weight,
            from_step, continues, request, variables, document, body)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
    )?
    .insert(params![
        row.id,
        made_ms(&row.id),
        row.flow,
        row.revision,
        state,
        row.interruptions,
        row.accepted_ms,
        row.weight,
        row.from_step,
        row.continues,
        row.request,
        row.variables,
        row.document,
        &row.body[..],
    ])
}

/// The millisecond that the first twelve digits of a run's id say, which is a UUIDv7 (RFC 9562).
fn made_ms(id: &str) -> i64 {
    let mut digits = id.chars().filter(|digit| *digit != '-').take(12);
    let made = digits.try_fold(0, |made, digit| {
        Some(made << 4 | i64::from(digit.to_digit(16)?))
    });
    // What is no such id was written by hand.
    made.unwrap_or(0)
}

/// Takes a dead run out of the queue, where it is there.
pub(in crate::store) fn bury(file: &Connection, id: &str) -> rusqlite::Result<bool> {
    file.prepare_cached(
        "DELETE FROM effects WHERE seq IN
            (SELECT seq FROM queue WHERE id = ?1 AND state = 'dead')",
    )?
    .execute([id])?;
    let buried = file
        .prepare_cached("DELETE FROM queue WHERE id = ?1 AND state = 'dead'")?
        .execute([id])?;
    Ok(buried > 0)
}

fn begin(file: &Connection, seq: i64) -> rusqlite::Result<()> {
    file.prepare_cached(
        "UPDATE queue SET
            state = CASE state WHEN 'cancelled' THEN state ELSE 'running' END,
            interruptions = interruptions + 1
        WHERE seq = ?1",
    )?
    .execute([seq])?;
    Ok(())
}

fn adopt(file: &Connection) -> rusqlite::Result<Adopted> {
    let offered = file
        .prepare_cached(&format!("{INDEX} WHERE state = 'offered' ORDER BY seq"))?
        .query_map([], index_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut accept = file.prepare_cached("UPDATE queue SET state = 'pending' WHERE seq = ?1")?;
    for row in &offered {
        accept.execute([row.seq])?;
    }
    let cancelled = file
        .prepare_cached("DELETE FROM cancellations RETURNING id")?
        .query_map([], |row| row.get(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    cancel(file, &cancelled, BY_HAND)?;
    Ok(Adopted { offered, cancelled })
}

fn index_row(row: &Row<'_>) -> rusqlite::Result<IndexRow> {
    Ok(IndexRow {
        seq: row.get(0)?,
        id: row.get(1)?,
        flow: row.get(2)?,
        state: row.get(3)?,
        due_ms: row.get(4)?,
        wait_ms: row.get(5)?,
        weight: row.get(6)?,
        cancelled_by: row.get(7)?,
    })
}
