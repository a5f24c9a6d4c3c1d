//! What was: the history, and the commands over it, with a server beside them and without one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod ending;
mod harness;
mod keeping;
mod listing;
mod replaying;
mod rerouting;
mod showing;
mod terminal;
