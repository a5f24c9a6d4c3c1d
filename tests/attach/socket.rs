//! Where the socket is, and whose.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::{
    FLOWS,
    support::{self, Server, message},
    viewer::{Viewer, connect, socket},
};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn it_is_for_its_owner_alone() {
    let server = Server::start(FLOWS);
    assert_eq!(mode(&socket(&server)), 0o600);
    assert_eq!(mode(socket(&server).parent().unwrap()), 0o700);
}

#[test]
fn one_that_a_dead_server_left_is_replaced_and_one_that_stops_leaves_none() {
    let server = Server::start(FLOWS);
    let left = socket(&server);
    let directory = server.kill();
    assert!(left.exists());
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    Viewer::live(&server);
    let _directory = server.stop("TERM");
    assert!(!left.exists());
}

#[test]
fn what_is_no_socket_is_left_where_it_is() {
    let directory = tempfile::tempdir().unwrap();
    let flows = support::with_free_port(FLOWS);
    fs::write(directory.path().join("flows.kdl"), flows).unwrap();
    fs::create_dir(directory.path().join("state")).unwrap();
    let place = directory.path().join("state/attach.sock");
    fs::write(&place, "notes").unwrap();
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    let line =
        server.wait_for_line(|line| message(line).starts_with("no dashboard can be attached"));
    assert!(
        message(&line).ends_with("cannot be listened on: there is a file that is no socket"),
        "{line}"
    );
    assert_eq!(server.post("/deploy", "{}").status, 200);
    assert_eq!(fs::read_to_string(place).unwrap(), "notes");
}

#[test]
fn a_link_that_leads_to_a_server_that_is_gone_is_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let flows = support::with_free_port(FLOWS);
    fs::write(directory.path().join("flows.kdl"), flows).unwrap();
    fs::create_dir(directory.path().join("state")).unwrap();
    let place = directory.path().join("state/attach.sock");
    std::os::unix::fs::symlink(directory.path().join("gone"), &place).unwrap();
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    Viewer::live(&server);
    assert!(!place.is_symlink());
}

#[test]
fn in_a_runtime_directory_it_has_one_of_its_own_and_is_found_by_the_state() {
    let directory = tempfile::tempdir().unwrap();
    let flows = support::with_free_port(FLOWS);
    fs::write(directory.path().join("flows.kdl"), flows).unwrap();
    let runtime = directory.path().join("run");
    fs::create_dir(&runtime).unwrap();
    fs::set_permissions(&runtime, fs::Permissions::from_mode(0o755)).unwrap();
    let variable = runtime.clone();
    let server = Server::start_in(directory, "flows.kdl".as_ref(), |command| {
        command.env("RUNTIME_DIRECTORY", variable)
    });
    let own = runtime.join("attach");
    // What else is there may be for others.
    assert_eq!(mode(&runtime), 0o755);
    assert_eq!(mode(&own), 0o700);
    assert_eq!(mode(&own.join("attach.sock")), 0o600);
    connect(&own.join("attach.sock"));
    Viewer::live(&server);
}

#[test]
fn where_somebody_else_listens_requests_are_served_all_the_same() {
    let server = Server::start(FLOWS);
    let directory = tempfile::tempdir().unwrap();
    let flows = support::with_free_port(FLOWS);
    fs::write(directory.path().join("flows.kdl"), flows).unwrap();
    fs::create_dir(directory.path().join("state")).unwrap();
    std::os::unix::fs::symlink(socket(&server), directory.path().join("state/attach.sock"))
        .unwrap();
    let other = Server::start_in(directory, "flows.kdl".as_ref(), |command| command);
    let line =
        other.wait_for_line(|line| message(line).starts_with("no dashboard can be attached"));
    assert!(
        message(&line).contains("another server listens on"),
        "{line}"
    );
    assert_eq!(other.post("/deploy", "{}").status, 200);
}
