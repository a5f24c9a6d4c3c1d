//! The real binary, since a process has one limit for all its threads.

use std::process::Command;

#[path = "../support/mod.rs"]
mod support;

use support::{Server, message};

#[test]
fn a_process_out_of_file_descriptors_closes_idle_connections_and_serves_on() {
    let server =
        Server::start(r#"flow "a" mode="sync" { webhook "/a"; respond 200 { body "x" } }"#);
    let open = std::fs::read_dir(format!("/proc/{}/fd", server.pid()))
        .unwrap()
        .count();
    let limited = Command::new("prlimit")
        .arg(format!("--pid={}", server.pid()))
        .arg(format!("--nofile={}", open + 8))
        .status();
    if !limited.is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no prlimit here");
        return;
    }
    // The system completes these whether or not they are accepted.
    let idle: Vec<_> = (0..40).map(|_| server.connect()).collect();
    for _ in 0..20 {
        assert_eq!(server.post("/a", "").status, 200);
    }
    server.wait_for_line(|line| message(line) == "cannot accept connections");
    drop(idle);
}
