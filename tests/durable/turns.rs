use serde_json::Value;

use crate::{
    home::{Home, ended},
    support::{Reply, Server, run},
};

/// Works on what the request says, one after the other, as `overlap` has it.
fn flow(overlap: &str) -> String {
    format!(
        r#"
server {{ queue runs=2; }}
flow "work" concurrency=1 overlap="{overlap}" {{
    webhook "/work" {{
        parse {{ query "n" required=#true; }}
        respond 202 {{ body "{{{{ run.id }}}}"; }}
    }}
    exec "sh" "work.sh" "{{{{ n }}}}"
}}
"#
    )
}

/// Works on its own id, which it answers with.
const ITS_ID: &str = r#"
flow "work" concurrency=1 {
    webhook "/work" { respond 202 { body "{{ run.id }}"; }; }
    exec "sh" "work.sh" "{{ run.id }}"
}
"#;

fn post(server: &Server, n: &str) -> Reply {
    server.post(&format!("/work?n={n}"), "")
}

fn outcome(server: &Server) -> (Value, Value) {
    let line = ended(server, "work");
    (line["run"].clone(), line["outcome"].clone())
}

#[test]
fn a_queue_that_is_full_answers_503_with_when_to_come_again_and_keeps_nothing_of_it() {
    let home = Home::of(&flow("queue"));
    let server = home.serve();
    assert_eq!(post(&server, "1").status, 202);
    home.wait_for_work(1);
    assert_eq!(
        (post(&server, "2").status, post(&server, "3").status),
        (202, 202)
    );
    let refused = post(&server, "4");
    assert_eq!(
        (
            refused.status,
            refused.header("retry-after"),
            &*refused.body
        ),
        (503, Some("5"), "too many runs are waiting; try again\n")
    );
    server.kill();
    let server = home.serve();
    home.wait_for_lines("begun", 2);
    assert_eq!(post(&server, "5").status, 503, "two wait again");
    home.gate.let_through(3);
    for _ in 0..3 {
        assert_eq!(outcome(&server).1, "succeeded");
    }
    home.gate.let_through(1);
    assert_eq!(post(&server, "6").status, 202);
    assert_eq!(home.wait_for_lines("done", 4), ["1", "2", "3", "6"]);
}

#[test]
fn what_comes_while_its_flow_is_busy_is_dropped_where_the_flow_says_so_after_a_kill_too() {
    let home = Home::of(&flow("drop"));
    let server = home.serve();
    assert_eq!(post(&server, "1").status, 202);
    home.wait_for_work(1);
    assert_eq!(post(&server, "2").status, 202);
    server.kill();
    let server = home.serve();
    assert_eq!(post(&server, "3").status, 202);
    home.wait_for_lines("begun", 2);
    home.gate.let_through(1);
    assert_eq!(outcome(&server).1, "succeeded");
    home.wait_until("SELECT id FROM queue", &[]);
    home.gate.let_through(1);
    assert_eq!(post(&server, "4").status, 202);
    assert_eq!(outcome(&server).1, "succeeded");
    assert_eq!(home.lines("done"), ["1", "4"]);
}

#[test]
fn the_latest_run_takes_the_place_of_those_before_it_where_the_flow_says_so_after_a_kill_too() {
    let home = Home::of(&flow("replace"));
    let server = home.serve();
    let first = post(&server, "1");
    home.wait_for_work(1);
    let second = post(&server, "2");
    let line = ended(&server, "work");
    assert_eq!(
        (&line["run"], &line["outcome"], &line["why"]),
        (
            &first.body.into(),
            &"cancelled".into(),
            &format!("it was replaced by the run {}", second.body).into()
        )
    );
    home.wait_for_work(2);
    server.kill();
    let server = home.serve();
    home.wait_for_lines("begun", 3);
    let third = post(&server, "3");
    assert_eq!(outcome(&server), (second.body.into(), "cancelled".into()));
    home.wait_for_lines("begun", 4);
    home.gate.let_through(1);
    assert_eq!(outcome(&server), (third.body.into(), "succeeded".into()));
    assert_eq!(home.lines("done"), ["3"]);
}

#[test]
fn runs_of_a_flow_that_is_gone_go_one_after_the_other_where_it_said_so_after_a_kill_too() {
    let home = Home::of(
        r#"
flow "work" concurrency=1 {
    webhook "/work" { parse { query "n" required=#true; }; }
    exec "sh" "-c" "echo begun $0 >> order; read -r _ < gate; echo done $0 >> order" "{{ n }}"
}
"#,
    );
    let server = home.serve();
    for n in ["1", "2"] {
        assert_eq!(post(&server, n).status, 200);
    }
    home.wait_for_lines("order", 1);
    server.kill();
    home.save(r#"flow "other" { webhook "/other"; }"#);
    let server = home.serve();
    home.wait_for_lines("order", 2);
    // Its turn is after those of `work`, were there any.
    assert_eq!(server.post("/other", "").status, 200);
    assert_eq!(ended(&server, "other")["outcome"], "succeeded");
    home.gate.let_through(2);
    for _ in 0..2 {
        assert_eq!(outcome(&server).1, "succeeded");
    }
    assert_eq!(
        home.lines("order")[1..],
        ["begun 1", "done 1", "begun 2", "done 2"]
    );
}

#[test]
fn what_is_cancelled_while_nobody_serves_is_not_begun_by_the_next_server() {
    let home = Home::of(ITS_ID);
    let server = home.serve();
    let id = server.post("/work", "").body;
    home.wait_for_lines("begun", 1);
    server.kill();
    let told = run(&["runs", "cancel", &id, "--state", "state"], home.path());
    assert!(told.status.success(), "{told:?}");
    let server = home.serve();
    let line = ended(&server, "work");
    assert_eq!(
        (&line["outcome"], &line["why"]),
        (&"cancelled".into(), &"it was cancelled by hand".into())
    );
    assert_eq!(home.lines("begun"), [id]);
}

#[test]
fn a_run_that_was_being_cancelled_at_a_crash_ends_with_the_same_reason() {
    let home = Home::of(ITS_ID);
    let mut server = home.serve_with(|command| command.env("HOOKYARD_CRASH_AT", "cancelled"));
    let id = server.post("/work", "").body;
    home.wait_for_lines("begun", 1);
    let told = run(&["runs", "cancel", &id, "--state", "state"], home.path());
    assert!(told.status.success(), "{told:?}");
    assert_eq!(server.wait(), None, "it has not ended by itself");
    let server = home.serve();
    let line = ended(&server, "work");
    assert_eq!(
        (&line["outcome"], &line["why"]),
        (&"cancelled".into(), &"it was cancelled by hand".into())
    );
    assert_eq!(home.lines("begun"), [id]);
}
