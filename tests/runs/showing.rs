use serde_json::Value;

use crate::{
    harness::*,
    support::{stderr, stdout},
};

#[test]
fn the_story_of_a_sync_run_has_its_path_with_conditions_and_operands() {
    let server = serve();
    server.post("/orders", r#"{"amount": 500, "note": "a\u001bb"}"#);
    let directory = server.stop("TERM");
    let id = latest(directory.path());
    let story = printed(directory.path(), &["runs", "show", &id[28..]]);
    assert_eq!(
        stable(&story),
        r#"run ID
  flow order
  status succeeded
  received TIMESTAMP
  took TOOK
  revision REVISION

request
  POST /orders from PEER
  host: hooks.test
  connection: close
  content-type: application/json
  content-length: 35

  {"amount": 500, "note": "a\u001bb"}

variables
  amount = 500
  note = "a\u001bb"

steps
  +TOOK branch big? (TOOK)
             amount >= 100: yes
               amount = 500
             → big
  +TOOK respond 200 (TOOK)

response
  200
  content-type: text/plain; charset=utf-8

  big 500
"#
    );
}

#[test]
fn the_story_of_a_dead_run_has_what_it_did_and_why_it_failed() {
    let server = serve();
    server.post("/print", r#"{"file": "none"}"#);
    wait_for_statuses(server.directory(), &["print dead"]);
    let id = latest(server.directory());
    let story = stable(&printed(server.directory(), &["runs", "show", &id]));
    let steps = &story[story.find("variables").unwrap()..];
    assert_eq!(
        steps,
        r#"variables
  file = "none"

steps
  +TOOK exec cat {{ file }} (TOOK)
             cat none
             failed: `cat` ended with code 1: cat: none: No such file or directory

response
  202
  content-type: text/plain; charset=utf-8

  queued
"#
    );
}

#[test]
fn a_run_that_has_not_ended_is_shown_as_far_as_it_is() {
    let server = serve();
    server.post("/wait", "");
    wait_for_statuses(server.directory(), &["wait parked"]);
    let id = latest(server.directory());
    let story = stable(&printed(server.directory(), &["runs", "show", &id]));
    assert_eq!(
        story,
        "\
run ID
  flow wait
  status parked
  received TIMESTAMP
  due TIMESTAMP
  revision REVISION

request
  POST /wait from PEER
  host: hooks.test
  connection: close
  content-type: application/json
  content-length: 0

steps
  none with an effect is done yet

response
  200
  content-type: text/plain; charset=utf-8

  ok
"
    );
}

#[test]
fn sync_async_and_refused_records_have_the_same_members() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    server.post("/orders", "{}");
    server.post("/print", r#"{"file": "flows.kdl"}"#);
    wait_for_statuses(
        server.directory(),
        &["print succeeded", "order refused", "order succeeded"],
    );
    let members = listed(server.directory(), &[]).into_iter().map(|run| {
        let id = run["id"].as_str().unwrap().to_owned();
        let text = printed(server.directory(), &["runs", "show", "--json", &id]);
        let record: Value = serde_json::from_str(&text).unwrap();
        let members =
            |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        [
            members(&record),
            members(&record["request"]),
            members(&record["response"]),
        ]
    });
    let members: Vec<_> = members.collect();
    assert_eq!(members[0], members[1]);
    assert_eq!(members[1], members[2]);
    let message = ["body", "bytes", "headers", "status", "truncated"].map(str::to_owned);
    assert_eq!(members[0][2], message);
}

#[test]
fn an_id_that_is_none_or_several_is_told() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    server.post("/orders", r#"{"amount": 6}"#);
    let directory = server.stop("TERM");
    let output = command(directory.path(), &["runs", "show", "zzz"]);
    assert_eq!(
        (stderr(&output), output.status.code()),
        ("hookyard: there is no run zzz\n".to_owned(), Some(1))
    );
    let ids: Vec<_> = listed(directory.path(), &[])
        .iter()
        .rev()
        .map(|run| run["id"].as_str().unwrap().to_owned())
        .collect();
    let output = command(directory.path(), &["runs", "show", "0"]);
    assert_eq!(stdout(&output), "");
    assert_eq!(
        (stderr(&output), output.status.code()),
        (
            format!("hookyard: 0 may be any of {}\n", ids.join(", ")),
            Some(1)
        )
    );
}
