use std::{
    fmt, io,
    path::{Path, PathBuf},
};

use rusqlite::{ErrorCode, ffi::SQLITE_IOERR_SHMSIZE};

/// Why a store cannot be opened.
#[derive(Debug)]
pub enum OpenError {
    /// Nothing was ever served from the directory.
    Absent {
        /// The directory.
        directory: PathBuf,
    },
    /// Another process serves from the directory.
    Held {
        /// The directory.
        directory: PathBuf,
        /// Who: `process 4711, since 2026-11-24T07:44:32Z`.
        holder: String,
    },
    /// The file was written by a newer version.
    Newer {
        /// The file.
        file: PathBuf,
        /// The version of its schema.
        found: i64,
        /// The latest version that is known.
        known: i64,
    },
    /// The file system refuses.
    Io {
        /// The file, or the directory.
        file: PathBuf,
        /// What it says.
        error: io::Error,
    },
    /// SQLite refuses.
    Unusable {
        /// The file.
        file: PathBuf,
        /// What it says.
        why: String,
    },
}

impl OpenError {
    pub(super) fn io(file: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let file = file.to_owned();
        |error| Self::Io { file, error }
    }

    pub(super) fn unusable(file: &Path) -> impl Fn(rusqlite::Error) -> Self + use<> {
        let file = file.to_owned();
        move |error| Self::Unusable {
            file: file.clone(),
            why: if is_full(&error) {
                "its disk is full: make room there".to_owned()
            } else {
                error.to_string()
            },
        }
    }
}

fn is_full(error: &rusqlite::Error) -> bool {
    error.sqlite_error().is_some_and(|error| {
        // What readers share with the writer is a file, too, and found no room.
        error.code == ErrorCode::DiskFull || error.extended_code == SQLITE_IOERR_SHMSIZE
    })
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent { directory } => write!(
                f,
                "there are no runs in the state directory {}: nothing was served from it yet",
                directory.display()
            ),
            Self::Held { directory, holder } => write!(
                f,
                "the state directory {} is in use by {holder}",
                directory.display()
            ),
            Self::Newer { file, found, known } => write!(
                f,
                "{} has schema version {found}, and this version of hookyard knows none newer than {known}",
                file.display()
            ),
            Self::Io { file, error } => {
                write!(f, "{} cannot be used: {error}", file.display())
            }
            Self::Unusable { file, why } => write!(f, "{} cannot be used: {why}", file.display()),
        }
    }
}

impl std::error::Error for OpenError {}
