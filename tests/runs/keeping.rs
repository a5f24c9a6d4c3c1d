use std::{collections::BTreeSet, io::Write, net::TcpStream};

use serde_json::Value;

use crate::{
    harness::*,
    support::{message, read_reply, request, stderr},
};

fn record(directory: &std::path::Path, id: &str) -> Value {
    serde_json::from_str(&printed(directory, &["runs", "show", "--json", id])).unwrap()
}

/// What is left of the header `X-Note`.
fn note(text: &str) -> &str {
    let begin = text.find("with [redacted:").expect("the note is kept");
    let length = "with [redacted:3f9a] inside".len();
    let note = &text[begin..][..length];
    assert!(note.ends_with("] inside"), "{note:?}");
    note
}

#[test]
fn no_secret_is_kept_of_a_sync_or_an_async_run_or_a_refused_request() {
    let flows = r#"
secrets { ntfy (env)"NTFY"; }
flow "sync" mode="sync" {
    webhook "/sync" { parse { query "token"; body "a" required=#true; }; }
    respond 200 { header "Set-Cookie" "id={{ a }}"; body "{{ a }} {{ token }}"; }
}
flow "async" mode="async" {
    webhook "/async" { parse { body "a" required=#true; }; }
    exec "printenv" "KEY" as="out" { env "KEY" "{{ secrets.ntfy }}"; }
    set echoed="{{ a }}"
}
"#;
    let server = serve_text(flows);
    let headers = [
        ("Content-Type", "application/json"),
        ("X-Api-Key", "header-value"),
        ("X-Hub-Signature", "signature-value"),
        ("Cookie", "cookie=value"),
        ("X-Note", "with s3cr3t-value inside"),
    ];
    let body = r#"{"a": "s3cr3t-value"}"#;
    for (target, body, status) in [
        ("/sync?token=parameter-value&x=1", body, 200),
        ("/async?token=parameter-value&x=1", body, 200),
        (
            "/sync?token=parameter-value&x=1",
            r#"{"b": "s3cr3t-value"}"#,
            422,
        ),
    ] {
        assert_eq!(
            server.request("POST", target, &headers, body).status,
            status
        );
    }
    wait_for_statuses(
        server.directory(),
        &["sync refused", "async succeeded", "sync succeeded"],
    );
    let mut notes = BTreeSet::new();
    for run in listed(server.directory(), &[]) {
        let record = record(server.directory(), run["id"].as_str().unwrap());
        let text = record.to_string();
        for secret in [
            "s3cr3t",
            "header-value",
            "signature-value",
            "cookie=value",
            "parameter-value",
        ] {
            assert!(!text.contains(secret), "{secret} in {record:#}");
        }
        notes.insert(note(&text).to_owned());
        assert!(text.contains("token=[redacted:"), "{record:#}");
    }
    // What is equal looks equal, in all of them.
    assert_eq!(notes.len(), 1, "{notes:?}");
    let directory = server.stop("TERM");
    let file = std::fs::read(directory.path().join("state/hookyard.db")).unwrap();
    let readable = String::from_utf8_lossy(&file);
    assert_eq!(Some(note(&readable)), notes.first().map(String::as_str));
}

#[test]
fn a_long_body_is_cut_and_says_so() {
    let server = serve();
    let body = format!(r#"{{"amount": 5, "note": "{}"}}"#, "ü".repeat(40_000));
    server.post("/orders", &body);
    let directory = server.stop("TERM");
    let record = record(directory.path(), &latest(directory.path()));
    let kept = record["request"]["body"].as_str().unwrap();
    assert_eq!(
        (kept.len(), &record["request"]["truncated"]),
        (65_535, &true.into())
    );
    assert_eq!(record["request"]["bytes"], body.len());
    let told = printed(
        directory.path(),
        &["runs", "show", record["id"].as_str().unwrap()],
    );
    let rest = format!("… (the rest of {} bytes was not kept)", body.len());
    assert!(told.contains(&rest), "{told}");
    assert!(body.starts_with(kept));
    let note = &record["variables"]["note"];
    assert_eq!(note["bytes"], 80_000);
    assert_eq!(note["truncated"].as_str().map(str::len), Some(65_536));
    assert_eq!(record["response"]["truncated"], false);
}

#[test]
fn what_is_older_than_the_file_says_is_removed_and_a_reload_changes_that() {
    let server = serve();
    server.post("/orders", r#"{"amount": 5}"#);
    server.post("/print", r#"{"file": "none"}"#);
    wait_for_statuses(server.directory(), &["print dead", "order succeeded"]);
    let short = format!("server {{\n    history keep=\"1ms\"\n}}\n{FLOWS}");
    save(server.directory(), &short);
    server.wait_for_reload();
    // Dead runs stay until somebody says otherwise.
    wait_for_statuses(server.directory(), &["print dead"]);
}

#[test]
fn what_is_more_than_the_file_says_is_removed_the_oldest_first() {
    let server = serve();
    for amount in 0..5 {
        server.post(
            "/orders",
            &format!(
                r#"{{"amount": {amount}, "note": "{}"}}"#,
                "x".repeat(10_000)
            ),
        );
    }
    wait_for_statuses(server.directory(), &["order succeeded"; 5]);
    let ids = |directory: &std::path::Path| -> Vec<Value> {
        listed(directory, &[])
            .into_iter()
            .map(|run| run["id"].clone())
            .collect()
    };
    let before = ids(server.directory());
    // Each record holds the note twice.
    let short = format!("server {{\n    history max=\"50KiB\"\n}}\n{FLOWS}");
    save(server.directory(), &short);
    server.wait_for_reload();
    wait_for_statuses(server.directory(), &["order succeeded"; 2]);
    assert_eq!(ids(server.directory()), before[..2]);
}

#[test]
fn more_successes_than_are_kept_are_counted_and_failures_are_kept_all_the_same() {
    let server = serve();
    let good = request(
        "POST",
        "/orders",
        &[("Content-Type", "application/json")],
        r#"{"amount": 5}"#,
    );
    let address = server.address();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                for _ in 0..100 {
                    let mut stream = TcpStream::connect(address).unwrap();
                    stream.write_all(&good).unwrap();
                    assert_eq!(read_reply(&mut stream).status, 422);
                }
            });
        }
    });
    server.post("/orders", "{}");
    server.signal("TERM");
    let told = server.lines_until(|line| message(line).starts_with("stopped"));
    let counted: u64 = told
        .iter()
        .filter(|line| message(line).contains("more requests than the history keeps"))
        .map(|line| line["requests"].as_u64().unwrap())
        .sum();
    let directory = server.stop("TERM");
    let kept = statuses(directory.path(), &["--limit", "2000"]);
    assert_eq!(kept[0], "order refused");
    assert_eq!(kept.len() as u64 + counted, 801);
}

#[test]
fn of_runs_that_failed_or_were_queued_most_of_a_body_is_kept_and_they_are_done_again_with_it() {
    let server = serve_text(
        r#"
server { max-body "4MiB"; }
flow "fails" mode="sync" { webhook "/fails"; fail "no"; }
flow "works" mode="sync" { webhook "/works"; }
flow "later" { webhook "/later"; delay "1ms"; }
flow "waits" { webhook "/waits"; delay "3d"; }
"#,
    );
    let body = |length: usize| format!("{{\"a\": \"{}\"}}", "x".repeat(length - 9));
    for path in ["/fails", "/works", "/later", "/waits"] {
        server.post(path, &body(300_000));
    }
    server.post("/fails", &body(2 << 20));
    let all = [
        "fails failed",
        "waits parked",
        "later succeeded",
        "works succeeded",
        "fails failed",
    ];
    wait_for_statuses(server.directory(), &all);
    let runs = listed(server.directory(), &[]);
    let id = |run: &Value| run["id"].as_str().unwrap().to_owned();
    let shown = |run: &Value, args: &[&str]| {
        let id = id(run);
        printed(
            server.directory(),
            &[&["runs", "show", &*id], args].concat(),
        )
    };
    let kept: Vec<_> = runs
        .iter()
        .map(|run| {
            let record: Value = serde_json::from_str(&shown(run, &["--json"])).unwrap();
            let request = &record["request"];
            (
                request["body"].as_str().unwrap().len(),
                request["truncated"].as_bool().unwrap(),
                request["bytes"].as_u64().unwrap(),
            )
        })
        .collect();
    let expected = [
        (1 << 20, true, 2 << 20),
        (300_000, false, 300_000),
        (300_000, false, 300_000),
        (64 << 10, true, 300_000),
        (300_000, false, 300_000),
    ];
    assert_eq!(kept, expected);
    let told = |run: &Value| {
        let story = shown(run, &[]);
        story
            .lines()
            .find(|line| line.starts_with("  …"))
            .unwrap()
            .to_owned()
    };
    assert_eq!(
        told(&runs[2]),
        "  … (234464 bytes more are kept: --json has them)"
    );
    assert_eq!(
        told(&runs[3]),
        "  … (the rest of 300000 bytes was not kept)"
    );
    let output = command(
        server.directory(),
        &["replay", "--yes", &id(&runs[2]), &id(&runs[0])],
    );
    assert_eq!(
        stderr(&output).lines().next(),
        Some(&*format!(
            "hookyard: {} cannot be replayed: its body was too long to be kept whole",
            id(&runs[0])
        ))
    );
    wait_for_statuses(
        server.directory(),
        &[&["later succeeded"], &all[..]].concat(),
    );
}
