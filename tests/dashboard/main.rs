//! The dashboard without a terminal: events and keys in, a screen out.

mod any_size;
mod fixtures;
mod list;
mod rings;
mod screen;
mod snapshots;
