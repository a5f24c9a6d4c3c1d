//! The server in this process, behind real sockets: what a client may expect, and what no client
//! may do to it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod answers;
mod background;
mod bodies;
mod calls;
mod continuing;
mod counts;
mod descriptors;
mod framing;
mod harness;
mod listening;
mod loops;
mod many;
mod once;
mod records;
mod refusals;
mod resume;
mod slow;
mod stopping;
