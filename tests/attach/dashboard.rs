//! The dashboard, attached.

use std::fs;

use crate::{
    BIG, FLOWS, SMALL,
    support::{self, Server},
    terminal::Terminal,
};

const ATTACH: [&str; 3] = ["attach", "--state", "state"];

#[test]
fn it_shows_what_came_before_and_what_comes_and_leaves_the_server_alone() {
    let server = Server::start(FLOWS);
    server.post("/payments", SMALL);
    let directory = server.share();
    let mut terminal = Terminal::open(directory, &ATTACH, |_| {});
    terminal.wait_text("ATTACHED ● serving");
    server.post("/payments", BIG);
    terminal.wait("both runs", |screen| {
        screen.contains("Runs 2") && screen.contains("big") && screen.contains("otherwise")
    });
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
    assert_eq!(server.post("/payments", BIG).status, 200);
}

#[test]
fn a_server_that_is_killed_is_lost_and_found_again_with_its_runs() {
    let server = Server::start(FLOWS);
    let terminal = Terminal::open(server.share(), &ATTACH, |_| {});
    terminal.wait_text("ATTACHED ● serving");
    server.post("/payments", BIG);
    terminal.wait_text("Runs 1");
    let directory = server.kill();
    let screen = terminal.wait_text("LOST ○ out of reach");
    assert!(
        screen.contains("waiting for a server at state/attach.sock"),
        "{screen}"
    );
    // What was seen can still be looked at.
    assert!(screen.contains("Runs 1"), "{screen}");
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    terminal.wait_text("ATTACHED ● serving");
    server.post("/payments", SMALL);
    terminal.wait("the new run", |screen| screen.contains("otherwise"));
    terminal.signal("TERM");
    assert_eq!(terminal.wait_for_end(), 0);
    terminal.assert_given_back();
}

#[test]
fn one_that_is_not_there_yet_is_waited_for() {
    let directory = tempfile::tempdir().unwrap();
    let flows = support::with_free_port(FLOWS);
    fs::write(directory.path().join("flows.kdl"), flows).unwrap();
    let directory = std::sync::Arc::new(directory);
    let terminal = Terminal::open(directory.clone(), &ATTACH, |_| {});
    terminal.wait_text("There is no server to look at yet.");
    terminal.wait_text("nobody listens there: waiting for a server at state/attach.sock");
    let _server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    terminal.wait_text("ATTACHED ● serving");
}

#[test]
fn a_recording_is_looked_at_like_a_server() {
    let server = Server::start(FLOWS);
    server.post("/payments", BIG);
    server.post("/nowhere", BIG);
    let state = server.directory().join("state");
    let recording = crate::tail::recorded(&server, 2);
    let directory = server.stop("TERM");
    assert!(!state.join("attach.sock").exists());
    fs::write(directory.path().join("recording"), recording).unwrap();
    let mut terminal = Terminal::open(directory, &["attach", "--from", "recording"], |_| {});
    terminal.wait("the recording", |screen| {
        screen.contains("FILE") && screen.contains("Runs 2") && screen.contains("/nowhere")
    });
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(), 0);
}

#[test]
fn a_file_that_is_no_recording_is_said_to_be_none() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("recording"), "{\"x\":\n").unwrap();
    let mut terminal = Terminal::open(directory, &["attach", "--from", "recording"], |_| {});
    terminal.wait("the reason", |screen| {
        screen.contains("this is no recording: EOF while parsing")
    });
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(), 0);
}
