//! The dashboard without a terminal: events and keys in, a screen out.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod acts;
mod any_size;
mod coming_back;
mod dead;
mod drafts;
mod editing;
mod filter;
mod fixtures;
mod inspector;
mod list;
mod marks;
mod progress;
mod resend;
mod rings;
mod screen;
mod screens;
mod snapshots;
mod waiting;
mod why;
