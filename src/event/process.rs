use std::time::Duration;

/// The process that serves.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Process {
    /// For how long it has served.
    pub uptime: Duration,
    /// How many bytes of memory it has, where the system says so.
    pub memory: Option<u64>,
}
