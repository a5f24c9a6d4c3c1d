use std::{fs::OpenOptions, os::unix::fs::OpenOptionsExt, path::Path, time::Duration};

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::OpenError;

/// The file's name within the state directory.
pub(super) const FILE: &str = "hookyard.db";

/// How long a lock of another process is waited for.
const PATIENCE: Duration = Duration::from_secs(5);

/// What leads from each version of the schema to the next; the version is the count of those that
/// are done. A step that was released never changes.
const MIGRATIONS: [&str; 8] = [
    include_str!("schema/1.sql"),
    include_str!("schema/2.sql"),
    include_str!("schema/3.sql"),
    include_str!("schema/4.sql"),
    include_str!("schema/5.sql"),
    include_str!("schema/6.sql"),
    include_str!("schema/7.sql"),
    include_str!("schema/8.sql"),
];

/// The version that is written.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// Opens the file for writing, creates it where it is not there, and brings it up to date.
///
/// # Errors
/// The file cannot be used, or is of a newer version.
pub(super) fn open(directory: &Path) -> Result<Connection, OpenError> {
    let file = directory.join(FILE);
    // Created here and not by SQLite, which would let the umask decide who may read it; the files
    // that SQLite puts beside it take its mode after it.
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&file)
        .map_err(OpenError::io(&file))?;
    let unusable = OpenError::unusable(&file);
    let mut connection = connect(&file, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(&unusable)?;
    let found = version(&connection).map_err(&unusable)?;
    if found > VERSION {
        return Err(newer(&file, found));
    }
    if found == 0 {
        // They can be chosen only while the file is empty, and before the journal is; to choose them
        // again would be a write, for which a full disk has no room. Pages of 8 KiB hold several runs
        // each, and are written by half as many system calls.
        connection
            .execute_batch("PRAGMA page_size = 8192; PRAGMA auto_vacuum = INCREMENTAL;")
            .map_err(&unusable)?;
    }
    connection
        .execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = FULL;
             PRAGMA wal_autocheckpoint = 8000;",
        )
        .map_err(&unusable)?;
    migrate(&mut connection).map_err(&unusable)?;
    Ok(connection)
}

/// Opens the file beside whoever has the lock, and leaves its version alone.
///
/// # Errors
/// There is none, it cannot be used, or it is not of the version that is written.
pub(super) fn open_beside(directory: &Path, access: OpenFlags) -> Result<Connection, OpenError> {
    let file = directory.join(FILE);
    match file.try_exists() {
        Ok(true) => {}
        Ok(false) => {
            return Err(OpenError::Absent {
                directory: directory.to_owned(),
            });
        }
        // Who may not look must not be told that there is nothing to see.
        Err(error) => return Err(OpenError::io(directory)(error)),
    }
    let unusable = OpenError::unusable(&file);
    let connection = connect(&file, access).map_err(&unusable)?;
    let found = version(&connection).map_err(&unusable)?;
    if found > VERSION {
        return Err(newer(&file, found));
    }
    if found < VERSION {
        return Err(OpenError::Unusable {
            file,
            why: format!(
                "it has schema version {found}; `hookyard run` brings it to version {VERSION}"
            ),
        });
    }
    Ok(connection)
}

fn newer(file: &Path, found: i64) -> OpenError {
    OpenError::Newer {
        file: file.to_owned(),
        found,
        known: VERSION,
    }
}

fn connect(file: &Path, access: OpenFlags) -> rusqlite::Result<Connection> {
    let connection = Connection::open_with_flags(file, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(PATIENCE)?;
    // In KiB where it is negative: what is read is rarely read twice. What a run that has ended was
    // sent is overwritten: `FAST` would leave it on pages that are free, and a long body has pages
    // of its own.
    connection.execute_batch(
        "PRAGMA cache_size = -2048; PRAGMA foreign_keys = OFF; PRAGMA secure_delete = ON;",
    )?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    if version(connection)? == VERSION {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Read again: another process may have migrated it meanwhile.
    let done = usize::try_from(version(&transaction)?).unwrap_or(0);
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    transaction.commit()
}
