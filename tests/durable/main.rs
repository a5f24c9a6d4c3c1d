//! Nothing accepted is lost, through the real binary: it is killed, stopped and started again on
//! the same state directory, and what it had answered for is done.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod clock;
mod duplicates;
mod ends;
mod erased;
mod full;
mod gate;
mod hanging;
mod home;
mod kills;
mod revisions;
mod synced;
mod told;
mod turns;
