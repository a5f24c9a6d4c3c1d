//! Hookyard beside a bare hyper server, on the same machine in the same run: requests per second
//! of CPU time, latency and memory, as ratios. Nothing here passes or fails.
//!
//! `cargo bench` runs all of it; `cargo bench -- headline` one part. Parts: headline, viewers,
//! flows, reload, start.

#![allow(
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on should stop"
)]

mod bare;
mod configuration;
mod load;
mod parts;
mod process;
mod spread;
mod table;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.first().map(String::as_str) {
        // The benchmark is its own bare server and its own load, each pinned as a child.
        Some("--bare") => bare::serve(),
        Some("--load") => load::run(&args[1..]),
        _ => {
            let chosen: Vec<&str> = args
                .iter()
                .map(String::as_str)
                .filter(|arg| !arg.starts_with('-'))
                .collect();
            for (name, part) in parts::ALL {
                if chosen.is_empty() || chosen.contains(name) {
                    part();
                }
            }
        }
    }
}
