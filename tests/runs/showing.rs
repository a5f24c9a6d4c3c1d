use std::path::Path;

use serde_json::{Value, json};

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
fn a_run_that_went_on_past_its_timeout_is_listed_with_the_time_of_its_answer() {
    let server = serve_text(
        r#"
flow "slow" mode="sync" timeout="50ms" {
    webhook "/slow"
    delay "200ms"
    respond 200
}
"#,
    );
    assert_eq!(server.post("/slow", "").status, 504);
    wait_for_statuses(server.directory(), &["slow timed-out"]);
    let listed = listed(server.directory(), &[]);
    assert_eq!(listed[0]["duration_us"], 50_000);
    let id = latest(server.directory());
    let record = printed(server.directory(), &["runs", "show", "--json", &id]);
    let record: Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["answered_us"], 50_000);
    assert!(
        record["duration_us"].as_u64().unwrap() >= 200_000,
        "{record}"
    );
    let story = printed(server.directory(), &["runs", "show", &id]);
    assert!(
        story.contains("\n  answered    after 50.0ms\n  took        "),
        "{story}"
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
  waits Parked until DATE TIME UTC: a `delay`. It keeps its place in the `concurrency` of its flow meanwhile.
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
fn a_run_that_waits_says_what_for() {
    let server = serve_text(
        r#"
flow "wait" concurrency=1 { webhook "/wait"; delay "3d"; }
"#,
    );
    let waits = |directory: &Path, args: &[&str]| {
        let id = listed(directory, args)[0]["id"]
            .as_str()
            .unwrap()
            .to_owned();
        let record = printed(directory, &["runs", "show", &id, "--json"]);
        let record: Value = serde_json::from_str(&record).unwrap();
        stable(record["waits"].as_str().unwrap()).trim().to_owned()
    };
    let directory = server.directory();
    server.post("/wait", "");
    wait_for_statuses(directory, &["wait parked"]);
    server.post("/wait", "");
    wait_for_statuses(directory, &["wait waiting", "wait parked"]);
    let waiting = ["--outcome", "waiting"];
    assert_eq!(
        waits(directory, &waiting),
        "Its flow takes 1 run at a time (`concurrency`): #SHORT is parked until DATE TIME UTC."
    );
    let directory = server.stop("TERM");
    assert_eq!(
        waits(directory.path(), &waiting),
        "No server is running: it goes on once one is started."
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

const LOOPS: &str = r#"
flow "loops" mode="sync" {
    webhook "/loops" { parse { body "items" type="list" required=#true; }; }
    each "{{ items }}" as="item" {
        parallel { lane "one" { log "{{ item }}"; }; lane { set x=1; }; }
    }
    respond 200
}
flow "long" mode="sync" {
    webhook "/long" { parse { body "items" type="list" required=#true; }; }
    each "{{ items }}" as="item" { set last="{{ item }}"; }
    respond 200
}
"#;

/// The steps of a run of [`LOOPS`] as they are shown, and its record.
fn steps_of(path: &str, body: &str) -> (String, Value) {
    let server = serve_text(LOOPS);
    server.post(path, body);
    let directory = server.stop("TERM");
    let id = latest(directory.path());
    let story = stable(&printed(directory.path(), &["runs", "show", &id]));
    let record = printed(directory.path(), &["runs", "show", &id, "--json"]);
    let (begin, end) = (story.find("steps\n"), story.find("\nresponse"));
    (
        story[begin.unwrap()..end.unwrap()].to_owned(),
        serde_json::from_str(&record).unwrap(),
    )
}

#[test]
fn steps_are_told_in_the_rounds_and_lanes_that_they_ran_in() {
    let (steps, record) = steps_of("/loops", r#"{"items": ["a", {"b": 1}]}"#);
    assert_eq!(
        steps,
        r#"steps
  +TOOK each {{ items }} (TOOK)
    round 1: "a"
    +TOOK parallel (TOOK)
      lane one
      +TOOK log {{ item }} (TOOK)
                 a
      lane 2
      +TOOK set x (TOOK)
                 x = 1
    round 2
    +TOOK parallel (TOOK)
      lane one
      +TOOK log {{ item }} (TOOK)
                 {"b":1}
      lane 2
      +TOOK set x (TOOK)
                 x = 1
  +TOOK respond 200 (TOOK)
"#
    );
    let steps = record["steps"].as_array().unwrap().iter();
    let within: Vec<_> = steps.map(|step| step["within"].clone()).collect();
    let first = json!({ "step": 0, "round": 1, "item": "a" });
    let second = json!({ "step": 0, "round": 2 });
    let one = json!({ "step": 1, "lane": 0, "name": "one" });
    let two = json!({ "step": 1, "lane": 1, "name": "lane 2" });
    assert_eq!(
        within,
        [
            Value::Null,
            json!([first]),
            json!([first, one]),
            json!([first, two]),
            json!([second]),
            json!([second, one]),
            json!([second, two]),
            Value::Null,
        ]
    );
}

#[test]
fn of_a_run_that_is_too_long_the_first_and_the_last_steps_are_told() {
    let items = "1,".repeat(1_199);
    let (steps, record) = steps_of("/long", &format!("{{\"items\": [{items}2]}}"));
    let gap = steps.find("  …").unwrap();
    assert_eq!(
        steps[gap..].lines().take(3).collect::<Vec<_>>(),
        [
            "  … 202 more steps are not kept",
            "    round 1102: 1",
            "    +TOOK set last (TOOK)",
        ]
    );
    assert!(
        steps.ends_with(
            "    round 1200: 2
    +TOOK set last (TOOK)
               last = 2
  +TOOK respond 200 (TOOK)
"
        ),
        "{steps}"
    );
    assert_eq!(record["steps"].as_array().unwrap().len(), 1_000);
    assert_eq!(record["steps_not_kept"], 202);
    assert_eq!(record["steps"][900]["not_kept_before"], 202);
}
