use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
    thread,
    time::{Duration, SystemTime},
};

use super::OpenError;

/// The right to write to a state directory: one process has it, until it ends, however it does.
#[derive(Debug)]
pub(super) struct Lock {
    /// The system lets go of the lock when this is closed.
    _file: File,
}

impl Lock {
    /// Takes the lock, and leaves word of who has it, where there is room for it.
    ///
    /// # Errors
    /// Another process has it, or its file cannot be used.
    pub fn take(directory: &Path) -> Result<Self, OpenError> {
        let path = directory.join("lock");
        let failed = || OpenError::io(&path);
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            // Until the lock is ours, the content is another's.
            .truncate(false)
            .mode(0o600)
            .open(&path)
            .map_err(failed())?;
        let mut tries = 1;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                // Whoever looks whether it is held holds it for a moment.
                Err(TryLockError::WouldBlock) if tries < TRIES => {
                    tries += 1;
                    thread::sleep(MOMENT);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(OpenError::Held {
                        directory: directory.to_owned(),
                        holder: holder(&mut file),
                    });
                }
                Err(TryLockError::Error(error)) => return Err(failed()(error)),
            }
        }
        let since = humantime::format_rfc3339_seconds(SystemTime::now());
        let word = format!("process {}, since {since}\n", std::process::id());
        let left = file
            .set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| file.write_all(word.as_bytes()));
        match left {
            // The lock holds without it.
            Err(error) if error.kind() != io::ErrorKind::StorageFull => Err(failed()(error)),
            _ => Ok(Self { _file: file }),
        }
    }

    /// Whether a process has it.
    pub fn is_held(directory: &Path) -> bool {
        // One that cannot be opened is not known to be held.
        File::open(directory.join("lock"))
            .is_ok_and(|file| matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}

/// How often the lock is tried to be taken, and how long after each other.
const TRIES: u32 = 3;
const MOMENT: Duration = Duration::from_millis(10);

/// Who has the lock, as far as the file says: it may be read before its holder wrote it.
fn holder(file: &mut File) -> String {
    let mut word = String::new();
    match file.take(200).read_to_string(&mut word) {
        Ok(_) if !word.trim().is_empty() => word.trim().to_owned(),
        _ => "another process".to_owned(),
    }
}
