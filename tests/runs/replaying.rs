use std::{
    fs,
    io::{self, Read, Write},
    net::TcpListener,
    thread,
};

use serde_json::{Value, json};

use crate::{
    harness::*,
    support::{stderr, stdout},
};

#[test]
fn a_dead_run_is_replayed_beside_a_server_and_is_dead_no_more() {
    let server = serve();
    server.post("/print", r#"{"file": "late"}"#);
    wait_for_statuses(server.directory(), &["print dead"]);
    fs::write(server.directory().join("late"), "here").unwrap();
    let output = command(server.directory(), &["replay", "--dead", "--yes"]);
    assert_eq!(stable(&stdout(&output)), "ID is replayed as ID\n");
    assert_eq!(output.status.code(), Some(0));
    let line = server.wait_for_line(|line| line["flow"] == "print" && line["message"] == "here");
    assert_eq!(line["message"], "here");
    wait_for_statuses(server.directory(), &["print succeeded", "print replayed"]);
}

#[test]
fn what_is_replayed_while_nobody_serves_runs_with_the_next_start_on_what_is_saved_then() {
    let server = serve();
    server.post("/print", r#"{"file": "flows.kdl"}"#);
    wait_for_statuses(server.directory(), &["print succeeded"]);
    let directory = server.stop("KILL");
    let today = FLOWS.replace(r#"log "{{ printed.stdout }}""#, r#"log "of today""#);
    save(directory.path(), &today);
    let id = latest(directory.path());
    let output = command(directory.path(), &["replay", &id, "--yes"]);
    assert_eq!(
        (stable(&stdout(&output)), stderr(&output)),
        (
            "ID is replayed as ID\n".to_owned(),
            "print: 1 run, may do again: exec cat {{ file }}\n".to_owned()
        )
    );
    // The run stays on the revision that it was made of.
    save(directory.path(), FLOWS);
    let server = serve_in(directory);
    server.wait_for_line(|line| line["message"] == "of today");
    wait_for_statuses(server.directory(), &["print succeeded", "print succeeded"]);
}

#[test]
fn a_sync_run_is_replayed_in_the_background_and_comes_to_an_answer_of_its_own() {
    let server = serve();
    server.post("/orders", r#"{"amount": 500}"#);
    wait_for_statuses(server.directory(), &["order succeeded"]);
    let old = latest(server.directory());
    let output = command(server.directory(), &["replay", &old, "--yes"]);
    assert_eq!(stable(&stdout(&output)), "ID is replayed as ID\n");
    wait_for_statuses(server.directory(), &["order succeeded", "order succeeded"]);
    let new = latest(server.directory());
    assert_ne!(new, old);
    let shown = |id: &str| printed(server.directory(), &["runs", "show", id]);
    assert_eq!(line_of(&shown(&new), "replay of"), old);
    assert_eq!(line_of(&shown(&old), "replayed as"), new);
    let story = stable(&shown(&new));
    let response = &story[story.find("response").unwrap()..];
    assert_eq!(
        response,
        "response\n  200\n  content-type: text/plain; charset=utf-8\n\n  big 500\n"
    );
}

/// What stands behind a name at the head of a story.
fn line_of<'s>(story: &'s str, name: &str) -> &'s str {
    let mut lines = story.lines().map(str::trim_start);
    let line = lines.find_map(|line| line.strip_prefix(name));
    line.unwrap_or_else(|| panic!("{story}")).trim_start()
}

#[test]
fn a_replay_that_cannot_ask_does_nothing() {
    let server = serve();
    server.post("/print", r#"{"file": "none"}"#);
    wait_for_statuses(server.directory(), &["print dead"]);
    let directory = server.stop("TERM");
    let output = command(directory.path(), &["replay", "--dead"]);
    assert_eq!(
        (stdout(&output), stderr(&output), output.status.code()),
        (
            String::new(),
            "print: 1 run, may do again: exec cat {{ file }}\n\
             hookyard: replay 1 run? there is no terminal to ask on: --yes says so\n"
                .to_owned(),
            Some(2)
        )
    );
    assert_eq!(statuses(directory.path(), &[]), ["print dead"]);
}

#[test]
fn what_cannot_be_replayed_is_told() {
    let flows = format!(
        r#"{FLOWS}
flow "locked" mode="sync" {{
    webhook "/locked" {{ auth {{ basic user="u" {{ password (env)"NTFY"; }}; }}; }}
    respond
}}
"#
    );
    let server = serve_text(&flows);
    let long = format!(r#"{{"amount": 5, "note": "{}"}}"#, "x".repeat(70_000));
    assert_eq!(server.post("/orders", &long).status, 422);
    assert_eq!(server.post("/locked", "{}").status, 401);
    assert_eq!(server.post("/orders", "{}").status, 422);
    assert_eq!(server.post("/orders", r#"{"amount": 5}"#).status, 422);
    let directory = server.stop("TERM");
    save(directory.path(), &FLOWS.replace("\"order\"", "\"orders\""));
    let ids: Vec<_> = listed(directory.path(), &[])
        .iter()
        .rev()
        .map(|run| run["id"].as_str().unwrap().to_owned())
        .collect();
    let all: Vec<&str> = ids.iter().map(|id| &**id).collect();
    let output = command(directory.path(), &[&["replay", "--yes"], &all[..]].concat());
    let whys = [
        "its body was too long to be kept whole",
        "it was refused before its body was read",
        "there is no flow \"order\" any more",
        "there is no flow \"order\" any more",
    ];
    let told: String = ids
        .iter()
        .zip(whys)
        .map(|(id, why)| format!("hookyard: {id} cannot be replayed: {why}\n"))
        .collect();
    assert_eq!((stderr(&output), output.status.code()), (told, Some(1)));
    save(directory.path(), FLOWS);
    let output = command(directory.path(), &["replay", "--yes", all[2]]);
    assert_eq!(
        stderr(&output),
        format!(
            "hookyard: {} cannot be replayed: the flow refuses it today: `amount` is required\n",
            all[2]
        )
    );
}

fn rehearsed(directory: &std::path::Path, args: &[&str]) -> String {
    stable(&printed(
        directory,
        &[&["replay", "--dry-run"], args].concat(),
    ))
}

#[test]
fn a_rehearsal_answers_effects_from_the_record_and_does_nothing() {
    let server = serve();
    fs::write(server.directory().join("note"), "here").unwrap();
    server.post("/print", r#"{"file": "note"}"#);
    wait_for_statuses(server.directory(), &["print succeeded"]);
    let directory = server.stop("TERM");
    fs::remove_file(directory.path().join("note")).unwrap();
    let id = latest(directory.path());
    assert_eq!(
        rehearsed(directory.path(), &[&id]),
        "\
print SHORT, revision REVISION
  same exec cat note
  same log {{ printed.stdout }}
  path: same, end: same (succeeded)
"
    );
    let renamed = FLOWS.replace("{{ printed.stdout }}", "{{ printed.code }}");
    save(directory.path(), &renamed);
    assert_eq!(
        rehearsed(directory.path(), &[&id]),
        "\
print SHORT, revision REVISION (was REVISION)
  same exec cat note
  changed log {{ printed.code }}
  path: same, end: same (succeeded)
"
    );
    assert_eq!(statuses(directory.path(), &[]), ["print succeeded"]);
}

/// What a dry run tells machines, without what differs from time to time.
fn told_to_machines(directory: &std::path::Path, id: &str) -> Value {
    let told = printed(directory, &["replay", "--dry-run", "--json", id]);
    let mut told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told["replay_of"], id);
    for varying in ["replay_of", "revision", "revision_then"] {
        let text = told.as_object_mut().unwrap().remove(varying);
        assert!(text.is_some_and(|text| text.is_string()), "{varying}");
    }
    told
}

#[test]
fn a_rehearsal_tells_machines_why_a_step_is_not_the_same() {
    let server = serve();
    server.post("/orders", r#"{"amount": 500}"#);
    server.post("/print", r#"{"file": "flows.kdl"}"#);
    wait_for_statuses(server.directory(), &["print succeeded", "order succeeded"]);
    let directory = server.stop("TERM");
    let ids: Vec<String> = listed(directory.path(), &[])
        .iter()
        .map(|run| run["id"].as_str().unwrap().to_owned())
        .collect();
    let other = FLOWS
        .replace("amount >= 100", "amount >= 1000")
        .replace("exec \"cat\"", "exec \"tac\"");
    save(directory.path(), &other);
    assert_eq!(
        told_to_machines(directory.path(), &ids[1]),
        json!({
            "flow": "order",
            "steps": [
                {
                    "step": "branch big? → otherwise",
                    "verdict": "changed",
                    "why": "it was: branch big? → big",
                },
                { "step": "respond 422", "verdict": "changed", "why": "it was not done then" },
            ],
            "taken": [{ "step": 0, "kind": "branch", "branch": "big?", "arm": "otherwise" }],
            "path": "changed",
            "end": "changed",
            "outcome": "succeeded",
            "error": null,
        })
    );
    assert_eq!(
        told_to_machines(directory.path(), &ids[0]),
        json!({
            "flow": "print",
            "steps": [{
                "step": "exec tac flows.kdl",
                "verdict": "unknown",
                "why": "it would have to be done: the record has no answer to it",
            }],
            "taken": [],
            "path": "unknown",
            "end": "unknown",
            "outcome": null,
            "error": null,
        })
    );
    save(directory.path(), FLOWS);
    assert_eq!(
        told_to_machines(directory.path(), &ids[0])["steps"],
        json!([
            { "step": "exec cat flows.kdl", "verdict": "same", "why": null },
            { "step": "log {{ printed.stdout }}", "verdict": "same", "why": null },
        ])
    );
    let output = command(directory.path(), &["replay", "--json", &ids[0]]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
}

#[test]
fn behind_an_effect_that_the_record_does_not_answer_all_is_unknown() {
    let server = serve();
    server.post("/print", r#"{"file": "flows.kdl"}"#);
    wait_for_statuses(server.directory(), &["print succeeded"]);
    let directory = server.stop("TERM");
    let id = latest(directory.path());
    let step = r#"exec "cat" "{{ file }}""#;
    let other_value = r#"body "other" as="file" default="x""#;
    for (other, action) in [
        (
            FLOWS.replace(step, r#"exec "tac" "{{ file }}""#),
            "tac flows.kdl",
        ),
        (
            FLOWS.replace(step, r#"exec "cat" "-n" "{{ file }}""#),
            "cat -n flows.kdl",
        ),
        // The title is the same, and what it does is not.
        (
            FLOWS.replace(r#"body "file" required=#true"#, other_value),
            "cat x",
        ),
    ] {
        save(directory.path(), &other);
        assert_eq!(
            rehearsed(directory.path(), &[&id]),
            format!(
                "\
print SHORT, revision REVISION (was REVISION)
  unknown exec {action}
  path: unknown, end: unknown
"
            )
        );
    }
}

#[test]
fn a_rehearsal_shows_the_other_way_that_a_changed_condition_takes() {
    let server = serve();
    server.post("/orders", r#"{"amount": 500}"#);
    let directory = server.stop("TERM");
    let id = latest(directory.path());
    save(
        directory.path(),
        &FLOWS.replace("amount >= 100", "amount >= 1000"),
    );
    assert_eq!(
        rehearsed(directory.path(), &[&id]),
        "\
order SHORT, revision REVISION (was REVISION)
  changed branch big? → otherwise
  changed respond 422
  path: changed, end: changed (succeeded)
"
    );
}

#[test]
fn what_depends_on_a_redacted_value_is_unknown_and_never_the_same() {
    let flows = r#"
flow "keyed" mode="sync" {
    webhook "/keyed" { parse { header "X-Api-Key" as="key" default=""; }; }
    branch "known?" {
        when "key == 'abc'" label="yes" { respond 200; }
        otherwise { respond 403; }
    }
}
flow "seen" mode="sync" {
    webhook "/seen"
    set length="{{ request.headers.cookie | length }}"
    respond 200
}
flow "blind" mode="sync" { webhook "/blind"; respond 200; }
"#;
    let server = serve_text(flows);
    for path in ["/keyed", "/seen", "/blind"] {
        let headers = [("X-Api-Key", "abc"), ("Cookie", "a=b")];
        assert_eq!(server.request("POST", path, &headers, "").status, 200);
    }
    let directory = server.stop("TERM");
    for (flow, path) in [("keyed", "unknown"), ("seen", "unknown")] {
        let text = rehearsed(directory.path(), &["--since", "1h", "--flow", flow]);
        let last = text.lines().last().unwrap();
        assert_eq!(last, format!("  path: {path}, end: {path}"), "{text}");
    }
    let without = flows.replace("{{ request.headers.cookie | length }}", "1");
    save(directory.path(), &without);
    let text = rehearsed(directory.path(), &["--since", "1h", "--flow", "blind"]);
    assert_eq!(
        text.lines().last(),
        Some("  path: same, end: same (succeeded)")
    );
}

#[test]
fn a_rehearsal_asks_no_other_server_and_takes_its_answer_from_the_record() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap();
    let answering = thread::spawn(move || {
        let (mut stream, _) = other.accept().unwrap();
        let mut head = [0; 1024];
        let _ = stream.read(&mut head).unwrap();
        let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok";
        stream.write_all(answer).unwrap();
        other
    });
    let flows = format!(
        r#"
server {{
    outbound {{ allow "127.0.0.0/8"; }}
}}
flow "ask" mode="async" {{
    webhook "/ask"
    http "GET" "http://{address}/x" as="answer"
    branch "ok?" {{
        when "answer.text == 'ok'" label="yes" {{ stop; }}
        otherwise {{ fail "not ok"; }}
    }}
}}
"#
    );
    let server = serve_text(&flows);
    server.post("/ask", "");
    wait_for_statuses(server.directory(), &["ask succeeded"]);
    let other = answering.join().unwrap();
    let directory = server.stop("TERM");
    let id = latest(directory.path());
    let text = rehearsed(directory.path(), &[&id]).replace(&address.to_string(), "OTHER");
    assert_eq!(
        text,
        "\
ask SHORT, revision REVISION
  same http GET http://OTHER/x
  same branch ok? → yes
  same stop
  path: same, end: same (succeeded)
"
    );
    let more = flows.replace("/x\"", "/y\"");
    save(directory.path(), &more);
    let text = rehearsed(directory.path(), &[&id]);
    assert_eq!(text.lines().last(), Some("  path: unknown, end: unknown"));
    other.set_nonblocking(true).unwrap();
    let nobody = other.accept().unwrap_err().kind();
    assert_eq!(nobody, io::ErrorKind::WouldBlock);
}

#[test]
fn what_a_run_makes_of_its_own_id_and_time_or_is_answered_where_it_failed_is_no_change() {
    let flows = r#"
flow "fails" mode="sync" { webhook "/fails"; fail "no"; }
flow "spent" mode="sync" { webhook "/spent"; exec "false"; }
flow "named" mode="sync" {
    webhook "/named"
    exec "echo" "{{ run.id }}" "{{ now() }}" as="said"
    respond 200 { header "X-Run" "{{ run.id }}"; body "{{ said.stdout }} at {{ now() }}"; }
}
flow "later" mode="async" {
    webhook "/later" { respond 202 { body "{{ run.id }} at {{ now() }}"; }; }
    exec "false"
}
"#;
    let server = serve_text(flows);
    for path in ["/fails", "/spent", "/named", "/later"] {
        server.post(path, "");
    }
    let all = [
        "later dead",
        "named succeeded",
        "spent failed",
        "fails failed",
    ];
    wait_for_statuses(server.directory(), &all);
    let directory = server.stop("TERM");
    for (flow, end) in [
        ("fails", "failed: no"),
        ("spent", "failed: `false` ended with code 1"),
        ("named", "succeeded"),
        ("later", "dead: `false` ended with code 1"),
    ] {
        let args = ["--since", "1h", "--flow", flow];
        let text = rehearsed(directory.path(), &args);
        let last = text.lines().last().unwrap();
        assert_eq!(last, format!("  path: same, end: same ({end})"), "{text}");
    }
}

#[test]
fn the_rest_of_a_run_is_compared_with_all_of_it() {
    let flows = r#"
flow "both" mode="sync" {
    webhook "/both" { parse { body "big" type="bool" default=#false; }; }
    branch "big?" {
        when "big" label="yes" { respond 413; }
        otherwise { set note="{{ run.id }}"; }
    }
    respond 201 then="continue" { body "{{ run.id }}"; }
    exec "echo" "{{ note }}"
}
"#;
    let server = serve_text(flows);
    assert_eq!(server.post("/both", "{}").status, 201);
    wait_for_statuses(server.directory(), &["both succeeded", "both succeeded"]);
    let directory = server.stop("TERM");
    let rest = latest(directory.path());
    let all = rehearsed(directory.path(), &[&rest]);
    assert_eq!(
        all.replace(&rest, "ID"),
        "\
both SHORT, revision REVISION
  same branch big? → otherwise
  same set note
  same respond 201
  same exec echo ID
  path: same, end: same (succeeded)
"
    );
    let first = listed(directory.path(), &[])[1]["id"].clone();
    let text = rehearsed(directory.path(), &[first.as_str().unwrap()]);
    assert_eq!(
        text.lines().last(),
        Some("  path: same, end: same (succeeded)"),
        "{text}"
    );
    let file = rusqlite::Connection::open(directory.path().join("state/hookyard.db")).unwrap();
    let removed = file.execute("DELETE FROM history WHERE id = ?1", [first.as_str()]);
    assert_eq!(removed, Ok(1));
    let text = rehearsed(directory.path(), &[&rest]);
    assert_eq!(text.lines().last(), Some("  path: unknown, end: unknown"));
}

#[test]
fn rounds_beside_each_other_are_compared_whatever_came_first() {
    let flows = r#"
flow "rounds" mode="async" {
    webhook "/rounds" { parse { body "items" type="list" required=#true; }; }
    each "{{ items }}" as="item" concurrency=4 {
        exec "sleep" "0.0{{ item }}"
        branch "three?" {
            when "item == 3" label="three" { fail "three"; }
            otherwise { log "{{ item }}"; }
        }
    }
}
"#;
    let server = serve_text(flows);
    server.post("/rounds", r#"{"items": [5, 4, 3, 2, 1, 6, 7, 8]}"#);
    wait_for_statuses(server.directory(), &["rounds failed"]);
    let directory = server.stop("TERM");
    let text = rehearsed(directory.path(), &["--since", "1h"]);
    assert_eq!(
        text.lines().last(),
        Some("  path: same, end: same (failed: three)"),
        "{text}"
    );
}
