use rusqlite::params;

use crate::store::{Fault, Reader, Store, reader::unreadable};

impl Store {
    /// Keeps what a step of the run `seq` came to, as JSON.
    ///
    /// # Errors
    /// Nothing was written.
    pub async fn keep_effect(&self, seq: i64, key: String, value: String) -> Result<(), Fault> {
        self.write(key.len() + value.len(), move |file| {
            file.prepare_cached(
                "INSERT OR REPLACE INTO effects (seq, key, value) VALUES (?1, ?2, ?3)",
            )?
            .execute(params![seq, key, value])?;
            Ok(())
        })
        .await
    }
}

impl Reader {
    /// What the steps of the run `seq` came to: keys, and values as JSON.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn effects(&self, seq: i64) -> Result<Vec<(String, String)>, String> {
        let read = || -> rusqlite::Result<_> {
            self.file
                .prepare_cached("SELECT key, value FROM effects WHERE seq = ?1")?
                .query_map([seq], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect()
        };
        read().map_err(unreadable)
    }
}
