//! How a server begins and ends.

use std::{fs, io::Write, net::TcpListener, path::Path, process::Command};

use crate::{
    harness::*,
    in_flight::{begin, finish},
    support::{Server, message, read_reply, run, stderr, stdout, with_free_port},
};

const SLOW: &str = r#"flow "slow" mode="sync" {
    webhook "/slow" { parse { body "n" as="n" required=#true } }
    respond 200 { body "old {{ n }}" }
}
"#;

fn is_stopping(line: &serde_json::Value) -> bool {
    message(line).starts_with("stopping")
}

#[test]
fn a_broken_file_at_the_start_is_told_of_and_ends_with_2() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("flows.kdl"),
        "flow \"a\" {\n    nope\n}\n",
    )
    .unwrap();
    let output = run(&["run"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nope"), "{}", stderr(&output));
    assert!(
        stderr(&output).contains("flows.kdl:2:5"),
        "{}",
        stderr(&output)
    );
    assert_eq!(stdout(&output), "");
}

#[test]
fn a_missing_file_at_the_start_is_told_of_and_ends_with_2() {
    let directory = tempfile::tempdir().unwrap();
    let output = run(&["run", "none.kdl"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("there is no file `none.kdl`"));
}

#[test]
fn a_missing_secret_at_the_start_is_told_of_and_ends_with_2() {
    let directory = tempfile::tempdir().unwrap();
    let text = "flow \"a\" mode=\"sync\" {\n    webhook \"/a\" { auth { basic user=\"u\" password=(env)\"HOOKYARD_TEST_UNSET\"; } }\n}\n";
    fs::write(directory.path().join("flows.kdl"), text).unwrap();
    let output = run(&["run"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("HOOKYARD_TEST_UNSET is not set"));
}

#[test]
fn an_address_in_use_at_the_start_is_told_of_and_ends_with_1() {
    let directory = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let text = format!("server {{ listen \"{address}\"; }}\n{}", flow("a", "one"));
    fs::write(directory.path().join("flows.kdl"), text).unwrap();
    let output = run(&["run"], directory.path());
    assert_eq!(output.status.code(), Some(1));
    let expected = format!("cannot listen on {address}: another process listens there");
    assert!(stderr(&output).contains(&expected), "{}", stderr(&output));
}

#[test]
fn told_to_stop_it_finishes_what_is_in_flight_and_ends_with_0() {
    for signal in ["TERM", "INT"] {
        let mut server = serve(SLOW);
        let mut idle = server.connect();
        let mut stream = begin(&server);
        server.signal(signal);
        server.wait_for_line(is_stopping);
        assert_eq!(read_reply(&mut idle).status, 0);
        let reply = finish(&mut stream);
        assert_eq!((reply.status, &*reply.body), (200, "old 7"));
        assert_eq!(reply.header("connection"), Some("close"));
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn told_to_stop_at_once_after_it_serves_it_ends_with_0() {
    for _ in 0..5 {
        let mut server = serve(SLOW);
        server.signal("TERM");
        assert_eq!(server.wait(), Some(0));
    }
}

#[test]
fn runs_that_wait_are_finished_before_it_ends() {
    let mut server = serve(
        "flow \"a\" mode=\"async\" {\n    webhook \"/a\" { parse { query \"n\"; } }\n    log \"ran {{ n }}\"\n}\n",
    );
    for n in 0..50 {
        assert_eq!(server.post(&format!("/a?n={n}"), "").status, 200);
    }
    server.signal("TERM");
    let lines = server.lines_until(|line| message(line) == "stopped");
    let ran = |n: u32| format!("ran {n}\"");
    let text = format!("{lines:?}");
    assert!((40..50).all(|n| text.contains(&ran(n))), "{text}");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn told_to_stop_twice_it_ends_at_once_with_3() {
    let mut server = Server::start_in(directory_of(SLOW), Path::new("flows.kdl"), |command| {
        command.args(NEVER).args(["--grace", "1h"])
    });
    let _stream = begin(&server);
    server.signal("TERM");
    server.wait_for_line(is_stopping);
    server.signal("TERM");
    assert_eq!(server.wait(), Some(3));
}

#[test]
fn half_a_head_does_not_keep_it_from_ending_with_0() {
    let text = with_free_port(&format!(
        "server {{\n    timeouts header=\"1s\"\n}}\n{SLOW}"
    ));
    let mut server = Server::start_in(directory_of(&text), Path::new("flows.kdl"), |command| {
        command.args(NEVER).args(["--grace", "1h"])
    });
    let mut half = server.connect();
    half.write_all(b"POST /slow HTT").unwrap();
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn a_grace_of_centuries_is_refused_with_2() {
    let directory = directory_of(SLOW);
    let output = run(&["run", "--grace", "300000000000years"], directory.path());
    assert_eq!(output.status.code(), Some(2));
    let told = stderr(&output);
    assert!(told.contains("it is at most 365 days"), "{told}");
}

#[test]
fn with_the_grace_over_it_ends_with_3() {
    let mut server = Server::start_in(directory_of(SLOW), Path::new("flows.kdl"), |command| {
        command.args(NEVER).args(["--grace", "50ms"])
    });
    let mut stream = begin(&server);
    server.signal("TERM");
    assert_eq!(server.wait(), Some(3));
    let _ = stream.write_all(b": 7}");
    assert_eq!(read_reply(&mut stream).status, 0);
}

#[test]
fn a_reload_in_between_does_not_keep_it_from_stopping() {
    let mut server = serve(&answering("one"));
    save(&server, &answering("two"));
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn hang_up_while_it_stops_is_no_end() {
    let mut server = serve(SLOW);
    let mut stream = begin(&server);
    server.signal("TERM");
    server.wait_for_line(is_stopping);
    server.signal("HUP");
    assert_eq!(finish(&mut stream).status, 200);
    assert_eq!(server.wait(), Some(0));
}

#[test]
fn the_poll_of_the_configuration_has_no_zero() {
    let mut server = serve_with(&answering("one"), &["--poll", "0s"]);
    assert_eq!(answer(&server), "one");
    server.signal("TERM");
    assert_eq!(server.wait(), Some(0));
    let help = Command::new(env!("CARGO_BIN_EXE_hookyard"))
        .args(["run", "--help"])
        .output()
        .unwrap();
    assert!(!stdout(&help).contains("--poll"));
}

fn directory_of(flows: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("flows.kdl"), with_free_port(flows)).unwrap();
    directory
}

#[test]
fn two_servers_do_not_share_an_address() {
    let server = serve(SLOW);
    let directory = tempfile::tempdir().unwrap();
    let address = server.address();
    let text = format!("server {{ listen \"{address}\"; }}\n{}", flow("a", "one"));
    fs::write(directory.path().join("flows.kdl"), text).unwrap();
    let output = run(&["run"], directory.path());
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("another process listens there"));
}
