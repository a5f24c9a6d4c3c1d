use std::{path::Path, sync::Arc};

use serde_json::Value;
use tempfile::TempDir;

use crate::{
    harness::*,
    support::{Server, message, stderr, stdout},
};

const SHIP: &str = r#"
flow "ship" mode="sync" {
    webhook "/ship" {
        methods "POST" "PUT"
        parse { body "ref" default="" as="branch"; body "amount" default=0; }
    }
    branch {
        when "branch == 'main'" label="prod" {
            branch { when "amount >= 100" { respond 200; }; otherwise { respond 201; }; }
        }
        when "branch == 'next'" label="staging" { respond 202; }
        otherwise { respond 404; }
    }
}
"#;

/// What comes to [`SHIP`], the first first.
const SHIPPED: [&str; 4] = [
    r#"{"ref": "main", "amount": 200}"#,
    r#"{"ref": "main", "amount": 70}"#,
    r#"{"ref": "next", "amount": 1}"#,
    r#"{"ref": "other", "amount": "many"}"#,
];

/// Serves a configuration, has it take in some requests, and stops: the history is what is left.
fn served(flows: &str, requests: impl FnOnce(&Server)) -> Arc<TempDir> {
    let server = serve_text(flows);
    requests(&server);
    server.stop("TERM")
}

fn shipped() -> Arc<TempDir> {
    served(SHIP, |server| {
        for body in SHIPPED {
            server.post("/ship", body);
        }
    })
}

/// What `check --against-history` prints of a configuration that is saved now, and its exit code.
fn against_history(directory: &Path, flows: &str) -> (String, Option<i32>) {
    save(directory, flows);
    let output = command(directory, &["check", "--against-history"]);
    assert_eq!(stderr(&output), "");
    (stable(&stdout(&output)), output.status.code())
}

#[test]
fn on_what_was_served_every_request_goes_the_way_it_went() {
    let directory = shipped();
    assert_eq!(
        against_history(directory.path(), SHIP),
        (
            "flows.kdl: 1 flow\n4 requests: none would go another way\n".to_owned(),
            Some(0)
        )
    );
}

#[test]
fn a_request_that_another_arm_takes_is_told_with_the_line_that_decides() {
    let directory = shipped();
    let flows = SHIP
        .replace("branch == 'main'", "branch == 'release'")
        .replace("branch == 'next'", "branch in ['main', 'next']");
    assert_eq!(
        against_history(directory.path(), &flows),
        (
            "flows.kdl: 1 flow\n\
             #SHORT ship: prod › otherwise -> staging (flows.kdl:8)\n\
             #SHORT ship: prod › amount >= 100 -> staging (flows.kdl:8)\n\
             4 requests: 2 would go another way\n"
                .to_owned(),
            Some(5)
        )
    );
}

#[test]
fn an_arm_that_is_called_after_its_condition_stays_the_same_where_that_is_rewritten() {
    let directory = shipped();
    let flows = SHIP.replace("amount >= 100", "amount >= 50");
    assert_eq!(
        against_history(directory.path(), &flows),
        (
            "flows.kdl: 1 flow\n\
             #SHORT ship: prod › otherwise -> prod › amount >= 50 (flows.kdl:10)\n\
             4 requests: 1 would go another way\n"
                .to_owned(),
            Some(5)
        )
    );
}

#[test]
fn an_arm_that_is_gone_is_not_the_one_in_its_place() {
    let directory = shipped();
    let flows = SHIP.replace(
        r#"when "amount >= 100" { respond 200; }; "#,
        r#"when "amount >= 1" { respond 200; }; when "amount >= 0" { respond 200; }; "#,
    );
    assert_eq!(
        against_history(directory.path(), &flows).0,
        "flows.kdl: 1 flow\n\
         #SHORT ship: prod › otherwise -> prod › amount >= 1 (flows.kdl:10)\n\
         #SHORT ship: prod › amount >= 100 -> prod › amount >= 1 (flows.kdl:10)\n\
         4 requests: 2 would go another way\n"
    );
}

