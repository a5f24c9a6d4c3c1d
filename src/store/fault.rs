use std::{fmt, sync::Arc};

use rusqlite::ErrorCode;

/// Why nothing was written. All of the write is undone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// No space is left.
    Full,
    /// Another process keeps the file locked.
    Busy,
    /// The disk, or the file, fails, and nothing is written before the file was opened again.
    Broken(Arc<str>),
}

impl Fault {
    /// The fault of a store whose writer has ended.
    pub(super) fn ended() -> Self {
        Self::Broken("its writer has ended".into())
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            // What a failed fsync left in the system's cache cannot be known, so whatever is not
            // known to be harmless is taken for that.
            _ => Self::Broken(error.to_string().into()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full => f.write_str("the disk of the state directory is full"),
            Self::Busy => f.write_str("another process keeps the store locked"),
            Self::Broken(why) => write!(f, "the store cannot be written: {why}"),
        }
    }
}

impl std::error::Error for Fault {}
