use super::{outbound::Client, programs::Programs};

/// What steps act on the world by, shared by all runs.
#[derive(Debug, Default)]
pub struct Means {
    /// What asks other servers.
    pub(super) client: Client,
    /// The programs that steps run.
    pub(super) programs: Programs,
}

impl Means {
    /// Kills what steps have started, and lets them start nothing more. For the end of the
    /// process, which does not wait until every run is dropped.
    pub fn close(&self) {
        self.programs.close();
    }
}
