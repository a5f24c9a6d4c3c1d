//! What containers do to files, and a system without watches. Each server is in namespaces of its
//! own.

use std::{fs, process::Command};

use tempfile::TempDir;

use crate::{
    harness::*,
    support::{Server, message},
};

/// A server that `unshare` starts, after a shell command.
fn serve_apart(
    directory: TempDir,
    unshare: &str,
    prepare: &str,
    file: &str,
    args: &[&str],
) -> Server {
    let mut command = Command::new("unshare");
    command
        .arg(unshare)
        .args(["sh", "-ec", &format!("{prepare}; exec \"$@\""), "sh"])
        .arg(env!("CARGO_BIN_EXE_hookyard"))
        .args(["run", file, "--log-format", "json", "--state", "state"])
        .args(args)
        .current_dir(directory.path())
        .env("HOOKYARD_LOG", "debug");
    Server::of(command, directory)
}

/// A server of a file that is mounted by itself, as `docker run -v ./host.kdl:/conf/flows.kdl`
/// does it.
fn serve_mounted(args: &[&str]) -> Server {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("host.kdl"), answering("one")).unwrap();
    fs::create_dir(directory.path().join("conf")).unwrap();
    fs::write(directory.path().join("conf/flows.kdl"), "").unwrap();
    let mount = "mount --bind host.kdl conf/flows.kdl";
    serve_apart(directory, "-m", mount, "conf/flows.kdl", args)
}

#[test]
#[ignore = "needs mount"]
fn a_file_that_is_mounted_by_itself_goes_live_when_it_is_written_in_place() {
    let server = serve_mounted(&NEVER);
    for expected in ["two", "three"] {
        fs::write(server.directory().join("host.kdl"), answering(expected)).unwrap();
        wait_for_answer(&server, expected);
    }
}

#[test]
#[ignore = "needs mount"]
fn a_file_that_is_mounted_by_itself_and_replaced_outside_is_warned_of_once() {
    let server = serve_mounted(&OFTEN);
    let host = server.directory().join("host.kdl");
    fs::write(host.with_extension("new"), answering("two")).unwrap();
    fs::rename(host.with_extension("new"), &host).unwrap();
    let is_warning =
        |line: &serde_json::Value| message(line).contains("was replaced outside of its mount");
    let warning = server.wait_for_line(is_warning);
    assert_eq!(warning["level"], "WARN");
    assert!(message(&warning).starts_with("conf/flows.kdl"), "{warning}");
    let mut lines = Vec::new();
    for _ in 0..4 {
        lines.extend(server.lines_until(|line| line["found"] == "unchanged"));
    }
    assert!(!lines.iter().any(is_warning), "{:#?}", messages(&lines));
    assert_eq!(answer(&server), "one");
}

#[test]
#[ignore = "needs user namespaces"]
fn a_system_that_has_no_watches_left_is_told_of_once_and_polled() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("flows.kdl"), answering("one")).unwrap();
    let none = "echo 0 >/proc/sys/user/max_inotify_instances";
    let server = serve_apart(directory, "-Ur", none, "flows.kdl", &OFTEN);
    let is_notice =
        |line: &serde_json::Value| message(line).starts_with("changes are only noticed every 40ms");
    server.wait_for_line(is_notice);
    save(&server, &answering("two"));
    let lines = server.lines_until(|line| message(line).ends_with("reloaded"));
    assert!(!lines.iter().any(is_notice), "{:#?}", messages(&lines));
    assert_eq!(answer(&server), "two");
}
