//! Requests to other servers: the one client, and what it may connect to.

mod client;
mod exchange;
mod gate;
mod peer;
mod resolver;
mod retry_after;
mod tls;
mod trouble;

pub(super) use client::Client;
pub(super) use exchange::Question;
pub(super) use gate::is_named;
pub(super) use peer::Peer;
