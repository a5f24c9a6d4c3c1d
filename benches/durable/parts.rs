use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{
    load::Measured,
    plain::Plain,
    process::Server,
    producers::{Until, accept, drive, queue, record},
    scale::Scale,
    spread::Spread,
    table,
};

/// A part, which measures and prints.
type Part = fn(Scale);

/// The parts, by the name that chooses one.
pub const ALL: &[(&str, Part)] = &[
    ("accepts", accepts),
    ("http", http),
    ("deep", deep),
    ("start", start),
];

const CONNECTIONS: usize = 64;

/// Runs that are accepted and wait: the first of them does, and no other may begin beside it.
const WAITING: &str = r#"
server { listen "127.0.0.1:0"; queue runs=10000000 bytes="100GiB"; }
flow "accept" concurrency=1 { webhook "/accept" { accept "text"; }; delay "365days"; }
"#;
/// Runs that are accepted and then run; none of their steps does anything.
const RUN: &str = r#"
server { listen "127.0.0.1:0"; queue runs=10000000 bytes="100GiB"; }
flow "accept" { webhook "/accept" { accept "text"; }; stop; }
"#;

/// A directory on the disk that is measured, which is none in memory.
fn home() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn accepts(scale: Scale) {
    let until = Until::Over(Duration::from_secs_f64(scale.seconds));
    // What is only done once, like growing the log for the first time, is not measured.
    let warm = Until::Over(Duration::from_secs_f64(scale.seconds / 5.0));
    let (mut plain, mut queued) = (Vec::new(), Vec::new());
    for _ in 0..scale.rounds {
        let home = home();
        let file = Plain::open(&home.path().join("plain"));
        let append = move || append(file.clone());
        drive(warm, append.clone());
        plain.push(drive(until, append));
        let queue = queue(home.path());
        let accept = move || accept(Arc::clone(&queue));
        drive(warm, accept.clone());
        queued.push(drive(until, accept));
    }
    table::print(
        "64 producers, on one disk (target 0.7; p99 at most 2000 us)",
        "accepts/s",
        &[("plain appends, fdatasync", plain), ("queue", queued)],
    );
}

async fn append(file: Plain) {
    file.append(record()).await;
}

fn http(scale: Scale) {
    let mut all = [
        ("bare hyper, fdatasync", Vec::new()),
        ("hookyard, runs wait", Vec::new()),
        ("hookyard, runs are run", Vec::new()),
    ];
    for _ in 0..scale.rounds {
        for (i, (_, rounds)) in all.iter_mut().enumerate() {
            let home = home();
            let server = match i {
                0 => Server::bare(home.path()),
                1 => Server::hookyard(home.path(), WAITING),
                _ => Server::hookyard(home.path(), RUN),
            };
            server.load(CONNECTIONS, scale.seconds / 5.0);
            rounds.push(server.load(CONNECTIONS, scale.seconds));
        }
    }
    table::print(
        "64 connections over HTTP, acknowledged once they are on disk (target 0.8)",
        "accepts/s",
        &all,
    );
}

fn deep(scale: Scale) {
    let filled = home();
    let full = queue(filled.path());
    let filling = Arc::clone(&full);
    drive(Until::Many(scale.depth), move || {
        accept(Arc::clone(&filling))
    });
    let sample = Until::Many(scale.sample);
    let (mut empty, mut deep) = (Vec::new(), Vec::new());
    for _ in 0..scale.rounds {
        let home = home();
        let fresh = queue(home.path());
        // What is only done once, like growing the file for the first time, is not measured.
        let warm = Arc::clone(&fresh);
        drive(sample, move || accept(Arc::clone(&warm)));
        empty.push(drive(sample, move || accept(Arc::clone(&fresh))));
        let full = Arc::clone(&full);
        deep.push(drive(sample, move || accept(Arc::clone(&full))));
    }
    let ratio = Spread::of(
        deep.iter()
            .zip(&empty)
            .map(|(deep, empty)| mean(deep) / mean(empty)),
    );
    let title = format!("With {} runs in the queue", scale.depth);
    table::print(&title, "accepts/s", &[("empty", empty), ("deep", deep)]);
    println!(
        "  an accept takes {:.3} of the time ({:.3} to {:.3}; target 1.1)",
        ratio.median, ratio.least, ratio.most
    );
}

/// What one accept takes, in seconds of all producers together.
fn mean(measured: &Measured) -> f64 {
    measured.seconds / measured.requests as f64
}

fn start(scale: Scale) {
    let home = home();
    let empty = Server::hookyard(home.path(), WAITING).memory();
    let mut accepted = 0;
    while accepted < scale.depth {
        let server = Server::hookyard(home.path(), WAITING);
        accepted += server.load(CONNECTIONS, scale.seconds).requests;
        // It is killed: what it left in its log of writes is for the next one to take up.
    }
    let mut memory = Vec::new();
    let times = (0..scale.rounds).map(|_| {
        let began = Instant::now();
        let server = Server::hookyard(home.path(), WAITING);
        let took = began.elapsed().as_secs_f64() * 1000.0;
        // An answer shows that it accepts, too.
        assert_ne!(server.load(1, 0.05).requests, 0);
        memory.push(server.memory());
        took
    });
    let took = Spread::of(times);
    let memory = Spread::of(memory.into_iter());
    println!("\nFrom the start to being served with {accepted} runs in the queue (target 2000 ms)");
    println!(
        "  {:.0} ms ({:.0} to {:.0})",
        took.median, took.least, took.most
    );
    println!("Resident memory");
    println!(
        "  {empty:.1} MiB with an empty queue, {:.1} MiB with these ({:.1} to {:.1})",
        memory.median, memory.least, memory.most
    );
}
