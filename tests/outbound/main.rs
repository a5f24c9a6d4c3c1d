//! Requests of flows to other servers, by the real binary: what is sent, what comes of the answer,
//! and what is never connected to.

#[path = "../support/mod.rs"]
mod support;

mod addresses;
mod answers;
mod harness;
mod redirects;
mod requests;
mod site;
mod tls;
