use serde_json::Value;

use crate::{
    harness::*,
    support::{stderr, stdout},
};

#[test]
fn a_directory_that_was_never_served_from_has_no_runs_to_list() {
    let directory = tempfile::tempdir().unwrap();
    for args in [
        &["runs"][..],
        &["runs", "show", "a"],
        &["runs", "cancel", "a"],
        &["runs", "purge", "--yes"],
        &["replay", "--dead"],
    ] {
        let output = command(directory.path(), args);
        assert_eq!(
            (stdout(&output), stderr(&output), output.status.code()),
            (
                String::new(),
                "hookyard: there are no runs in the state directory state: nothing was served from it yet\n"
                    .to_owned(),
                Some(4)
            )
        );
    }
    assert!(
        !directory.path().join("state").exists(),
        "nothing is created"
    );
}

#[test]
fn what_cannot_be_meant_is_told_in_words() {
    let server = serve();
    for (args, code, told) in [
        (
            &["runs", "--flow", "ordr"][..],
            0,
            "hookyard: there is no flow `ordr`: did you mean `order`?",
        ),
        (
            &["runs", "--flow", "nothing-like-it"],
            0,
            "hookyard: there is no flow `nothing-like-it`",
        ),
        (
            &["runs", "--flow", "order"],
            0,
            "hookyard: there are no such runs",
        ),
        (
            &["runs", "show", ""],
            1,
            "hookyard: a run is named by its id, or enough of its beginning or end",
        ),
        (
            &["runs", "--limit", "0"],
            2,
            "error: invalid value '0' for '--limit <COUNT>': say how many, from 1 on",
        ),
        (
            &["runs", "--limit", "abc"],
            2,
            "error: invalid value 'abc' for '--limit <COUNT>': say how many, from 1 on",
        ),
        (
            &["runs", "--since", "tomorrow"],
            2,
            "error: invalid value 'tomorrow' for '--since <TIME>': say how long, as in `90s`, `30m`, `2h` or `7d`",
        ),
    ] {
        let output = command(server.directory(), args);
        let first = stderr(&output).lines().next().unwrap().to_owned();
        assert_eq!((&*first, output.status.code()), (told, Some(code)));
    }
}

#[test]
fn all_kinds_of_runs_are_listed_beside_a_server_and_without_one() {
    let server = serve();
    assert_eq!(server.post("/wait", "").status, 200);
    assert_eq!(server.post("/orders", r#"{"amount": 5}"#).status, 422);
    assert_eq!(server.post("/orders", r#"{"note": "hm"}"#).status, 422);
    assert_eq!(server.post("/nobody", "").status, 404);
    assert_eq!(server.post("/print", r#"{"file": "none"}"#).status, 202);
    let all = [
        "print dead",
        "order refused",
        "order succeeded",
        "wait parked",
    ];
    wait_for_statuses(server.directory(), &all);
    let table = "\
ID RECEIVED (UTC) FLOW STATUS TOOK WHY
SHORT DATE TIME print dead TOOK `cat` ended with code 1: cat: none: No such file or directory
SHORT DATE TIME order refused TOOK `amount` is required
SHORT DATE TIME order succeeded TOOK
SHORT DATE TIME wait parked until DATE TIME
";
    assert_eq!(stable(&printed(server.directory(), &["runs"])), table);
    let directory = server.stop("KILL");
    assert_eq!(stable(&printed(directory.path(), &["runs"])), table);
    let server = serve_in(directory);
    let directory = server.stop("TERM");
    assert_eq!(stable(&printed(directory.path(), &["runs"])), table);
}

#[test]
fn runs_are_listed_by_flow_outcome_time_and_text() {
    let server = serve();
    for body in [
        r#"{"amount": 500, "note": "first"}"#,
        r#"{"amount": 5, "note": "100%"}"#,
        r#"{"note": "no amount"}"#,
    ] {
        server.post("/orders", body);
    }
    server.post("/wait", "");
    wait_for_statuses(
        server.directory(),
        &[
            "wait parked",
            "order refused",
            "order succeeded",
            "order succeeded",
        ],
    );
    let directory = server.stop("TERM");
    let listed = |args: &[&str]| statuses(directory.path(), args);
    let order = ["order refused", "order succeeded", "order succeeded"];
    assert_eq!(listed(&["--flow", "order"]), order);
    assert_eq!(listed(&["--limit", "2"]), ["wait parked", "order refused"]);
    assert_eq!(listed(&["--outcome", "refused"]), ["order refused"]);
    assert_eq!(listed(&["--outcome", "parked"]), ["wait parked"]);
    assert_eq!(listed(&["--outcome", "dead"]), [""; 0]);
    assert_eq!(listed(&["--outcome", "ok"]).len(), 2);
    for word in ["timed-out", "timeout", "timed out", "queued"] {
        assert_eq!(listed(&["--outcome", word]), [""; 0]);
    }
    assert_eq!(listed(&["--text", "FIRST"]), ["order succeeded"]);
    assert_eq!(listed(&["--text", "0%"]), ["order succeeded"]);
    assert_eq!(listed(&["--since", "1h"]).len(), 4);
    assert_eq!(listed(&["--since", "0s"]), [""; 0]);
}

#[test]
fn a_listed_run_has_the_members_of_its_record() {
    let server = serve_one_of_each();
    let dead = latest(server.directory());
    let output = command(server.directory(), &["replay", "--yes", &dead]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let replayed = [&["print dead", "print replayed"], &ONE_OF_EACH[1..]].concat();
    wait_for_statuses(server.directory(), &replayed);
    let directory = server.stop("TERM");
    let runs = crate::harness::listed(directory.path(), &[]);
    assert_eq!(runs[0]["replay_of"], *dead);
    for run in runs {
        let id = run["id"].as_str().unwrap();
        let record = printed(directory.path(), &["runs", "show", "--json", id]);
        let record: Value = serde_json::from_str(&record).unwrap();
        for (name, value) in run.as_object().unwrap() {
            assert_eq!((name, value), (name, &record[name]));
        }
    }
}

#[test]
fn no_such_runs_are_no_failure() {
    let directory = serve().stop("TERM");
    let output = command(directory.path(), &["runs"]);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        (
            String::new(),
            "hookyard: there are no such runs\n".to_owned(),
            Some(0)
        )
    );
}

#[test]
fn a_state_directory_that_cannot_be_looked_into_is_told_with_1() {
    let directory = tempfile::tempdir().unwrap();
    save(directory.path(), FLOWS);
    let state = directory.path().join("state");
    std::fs::write(&state, "no directory").unwrap();
    let told = |why: &str| (format!("hookyard: state cannot be used: {why}\n"), Some(1));
    for args in [&["runs"][..], &["replay", "--dead"]] {
        let output = command(directory.path(), args);
        assert_eq!(
            (stderr(&output), output.status.code()),
            told("Not a directory (os error 20)")
        );
    }
    std::fs::remove_file(&state).unwrap();
    std::os::unix::fs::symlink("state", &state).unwrap();
    let output = command(directory.path(), &["runs"]);
    assert_eq!(
        (stderr(&output), output.status.code()),
        told("Too many levels of symbolic links (os error 40)")
    );
}
