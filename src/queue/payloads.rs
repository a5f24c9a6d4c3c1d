use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

use super::{Entry, codec};
use crate::{
    run::Value,
    store::{Reader, Store},
};

/// Reads back what is not kept in memory.
pub(super) struct Payloads {
    /// None is open after a read that failed. Closed before the store is, which puts everything
    /// into the one file only where nobody else has it open.
    reader: Mutex<Option<Reader>>,
    store: Store,
}

/// A run as it was kept.
pub(super) struct Kept {
    pub entry: Entry,
    pub interruptions: u32,
    /// When it was to go on, where it was parked.
    pub due_ms: Option<i64>,
    pub effects: BTreeMap<String, Value>,
}

/// What a look at the file showed.
pub(super) struct Seen {
    /// The number to compare with next time.
    pub version: i64,
    /// Whether other processes left something.
    pub has_word: bool,
    /// How many dead runs are kept, by flow.
    pub dead: HashMap<Arc<str>, u64>,
}

impl Payloads {
    pub fn new(store: Store, reader: Reader) -> Self {
        Self {
            reader: Mutex::new(Some(reader)),
            store,
        }
    }

    /// The run `seq`; `Ok(None)` where it is no longer kept, and an inner error where it cannot be
    /// made sense of.
    ///
    /// # Errors
    /// The file cannot be read now.
    pub async fn kept(self: &Arc<Self>, seq: i64) -> Result<Option<Result<Kept, String>>, String> {
        self.read(move |reader| {
            let Some(row) = reader.queued(seq)? else {
                return Ok(None);
            };
            let (interruptions, due_ms) = (row.interruptions, row.due_ms);
            let effects = reader.effects(seq)?;
            let parsed = effects
                .into_iter()
                .map(|(key, value)| Ok((key, codec::parse("an effect", &value)?)))
                .collect::<Result<_, String>>();
            Ok(Some(parsed.and_then(|effects| {
                Ok(Kept {
                    entry: codec::entry(row)?,
                    interruptions,
                    due_ms,
                    effects,
                })
            })))
        })
        .await
    }

    /// Looks whether anything was committed since `version`.
    ///
    /// # Errors
    /// The file cannot be read now.
    pub async fn look(self: &Arc<Self>, version: Option<i64>) -> Result<Option<Seen>, String> {
        self.read(move |reader| {
            let now = reader.data_version()?;
            if version == Some(now) {
                return Ok(None);
            }
            Ok(Some(Seen {
                version: now,
                has_word: reader.has_word()?,
                dead: dead(reader)?,
            }))
        })
        .await
    }

    async fn read<T: Send + 'static>(
        self: &Arc<Self>,
        read: impl FnOnce(&Reader) -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let payloads = Arc::clone(self);
        let reading = tokio::task::spawn_blocking(move || {
            let mut slot = payloads
                .reader
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            let reader = match slot.take() {
                Some(reader) => reader,
                None => payloads.store.reader().map_err(|error| error.to_string())?,
            };
            let read = read(&reader);
            if read.is_ok() {
                *slot = Some(reader);
            }
            read
        });
        reading.await.unwrap_or_else(|error| Err(error.to_string()))
    }
}

/// How many dead runs are kept, by flow.
///
/// # Errors
/// The file cannot be read now.
pub(super) fn dead(reader: &Reader) -> Result<HashMap<Arc<str>, u64>, String> {
    let dead = reader.dead_by_flow()?.into_iter();
    Ok(dead
        .map(|(flow, count)| (flow.into(), count.unsigned_abs()))
        .collect())
}
