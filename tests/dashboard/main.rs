//! The dashboard without a terminal: events and keys in, a screen out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod any_size;
mod coming_back;
mod fixtures;
mod list;
mod rings;
mod screen;
mod snapshots;
