use std::path::PathBuf;

use super::{notes::Notes, outbound::Client, programs::Programs};

/// What steps act on the world by, shared by all runs.
#[derive(Debug, Default)]
pub struct Means {
    /// What asks other servers.
    pub(super) client: Client,
    /// The programs that steps run.
    pub(super) programs: Programs,
    /// This binary, where it can be started again.
    pub(super) starter: Option<PathBuf>,
}

impl Means {
    /// Means by which a program of a run that is kept starts no sooner than it is kept who it is:
    /// `starter` is a binary that calls [`become_program`](super::become_program) first of all. Who
    /// the programs are is noted in a directory for the next server, too.
    pub fn noting(directory: PathBuf, starter: Option<PathBuf>) -> Self {
        Self {
            programs: Programs::noted(Notes::of(directory)),
            starter,
            ..Self::default()
        }
    }

    /// Kills what is left of programs that were started by a server which was killed itself; how many
    /// there were. For the beginning, before anything is started.
    pub async fn end_leftovers(&self) -> usize {
        self.programs.end_leftovers().await
    }

    /// Kills what steps have started, and lets them start nothing more. For the end of the
    /// process, which does not wait until every run is dropped.
    pub fn close(&self) {
        self.programs.close();
    }
}
