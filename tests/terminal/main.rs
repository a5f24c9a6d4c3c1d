//! The real binary in a real terminal: what is drawn, what is left behind, and that nobody who
//! looks at it, or stops to, is in the way of a request.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod drawing;
mod editing;
mod leaving;
mod logs;
mod mouse;
mod panics;
mod preferences;
mod secrets;
mod strangers;
mod terminal;
mod viewers;
