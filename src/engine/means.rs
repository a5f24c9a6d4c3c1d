use super::outbound::Client;

/// What steps act on the world by, shared by all runs.
#[derive(Debug, Default)]
pub struct Means {
    /// What asks other servers.
    pub(super) client: Client,
}
