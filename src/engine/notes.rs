use std::{
    fs,
    path::{Path, PathBuf},
};

use futures_util::future;
use rustix::process::Pid;

use super::leftover::{end_leftover, told};

/// Who the programs are that run now, in a directory which the next server looks into where this
/// one is killed. It is not synced: what ends the system ends its programs, too. Nor does a step fail
/// where nothing can be noted. Without a directory nothing is.
#[derive(Debug, Default)]
pub(super) struct Notes(Option<PathBuf>);

impl Notes {
    /// Those in a directory, which is made when there is something to note.
    pub fn of(directory: PathBuf) -> Self {
        Self(Some(directory))
    }

    /// Notes a program that leads a process group.
    pub fn add(&self, group: Pid) {
        let Some(directory) = &self.0 else { return };
        let Some(told) = told(group) else { return };
        let written = || fs::write(place(directory, group), told.to_string());
        if written().is_err() {
            let _ = fs::create_dir(directory).and_then(|()| written());
        }
    }

    /// Forgets a program.
    pub fn remove(&self, group: Pid) {
        if let Some(directory) = &self.0 {
            let _ = fs::remove_file(place(directory, group));
        }
    }

    /// Kills what is left of the programs that were noted, and forgets all; how many there were left.
    pub async fn end_all(&self) -> usize {
        let Some(Ok(noted)) = self.0.as_ref().map(fs::read_dir) else {
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
}

fn place(directory: &Path, group: Pid) -> PathBuf {
    directory.join(group.as_raw_pid().to_string())
}
