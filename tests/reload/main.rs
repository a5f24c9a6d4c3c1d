//! Hot reload of the real binary: every way of saving goes live, a broken save stops nothing, and
//! no request is dropped or answered wrongly meanwhile.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod harness;
mod in_flight;
mod includes;
mod lifecycle;
mod listening;
mod mounts;
mod rejections;
mod saves;
mod secrets;
#[path = "../support/mod.rs"]
mod support;
mod truncation;
