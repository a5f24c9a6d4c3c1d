//! What is told of a run before it ends, and of one that is cancelled.

use std::fs;

use serde_json::Value;

use crate::{
    home::{Home, ended, wait_for},
    support::{run, stderr, stdout},
};

const WORK: &str = r#"
flow "work" {
    webhook "/work" { parse { query "alpha"; query "beta" default="b"; }; }
    exec "true"
    exec "sh" "work.sh" "{{ run.id }}"
}
"#;

const WAIT: &str = r#"
flow "wait" {
    webhook "/wait" { parse { query "alpha"; query "beta" default="b"; }; }
    exec "true"
    delay "1h"
    log "over"
}
"#;

/// What a command about the one run prints.
fn runs(home: &Home, what: &str, id: &str) -> String {
    let args = ["runs", what, id, "--state", "state"];
    let output = run(&args, home.path());
    assert_eq!(
        (stderr(&output), output.status.code()),
        (String::new(), Some(0))
    );
    stdout(&output)
}

fn id(home: &Home) -> String {
    home.ask("SELECT id FROM queue").remove(0)
}

/// What is told of the steps, and how often it was interrupted.
fn shown(home: &Home) -> (String, Option<String>) {
    let story = runs(home, "show", &id(home));
    let mut lines = story.lines().map(str::trim);
    let interrupted = lines
        .clone()
        .find_map(|line| line.strip_prefix("interrupted "))
        .map(|times| times.trim().to_owned());
    lines.find(|line| *line == "steps").unwrap();
    (lines.next().unwrap().to_owned(), interrupted)
}

/// The record of the run that was cancelled.
fn record(home: &Home) -> Value {
    let query = "SELECT record FROM history WHERE outcome = 'cancelled'";
    let found = wait_for(query, || home.ask(query), |found| !found.is_empty());
    serde_json::from_str(&found[0]).unwrap()
}

fn steps(record: &Value) -> Vec<String> {
    let steps = record["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            let word = |name: &str| step[name].as_str().unwrap().to_owned();
            word("kind") + " " + &word("title")
        })
        .collect()
}

#[test]
fn a_run_that_runs_was_not_interrupted_and_its_step_under_way_is_not_done() {
    let home = Home::of(WORK);
    let server = home.serve();
    server.post("/work", "");
    home.wait_for_work(1);
    let done = "1 with an effect is done, and is not done again".to_owned();
    assert_eq!(shown(&home), (done.clone(), None));
    server.kill();
    assert_eq!(shown(&home), (done.clone(), Some("once".to_owned())));
    let _server = home.serve();
    home.wait_for_lines("begun", 2);
    assert_eq!(shown(&home), (done, Some("once".to_owned())));
}

#[test]
fn a_run_that_was_parked_and_is_cancelled_keeps_its_variables_its_steps_and_its_time() {
    let home = Home::of(WAIT);
    let server = home.serve();
    server.post("/wait?alpha=a", "");
    home.wait_until("SELECT state FROM queue", &["parked"]);
    let done = "1 with an effect is done, and is not done again".to_owned();
    assert_eq!(shown(&home), (done, None), "the wait is not over");
    runs(&home, "cancel", &id(&home));
    assert_eq!(ended(&server, "wait")["outcome"], "cancelled");
    let record = record(&home);
    assert_eq!(
        record["variables"],
        serde_json::json!({"alpha": "a", "beta": "b"})
    );
    assert_eq!(steps(&record), ["exec true", "delay 1h"]);
    let spent = ["waited_us", "parked_us", "ran_us"].map(|name| record[name].as_u64().unwrap());
    assert!(spent.iter().all(|time| *time > 0), "{spent:?}");
    // When it was parked is kept to the millisecond.
    let whole = record["duration_us"].as_u64().unwrap() + 1_000;
    assert!(spent.iter().sum::<u64>() <= whole, "{spent:?} {whole}");
    let took = "SELECT CAST(duration_us > 0 AND duration_us / 1000 <= finished_ms - accepted_ms + 1
        AS TEXT) FROM history";
    assert_eq!(home.ask(took), ["1"]);
}

#[test]
fn a_run_that_is_cancelled_before_the_next_start_keeps_them_too_and_its_program_is_ended() {
    let home = Home::of(WORK);
    let server = home.serve();
    server.post("/work?alpha=a", "");
    home.wait_for_work(1);
    let process =
        "SELECT json_extract(value, '$.pid') || '' FROM effects WHERE key LIKE '%#process'
        ORDER BY key DESC";
    let process = home.ask(process).remove(0);
    server.kill();
    runs(&home, "cancel", &id(&home));
    let server = home.serve();
    assert_eq!(ended(&server, "work")["outcome"], "cancelled");
    let record = record(&home);
    assert_eq!(
        record["variables"],
        serde_json::json!({"alpha": "a", "beta": "b"})
    );
    assert_eq!(steps(&record), ["exec true"]);
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // Nobody may have asked yet how a dead one ended.
    assert!(stat.is_empty() || stat.contains(") Z "), "{stat}");
}
