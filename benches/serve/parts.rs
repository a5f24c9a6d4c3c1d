use std::time::Instant;

use crate::{
    configuration,
    process::{Sample, Server, Viewer},
    spread::Spread,
    table,
};

const ROUNDS: usize = 5;
const SECONDS: f64 = 3.0;
const CONNECTIONS: usize = 64;

/// The parts, by the name that chooses one.
pub const ALL: &[(&str, fn())] = &[
    ("headline", headline),
    ("viewers", viewers),
    ("flows", flows),
    ("reload", reload),
    ("start", start),
];

/// Loads servers in turn, round after round.
fn in_turn(title: &str, servers: &[(&'static str, Server)]) {
    let mut samples: Vec<(&str, Vec<Sample>)> = servers
        .iter()
        .map(|(name, _)| (*name, Vec::new()))
        .collect();
    for (_, server) in servers {
        server.load(CONNECTIONS, 1.0);
    }
    for _ in 0..ROUNDS {
        for ((_, server), (_, samples)) in servers.iter().zip(&mut samples) {
            samples.push(server.load(CONNECTIONS, SECONDS));
        }
    }
    table::print(title, &samples);
}

fn headline() {
    in_turn(
        "A sync flow (Basic auth, four body paths, a header, a branch, templated JSON) beside bare hyper",
        &[
            ("bare hyper", Server::bare()),
            ("hookyard", Server::headless(&configuration::with_flows(1))),
        ],
    );
}

fn viewers() {
    let flows = configuration::with_flows(1);
    in_turn(
        "Who watches",
        &[
            ("headless", Server::headless(&flows)),
            ("dashboard", Server::with_dashboard(&flows, Viewer::Reads)),
            (
                "dashboard, viewer stalled",
                Server::with_dashboard(&flows, Viewer::Stalls),
            ),
            ("tail over the socket", Server::with_tail(&flows)),
        ],
    );
}

fn flows() {
    in_turn(
        "How many flows are served",
        &[
            ("10 flows", Server::headless(&configuration::with_flows(10))),
            (
                "10,000 flows",
                Server::headless(&configuration::with_flows(10_000)),
            ),
        ],
    );
}

fn reload() {
    let server = Server::headless(&configuration::with_flows(1_000));
    let load = server.start_load(CONNECTIONS, 12.0);
    std::thread::sleep(std::time::Duration::from_secs(1));
    let mut seconds = Vec::new();
    for round in 0..5 {
        let text = configuration::with_flows(1_000) + &format!("// round {round}\n");
        let began = Instant::now();
        std::fs::write(server.directory.path().join("flows.kdl"), text).unwrap();
        server.wait_for(|line| {
            line["message"]
                .as_str()
                .is_some_and(|message| message.ends_with("reloaded"))
        });
        seconds.push(began.elapsed().as_secs_f64());
    }
    let measured = load.finish();
    let took = Spread::of(seconds.into_iter());
    println!(
        "\nA reload of 1,000 flows under load, from the save to being live, debounce of 0.2 s included"
    );
    println!(
        "  {:.2} s ({:.2} to {:.2})",
        took.median, took.least, took.most
    );
    println!(
        "  meanwhile {} requests, {} wrong or dropped, the slowest {:.1} ms (p99 {:.1} ms)",
        measured.requests,
        measured.wrong,
        measured.max as f64 / 1000.0,
        measured.p99 as f64 / 1000.0
    );
}

fn start() {
    let flows = configuration::with_flows(10);
    let times = (0..10).map(|_| {
        let began = Instant::now();
        let server = Server::headless(&flows);
        server.load(1, 0.001);
        drop(server);
        began.elapsed().as_secs_f64() * 1000.0
    });
    let took = Spread::of(times);
    let server = Server::headless(&flows);
    let idle = server.memory();
    let loaded = server.load(CONNECTIONS, SECONDS).rss;
    println!("\nFrom the start to the first answers, the benchmark's own processes included");
    println!(
        "  {:.0} ms ({:.0} to {:.0})",
        took.median, took.least, took.most
    );
    println!("Resident memory");
    println!("  idle {idle:.1} MiB, under load {loaded:.1} MiB");
}
