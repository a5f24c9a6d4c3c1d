use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use super::Outbound;

/// `server { … }`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// Where to listen; at least one.
    pub listen: Vec<Listen>,
    /// The scheme, host and path prefix that URLs are shown with, without a trailing slash.
    pub public_url: Option<String>,
    /// The longest body that is read, in bytes.
    pub max_body: u64,
    /// How long a connection may take.
    pub timeouts: Timeouts,
    /// How many connections are held at once.
    pub max_connections: usize,
    /// What requests of steps may reach.
    pub outbound: Outbound,
    /// How much may wait for a worker.
    pub queue: QueueBounds,
    /// How much is kept of runs that have ended.
    pub history: HistoryBounds,
}

/// `queue runs= bytes=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct QueueBounds {
    /// How many runs.
    pub runs: usize,
    /// How many bytes they may weigh together.
    pub bytes: usize,
}

impl Default for QueueBounds {
    fn default() -> Self {
        Self {
            runs: 100_000,
            bytes: 1 << 30,
        }
    }
}

/// `history keep= max=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HistoryBounds {
    /// For how long.
    pub keep: Duration,
    /// How many bytes at most.
    pub max: u64,
}

impl Default for HistoryBounds {
    fn default() -> Self {
        Self {
            keep: Duration::from_secs(7 * 24 * 60 * 60),
            max: 1 << 30,
        }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: vec![Listen::Tcp(SocketAddr::from(([127, 0, 0, 1], 13000)))],
            public_url: None,
            max_body: 1024 * 1024,
            timeouts: Timeouts::default(),
            max_connections: 1024,
            outbound: Outbound::default(),
            queue: QueueBounds::default(),
            history: HistoryBounds::default(),
        }
    }
}

/// `timeouts header= body= write=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Timeouts {
    /// From the connection, or the answer before, to the end of a request's head.
    pub header: Duration,
    /// The longest wait for more of a body.
    pub body: Duration,
    /// The longest wait for the peer to take more of an answer.
    pub write: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            header: Duration::from_secs(10),
            body: Duration::from_secs(10),
            write: Duration::from_secs(10),
        }
    }
}

/// One place to listen.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Listen {
    /// A TCP address; port 0 takes a free one.
    Tcp(SocketAddr),
    /// A Unix socket's path.
    Unix(PathBuf),
}

impl fmt::Display for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}
