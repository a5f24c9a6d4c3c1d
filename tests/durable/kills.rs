use crate::{
    home::{Home, ended},
    support::{Server, message},
};

/// Answers with the run's id, and works.
const WORK: &str = r#"
flow "work" concurrency=1 {
    webhook "/work" { respond 202 { body "{{ run.id }}"; }; }
    exec "sh" "work.sh" "{{ run.id }}"
}
"#;

/// The ids of so many runs that were acknowledged.
fn accepted(server: &Server, count: usize) -> Vec<String> {
    let ids = (0..count).map(|_| {
        let reply = server.post("/work", "");
        assert_eq!(reply.status, 202, "{reply:?}");
        reply.body
    });
    ids.collect()
}

#[test]
fn runs_that_were_acknowledged_are_done_after_a_kill_in_the_order_of_acceptance() {
    let home = Home::of(WORK);
    let server = home.serve();
    let ids = accepted(&server, 20);
    home.wait_for_work(1);
    server.kill();
    let server = home.serve();
    home.wait_for_lines("begun", 2);
    home.gate.let_through(20);
    assert_eq!(home.wait_for_lines("done", 20), ids);
    let outcomes: Vec<_> = (0..20)
        .map(|_| ended(&server, "work")["outcome"].clone())
        .collect();
    assert_eq!(outcomes, vec!["succeeded"; 20]);
    assert_eq!(home.ask("SELECT id FROM queue"), [""; 0]);
    let mut begun = home.lines("begun");
    assert_eq!(begun.remove(0), ids[0], "the one that was in flight");
    assert_eq!(begun, ids);
}

#[test]
fn a_step_that_is_done_is_not_done_again_and_the_one_in_flight_is_at_its_old_place() {
    let home = Home::of(
        r#"
flow "two" {
    webhook "/two"
    each "{{ [1, 2] }}" as="n" {
        exec "sh" "-c" "echo \"$1\" >> first" "sh" "{{ n }}"
        exec "sh" "work.sh" "{{ run.id }} {{ n }}"
    }
}
"#,
    );
    let server = home.serve();
    assert_eq!(server.post("/two", "").status, 200);
    home.gate.let_through(1);
    let begun = home.wait_for_lines("begun", 2);
    let places = "SELECT key FROM effects ORDER BY key";
    let expected = ["0[0]/1", "0[0]/1#process", "0[0]/2", "0[0]/2#process"];
    let expected = [
        &expected[..],
        &["0[1]/1", "0[1]/1#process", "0[1]/2#process"],
    ]
    .concat();
    home.wait_until(places, &expected);
    server.kill();

    let server = home.serve();
    let again = home.wait_for_lines("begun", 3);
    assert_eq!((&again[..2], &again[2]), (&begun[..], &begun[1]));
    home.gate.let_through(1);
    assert_eq!(ended(&server, "two")["outcome"], "succeeded");
    assert_eq!(home.lines("first"), ["1", "2"]);
    assert_eq!(home.lines("done"), begun);
}

#[test]
fn a_delay_is_over_when_it_was_to_be_however_often_the_server_was_started_meanwhile() {
    let home = Home::of(
        r#"flow "later" { webhook "/later"; delay "30days"; exec "sh" "-c" "echo >> done"; }"#,
    );
    let server = home.serve();
    assert_eq!(server.post("/later", "").status, 200);
    home.wait_until("SELECT state FROM queue", &["parked"]);
    let due = home.ask("SELECT CAST(due_ms AS TEXT) FROM queue");
    server.kill();
    let server = home.serve();
    assert_eq!(home.ask("SELECT CAST(due_ms AS TEXT) FROM queue"), due);
    server.kill();
    // Thirty days go by while nothing runs.
    home.change("UPDATE queue SET due_ms = due_ms - 30 * 86400000, accepted_ms = accepted_ms - 30 * 86400000");
    home.change("UPDATE effects SET value = CAST(value - 30 * 86400000 AS TEXT)");
    let server = home.serve();
    assert_eq!(ended(&server, "later")["outcome"], "succeeded");
    assert_eq!(home.lines("done").len(), 1);
}

#[test]
fn the_wait_for_a_next_try_and_the_tries_that_were_taken_outlive_the_server() {
    let home = Home::of(
        r#"
flow "again" {
    webhook "/again"
    exec "sh" "-c" "echo >> tries; exit 1" {
        retry attempts=2 backoff="365days" max="365days"
    }
}
"#,
    );
    let server = home.serve();
    assert_eq!(server.post("/again", "").status, 200);
    home.wait_until("SELECT state FROM queue", &["parked"]);
    let due = home.ask("SELECT CAST(due_ms AS TEXT) FROM queue");
    server.kill();
    let server = home.serve();
    assert_eq!(home.ask("SELECT CAST(due_ms AS TEXT) FROM queue"), due);
    assert_eq!(home.lines("tries").len(), 1);
    server.kill();
    // The wait is over while nothing runs.
    home.change("UPDATE queue SET due_ms = 1");
    let tries = home.ask("SELECT value FROM effects WHERE key = '0#tries'");
    let mut tries: serde_json::Value = serde_json::from_str(&tries[0]).unwrap();
    tries["due"] = 1.into();
    let tries = tries.to_string().replace('\'', "''");
    home.change(&format!(
        "UPDATE effects SET value = '{tries}' WHERE key = '0#tries'"
    ));
    let server = home.serve();
    let ended = ended(&server, "again");
    assert_eq!(
        (ended["outcome"].as_str(), ended["why"].as_str()),
        (Some("dead"), Some("`sh` ended with code 1, after 2 tries"))
    );
    assert_eq!(home.lines("tries").len(), 2);
}

#[test]
fn what_lost_a_race_before_the_kill_does_not_keep_the_run_from_being_heard_after_it() {
    let home = Home::of(
        r#"
flow "race" {
    webhook "/race"
    parallel wait="any" {
        lane { exec "sh" "-c" "echo >> lost"; delay "1h"; }
        lane { exec "sh" "work.sh" "lane"; }
    }
    exec "sh" "work.sh" "behind"
    log "the race is over"
}
"#,
    );
    let server = home.serve();
    assert_eq!(server.post("/race", "").status, 200);
    home.wait_for_lines("begun", 1);
    home.wait_until("SELECT key FROM effects WHERE key = '0.0/1'", &["0.0/1"]);
    home.gate.let_through(1);
    home.wait_for_lines("begun", 2);
    server.kill();

    let server = home.serve();
    home.wait_for_lines("begun", 3);
    home.gate.let_through(1);
    let line = server.wait_for_line(|line| message(line) == "the race is over");
    assert_eq!(line["flow"], "race");
    assert_eq!(ended(&server, "race")["outcome"], "succeeded");
    assert_eq!(home.lines("lost").len(), 1);
}
