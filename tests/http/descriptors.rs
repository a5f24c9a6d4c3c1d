//! The real binary, since a process has one limit for all its threads.

use std::process::Command;

#[path = "../support/mod.rs"]
mod support;

use serde_json::Value;
use support::{Server, message};

#[test]
fn a_process_out_of_file_descriptors_closes_idle_connections_serves_on_and_says_so_once() {
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
    let is_told = |line: &Value| message(line) == "cannot accept connections";
    server.wait_for_line(is_told);
    drop(idle);
    let lines = server.lines_until(|line| message(line) == "connections are accepted again");
    assert!(!lines.iter().any(is_told), "it was told before: {lines:#?}");
    let failures = lines.last().and_then(|line| line["failures"].as_u64());
    assert!(
        failures.is_some_and(|failures| failures > 1),
        "{failures:?}"
    );
}
