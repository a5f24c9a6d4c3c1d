//! A disk that never says that it has written.

use std::{
    fs,
    io::{Read, Write},
    path::Path,
    process::Command,
};

use crate::{
    home::{Home, wait_for},
    support::{message, request},
};

/// A library in the way to the disk, for `LD_PRELOAD`.
fn library(directory: &Path) -> std::path::PathBuf {
    let library = directory.join("sync.so");
    let status = Command::new("cc")
        .args(["-shared", "-fPIC", "-o"])
        .arg(&library)
        .arg("tests/durable/hanging/sync.c")
        .arg("-ldl")
        .status()
        .unwrap();
    assert!(status.success());
    library
}

#[test]
#[ignore = "needs cc"]
fn a_stop_while_the_disk_hangs_ends_with_the_grace_and_what_was_answered_is_done_afterwards() {
    let home = Home::of(
        r#"
flow "work" concurrency=1 {
    webhook "/work" { parse { body "name" required=#true; }; }
    exec "sh" "work.sh" "{{ name }}"
}
"#,
    );
    // Beside the configuration they would be among the changes that are watched.
    let apart = tempfile::tempdir().unwrap();
    let library = library(apart.path());
    let [hangs, waits] = ["hangs", "waits"].map(|name| apart.path().join(name));
    let mut server = home.serve_with(|command| {
        command
            .args(["--grace", "1s"])
            .env("LD_PRELOAD", &library)
            .env("HANGS_WHILE", &hangs)
            .env("SAYS_SO_BY", &waits)
    });
    assert_eq!(server.post("/work", r#"{"name": "answered"}"#).status, 200);
    home.wait_for_work(1);
    fs::write(&hangs, "").unwrap();
    let mut client = server.connect();
    let json = [("Content-Type", "application/json")];
    client
        .write_all(&request(
            "POST",
            "/work",
            &json,
            r#"{"name": "unanswered"}"#,
        ))
        .unwrap();
    wait_for("a sync that hangs", || waits.exists(), |waits| *waits);
    server.signal("TERM");
    assert_eq!(server.wait(), Some(3));
    let mut answer = String::new();
    client.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "");
    server
        .wait_for_line(|line| message(line).starts_with("stopped before everything was finished"));
    drop(server);

    fs::remove_file(&hangs).unwrap();
    home.gate.let_through(3);
    let server = home.serve();
    assert_eq!(server.post("/work", r#"{"name": "last"}"#).status, 200);
    let is_last = |done: &Vec<String>| done.last().is_some_and(|name| name == "last");
    let mut done = wait_for("the last one done", || home.lines("done"), is_last);
    // Whoever was not answered sends it again, whether or not it was kept.
    done.retain(|name| name != "unanswered");
    assert_eq!(done, ["answered", "last"]);
}
