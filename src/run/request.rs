use std::{
    fmt,
    net::{AddrParseError, SocketAddr},
    str::FromStr,
    time::SystemTime,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Uri};

/// A request as it came in, credential headers taken out once they were verified.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method, as sent.
    pub method: Method,
    /// The request target: path and query are raw, nothing is decoded or normalised.
    pub uri: Uri,
    /// All headers but credentials.
    pub headers: HeaderMap,
    /// The body, whole; empty where the request was refused before it was read.
    pub body: Bytes,
    /// Who sent it.
    pub peer: Peer,
    /// When its head was complete.
    pub received: SystemTime,
}

/// The other end of a connection.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Peer {
    /// A TCP peer.
    Ip(SocketAddr),
    /// Whoever may open the Unix socket.
    Unix,
}

impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ip(address) => address.fmt(f),
            Self::Unix => f.write_str("unix"),
        }
    }
}

impl FromStr for Peer {
    type Err = AddrParseError;

    /// What is displayed like this.
    fn from_str(text: &str) -> Result<Self, AddrParseError> {
        match text {
            "unix" => Ok(Self::Unix),
            address => address.parse().map(Self::Ip),
        }
    }
}