#[test]
fn a_request_that_would_be_refused_or_fail_is_told_with_the_reason() {
    let directory = shipped();
    let stricter = SHIP.replace("default=0", r#"type="number" required=#true"#);
    assert_eq!(
        against_history(directory.path(), &stricter).0,
        "flows.kdl: 1 flow\n\
         #SHORT ship: otherwise -> refused 422: `amount` must be a number, it is text\n\
         4 requests: 1 would go another way\n"
    );
    let guessing = SHIP.replace("branch == 'next'", "amount > 500");
    assert_eq!(
        against_history(directory.path(), &guessing).0,
        "flows.kdl: 1 flow\n\
         #SHORT ship: otherwise -> failed: `amount > 500` cannot be decided: `amount` is text \
         (\"many\"), `>` needs two numbers or two texts (amount = \"many\") (flows.kdl:8)\n\
         #SHORT ship: staging -> otherwise (flows.kdl:8)\n\
         4 requests: 2 would go another way\n"
    );
}

#[test]
fn a_request_whose_path_or_method_is_not_taken_any_more_is_told() {
    let directory = served(SHIP, |server| {
        server.request("PUT", "/ship", &[], SHIPPED[0]);
    });
    for (flows, now) in [
        (
            SHIP.replace(r#""POST" "PUT""#, r#""POST""#),
            "refused 405: this path does not take the method",
        ),
        (
            SHIP.replace("/ship", "/send"),
            "refused 404: no flow has this path",
        ),
        (
            SHIP.replace("/ship", "/send")
                + r#"flow "all" { webhook "/{any}" { methods "PUT"; }; }"#,
            "the flow all",
        ),
    ] {
        let (told, _) = against_history(directory.path(), &flows);
        let line = told.lines().nth(1).unwrap();
        let expected = format!("#SHORT ship: prod › amount >= 100 -> {now}");
        assert_eq!(line, expected);
    }
    let renamed = SHIP.replace(r#"flow "ship""#, r#"flow "send""#);
    let (told, _) = against_history(directory.path(), &renamed);
    assert_eq!(
        told,
        "flows.kdl: 1 flow\n1 request: none would go another way\n"
    );
}

#[test]
fn only_what_a_flow_has_let_in_is_looked_at_and_what_it_refused_may_go_on() {
    const FLOWS: &str = r#"
flow "locked" mode="sync" {
    webhook "/locked" {
        auth { basic user="u" { password (env)"NTFY"; }; }
        parse { body "a" required=#true; }
    }
    branch { when "a is defined" label="a" { respond; }; otherwise { respond; }; }
}
"#;
    let directory = served(FLOWS, |server| {
        let key = [("Authorization", "Basic dTpzM2NyM3QtdmFsdWU=")];
        server.request("POST", "/locked", &key, "{}");
        server.post("/locked", r#"{"a": 1}"#);
        server.post("/nowhere", "{}");
    });
    let flows = FLOWS.replace("required=#true", "default=1");
    let (told, _) = against_history(directory.path(), &flows);
    // Without the password there is a warning first; nobody needs it.
    let (_, told) = told.split_once("1 warning\n").unwrap();
    assert_eq!(
        told,
        "#SHORT locked: refused 422: `a` is required -> a\n\
         1 request: 1 would go another way\n"
    );
}

const EFFECTS: &str = r#"
flow "measure" {
    input "path" required=#true
    exec "wc" "-c" "{{ path }}" as="measured"
    branch { when "measured.stdout is defined" label="measured" { stop; }; }
}
flow "build" mode="async" {
    webhook "/build" { parse { body "file" required=#true; }; }
    call "measure" { with path="{{ file }}"; }
    exec "cat" "{{ file }}" as="printed"
    branch {
        when "'ship' in printed.stdout" label="ships" { log "it ships"; }
        otherwise { log "it does not"; }
    }
}
"#;

#[test]
fn effects_answer_from_the_record_and_what_has_no_answer_there_is_unknown() {
    let server = serve_text(EFFECTS);
    std::fs::write(server.directory().join("note"), "ship it").unwrap();
    server.post("/build", r#"{"file": "note"}"#);
    wait_for_statuses(server.directory(), &["build succeeded"]);
    // Whatever stands there now.
    std::fs::write(server.directory().join("note"), "").unwrap();
    let check = |flows: &str| against_history(server.directory(), flows);
    assert_eq!(
        check(EFFECTS),
        (
            "flows.kdl: 2 flows\n1 request: none would go another way\n".to_owned(),
            Some(0)
        )
    );
    let other_condition = EFFECTS.replace("'ship' in", "'skip' in");
    assert_eq!(
        check(&other_condition),
        (
            "flows.kdl: 2 flows\n\
             #SHORT build: measured › ships -> measured › otherwise (flows.kdl:12)\n\
             1 request: 1 would go another way\n"
                .to_owned(),
            Some(5)
        )
    );
    let called = EFFECTS.replace("measured.stdout is defined", "measured.code != 0");
    assert_eq!(
        check(&called).0,
        "flows.kdl: 2 flows\n\
         #SHORT build: measured › ships -> ships (flows.kdl:12)\n\
         1 request: 1 would go another way\n"
    );
    let other_program = EFFECTS.replace(r#"exec "cat""#, r#"exec "head""#);
    assert_eq!(
        check(&other_program),
        (
            "flows.kdl: 2 flows\n\
             #SHORT build: measured › ships -> unknown: `exec head {{ file }}` would have to be done\n\
             1 request: none would go another way, 1 unknown\n"
                .to_owned(),
            Some(0)
        )
    );
}

#[test]
fn what_was_not_kept_or_cut_short_is_unknown() {
    const FLOWS: &str = r#"
flow "guarded" mode="sync" {
    webhook "/guarded" { parse { header "X-Token" default=""; }; }
    branch { when "x_token == 'sesame-street'" label="open" { respond 200; }; otherwise { respond 403; }; }
}
flow "long" mode="sync" {
    webhook "/long" { parse { body "a" default=1; }; }
    branch { when "a == 1" label="one" { respond 200; }; otherwise { respond 400; }; }
}
flow "slow" mode="sync" timeout="50ms" {
    webhook "/slow"
    delay "200ms"
    branch { when "1 == 1" label="late" { respond 200; }; otherwise { respond 400; }; }
}
flow "race" mode="sync" {
    webhook "/race"
    parallel wait="any" { lane { set a=1; }; lane { set b=2; }; }
    branch { when "a is defined" label="first" { respond 200; }; otherwise { respond 400; }; }
}
"#;
    let server = serve_text(FLOWS);
    server.request("POST", "/guarded", &[("X-Token", "sesame-street")], "");
    server.post("/long", &format!("{{\"b\": {:?}}}", "x".repeat(70_000)));
    server.post("/race", "");
    server.post("/slow", "");
    let ended = [
        "slow timed-out",
        "race succeeded",
        "long succeeded",
        "guarded succeeded",
    ];
    wait_for_statuses(server.directory(), &ended);
    assert_eq!(
        against_history(server.directory(), FLOWS),
        (
            "flows.kdl: 4 flows\n\
             #SHORT slow: timed-out: the run took longer than TOOK -> unknown: it was cut off there\n\
             #SHORT race: first -> unknown: the first of several steps decides\n\
             #SHORT long: one -> unknown: its body was too long to be kept whole\n\
             #SHORT guarded: open -> unknown: it reads something that was not kept\n\
             4 requests: none would go another way, 4 unknown\n"
                .to_owned(),
            Some(0)
        )
    );
}

#[test]
fn what_goes_on_behind_an_answer_is_no_part_of_the_way_to_it() {
    const FLOWS: &str = r#"
flow "first" mode="sync" {
    webhook "/first" { parse { body "a" default=1; }; }
    branch { when "a == 1" label="one" { respond 200 then="continue"; }; otherwise { respond; }; }
    exec "true"
    branch { when "a == 1" label="later" { log "later"; }; }
}
"#;
    let server = serve_text(FLOWS);
    server.post("/first", "{}");
    wait_for_statuses(server.directory(), &["first succeeded", "first succeeded"]);
    let (told, code) = against_history(server.directory(), FLOWS);
    assert_eq!(
        (&*told, code),
        (
            "flows.kdl: 1 flow\n1 request: none would go another way\n",
            Some(0)
        )
    );
}

#[test]
fn without_a_history_there_is_nothing_to_compare_with() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = "flows.kdl: 1 flow\nthe history has no request to compare with\n";
    assert_eq!(
        against_history(directory.path(), SHIP),
        (nothing.to_owned(), Some(0))
    );
    assert!(!directory.path().join("state").exists());
    let directory = served(SHIP, |_| {});
    assert_eq!(
        against_history(directory.path(), SHIP),
        (nothing.to_owned(), Some(0))
    );
}

#[test]
fn a_broken_file_is_told_of_as_ever_and_nothing_is_compared() {
    let directory = shipped();
    save(directory.path(), &SHIP.replace("respond 404", "respnd 404"));
    let plain = command(directory.path(), &["check"]);
    let output = command(directory.path(), &["check", "--against-history"]);
    assert_eq!(stdout(&output), stdout(&plain));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn machines_get_whole_ids_and_as_many_requests_as_they_ask_for() {
    let directory = shipped();
    let flows = SHIP.replace("branch == 'next'", "branch == 'soon'");
    save(directory.path(), &flows);
    let output = command(
        directory.path(),
        &["check", "--against-history=2", "--json"],
    );
    assert_eq!(output.status.code(), Some(5));
    let told: Value = serde_json::from_str(&stdout(&output)).unwrap();
    let ids = listed(directory.path(), &[]);
    assert_eq!(
        told,
        serde_json::json!({
            "ok": true,
            "errors": 0,
            "warnings": 0,
            "diagnostics": [],
            "history": {
                "requests": 2,
                "changed": [{
                    "id": ids[1]["id"],
                    "flow": "ship",
                    "was": "staging",
                    "now": "otherwise",
                    "location": "flows.kdl:8",
                }],
                "unknown": [],
            },
        })
    );
}

/// The lines of a server's log up to the reload, and those about requests that would go another
/// way, without their times.
fn told_of_ways(lines: &[Value]) -> Vec<String> {
    let lines = lines
        .iter()
        .filter(|line| message(line).contains("go another way"));
    lines
        .map(|line| {
            let field = |name: &str| line[name].as_str().unwrap_or("-").to_owned();
            let fields = ["run", "flow", "was", "now", "at"].map(field);
            stable(&format!("{}: {}", message(line), fields.join(" | ")))
        })
        .collect()
}

#[test]
fn a_save_tells_in_the_log_which_requests_would_go_another_way_and_a_start_does_not() {
    let server = serve_text(SHIP);
    for body in SHIPPED {
        server.post("/ship", body);
    }
    wait_for_statuses(server.directory(), &["ship succeeded"; 4]);
    let moved = SHIP.replace("branch == 'next'", "branch == 'soon'");
    save(server.directory(), &moved);
    let lines = server.lines_until(|line| message(line) == "would go another way");
    assert_eq!(
        told_of_ways(&lines),
        [
            "4 requests: 1 would go another way: - | - | - | - | -\n",
            "would go another way: ID | ship | staging | otherwise | flows.kdl:8\n",
        ]
    );
    let directory = server.stop("TERM");
    save(directory.path(), SHIP);
    let server = serve_in(directory);
    save(server.directory(), &(SHIP.to_owned() + "\n"));
    let lines = server.lines_until(|line| message(line).ends_with("reloaded"));
    assert_eq!(told_of_ways(&lines), [""; 0]);
}
