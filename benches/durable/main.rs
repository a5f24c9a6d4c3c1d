//! Accepting runs durably, beside plain appends to a file on the same disk that are synced in
//! groups: accepts a second, latency, start and memory, as ratios. Nothing here passes or fails.
//!
//! `cargo bench --bench durable` runs all of it; `-- accepts` one part, and `--small` tries it with
//! little. Parts: accepts, http, deep, start. The disk is that of the build's directory.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]

mod bare;
#[path = "../serve/load.rs"]
mod load;
mod parts;
mod plain;
mod process;
mod producers;
mod scale;
#[path = "../serve/spread.rs"]
mod spread;
mod table;

use scale::Scale;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        // The benchmark is its own bare server and its own load, each pinned as a child.
        Some("--bare") => bare::serve(args[1].as_ref()),
        Some("--load") => load::run(&args[1..]),
        _ => {
            let scale = Scale::of(&args);
            let chosen: Vec<&str> = args
                .iter()
                .map(String::as_str)
                .filter(|arg| !arg.starts_with('-'))
                .collect();
            for (name, part) in parts::ALL {
                if chosen.is_empty() || chosen.contains(name) {
                    part(scale);
                }
            }
        }
    }
}
