use crate::{
    harness::*,
    support::{stderr, stdout},
};

#[test]
fn a_parked_run_is_cancelled_beside_a_server() {
    let server = serve();
    server.post("/wait", "");
    wait_for_statuses(server.directory(), &["wait parked"]);
    let id = latest(server.directory());
    let told = printed(server.directory(), &["runs", "cancel", &id[28..]]);
    assert_eq!(told, format!("{id} is being cancelled\n"));
    wait_for_statuses(server.directory(), &["wait cancelled"]);
    let again = command(server.directory(), &["runs", "cancel", &id, "zzz"]);
    assert_eq!(
        (stderr(&again), again.status.code()),
        (
            format!("hookyard: {id} has ended\nhookyard: there is no run zzz\n"),
            Some(1)
        )
    );
}

#[test]
fn a_run_that_is_cancelled_while_nobody_serves_ends_with_the_next_start() {
    let server = serve();
    server.post("/wait", "");
    wait_for_statuses(server.directory(), &["wait parked"]);
    let directory = server.stop("KILL");
    let id = latest(directory.path());
    let told = printed(directory.path(), &["runs", "cancel", &id]);
    assert_eq!(
        told,
        format!("{id} is cancelled when a server starts next\n")
    );
    let server = serve_in(directory);
    wait_for_statuses(server.directory(), &["wait cancelled"]);
}

#[test]
fn a_purge_removes_what_has_ended_and_is_meant() {
    let server = serve_one_of_each();
    let purge = |args: &[&str]| {
        let args = [&["runs", "purge", "--yes"], args].concat();
        printed(server.directory(), &args)
    };
    assert_eq!(purge(&["--before", "1h"]), "there is nothing to remove\n");
    assert_eq!(purge(&["--outcome", "refused"]), "1 run removed\n");
    wait_for_statuses(
        server.directory(),
        &["print dead", "order succeeded", "wait parked"],
    );
    assert_eq!(purge(&[]), "1 run removed\n");
    wait_for_statuses(server.directory(), &["print dead", "wait parked"]);
    assert_eq!(purge(&["--dead"]), "1 dead run removed\n");
    wait_for_statuses(server.directory(), &["wait parked"]);
    assert_eq!(purge(&[]), "there is nothing to remove\n");
}

#[test]
fn a_purge_that_cannot_ask_does_nothing() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    let directory = server.stop("TERM");
    let output = command(directory.path(), &["runs", "purge"]);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        (
            String::new(),
            "hookyard: remove 1 run for good? there is no terminal to ask on: --yes says so\n"
                .to_owned(),
            Some(2)
        )
    );
    let running = command(
        directory.path(),
        &["runs", "purge", "--outcome", "running", "--yes"],
    );
    assert_eq!(
        (stderr(&running), running.status.code()),
        (
            "error: invalid value 'running' for '--outcome <OUTCOME>'\n  \
             [possible values: succeeded, failed, refused, skipped, timed-out, cancelled, dead, replayed]\n\n\
             For more information, try '--help'.\n"
                .to_owned(),
            Some(2)
        )
    );
    assert_eq!(statuses(directory.path(), &[]), ["order succeeded"]);
}
