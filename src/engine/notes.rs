use std::{fs, path::PathBuf};

use futures_util::future;
use rustix::process::Pid;

use super::leftover::{end_leftover, told};

/// Who the programs are that run now, in a directory which the next server looks into where this
/// one is killed. It is not synced: what ends the system ends its programs, too. Nor does a step fail
/// where nothing can be noted.
#[derive(Debug)]
pub(super) struct Notes(PathBuf);

impl Notes {
    /// Those in a directory, which is made when there is something to note.
    pub fn new(directory: PathBuf) -> Self {
        Self(directory)
    }

    /// Notes a program that leads a process group.
    pub fn add(&self, group: Pid) {
        let Some(told) = told(group) else { return };
        let written = || fs::write(self.place(group), told.to_string());
        if written().is_err() {
            let _ = fs::create_dir(&self.0).and_then(|()| written());
        }
    }

    /// Forgets a program.
    pub fn remove(&self, group: Pid) {
        let _ = fs::remove_file(self.place(group));
    }

    /// Kills what is left of the programs that were noted, and forgets all; how many there were left.
    pub async fn end_all(&self) -> usize {
        let Ok(noted) = fs::read_dir(&self.0) else {
            return 0;
        };
        let ending = noted.flatten().map(|note| async move {
            let told = fs::read(note.path()).unwrap_or_default();
            let told = serde_json::from_slice(&told).unwrap_or_default();
            let was_there = end_leftover(&told).await;
            let _ = fs::remove_file(note.path());
            was_there
        });
        let ended = future::join_all(ending).await;
        ended.into_iter().filter(|was_there| *was_there).count()
    }

    fn place(&self, group: Pid) -> PathBuf {
        self.0.join(group.as_raw_pid().to_string())
    }
}
